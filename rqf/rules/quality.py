"""How good a record is: a fixed sum of published points, 0 to 100, that says what to fix first.

Two thirds of the points ask whether the facts are there that a comparison needs, one third whether what is
there can be relied on. docs/quality.md explains every criterion to the people whose records are judged.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from rqf.rules.terms import QualificationType

#: Goes up with every change of criteria, points or of how they are observed; scores are then taken anew.
METHOD = 1

#: How many of how many: outcomes that begin with a verb, or (1, 1) and (0, 1) for yes and no.
#: (0, 0): there is nothing yet that could be judged.
Share = tuple[int, int]


class Criterion(StrEnum):
    """What is asked of a record. The order is part of the method: gaps are stored as bits in it."""

    OUTCOMES = "outcomes"
    LEVEL = "level"
    SOURCE = "source"
    UNITS = "units"
    VOLUME = "volume"
    EVERY_UNIT_HAS_OUTCOMES = "every_unit_has_outcomes"
    AWARDING_BODY = "awarding_body"
    FIELD = "isced_f"
    SECTOR = "sector"
    CODE = "code"
    OCCUPATION = "isco_08"
    VALID_FROM = "valid_from"
    ENTRY_REQUIREMENTS = "entry_requirements"
    ENTITLEMENTS = "entitlements"
    LEGAL_ACT = "legal_act"
    SECOND_LANGUAGE = "second_language"
    OUTCOMES_MEASURABLE = "outcomes_measurable"
    OUTCOMES_CLEAR = "outcomes_clear"
    OUTCOMES_DISTINCT = "outcomes_distinct"
    OUTCOMES_LANGUAGE = "outcomes_language"
    SOURCE_ADDRESS = "source_address"
    TITLE_CLEAR = "title_clear"
    TITLE_UNIQUE = "title_unique"
    DATES = "dates"


#: Points for a fact that is there. Outcomes and level weigh most: without them nothing can be compared.
FACTS: dict[Criterion, int] = {
    Criterion.OUTCOMES: 14,
    Criterion.LEVEL: 10,
    Criterion.SOURCE: 6,
    Criterion.UNITS: 5,
    Criterion.VOLUME: 5,
    Criterion.EVERY_UNIT_HAS_OUTCOMES: 4,
    Criterion.AWARDING_BODY: 4,
    Criterion.FIELD: 4,
    Criterion.SECTOR: 3,
    Criterion.CODE: 3,
    Criterion.OCCUPATION: 2,
    Criterion.VALID_FROM: 2,
    Criterion.ENTRY_REQUIREMENTS: 2,
    Criterion.ENTITLEMENTS: 1,
    Criterion.LEGAL_ACT: 1,
    Criterion.SECOND_LANGUAGE: 1,
}
#: Points for what is there being sound.
SOUNDNESS: dict[Criterion, int] = {
    Criterion.OUTCOMES_MEASURABLE: 12,
    Criterion.OUTCOMES_CLEAR: 4,
    Criterion.TITLE_UNIQUE: 4,
    Criterion.SOURCE_ADDRESS: 3,
    Criterion.TITLE_CLEAR: 3,
    Criterion.DATES: 3,
    Criterion.OUTCOMES_DISTINCT: 2,
    Criterion.OUTCOMES_LANGUAGE: 2,
}
POINTS: dict[Criterion, int] = FACTS | SOUNDNESS
#: What a kind of record cannot say counts as said: a standard of one function opens no further study.
NOT_ASKED: dict[QualificationType, frozenset[Criterion]] = {
    QualificationType.OCCUPATIONAL_STANDARD: frozenset(
        {Criterion.VOLUME, Criterion.ENTRY_REQUIREMENTS, Criterion.ENTITLEMENTS}
    ),
}
_BITS = {criterion: 1 << place for place, criterion in enumerate(Criterion)}
#: The score's bands, of ten points each; 100 belongs to the last.
BANDS = 10


@dataclass(frozen=True)
class Finding:
    """What a record earns by one criterion, out of how much, and on what that rests."""

    criterion: Criterion
    points: int
    most: int
    share: Share

    @property
    def lost(self) -> int:
        """Return the points that could still be earned."""
        return self.most - self.points

    @property
    def judged(self) -> bool:
        """Tell whether there was anything to judge."""
        return self.share[1] > 0


@dataclass(frozen=True)
class Quality:
    """The findings on every criterion, in the order of the criteria."""

    findings: tuple[Finding, ...]

    @property
    def score(self) -> int:
        """Return the sum of all points, from 0 to 100."""
        return sum(one.points for one in self.findings)

    @property
    def completeness(self) -> int:
        """Return how much of the points for facts is there, in per cent."""
        there = sum(one.points for one in self.findings if one.criterion in FACTS)
        return 100 * there // sum(FACTS.values())

    @property
    def to_fix(self) -> tuple[Finding, ...]:
        """Return what loses points, what would bring most first. What cannot be judged yet comes later."""
        found = [one for one in self.findings if one.lost and one.judged]
        return tuple(sorted(found, key=lambda one: -one.lost))

    @property
    def gaps(self) -> int:
        """Return the criteria to fix as bits."""
        return sum(_BITS[one.criterion] for one in self.to_fix)


def assess(shares: Mapping[Criterion, Share], kind: QualificationType) -> Quality:
    """Return the quality of a record of ``kind`` on which the criteria found ``shares``.

    A share earns that part of its points, rounded down; what nothing can be said about earns none.
    """
    spared = NOT_ASKED.get(kind, frozenset())
    return Quality(
        tuple(
            _finding(criterion, (1, 1) if criterion in spared else shares.get(criterion, (0, 0)))
            for criterion in Criterion
        )
    )


# An import assesses many thousand records, of which most say yes and no alike.
@lru_cache(maxsize=4096)
def _finding(criterion: Criterion, share: Share) -> Finding:
    met, of = share
    most = POINTS[criterion]
    return Finding(criterion, most * met // of if of else 0, most, share)


def bit(criterion: Criterion) -> int:
    """Return the bit by which a gap is stored."""
    return _BITS[criterion]


def gaps_of(bits: int) -> tuple[Criterion, ...]:
    """Return the criteria that stored ``bits`` mean."""
    return tuple(criterion for criterion in Criterion if bits & _BITS[criterion])


def with_twin(score: int, gaps: int, twin: bool) -> tuple[int, int]:
    """Return a stored score and gaps as they are once another record has, or no longer has, the title."""
    own = _BITS[Criterion.TITLE_UNIQUE]
    if bool(gaps & own) == twin:
        return score, gaps
    points = POINTS[Criterion.TITLE_UNIQUE]
    return (score - points, gaps | own) if twin else (score + points, gaps & ~own)


@dataclass(frozen=True)
class Summary:
    """Many records at once: how many, their mean score, how many in each band, and what to fix first."""

    records: int
    mean: float | None
    bands: tuple[int, ...]
    to_fix: tuple[Work, ...]


@dataclass(frozen=True)
class Work:
    """A criterion that some records miss: how many, and the points that all of them could gain at most."""

    criterion: Criterion
    records: int
    points: int


def summarise(counts: Iterable[tuple[int, int, int]]) -> Summary:
    """Return what (score, gaps, how many records) come to.

    What to fix first is what many records miss and weighs much: records times points.
    """
    bands, missing = [0] * BANDS, dict.fromkeys(Criterion, 0)
    records = total = 0
    for score, gaps, count in counts:
        records += count
        total += score * count
        bands[min(score * BANDS // 100, BANDS - 1)] += count
        for criterion in gaps_of(gaps):
            missing[criterion] += count
    work = [Work(one, count, count * POINTS[one]) for one, count in missing.items() if count > 0]
    work.sort(key=lambda one: (-one.points, -POINTS[one.criterion]))
    return Summary(records, total / records if records else None, tuple(bands), tuple(work))
