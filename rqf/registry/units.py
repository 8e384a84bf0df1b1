"""The units of a version: reused, added, or copied before they change, so that published text stays."""

from __future__ import annotations

from sqlalchemy import exists, select
from sqlalchemy.orm import Session, selectinload

from rqf.models import LearningOutcome, QualificationVersion, Unit, VersionUnit
from rqf.people import Actor, require
from rqf.registry.description import UnitData
from rqf.registry.likeness import nearest
from rqf.registry.validation import Checked
from rqf.rules.terms import Role


def put_units(session: Session, version: QualificationVersion, checked: Checked) -> None:
    """Give ``version`` the units of the description, in its order."""
    links = {link.unit.uuid: link for link in version.units}
    wanted: list[VersionUnit] = []
    for place, data in enumerate(checked.data.units, 1):
        unit = _unit(session, version, data, checked)
        link = links.get(unit.uuid) or VersionUnit(unit=unit)
        link.position, link.mandatory = place, data.mandatory
        wanted.append(link)
    version.units = wanted


def _unit(session: Session, version: QualificationVersion, data: UnitData, checked: Checked) -> Unit:
    country = checked.data.country
    there = checked.units.get(data.uuid) if data.uuid else None
    if there is None:
        return _write(Unit(country_code=country), data)
    if not _differs(there, data):
        return there
    if _stands_elsewhere(session, there, version):
        copy = Unit(country_code=country, revised_from_id=there.id)
        session.add(copy)
        return _write(copy, data)
    return _write(there, data)


def _stands_elsewhere(session: Session, unit: Unit, version: QualificationVersion) -> bool:
    """Tell whether another version has the unit too: its text is not this version's to change."""
    with session.no_autoflush:
        return bool(
            session.scalar(
                select(
                    exists().where(
                        VersionUnit.unit_id == unit.id, VersionUnit.version_id != (version.id or 0)
                    )
                )
            )
        )


def _differs(unit: Unit, data: UnitData) -> bool:
    said = (unit.titles, unit.code_system_code, unit.code, unit.hours, unit.source)
    outcomes = [(one.domain, one.texts) for one in unit.outcomes]
    return said != (data.titles, data.code_system, data.code, data.hours, data.source) or outcomes != [
        (one.domain, one.texts) for one in data.outcomes
    ]


def _write(unit: Unit, data: UnitData) -> Unit:
    unit.titles, unit.original_language = data.titles, data.original_language or "es"
    unit.code_system_code, unit.code = data.code_system, data.code
    unit.hours, unit.source = data.hours, data.source
    kept = list(unit.outcomes)
    for place, said in enumerate(data.outcomes):
        outcome = kept[place] if place < len(kept) else LearningOutcome()
        outcome.position, outcome.domain, outcome.texts = place + 1, said.domain, said.texts
        outcome.original_language = said.original_language or unit.original_language
        if place >= len(kept):
            unit.outcomes.append(outcome)
    for surplus in kept[len(data.outcomes) :]:
        unit.outcomes.remove(surplus)
    return unit


def find_units(session: Session, actor: Actor, country: str, query: str, limit: int = 10) -> list[Unit]:
    """Return the country's units whose title or code is nearest to ``query``, typing errors forgiven."""
    require(actor, Role.OFFICER, country)
    rows = session.execute(
        select(Unit.id, Unit.titles, Unit.code).where(Unit.country_code == country).order_by(Unit.id)
    ).all()
    texts = [(row.id, " ".join([row.code or "", *row.titles.values()])) for row in rows]
    found = nearest(query, texts, limit)
    units = session.scalars(select(Unit).where(Unit.id.in_(found)).options(selectinload(Unit.outcomes)))
    by_id = {unit.id: unit for unit in units}
    return [by_id[one] for one in found]
