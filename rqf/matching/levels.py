"""Which regional level a record may have: referencing first, then its words, then precedents."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rqf.matching import complexity
from rqf.matching.outcomes import Outcome
from rqf.matching.reading import Descriptor, Evidence, Reading, nearness, read
from rqf.matching.text import NO_SYNONYMS, Synonyms

__all__ = [
    "Descriptor",
    "Evidence",
    "LevelAdvice",
    "LevelSuggestion",
    "Precedent",
    "Profile",
    "suggest",
]

#: The share of each source. The agreed referencing is the way from national to regional level; the text is a
#: second opinion; precedents tell how others decided on similar records.
WEIGHTS: Mapping[str, float] = {"referencing": 0.5, "descriptors": 0.3, "precedents": 0.2}
#: An occupational standard's national level tells how complex one function is, not where a qualification
#: stands (CONOCER places an installer of solar panels at 1 and a blaster at 4): its referencing weighs half,
#: and never carries advice alone.
STANDARD = "occupational_standard"
STANDARD_REFERENCING = 0.25
#: Advice from fewer sources counts for less: with one alone, a part of the score is withheld.
WITHHELD = 0.4
#: The referencing's range: full at the best fit, this much at the range's other ends, a little just outside.
IN_RANGE = 70.0
BESIDE_RANGE = 20.0
#: A text is heard when so many outcomes have a verb that tells a level.
ENOUGH_OUTCOMES = 3
#: So many levels between text and referencing are a conflict that a person has to look at.
CONFLICT = 2
#: Precedents below this likeness say nothing; those at it or above may stand alone.
WEAK_PRECEDENT = 40.0
STRONG_PRECEDENT = 70.0
#: The second level belongs to the advised range when it comes this near the first.
CLOSE_SECOND = 0.8


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
    """The record to be placed; ``national_range`` and ``national_best`` are regional levels.

    ``kind`` is the type of the record, as in the register.
    """

    title: str
    language: str = "es"
    outcomes: tuple[Outcome, ...] = ()
    national_range: tuple[int, int] | None = None
    national_best: int | None = None
    kind: str | None = None
    country: str | None = None


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

    ``reason`` holds keys for the page: referencing, no_referencing, standard_complexity, few_outcomes,
    precedents_agree, precedents_differ, no_precedents, text_reads_higher, text_reads_lower, thin_evidence.
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
    outcomes = profile.outcomes or _title_as_outcome(profile)
    reading = read(outcomes, descriptors, profile.language, synonyms)
    heard = [one for one in precedents if one.score >= WEAK_PRECEDENT]
    levels = _levels(profile, descriptors, heard)
    suggestions = sorted(
        (_suggestion(level, profile, reading, heard) for level in levels),
        key=lambda one: (-one.score, -one.parts.get("referencing", 0.0), one.level),
    )
    text_level = _text_level(profile, reading, levels)
    above, below = _conflict(profile.national_range, text_level)
    abstained = not suggestions or _is_thin(profile, reading, heard)
    reasons = [
        "referencing" if profile.national_range else "no_referencing",
        "standard_complexity" if profile.national_range and profile.kind == STANDARD else None,
        "few_outcomes" if not profile.outcomes or reading.telling < ENOUGH_OUTCOMES else None,
        _precedents_say(heard, suggestions),
        "text_reads_higher" if above else None,
        "text_reads_lower" if below else None,
        "thin_evidence" if abstained else None,
    ]
    return LevelAdvice(
        suggestions=tuple(suggestions),
        range=None if abstained else _range(suggestions),
        abstained=abstained,
        reason=tuple(reason for reason in reasons if reason),
        conflict=above or below,
    )


def _title_as_outcome(profile: Profile) -> tuple[Outcome, ...]:
    """Let the title speak where there are no outcomes: weak, but better than silence."""
    return (Outcome("title", profile.title, None, profile.language),)


def _levels(
    profile: Profile, descriptors: Sequence[Descriptor], precedents: Sequence[Precedent]
) -> list[int]:
    levels = {one.level for one in descriptors}
    if not levels:
        ranges = [(one.low, one.high) for one in precedents]
        ranges += [profile.national_range] if profile.national_range else []
        levels = {level for low, high in ranges for level in range(low, high + 1)}
    return sorted(levels)


def _suggestion(
    level: int, profile: Profile, reading: Reading, precedents: Sequence[Precedent]
) -> LevelSuggestion:
    parts: dict[str, float] = {}
    if profile.national_range:
        parts["referencing"] = _referenced(level, profile.national_range, profile.national_best)
    if reading.telling:
        parts["descriptors"] = reading.score(level)
    elif (role := complexity.of_title(profile.title, profile.language)) is not None:
        parts["descriptors"] = round(100.0 * nearness(level, role, max(reading.evidence, default=0)), 1)
    if precedents:
        parts["precedents"] = _preceded(level, precedents)
    weights = _weights(profile)
    available = sum(weights[name] for name in parts)
    score = 0.0
    if available:
        fit = sum(weights[name] * value for name, value in parts.items()) / available
        score = fit * (1.0 - WITHHELD * (1.0 - available))
    return LevelSuggestion(level, round(score, 1), parts, reading.evidence.get(level, ()))


def _weights(profile: Profile) -> Mapping[str, float]:
    return {**WEIGHTS, "referencing": STANDARD_REFERENCING} if profile.kind == STANDARD else WEIGHTS


def _referenced(level: int, span: tuple[int, int], best: int | None) -> float:
    """Return how well a level fits the referenced range: a slope from the best fit to its ends."""
    low, high = span
    peak = best if best is not None and low <= best <= high else (low + high) / 2
    if low <= level <= high:
        reach = max(high - peak, peak - low)
        return round(100.0 - (100.0 - IN_RANGE) * (abs(level - peak) / reach if reach else 0.0), 1)
    return BESIDE_RANGE if level in (low - 1, high + 1) else 0.0


def _preceded(level: int, precedents: Sequence[Precedent]) -> float:
    """Return the share of the precedents that stand at a level, the more similar counting more."""
    weights = [(one.score / 100.0) ** 2 for one in precedents]
    said = sum(
        weight * (1.0 if one.low <= level <= one.high else 0.0)
        for weight, one in zip(weights, precedents, strict=True)
    )
    return round(100.0 * said / sum(weights), 1)


def _text_level(profile: Profile, reading: Reading, levels: Sequence[int]) -> int | None:
    if not profile.outcomes or reading.telling < ENOUGH_OUTCOMES or not levels:
        return None
    return max(levels, key=lambda level: (reading.score(level), -level))


def _conflict(span: tuple[int, int] | None, text_level: int | None) -> tuple[bool, bool]:
    """Say whether the text reads much higher, or much lower, than the referencing."""
    if span is None or text_level is None:
        return False, False
    return text_level >= span[1] + CONFLICT, text_level <= span[0] - CONFLICT


def _is_thin(profile: Profile, reading: Reading, precedents: Sequence[Precedent]) -> bool:
    if profile.national_range and profile.kind != STANDARD:
        return False
    if profile.outcomes and reading.telling >= ENOUGH_OUTCOMES:
        return False
    return not any(one.score >= STRONG_PRECEDENT for one in precedents)


def _precedents_say(precedents: Sequence[Precedent], suggestions: Sequence[LevelSuggestion]) -> str:
    if not precedents or not suggestions:
        return "no_precedents"
    first = suggestions[0].level
    agree = all(one.low <= first <= one.high for one in precedents)
    return "precedents_agree" if agree else "precedents_differ"


def _range(suggestions: Sequence[LevelSuggestion]) -> tuple[int, int]:
    first = suggestions[0]
    if len(suggestions) > 1:
        second = suggestions[1]
        if abs(second.level - first.level) == 1 and second.score >= CLOSE_SECOND * first.score:
            return min(first.level, second.level), max(first.level, second.level)
    return first.level, first.level
