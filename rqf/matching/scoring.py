"""What a match is worth and why: the fixed sum, its bands, and the test for duplicates."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from rqf.matching.documents import Document, Filters, Line, impact
from rqf.matching.explanation import Matched, explain
from rqf.matching.features import Comparison, Weigh, compare
from rqf.matching.queries import Query
from rqf.matching.text import Normalised, Synonyms, normalise

if TYPE_CHECKING:
    from rqf.matching.candidates import Index

if TYPE_CHECKING:
    from rqf.matching.candidates import Index

#: Saved beside every suggestion, so that a stored score can be read years later.
METHOD_VERSION = "lexical-1"

#: The share of each signal. Rare shared words tell most (bm25), then the same letters (ngram); how much of
#: the query is found and how much of the title was asked for count alike, so that neither a long official
#: name nor a short vague one wins by its length; the two string scores settle what is left.
WEIGHTS: Mapping[str, float] = {
    "bm25": 0.3,
    "ngram": 0.2,
    "coverage": 0.15,
    "focus": 0.15,
    "token_set": 0.1,
    "ratio": 0.1,
}
#: Points taken when numbers or categories contradict ("categoría 1", "categoría 2").
GUARD_POINTS = 20.0

STRONG = 75.0
GOOD = 50.0

#: Duplicates in one country: from SAME it is taken for the same record, from LOOK a person should look.
SAME = 92.0
LOOK = 75.0
#: Duplicates say the same in both directions, so no signal that forgives extra words takes part.
DUPLICATE_WEIGHTS: Mapping[str, float] = {"ngram": 0.2, "ratio": 0.4, "coverage": 0.2, "focus": 0.2}
#: A number that contradicts makes two records of one series; one that is missing makes them doubtful.
DUPLICATE_GUARD_POINTS = 40.0


@dataclass(frozen=True, slots=True)
class Candidate:
    """A record found, its score from 0 to 100, and everything that explains the score."""

    id: int
    score: float
    band: str
    features: Mapping[str, float]
    matched: tuple[Matched, ...] = ()
    missing: tuple[str, ...] = ()
    guards_differ: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Found:
    """A document the postings brought up; ``share`` is its BM25 as a share of the best possible.

    ``sure``: its title says just the query, or the query names its code."""

    document: Document
    lines: tuple[Line, ...]
    share: float
    sure: bool
    by_code: bool


def total(features: Mapping[str, float]) -> float:
    """Return the score that signals give: their weighed sum less the guard's points, 100 when exact."""
    if features["exact"] >= 100.0:
        return 100.0
    gained = sum(weight * features[name] for name, weight in WEIGHTS.items())
    return round(min(99.9, max(0.0, gained - GUARD_POINTS * features["guard"] / 100.0)), 1)


def band(score: float) -> str:
    """Return the word for a score: strong, good or weak."""
    return "strong" if score >= STRONG else "good" if score >= GOOD else "weak"


def rank(
    asked: Query, pool: Sequence[Found], weigh: Weigh, synonyms: Synonyms, limit: int
) -> list[Candidate]:
    """Score the records found and return the best, each explained."""
    titles = [(found, number) for found in pool for number in range(len(found.lines))]
    lines = [found.lines[number] for found, number in titles]
    if not titles:
        return []
    signals = compare(asked.line, lines, weigh, asked.unfinished)
    best: dict[int, tuple[tuple[float, float, int, int], Found, int, dict[str, float]]] = {}
    for row, (found, number) in enumerate(titles):
        features = _features(signals, row, found.share, found.by_code)
        length = sum(map(len, lines[row].faces))
        order = (-total(features), -features["ratio"], length, found.document.id)
        if found.document.id not in best or order < best[found.document.id][0]:
            best[found.document.id] = (order, found, number, features)
    ranked = sorted(best.values(), key=lambda one: one[0])[:limit]
    return [_candidate(asked, found, number, features, synonyms) for _, found, number, features in ranked]


def _features(signals: Comparison, row: int, share: float, by_code: bool) -> dict[str, float]:
    return {
        "exact": 100.0 if by_code or signals.exact[row] else 0.0,
        "bm25": round(100.0 * min(1.0, share), 1),
        "ngram": round(float(signals.ngram[row]), 1),
        "token_set": round(float(signals.token_set[row]), 1),
        "ratio": round(float(signals.ratio[row]), 1),
        "coverage": round(float(signals.coverage[row]), 1),
        "focus": round(float(signals.focus[row]), 1),
        "guard": round(float(signals.guard[row]), 1),
    }


def _candidate(
    asked: Query, found: Found, number: int, features: dict[str, float], synonyms: Synonyms
) -> Candidate:
    document = found.document
    language, title = document.titles[number]
    others = (normalise(text, document.titles[0][0], synonyms) for text in document.other)
    why = explain(asked.text, normalise(title, language, synonyms), others, asked.unfinished)
    score = total(features)
    by_code = (Matched(asked.text.raw.strip(), document.code or "", "code"),) if found.by_code else ()
    return Candidate(
        document.id, score, band(score), features, by_code + why.matched, why.missing, why.guards_differ
    )


def score_titles(a: Normalised, b: Normalised, weigh: Weigh | None = None) -> Candidate:
    """Compare two titles without an index (the candidate's id is 0)."""
    signals = compare(Line.of(a), [Line.of(b)], weigh or _equal)
    length = impact(1, len(b.plain)) / impact(1, len(a.plain))
    features = _features(signals, 0, length * float(signals.coverage[0]) / 100.0, by_code=False)
    why = explain(a, b)
    score = total(features)
    return Candidate(0, score, band(score), features, why.matched, why.missing, why.guards_differ)


def duplicates(document: Document, index: Index, limit: int = 10) -> list[Candidate]:
    """Return the records of the same country that may be the same, best first, none below LOOK.

    ``band`` is "strong" from SAME on and "good" from LOOK on.
    """
    filters = Filters(countries=frozenset({document.country}), exclude=frozenset({document.id}))
    best: dict[int, Candidate] = {}
    for language, title in document.titles:
        for found in index.search(title, language=language, filters=filters, limit=max(limit, 20)):
            alike = _as_duplicate(found)
            if alike.score >= LOOK and (found.id not in best or alike.score > best[found.id].score):
                best[found.id] = alike
    return sorted(best.values(), key=lambda one: (-one.score, one.id))[:limit]


def same_title(a: Normalised, b: Normalised) -> Candidate:
    """Tell without an index how likely two titles name one record, on the scale of ``duplicates``."""
    return _as_duplicate(score_titles(a, b))


def _as_duplicate(found: Candidate) -> Candidate:
    features = found.features
    score = 100.0
    if features["exact"] < 100.0:
        gained = sum(weight * features[name] for name, weight in DUPLICATE_WEIGHTS.items())
        score = round(min(99.9, max(0.0, gained - DUPLICATE_GUARD_POINTS * features["guard"] / 100.0)), 1)
    return replace(found, score=score, band="strong" if score >= SAME else "good")


def _equal(_stem: str) -> float:
    return 1.0
