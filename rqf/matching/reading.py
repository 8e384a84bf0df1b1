"""What the learning outcomes of a record say about its level, domain by domain, against the descriptors."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from rqf.matching import complexity
from rqf.matching.outcomes import Outcome
from rqf.matching.phrasing import is_boilerplate
from rqf.matching.text import NO_SYNONYMS, Synonyms, normalise
from rqf.matching.verbs import family_of

#: Verbs say more of a level than words shared with its descriptor, which are few.
COMPLEXITY_SHARE = 0.65
#: An outcome this many levels away from where it reads says nothing for a level.
REACH = 3.0
#: So many outcomes are named as the ones that speak for a level.
MOST_SPEAKERS = 5


@dataclass(frozen=True, slots=True)
class Descriptor:
    """What the regional framework expects at a level, in one domain and language."""

    level: int
    domain: str
    text: str
    language: str = "es"


@dataclass(frozen=True, slots=True)
class Evidence:
    """The descriptor of a domain, how well the outcomes fit it, and the words and outcomes that say so."""

    domain: str
    descriptor_text: str
    score: float
    words: tuple[str, ...]
    outcome_ids: tuple[int | str, ...]


@dataclass(frozen=True, slots=True)
class Reading:
    """The evidence for each level, and how many outcomes had something to say."""

    evidence: Mapping[int, tuple[Evidence, ...]]
    telling: int

    def score(self, level: int) -> float:
        """Return how well the text fits a level, over all domains."""
        found = self.evidence.get(level, ())
        return round(sum(one.score for one in found) / len(found), 1) if found else 0.0


def read(
    outcomes: Sequence[Outcome],
    descriptors: Sequence[Descriptor],
    language: str,
    synonyms: Synonyms = NO_SYNONYMS,
) -> Reading:
    """Hold the outcomes against the descriptors of every level."""
    evidence: dict[int, list[Evidence]] = defaultdict(list)
    highest = max((one.level for one in descriptors), default=0)
    reads = {id(one): complexity.of_outcome(one.text, one.language) for one in outcomes}
    for domain in sorted({one.domain for one in descriptors}):
        own = [one for one in descriptors if one.domain == domain]
        concerned = [one for one in outcomes if one.domain == domain] or list(outcomes)
        levels = [tier for one in concerned if (tier := reads[id(one)]) is not None]
        typical = complexity.typical(levels)
        for level, found in _domain(own, concerned, language, synonyms).items():
            near = nearness(level, typical, highest)
            score = 100.0 * (COMPLEXITY_SHARE * near + (1.0 - COMPLEXITY_SHARE) * found.share)
            evidence[level].append(
                Evidence(domain, found.text, round(score, 1), found.words, found.outcome_ids)
            )
    telling = sum(tier is not None for tier in reads.values())
    return Reading({level: tuple(found) for level, found in evidence.items()}, telling)


@dataclass(frozen=True, slots=True)
class _Shared:
    text: str
    share: float
    words: tuple[str, ...]
    outcome_ids: tuple[int | str, ...]


def nearness(level: int, typical: float | None, highest: int) -> float:
    """Return from 0 to 1 how near a level is to where a text reads, on a framework of ``highest`` levels."""
    if typical is None:
        return 0.0
    return max(0.0, 1.0 - abs(level - typical * highest / complexity.SCALE) / REACH)


def _domain(
    descriptors: Sequence[Descriptor], outcomes: Sequence[Outcome], language: str, synonyms: Synonyms
) -> dict[int, _Shared]:
    """Return for each level what the outcomes share with its descriptor, as a share of the best level's."""
    told = [(one, _tokens(one.text, one.language, synonyms)) for one in outcomes]
    expected: dict[str, dict[int, Mapping[str, str]]] = defaultdict(dict)
    for one in descriptors:
        expected[one.language][one.level] = _tokens(one.text, one.language, synonyms)
    rarity = {spoken: _rarity(list(levels.values())) for spoken, levels in expected.items()}
    shared: dict[int, _Shared] = {}
    for one in _in_language(descriptors, language):
        words: dict[str, None] = {}
        speakers: dict[int | str, float] = {}
        for outcome, tokens in told:
            spoken = outcome.language if outcome.language in expected else one.language
            asked = expected[spoken].get(one.level, {})
            common = [token for token in tokens if token in asked]
            if common:
                speakers[outcome.id] = sum(rarity[spoken][token] for token in common)
                words |= dict.fromkeys(asked[token] for token in common)
        best = sorted(speakers, key=lambda id: (-speakers[id], str(id)))[:MOST_SPEAKERS]
        weight = math.fsum(speakers.values())
        shared[one.level] = _Shared(one.text, weight, tuple(sorted(words)), tuple(best))
    most = max((one.share for one in shared.values()), default=0.0)
    return {level: replace(one, share=one.share / most if most else 0.0) for level, one in shared.items()}


def _in_language(descriptors: Sequence[Descriptor], language: str) -> list[Descriptor]:
    """Return one descriptor a level, in the language asked for if it has one."""
    chosen: dict[int, Descriptor] = {}
    for one in descriptors:
        if one.level not in chosen or one.language == language:
            chosen[one.level] = one
    return [chosen[level] for level in sorted(chosen)]


# The descriptors are the same in every reading.
@lru_cache(maxsize=2_000)
def _tokens(text: str, language: str, synonyms: Synonyms) -> Mapping[str, str]:
    """Return what a text says as tokens (verbs by their family) with the word that says it."""
    told = normalise(text, language, synonyms)
    found: dict[str, str] = {}
    for word, token in zip(told.words, told.stems, strict=True):
        family = family_of(token, language)
        if family is not None or not is_boilerplate(token, language):
            found.setdefault(f"!{family.name}" if family else token, word)
    return found


def _rarity(texts: Sequence[Mapping[str, str]]) -> dict[str, float]:
    """Return what a word tells of a level: nothing when every level's descriptor has it."""
    held: dict[str, int] = defaultdict(int)
    for text in texts:
        for token in text:
            held[token] += 1
    return {token: math.log((len(texts) + 1) / number) for token, number in held.items()}
