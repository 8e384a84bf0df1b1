"""What a match is worth and why: the fixed sum, its bands, and the test for duplicates."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
from rapidfuzz import fuzz

from rqf.matching.documents import Document, Filters, Line, impact
from rqf.matching.explanation import Matched, explain, explain_line
from rqf.matching.features import Comparison, compare, guard_conflict, say_the_same
from rqf.matching.queries import Query
from rqf.matching.rarity import Rarity
from rqf.matching.segments import Segment, Slots
from rqf.matching.text import Normalised, Synonyms, normalise
from rqf.matching.titles import Floats, Titles, Weigh

if TYPE_CHECKING:
    from rqf.matching.candidates import Index

#: Saved beside every suggestion, so that a stored score can be read years later.
METHOD_VERSION = "lexical-2"

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
#: With an encoder, what a title means counts as much as its words.
MEANING_SHARE = 0.5
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
    """Documents of one segment that the postings brought up.

    ``shares``: the BM25 of each as a share of the best possible. ``sure``: the slots of those whose title
    says just the query (False) or whose code it names (True).
    """

    segment: Segment
    slots: Slots
    shares: Floats
    sure: Mapping[int, bool]
    #: How near each means what is asked (0-100), with an encoder.
    means: Floats | None = None

    def only(self, places: npt.NDArray[np.int64]) -> Found:
        """Return the documents in these places."""
        means = self.means[places] if self.means is not None else None
        return Found(self.segment, self.slots[places], self.shares[places], self.sure, means)


def weights(with_meaning: bool) -> Mapping[str, float]:
    """Return the share of each signal, without an encoder or with one."""
    if not with_meaning:
        return WEIGHTS
    return {name: (1.0 - MEANING_SHARE) * share for name, share in WEIGHTS.items()} | {
        "meaning": MEANING_SHARE
    }


def total(features: Mapping[str, float]) -> float:
    """Return the score that signals give: their weighed sum less the guard's points, 100 when exact."""
    return float(_totals({name: np.array([value]) for name, value in features.items()})[0])


def band(score: float) -> str:
    """Return the word for a score: strong, good or weak."""
    return "strong" if score >= STRONG else "good" if score >= GOOD else "weak"


def rank(
    asked: Query,
    pool: Sequence[Found],
    rarity: Rarity,
    synonyms: Synonyms,
    limit: int,
    *,
    explained: bool = True,
) -> list[Candidate]:
    """Score the records found and return the best, each explained unless that is not wanted."""
    pool = [found for found in pool if len(found.slots)]
    if not pool:
        return []
    rows = _Rows.of(asked, pool, rarity)
    best = rows.best()[:limit]
    if not explained:
        return [rows.scored(int(row)) for row in best]
    return [rows.candidate(int(row), synonyms) for row in best]


@dataclass(frozen=True)
class _Rows:
    """Every title of every record found: its record (a place in ``found``), signals and total."""

    asked: Query
    titles: Titles
    compared: Comparison
    found: Sequence[tuple[Segment, int, bool]]
    ids: npt.NDArray[np.int64]
    owners: npt.NDArray[np.int64]
    signals: Mapping[str, npt.NDArray[np.float64]]
    totals: npt.NDArray[np.float64]

    @classmethod
    def of(cls, asked: Query, pool: Sequence[Found], rarity: Rarity) -> _Rows:
        read = [Titles.read(one.segment, one.slots, rarity) for one in pool]
        titles = Titles.join([own for own, _ in read])
        offsets = np.cumsum([0] + [len(one.slots) for one in pool])
        owners = np.concatenate([own + offset for (_, own), offset in zip(read, offsets, strict=False)])
        found = [
            (one.segment, int(slot), one.sure.get(int(slot), False)) for one in pool for slot in one.slots
        ]
        weights = [asked.spoken[face].weight for face in asked.line.faces]
        compared = compare(asked.line, weights, titles, asked.unfinished)
        shares = np.concatenate([one.shares for one in pool])
        sure = np.array([int(slot) in one.sure for one in pool for slot in one.slots], np.bool_)
        exact = np.array([by_code for _, _, by_code in found], np.bool_)[owners]
        asking = np.flatnonzero(sure[owners] & ~exact)
        exact[asking] |= say_the_same(asked.line, titles, asking.tolist())
        signals = _signals(compared, 100.0 * np.minimum(shares[owners], 1.0), exact)
        means = [one.means for one in pool if one.means is not None]
        if means:
            signals["meaning"] = np.round(np.concatenate(means)[owners].astype(float), 1)
        ids = np.concatenate([one.segment.ids[one.slots] for one in pool])
        return cls(asked, titles, compared, found, ids, owners, signals, _totals(signals))

    def best(self) -> npt.NDArray[np.int64]:
        """Return the best title of each record, the best record first; ties by letters, length and id."""
        sizes = self.titles.sums(np.array([len(face) for face, _ in self.titles.pairs], np.float32))
        order = np.lexsort((self.ids[self.owners], sizes, -self.signals["ratio"], -self.totals))
        _, first = np.unique(self.owners[order], return_index=True)
        kept: npt.NDArray[np.int64] = order[np.sort(first)]
        return kept

    def scored(self, row: int) -> Candidate:
        """Return one record with its score and signals."""
        features = {name: float(values[row]) for name, values in self.signals.items()}
        score = float(self.totals[row])
        return Candidate(int(self.ids[self.owners[row]]), score, band(score), features)

    def candidate(self, row: int, synonyms: Synonyms) -> Candidate:
        """Return one record with what explains its score."""
        segment, slot, by_code = self.found[self.owners[row]]
        near = self.compared.near[:, self.titles.own(row)]
        elsewhere = self._elsewhere(segment, slot, synonyms)
        why = explain_line(self.asked.text, self.asked.line, self.titles.line(row), near, elsewhere)
        code = segment.document(slot).code if by_code else None
        by = (Matched(self.asked.text.raw.strip(), code or "", "code"),) if by_code else ()
        return replace(
            self.scored(row),
            matched=by + why.matched,
            missing=why.missing,
            guards_differ=why.guards_differ,
        )

    def _elsewhere(
        self, segment: Segment, slot: int, synonyms: Synonyms
    ) -> Callable[[str], list[Normalised]]:
        """Return a function that gives a record's other texts if they may hold a word of the query."""
        document = segment.document(slot)

        def others(face: str) -> list[Normalised]:
            term = self.asked.spoken.get(face)
            if not document.other or term is None:
                return []
            if not any(segment.holds(token, slot) for token, _ in term.tokens):
                return []
            return [normalise(text, document.titles[0][0], synonyms) for text in document.other]

        return others


