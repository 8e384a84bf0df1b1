"""The qualifications among the fixtures: each becomes a published version, replaced ones are superseded."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from rqf.errors import N_
from rqf.exchange.known import Known, identifier
from rqf.exchange.reading import Problems, Row, csv_rows
from rqf.exchange.report import LoadReport
from rqf.models import AwardingBody, Level, Qualification, QualificationVersion, Replacement
from rqf.models.tables import now
from rqf.rules.terms import QualificationType, Verification, VersionStatus

_COLUMNS = (
    "key", "country", "code_system", "code", "type", "title", "title_language", "title_en", "framework",
    "level", "level_note", "volume", "volume_unit", "volume_note", "credits", "credit_scheme",
    "awarding_body", "sector", "isced_f", "isco_08", "replaces", "source", "verified",
)  # fmt: skip


class QualificationFiles:
    """Takes the rows one by one, and remembers what it added and what replaces what."""

    def __init__(self, session: Session, folder: Path, known: Known, report: LoadReport) -> None:
        self.session, self.folder, self.known, self.report = session, folder, known, report
        self.there = {
            one.uuid: one
            for one in session.scalars(select(Qualification).options(selectinload(Qualification.versions)))
        }
        #: key -> the qualification that this load added
        self.added: dict[str, Qualification] = {}
        #: qualifications that something added now replaces
        self.replaced: list[Qualification] = []
        self._bodies = {(one.country_code, one.name): one for one in session.scalars(select(AwardingBody))}
        self._codes = {(one.country_code, one.code_system_code, one.code) for one in self.there.values()}
        self._seen: set[str] = set()
        self._successions: list[tuple[Row, str]] = []

    def load(self, problems: Problems) -> None:
        """Load the file."""
        for row in csv_rows(self.folder, "qualifications.csv", _COLUMNS, problems):
            self._take(row)
        for row, key in self._successions:
            self._replace(row, key)
        self.session.flush()

    def find(self, key: str) -> Qualification | None:
        """Return the qualification with this key."""
        return self.there.get(identifier("qualification", key))

    def _take(self, row: Row) -> None:
        key = row.text("key", 120)
        if key in self._seen:
            row.wrong("key", N_("There is another row with the key “%(value)s”."), value=key)
        self._seen.add(key)
        fields, content, successor = self._fields(row), self._content(row), row.list("replaces", ";")
        if not row.done():
            return
        if successor:
            self._successions.append((row, key))
        code = (fields["country_code"], fields["code_system_code"], fields["code"])
        if found := self.find(key):
            self.report.keep(key, _different(found, fields, content))
        elif fields["code"] and code in self._codes:
            # Somebody registered it by hand: theirs stands.
            self.report.keep(key, ["code"])
        else:
            self._codes.add(code)
            self._add(key, fields, content)

    def _add(self, key: str, fields: dict[str, Any], content: dict[str, Any]) -> None:
        version = QualificationVersion(
            number=1, status=VersionStatus.PUBLISHED, published_at=now(), **content
        )
        qualification = Qualification(uuid=identifier("qualification", key), versions=[version], **fields)
        self.session.add(qualification)
        self.added[key] = self.there[qualification.uuid] = qualification
        self.report.added["qualifications"] += 1

    def _fields(self, row: Row) -> dict[str, Any]:
        country = row.one_of("country", self.known.countries)
        system = row.one_of("code_system", self.known.systems.keys(), required=False)
        return {
            "country_code": country,
            "type": row.choice("type", QualificationType),
            "code_system_code": system,
            "code": read_code(row, self.known, country, system),
        }

    def _content(self, row: Row) -> dict[str, Any]:
        language = row.text("title_language", 8)
        titles = {language: row.text("title", 500)}
        if english := row.optional("title_en", 500):
            titles.setdefault("en", english)
        volume, credits = row.number("volume"), row.number("credits")
        unit, scheme = row.optional("volume_unit", 40), row.optional("credit_scheme", 60)
        if volume and not unit:
            row.wrong("volume_unit", N_("A volume needs its unit."))
        if credits and not scheme:
            row.wrong("credit_scheme", N_("Credits need their scheme."))
        return {
            "titles": titles,
            "original_language": language,
            "level_id": self._level(row),
            "level_note": row.optional("level_note", 300),
            "volume": volume,
            "volume_unit": unit if volume else None,
            "volume_note": row.optional("volume_note", 300),
            "credits": credits,
            "credit_scheme": scheme if credits else None,
            "isced_f": row.one_of("isced_f", self.known.isced_f, required=False),
            "isco_08": row.one_of("isco_08", self.known.isco_08, required=False),
            "sector_code": row.one_of("sector", self.known.sectors, required=False),
            "awarding_body_id": self._body(row),
            "source": row.text("source"),
            "verified": row.choice("verified", Verification),
        }

    def _level(self, row: Row) -> int | None:
        framework = row.one_of("framework", self.known.levels.keys(), required=False)
        number = row.whole("level", required=False)
        if number is None:
            return None
        level: Level | None = self.known.levels.get(framework or "", {}).get(number)
        if level is None:
            row.wrong(
                "level", N_("%(framework)s has no level %(value)s."), framework=framework or "?", value=number
            )
        return level.id if level else None

    def _body(self, row: Row) -> int | None:
        name, country = row.optional("awarding_body", 300), row.value("country")
        if not name or country not in self.known.countries:
            return None
        body = self._bodies.get((country, name))
        if body is None:
            body = self._bodies[country, name] = AwardingBody(country_code=country, name=name)
            self.session.add(body)
            self.session.flush()
            self.report.added["awarding_bodies"] += 1
        return body.id

    def _replace(self, row: Row, key: str) -> None:
        successor = self.find(key)
        for named in row.list("replaces", ";"):
            predecessor = self.find(named)
            if predecessor is None or named == key:
                row.wrong("replaces", N_("There is no other row with the key “%(value)s”."), value=named)
            elif key in self.added and successor:
                self.session.add(Replacement(successor=successor, predecessor=predecessor))
                self._supersede(predecessor)

    def _supersede(self, predecessor: Qualification) -> None:
        for version in predecessor.versions:
            if version.status == VersionStatus.PUBLISHED:
                version.status = VersionStatus.SUPERSEDED
                self.replaced.append(predecessor)


def read_code(row: Row, known: Known, country: str | None, system: str | None) -> str | None:
    """Return the national code of a row, checked against the pattern of its system."""
    code = row.optional("code", 60)
    if (code is None) != (system is None):
        row.wrong("code", N_("A code and its system are given together or not at all."))
        return None
    if code is None or system is None:
        return None
    named = known.systems[system]
    if named.country_code != country:
        row.wrong("code_system", N_("This system is not one of the country's."))
    if not re.fullmatch(named.pattern, code):
        row.wrong(
            "code", N_("“%(value)s” does not follow the pattern of %(system)s, such as %(example)s."),
            value=code, system=system, example=named.example,
        )  # fmt: skip
    return code


def _different(there: Qualification, fields: dict[str, Any], content: dict[str, Any]) -> list[str]:
    """Name the fields on which the version that was loaded then differs from the row now."""
    first = there.versions[0]
    names = [name for name, value in fields.items() if getattr(there, name) != value]
    return names + [name for name, value in content.items() if getattr(first, name) != value]
