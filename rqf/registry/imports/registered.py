"""What the register holds of the records that rows are about, read for many rows at once."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from rqf.models import (
    AwardingBody,
    Equivalence,
    Framework,
    FrameworkEdition,
    Level,
    LevelMapping,
    Qualification,
    QualificationVersion,
)
from rqf.registry.description import PLAIN, QualificationData
from rqf.registry.imports.reading import ReadRow
from rqf.registry.national_lists import Known
from rqf.rules.terms import EquivalenceStatus, MappingStatus, QualificationType, VersionStatus
from rqf.rules.workflow import OPEN

#: Keys in one question to the database.
_AT_ONCE = 400


@dataclass(frozen=True)
class Version:
    """The newest version of a record. One that has a number above 1 had a published one before it."""

    newest: VersionStatus
    number: int

    @property
    def status(self) -> VersionStatus:
        """Return the status of the record's history: published once any version was."""
        return VersionStatus.SUPERSEDED if self.number > 1 else self.newest


@dataclass(frozen=True)
class Own:
    """A registered record without the database behind it."""

    id: int
    type: QualificationType
    code: str | None
    versions: tuple[Version, ...]


@dataclass(frozen=True)
class Registered:
    """A registered record as its newest version has it, without its units."""

    id: int
    uuid: str
    version_id: int
    number: int
    revision: int
    status: VersionStatus
    data: QualificationData

    @property
    def own(self) -> Own:
        """Return it as the check of a description needs it."""
        return Own(self.id, self.data.type, self.data.code, (Version(self.status, self.number),))

    @property
    def title(self) -> str:
        """Return its title in the original language."""
        return self.data.titles.get(self.data.original_language, "")


class KnownRows(Known):
    """The lists of a country; whether a code is free was answered for many rows before."""

    holders: dict[tuple[str | None, str | None], Registered]

    def holder(self, data: QualificationData, own: Any) -> str | None:
        """Return the title of another record that has the code, or None."""
        there = self.holders.get((data.code_system, data.code))
        return there.title if there and there.id != (own.id if own else 0) else None


def find_rows(session: Session, country: str, rows: Sequence[ReadRow]) -> list[Registered]:
    """Return the records that the rows name by identifier or code."""
    uuids = {one.texts["id"] for one in rows if one.texts.get("id")}
    codes = {code for row in rows for code in (row.codes()[1], *row.replaces()) if code}
    return [
        *_read(session, country, Qualification.uuid, uuids),
        *_read(session, country, Qualification.code, codes),
    ]


def find_codes(session: Session, country: str, codes: Collection[str]) -> list[Registered]:
    """Return the records with one of these codes."""
    return _read(session, country, Qualification.code, codes)


def find_untitled(session: Session, country: str) -> dict[tuple[str, str], list[Registered]]:
    """Return the records without a code by kind and title: only their title can say that they are meant."""
    found = _newest(session, country, Qualification.code.is_(None))
    by_title: dict[tuple[str, str], list[Registered]] = defaultdict(list)
    for one in found:
        by_title[one.data.type, one.title.casefold()].append(one)
    return by_title


def _read(session: Session, country: str, column: Any, keys: Collection[str]) -> list[Registered]:
    wanted = sorted(keys)
    found: list[Registered] = []
    for start in range(0, len(wanted), _AT_ONCE):
        found += _newest(session, country, column.in_(wanted[start : start + _AT_ONCE]))
    return found


def _newest(session: Session, country: str, which: ColumnElement[bool]) -> list[Registered]:
    version = QualificationVersion
    newest = (
        select(version.qualification_id, func.max(version.number).label("number"))
        .join(Qualification)
        .where(Qualification.country_code == country, which)
        .group_by(version.qualification_id)
        .subquery()
    )
    rows = session.execute(
        select(
            version.id.label("version_id"), version.number, version.revision, version.status,
            version.sector_code, AwardingBody.name.label("awarding_body"), Level.number.label("level"),
            Framework.code.label("framework"), Qualification.id, Qualification.uuid,
            Qualification.country_code, Qualification.type, Qualification.code,
            Qualification.code_system_code,
            *(getattr(version, name) for name in PLAIN),
        )
        .join(
            newest,
            (newest.c.qualification_id == version.qualification_id) & (newest.c.number == version.number),
        )
        .join(Qualification, Qualification.id == version.qualification_id)
        .outerjoin(AwardingBody, AwardingBody.id == version.awarding_body_id)
        .outerjoin(Level, Level.id == version.level_id)
        .outerjoin(FrameworkEdition, FrameworkEdition.id == Level.edition_id)
        .outerjoin(Framework, Framework.id == FrameworkEdition.framework_id)
    )  # fmt: skip
    return [_registered(row._mapping) for row in rows]


def _registered(row: Any) -> Registered:
    data = QualificationData(
        country=row["country_code"], type=row["type"], code_system=row["code_system_code"], code=row["code"],
        framework=row["framework"], level=row["level"], sector=row["sector_code"],
        awarding_body=row["awarding_body"], **{name: row[name] for name in PLAIN},
    )  # fmt: skip
    return Registered(
        row["id"], row["uuid"], row["version_id"], row["number"], row["revision"], row["status"], data
    )


def decisions_on(session: Session, ids: Iterable[int]) -> dict[int, dict[str, int]]:
    """Return qualification id -> how many mappings (decided or under way) and equivalences rest on it."""
    counts: dict[int, Counter[str]] = defaultdict(Counter)
    wanted = sorted(set(ids))
    for start in range(0, len(wanted), _AT_ONCE):
        some = wanted[start : start + _AT_ONCE]
        standing = (*OPEN, MappingStatus.ENDORSED)
        mappings = select(QualificationVersion.qualification_id, func.count()).join(
            LevelMapping, LevelMapping.version_id == QualificationVersion.id
        ).where(LevelMapping.status.in_(standing))  # fmt: skip
        equivalences = select(QualificationVersion.qualification_id, func.count()).join(
            Equivalence,
            or_(
                Equivalence.from_version_id == QualificationVersion.id,
                Equivalence.to_version_id == QualificationVersion.id,
            ),
        ).where(Equivalence.status == EquivalenceStatus.ENDORSED)  # fmt: skip
        for name, question in (("mappings", mappings), ("equivalences", equivalences)):
            found = session.execute(
                question.where(QualificationVersion.qualification_id.in_(some)).group_by(
                    QualificationVersion.qualification_id
                )
            )
            for id, count in found:
                counts[id][name] += count
    return {id: dict(found) for id, found in counts.items()}
