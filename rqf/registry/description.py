"""What an officer states about a qualification: plain values, whichever door they came through."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import date
from decimal import Decimal
from enum import Enum
from typing import Any

from rqf.models import LearningOutcome, QualificationVersion, Unit
from rqf.models.tables import Texts
from rqf.rules.terms import OutcomeDomain, QualificationType, Verification


@dataclass(frozen=True)
class OutcomeData:
    """A learning outcome: its domain and its text per language."""

    domain: OutcomeDomain
    texts: Texts
    original_language: str | None = None


@dataclass(frozen=True)
class UnitData:
    """A unit with its outcomes, in order. With ``uuid`` it is a unit that exists, as it shall read."""

    titles: Texts = field(default_factory=dict)
    outcomes: tuple[OutcomeData, ...] = ()
    uuid: str | None = None
    code_system: str | None = None
    code: str | None = None
    hours: Decimal | None = None
    mandatory: bool = True
    original_language: str | None = None
    source: str | None = None


@dataclass(frozen=True)
class QualificationData:
    """Everything a version says. ``framework`` may be left out where a country has only one."""

    country: str
    type: QualificationType
    titles: Texts
    original_language: str
    code_system: str | None = None
    code: str | None = None
    framework: str | None = None
    level: int | None = None
    level_note: str | None = None
    volume: Decimal | None = None
    volume_unit: str | None = None
    volume_note: str | None = None
    credits: Decimal | None = None
    credit_scheme: str | None = None
    isced_f: str | None = None
    isco_08: str | None = None
    sector: str | None = None
    awarding_body: str | None = None
    entry_requirements: str | None = None
    entitlements: str | None = None
    legal_act: str | None = None
    source: str | None = None
    verified: Verification = Verification.NO
    valid_from: date | None = None
    valid_to: date | None = None
    last_enrolment: date | None = None
    last_award: date | None = None
    change_note: str | None = None
    units: tuple[UnitData, ...] = ()


#: Fields that are named alike here and in the table of versions.
PLAIN = (
    "titles", "original_language", "level_note", "volume", "volume_unit", "volume_note", "credits",
    "credit_scheme", "isced_f", "isco_08", "entry_requirements", "entitlements", "legal_act", "source",
    "verified", "valid_from", "valid_to", "last_enrolment", "last_award", "change_note",
)  # fmt: skip


def describe(version: QualificationVersion) -> QualificationData:
    """Return what ``version`` says."""
    qualification, level = version.qualification, version.level
    return QualificationData(
        country=qualification.country_code,
        type=qualification.type,
        code_system=qualification.code_system_code,
        code=qualification.code,
        framework=level.edition.framework.code if level else None,
        level=level.number if level else None,
        sector=version.sector_code,
        awarding_body=version.awarding_body.name if version.awarding_body else None,
        units=tuple(describe_unit(link.unit, link.mandatory) for link in version.units),
        **{name: getattr(version, name) for name in PLAIN},
    )


def describe_unit(unit: Unit, mandatory: bool = True) -> UnitData:
    """Return what ``unit`` says."""
    return UnitData(
        titles=unit.titles,
        outcomes=tuple(_describe_outcome(one) for one in unit.outcomes),
        uuid=unit.uuid,
        code_system=unit.code_system_code,
        code=unit.code,
        hours=unit.hours,
        mandatory=mandatory,
        original_language=unit.original_language,
        source=unit.source,
    )


def _describe_outcome(outcome: LearningOutcome) -> OutcomeData:
    return OutcomeData(outcome.domain, outcome.texts, outcome.original_language)


def differences(before: QualificationData, after: QualificationData) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the fields that changed, as they were and as they became, in JSON's values."""
    changed = [one.name for one in fields(before) if getattr(before, one.name) != getattr(after, one.name)]
    was, became = as_json(before), as_json(after)
    return {name: was[name] for name in changed}, {name: became[name] for name in changed}


_AS_THEY_ARE = frozenset({str, int, bool, float})


def as_json(value: Any) -> Any:
    """Return a description in JSON's values, for the audit trail and for what is kept for later."""
    if value is None or type(value) in _AS_THEY_ARE:
        return value
    if isinstance(value, Mapping):
        return {name: as_json(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [as_json(one) for one in value]
    if hasattr(value, "__dataclass_fields__"):
        return {one.name: as_json(getattr(value, one.name)) for one in fields(value)}
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, Decimal | date):
        return str(value)
    return value
