"""How complete a record is: the facts that a comparison needs, each with its weight."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum


class Fact(StrEnum):
    """A fact that a complete record states."""

    CODE = "code"
    LEVEL = "level"
    VOLUME = "volume"
    FIELD = "isced_f"
    OCCUPATION = "isco_08"
    SECTOR = "sector"
    AWARDING_BODY = "awarding_body"
    ENTRY_REQUIREMENTS = "entry_requirements"
    ENTITLEMENTS = "entitlements"
    LEGAL_ACT = "legal_act"
    SOURCE = "source"
    VALID_FROM = "valid_from"
    SECOND_LANGUAGE = "second_language"
    UNITS = "units"
    OUTCOMES = "outcomes"
    EVERY_UNIT_HAS_OUTCOMES = "every_unit_has_outcomes"


#: Fact -> weight. Learning outcomes and level weigh most: without them nothing can be compared.
#: The title is not here, a record cannot be saved without one.
WEIGHTS: dict[Fact, int] = {
    Fact.OUTCOMES: 22,
    Fact.LEVEL: 14,
    Fact.UNITS: 8,
    Fact.EVERY_UNIT_HAS_OUTCOMES: 6,
    Fact.VOLUME: 8,
    Fact.AWARDING_BODY: 7,
    Fact.SOURCE: 7,
    Fact.FIELD: 6,
    Fact.SECTOR: 5,
    Fact.CODE: 4,
    Fact.OCCUPATION: 3,
    Fact.VALID_FROM: 3,
    Fact.ENTRY_REQUIREMENTS: 2,
    Fact.ENTITLEMENTS: 2,
    Fact.LEGAL_ACT: 2,
    Fact.SECOND_LANGUAGE: 1,
}


@dataclass(frozen=True)
class Completeness:
    """How much of what is needed is there (0-100), and what is missing, the heaviest first."""

    percent: int
    missing: tuple[Fact, ...]


def assess(present: Collection[Fact]) -> Completeness:
    """Return how complete a record is that states the facts ``present``."""
    there = sum(weight for fact, weight in WEIGHTS.items() if fact in present)
    missing = sorted((fact for fact in WEIGHTS if fact not in present), key=lambda fact: -WEIGHTS[fact])
    return Completeness(100 * there // sum(WEIGHTS.values()), tuple(missing))
