"""The units among the fixtures, with their learning outcomes, joined to the qualifications that hold them."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from rqf.errors import N_
from rqf.exchange.known import Known, identifier
from rqf.exchange.qualification_files import QualificationFiles, read_code
from rqf.exchange.reading import Problems, Row, json_rows
from rqf.exchange.report import LoadReport
from rqf.models import LearningOutcome, Unit, VersionUnit
from rqf.models.tables import Texts
from rqf.rules.terms import OutcomeDomain

_Outcome = tuple[OutcomeDomain, Texts]


@dataclass
class _Place:
    """Where a unit stands: the key of a qualification, and whether the unit is mandatory in it."""

    row: Row
    key: str
    mandatory: bool


@dataclass
class UnitFiles:
    """Takes the units one by one."""

    session: Session
    known: Known
    qualifications: QualificationFiles
    report: LoadReport
    there: dict[str, Unit] = field(init=False)

    def __post_init__(self) -> None:
        units = self.session.scalars(select(Unit).options(selectinload(Unit.outcomes)))
        self.there = {one.uuid: one for one in units}
        self._seen: set[str] = set()

    def load(self, folder: Path, problems: Problems) -> None:
        """Load every file of ``folder/units``."""
        for path in sorted((folder / "units").glob("*.json")):
            for row in json_rows(folder, f"units/{path.name}", problems):
                self._take(row)
        self.session.flush()

    def _take(self, row: Row) -> None:
        key = row.text("key", 120)
        if key in self._seen:
            row.wrong("key", N_("There is another unit with the key “%(value)s”."), value=key)
        self._seen.add(key)
        fields = self._fields(row)
        outcomes = [_outcome(one) for one in row.rows("outcomes")]
        places = [self._place(one) for one in row.rows("qualifications")]
        if not row.done() or not all(place.row.sound for place in places):
            return
        unit = self.there.get(identifier("unit", key))
        if unit is None:
            unit = self._add(key, fields, outcomes)
        else:
            self.report.keep(key, _different(unit, fields, outcomes))
        for place in places:
            self._join(key, unit, place)

    def _fields(self, row: Row) -> dict[str, Any]:
        country = row.one_of("country", self.known.countries)
        system = row.one_of("code_system", self.known.systems.keys(), required=False)
        titles, language = row.texts("titles"), row.text("language", 8)
        if titles and language not in titles:
            row.wrong("titles", N_("The title in the original language is missing."))
        return {
            "country_code": country,
            "code_system_code": system,
            "code": read_code(row, self.known, country, system),
            "titles": titles,
            "original_language": language,
            "hours": row.number("hours"),
            "source": row.text("source"),
        }

    def _place(self, row: Row) -> _Place:
        place = _Place(row, row.text("key"), row.flag("mandatory"))
        if self.qualifications.find(place.key) is None:
            row.wrong("key", N_("There is no qualification with the key “%(value)s”."), value=place.key)
        row.done()
        return place

    def _add(self, key: str, fields: dict[str, Any], outcomes: list[_Outcome]) -> Unit:
        unit = Unit(uuid=identifier("unit", key), **fields)
        unit.outcomes = [
            LearningOutcome(
                position=position, domain=domain, texts=texts, original_language=unit.original_language
            )
            for position, (domain, texts) in enumerate(outcomes, 1)
        ]
        self.session.add(unit)
        self.there[unit.uuid] = unit
        self.report.added["units"] += 1
        self.report.added["outcomes"] += len(outcomes)
        return unit

    def _join(self, key: str, unit: Unit, place: _Place) -> None:
        qualification = self.qualifications.find(place.key)
        assert qualification is not None
        version = qualification.versions[0]
        if any(link.unit is unit for link in version.units):
            return
        if place.key not in self.qualifications.added:
            # What is published keeps the units that it was published with.
            self.report.keep(place.key, [f"units ({key})"])
            return
        version.units.append(
            VersionUnit(unit=unit, position=len(version.units) + 1, mandatory=place.mandatory)
        )


def _outcome(row: Row) -> _Outcome:
    domain = row.choice("domain", OutcomeDomain)
    texts = {
        name: said
        for name in row.values
        if len(name) == 2 and (said := row.optional(name))  # language codes
    }
    if not texts:
        row.wrong("es", N_("This field is empty. It is needed."))
    row.done()
    return domain, texts


def _different(there: Unit, fields: dict[str, Any], outcomes: list[_Outcome]) -> list[str]:
    names = [name for name, value in fields.items() if getattr(there, name) != value]
    said = [(one.domain, one.texts) for one in there.outcomes]
    return names + (["outcomes"] if said != outcomes else [])
