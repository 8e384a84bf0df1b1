"""What a description has to satisfy before it is saved. All complaints are collected."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from rqf.errors import N_
from rqf.models import (
    Level,
    Unit,
)
from rqf.registry import classifications
from rqf.registry.description import OutcomeData, QualificationData, UnitData
from rqf.registry.national_lists import Known, Own
from rqf.registry.texts import Complaints
from rqf.rules.terms import VersionStatus

#: Longest texts that are accepted, by field.
LONGEST = {
    "titles": 500, "level_note": 300, "volume_unit": 40, "volume_note": 300, "credit_scheme": 60,
    "awarding_body": 300, "legal_act": 300, "entry_requirements": 5000, "entitlements": 5000, "source": 2000,
    "change_note": 2000,
}  # fmt: skip
LONGEST_CODE = 60
LONGEST_OUTCOME = 2000
MOST_UNITS = 100
MOST_OUTCOMES = 100
_LARGEST = Decimal(10) ** 8
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,4})?")


@dataclass(frozen=True)
class Checked:
    """A description that may be saved, with the records it names."""

    data: QualificationData
    level: Level | None
    units: dict[str, Unit]


def check(
    session: Session,
    data: QualificationData,
    own: Own | None = None,
    known: Known | None = None,
) -> Checked:
    """Return ``data`` in clean texts with the records it names; ``own`` is the qualification it is about.

    ``known`` are the lists of the country, for whoever checks many descriptions.

    :raises Invalid: with everything that is wrong, field by field.
    """
    known = known or Known(session, data.country)
    wrong = Complaints()
    cleaned = _clean_texts(data, wrong)
    _check_titles(cleaned, wrong)
    if own and own.type != cleaned.type and _was_published(own):
        wrong.add(
            "type", N_("The type of a published record cannot change: it is %(value)s."), value=own.type
        )
    _check_code(known, cleaned, own, wrong)
    level = _find_level(known, cleaned, wrong)
    _check_amount(wrong, cleaned.volume, "volume", cleaned.volume_unit, "volume_unit")
    _check_amount(wrong, cleaned.credits, "credits", cleaned.credit_scheme, "credit_scheme")
    _check_classes(known, cleaned, wrong)
    _check_dates(cleaned, wrong)
    units = _check_units(session, known, cleaned, wrong) if cleaned.units else {}
    wrong.refuse()
    return Checked(cleaned, level, units)


def _clean_texts(data: QualificationData, wrong: Complaints) -> QualificationData:
    plain: dict[str, Any] = {
        name: wrong.clean(name, getattr(data, name), longest)
        for name, longest in LONGEST.items()
        if name != "titles"
    }
    for name in ("code_system", "framework", "isced_f", "isco_08", "sector"):
        plain[name] = wrong.clean(name, getattr(data, name), LONGEST_CODE)
    units = tuple(_clean_unit(one, f"units.{place}", data, wrong) for place, one in enumerate(data.units))
    return replace(
        data,
        titles=wrong.clean_all("titles", data.titles, LONGEST["titles"]),
        code=wrong.clean("code", data.code, LONGEST_CODE),
        units=units,
        **plain,
    )


def _clean_unit(unit: UnitData, at: str, data: QualificationData, wrong: Complaints) -> UnitData:
    outcomes = tuple(
        OutcomeData(
            one.domain,
            wrong.clean_all(f"{at}.outcomes.{place}.texts", one.texts, LONGEST_OUTCOME),
            one.original_language or unit.original_language or data.original_language,
        )
        for place, one in enumerate(unit.outcomes)
    )
    return replace(
        unit,
        titles=wrong.clean_all(f"{at}.titles", unit.titles, LONGEST["titles"]),
        code_system=wrong.clean(f"{at}.code_system", unit.code_system, LONGEST_CODE),
        code=wrong.clean(f"{at}.code", unit.code, LONGEST_CODE),
        source=wrong.clean(f"{at}.source", unit.source, LONGEST["source"]),
        original_language=unit.original_language or data.original_language,
        outcomes=outcomes,
    )


def _check_titles(data: QualificationData, wrong: Complaints) -> None:
    for language in {data.original_language, *data.titles}:
        if not _LANGUAGE.fullmatch(language):
            wrong.add("original_language", N_("“%(value)s” is not a language code."), value=language[:40])
    place = f"titles.{data.original_language}"
    if not data.titles.get(data.original_language) and place not in wrong:
        wrong.add(place, N_("Enter the title in the language in which the qualification was issued."))


def _check_code(known: Known, data: QualificationData, own: Own | None, wrong: Complaints) -> None:
    if own and own.code and data.code != own.code and _was_published(own):
        template = N_("The code %(value)s is published and cannot change. Register the new one as a record.")
        wrong.add("code", template, value=own.code)
    if not _check_pattern(known, data.code_system, data.code, "", wrong):
        return
    if title := known.holder(data, own):
        template = N_("The code %(value)s belongs to “%(title)s” already.")
        wrong.add("code", template, value=data.code, title=title)


def _was_published(own: Own) -> bool:
    return any(version.status != VersionStatus.DRAFT for version in own.versions)


def _check_pattern(
    known: Known, system_code: str | None, code: str | None, at: str, wrong: Complaints
) -> bool:
    """Tell whether there is a code and it follows the pattern of its system."""
    if code and not system_code:
        wrong.add(f"{at}code_system", N_("Choose the system that the code %(value)s belongs to."), value=code)
    if system_code and not code and f"{at}code" not in wrong:
        wrong.add(f"{at}code", N_("Enter the code, or choose no code system."))
    if not code or not system_code:
        return False
    system = known.systems.get(system_code)
    if system is None:
        template = N_("“%(value)s” is not a code system of this country.")
        wrong.add(f"{at}code_system", template, value=system_code)
        return False
    if not re.fullmatch(system.pattern, code):
        wrong.add(
            f"{at}code",
            N_("“%(value)s” is no code of %(system)s. Its pattern is %(pattern)s, for example %(example)s."),
            value=code, system=system.code, pattern=system.pattern, example=system.example,
        )  # fmt: skip
        return False
    return True


def _find_level(known: Known, data: QualificationData, wrong: Complaints) -> Level | None:
    if data.level is None:
        return None
    editions = known.editions
    codes = ", ".join(editions)
    if data.framework is None and len(editions) != 1:
        wrong.add("level", N_("Say which framework level %(value)s belongs to: %(known)s."),
                  value=data.level, known=codes)  # fmt: skip
        return None
    edition = editions.get(data.framework) if data.framework else next(iter(editions.values()))
    if edition is None:
        wrong.add("level", N_("“%(value)s” is not a framework of this country. Known: %(known)s."),
                  value=data.framework, known=codes)  # fmt: skip
        return None
    numbers = {level.number: level for level in edition.levels}
    if data.level not in numbers:
        wrong.add("level", N_("%(framework)s has no level %(value)s. Its levels are %(low)s to %(high)s."),
                  framework=edition.framework.code, value=data.level, low=min(numbers, default=0),
                  high=max(numbers, default=0))  # fmt: skip
    return numbers.get(data.level)


def _check_amount(
    wrong: Complaints, value: Decimal | None, name: str, unit: str | None, unit_name: str
) -> None:
    if value is None:
        return
    if not value.is_finite() or not 0 < value < _LARGEST:
        wrong.add(name, N_("“%(value)s” is not a number above zero and below 100 million."), value=str(value))
    elif value != round(value, 2):
        wrong.add(name, N_("“%(value)s” has more than two decimals."), value=str(value))
    if not unit and unit_name not in wrong:
        wrong.add(
            unit_name, N_("Say what the number %(value)s counts, as the source gives it."), value=str(value)
        )


def _check_classes(known: Known, data: QualificationData, wrong: Complaints) -> None:
    if data.isced_f and not classifications.find("isced_f", data.isced_f):
        wrong.add("isced_f", N_("“%(value)s” is not a field of ISCED-F 2013 (four digits, such as 0724)."),
                  value=data.isced_f)  # fmt: skip
    if data.isco_08 and not classifications.find("isco_08", data.isco_08):
        wrong.add("isco_08", N_("“%(value)s” is not a unit group of ISCO-08 (four digits, such as 8111)."),
                  value=data.isco_08)  # fmt: skip
    if data.sector and data.sector not in known.sectors:
        wrong.add("sector", N_("“%(value)s” is not a known sector. Known: %(known)s."),
                  value=data.sector, known=", ".join(known.sectors))  # fmt: skip


def _check_dates(data: QualificationData, wrong: Complaints) -> None:
    for first, last in (("valid_from", "valid_to"), ("last_enrolment", "last_award")):
        begin, end = getattr(data, first), getattr(data, last)
        if begin and end and begin > end:
            wrong.add(last, N_("This date, %(last)s, is before %(first)s, which has to come first."),
                      first=begin.isoformat(), last=end.isoformat())  # fmt: skip


def _check_units(
    session: Session, known: Known, data: QualificationData, wrong: Complaints
) -> dict[str, Unit]:
    if len(data.units) > MOST_UNITS:
        wrong.add("units", N_("There are %(n)s units; at most %(most)s are accepted."),
                  n=len(data.units), most=MOST_UNITS)  # fmt: skip
    wanted = {one.uuid for one in data.units if one.uuid}
    rows = session.scalars(select(Unit).where(Unit.uuid.in_(wanted)).options(selectinload(Unit.outcomes)))
    there = {row.uuid: row for row in rows if row.country_code == data.country}
    seen: set[str] = set()
    for place, unit in enumerate(data.units):
        _check_unit(known, data, unit, f"units.{place}", wrong)
        if unit.uuid and unit.uuid not in there:
            wrong.add(f"units.{place}.titles", N_("This unit does not exist in your country's register."))
        if unit.uuid in seen:
            wrong.add(f"units.{place}.titles", N_("This unit is in the list twice."))
        seen |= {unit.uuid} if unit.uuid else set()
    return there


def _check_unit(known: Known, data: QualificationData, unit: UnitData, at: str, wrong: Complaints) -> None:
    if not unit.titles and not any(place.startswith(f"{at}.titles") for place in wrong):
        wrong.add(f"{at}.titles", N_("Enter the title of the unit, or remove the unit."))
    if unit.hours is not None:
        _check_amount(wrong, unit.hours, f"{at}.hours", "hours", "")
    _check_pattern(known, unit.code_system, unit.code, f"{at}.", wrong)
    if len(unit.outcomes) > MOST_OUTCOMES:
        wrong.add(f"{at}.outcomes", N_("There are %(n)s learning outcomes; at most %(most)s are accepted."),
                  n=len(unit.outcomes), most=MOST_OUTCOMES)  # fmt: skip
    for place, outcome in enumerate(unit.outcomes):
        here = f"{at}.outcomes.{place}.texts"
        if not outcome.texts and not any(one.startswith(here) for one in wrong):
            wrong.add(here, N_("Enter the learning outcome, or remove it."))