def _signals(
    compared: Comparison, bm25: Floats, exact: npt.NDArray[np.bool_]
) -> dict[str, npt.NDArray[np.float64]]:
    values: dict[str, npt.NDArray[Any]] = {
        "exact": np.where(exact, 100.0, 0.0),
        "bm25": bm25,
        "ngram": compared.ngram,
        "token_set": compared.token_set,
        "ratio": compared.ratio,
        "coverage": compared.coverage,
        "focus": compared.focus,
        "guard": compared.guard,
    }
    rounded: dict[str, npt.NDArray[np.float64]] = {}
    for name, value in values.items():
        rounded[name] = np.round(np.array(value, dtype=float), 1)
    return rounded


def _totals(signals: Mapping[str, npt.NDArray[np.float64]]) -> npt.NDArray[np.float64]:
    gained = sum(weight * signals[name] for name, weight in weights("meaning" in signals).items())
    gained = gained - GUARD_POINTS / 100.0 * signals["guard"]
    rounded = np.round(np.clip(gained, 0.0, 99.9), 1)
    totals: npt.NDArray[np.float64] = np.where(signals["exact"] >= 100.0, 100.0, rounded)
    return totals


def score_titles(a: Normalised, b: Normalised, weigh: Weigh | None = None) -> Candidate:
    """Compare two titles without an index (the candidate's id is 0)."""
    weigh = weigh or _equal
    query = Line.of(a)
    titles = Titles.of([Line.of(b)], weigh)
    compared = compare(query, [weigh(stem) for stem in query.stems], titles)
    length = impact(1, len(b.plain)) / impact(1, len(a.plain))
    share = np.minimum(length * compared.coverage, 100.0)
    signals = _signals(compared, share, np.array([query.key == titles.line(0).key]))
    why = explain(a, b)
    score = float(_totals(signals)[0])
    features = {name: float(value[0]) for name, value in signals.items()}
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


def could_be_same(a: Normalised, b: Normalised) -> bool:
    """Tell at little cost whether ``same_title`` may reach SAME: what fails here cannot."""
    if DUPLICATE_GUARD_POINTS * guard_conflict(a.guards, b.guards) / 100.0 > 100.0 - SAME:
        return False
    ratio = fuzz.ratio(" ".join(sorted(a.stems)), " ".join(sorted(b.stems)))
    # Every other signal at its best; a tenth for the rounding.
    return 100.0 - DUPLICATE_WEIGHTS["ratio"] * (100.0 - ratio) >= SAME - 0.1


def _as_duplicate(found: Candidate) -> Candidate:
    features = found.features
    score = 100.0
    if features["exact"] < 100.0:
        gained = sum(weight * features[name] for name, weight in DUPLICATE_WEIGHTS.items())
        score = round(min(99.9, max(0.0, gained - DUPLICATE_GUARD_POINTS * features["guard"] / 100.0)), 1)
    return replace(found, score=score, band="strong" if score >= SAME else "good")


def _equal(_stem: str) -> float:
    return 1.0
