"""Which regional level a record may have: referencing first, then its words, then precedents."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rqf.matching.outcomes import Outcome
from rqf.matching.text import NO_SYNONYMS, Synonyms


@dataclass(frozen=True, slots=True)
class Descriptor:
    """What the regional framework expects at a level, in one domain and language."""

    level: int
    domain: str
    text: str
    language: str = "es"


@dataclass(frozen=True, slots=True)
class Precedent:
    """A similar record whose level has been endorsed; ``score`` is its likeness, 0-100."""

    id: int
    title: str
    low: int
    high: int
    country: str
    endorsed_by: tuple[str, ...]
    score: float


@dataclass(frozen=True, slots=True)
class Profile:
    """The record to be placed; ``national_range`` and ``national_best`` are regional levels."""

    title: str
    language: str = "es"
    outcomes: tuple[Outcome, ...] = ()
    national_range: tuple[int, int] | None = None
    national_best: int | None = None
    kind: str | None = None
    country: str | None = None


@dataclass(frozen=True, slots=True)
class Evidence:
    """The descriptor of a domain that the outcomes come closest to at a level, and the words they share."""

    domain: str
    descriptor_text: str
    score: float
    words: tuple[str, ...]
    outcome_ids: tuple[int | str, ...]


@dataclass(frozen=True, slots=True)
class LevelSuggestion:
    """A level, how well it fits (0-100), what each source says, and the evidence per domain."""

    level: int
    score: float
    parts: Mapping[str, float]
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class LevelAdvice:
    """Ranked levels; when ``abstained`` they are shown as facts, not as advice.

    ``reason`` holds keys for the page: referencing, no_referencing, few_outcomes, precedents_agree,
    precedents_differ, no_precedents, text_reads_higher, text_reads_lower, thin_evidence.
    """

    suggestions: tuple[LevelSuggestion, ...]
    range: tuple[int, int] | None
    abstained: bool
    reason: tuple[str, ...]
    conflict: bool


def suggest(
    profile: Profile,
    descriptors: Sequence[Descriptor],
    precedents: Sequence[Precedent] = (),
    synonyms: Synonyms = NO_SYNONYMS,
) -> LevelAdvice:
    """Rank the regional levels for a record, with the evidence for each."""
    raise NotImplementedError
