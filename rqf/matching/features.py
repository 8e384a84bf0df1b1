"""What two titles have in common, each signal from 0 to 100, for many titles at once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt
from rapidfuzz import fuzz, process
from rapidfuzz.distance import Indel

from rqf.matching.documents import Line
from rqf.matching.lexicon import LEAST_LIKENESS, grams, related
from rqf.matching.text import stem

#: How near an unfinished word is to the words it may become.
BEGUN = 0.8
#: How near a word is to a term of several words that it is a part of.
PART = 0.8

Weigh = Callable[[str], float]
Matrix = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Comparison:
    """One query against many titles: a row of signals per title."""

    exact: npt.NDArray[np.bool_]
    ngram: Matrix
    token_set: Matrix
    ratio: Matrix
    coverage: Matrix
    focus: Matrix
    guard: Matrix


def compare(query: Line, titles: Sequence[Line], weigh: Weigh, unfinished: str | None = None) -> Comparison:
    """Compare a query with each title; ``weigh`` says how much a stem tells (its idf)."""
    pool = _Pool.of(titles, weigh)
    own = np.array([weigh(stem) for stem in query.stems], np.float32)
    near = kinship(list(zip(query.faces, query.stems, strict=True)), pool.words, unfinished)
    key = query.key
    query_text = " ".join(sorted(query.stems))
    texts = [" ".join(sorted(title.stems)) for title in titles]
    return Comparison(
        exact=np.array([title.key == key for title in titles], np.bool_),
        ngram=_ngram(query.stems, own, pool),
        token_set=_fuzz(fuzz.token_set_ratio, query_text, texts),
        ratio=_fuzz(fuzz.ratio, query_text, texts),
        coverage=_coverage(near, own, pool),
        focus=_focus(near, pool),
        guard=np.array([guard_conflict(query.guards, title.guards) for title in titles], np.float32),
    )


@dataclass(frozen=True, slots=True)
class _Pool:
    """The words of many titles, each different word once: ``columns`` and ``rows`` say who has which."""

    words: list[tuple[str, str]]
    weights: Matrix
    columns: npt.NDArray[np.int64]
    rows: npt.NDArray[np.int64]
    count: int

    @classmethod
    def of(cls, titles: Sequence[Line], weigh: Weigh) -> _Pool:
        flat = [pair for title in titles for pair in zip(title.faces, title.stems, strict=True)]
        numbers = {pair: number for number, pair in enumerate(dict.fromkeys(flat))}
        return cls(
            words=list(numbers),
            weights=np.array([weigh(stem) for _, stem in numbers], np.float32),
            columns=np.array([numbers[pair] for pair in flat], np.int64),
            rows=np.repeat(np.arange(len(titles)), [len(title.stems) for title in titles]),
            count=len(titles),
        )


def kinship(
    a: Sequence[tuple[str, str]], b: Sequence[tuple[str, str]], unfinished: str | None = None
) -> Matrix:
    """Return for each two words (as written, stem) how near they are, from 0 to 1."""
    if not a or not b:
        return np.zeros((len(a), len(b)), np.float32)
    near = process.cdist(
        [face for face, _ in a],
        [face for face, _ in b],
        scorer=Indel.normalized_similarity,
        score_cutoff=LEAST_LIKENESS,
        dtype=np.float32,
    )
    for i, j in zip(*np.nonzero(near), strict=True):
        near[i, j] = related(float(near[i, j]), a[i][0], b[j][0])
    _join_parts(near, [face for face, _ in a], [face for face, _ in b])
    stems = np.array([stem for _, stem in b], dtype=object)
    for i, (face, own) in enumerate(a):
        if face == unfinished:
            begun = [j for j, (other, _) in enumerate(b) if other.startswith(face)]
            near[i, begun] = np.maximum(near[i, begun], BEGUN)
        near[i, stems == own] = 1.0
    return near


def _join_parts(near: Matrix, a: Sequence[str], b: Sequence[str]) -> None:
    """Let a word meet the term that it is a part of: "barreno", "voladura de barrenos"."""
    terms = {j for j, other in enumerate(b) if " " in other}
    for i, one in enumerate(a):
        for j in range(len(b)) if " " in one else terms:
            if near[i, j] < PART and is_part(one, b[j]):
                near[i, j] = PART


@lru_cache(maxsize=100_000)
def is_part(a: str, b: str) -> bool:
    """Say whether one is a word of the other, a term of several words."""
    if (" " in a) == (" " in b):
        return False
    word, term = (a, b) if " " in b else (b, a)
    return stem(word) in {stem(part) for part in term.split()}


def _coverage(near: Matrix, own: Matrix, pool: _Pool) -> Matrix:
    """Return how much of the query's weight each title covers."""
    best = np.zeros((len(own), pool.count), np.float32)
    for i in range(len(own)):
        np.maximum.at(best[i], pool.rows, near[i, pool.columns])
    total = float(own.sum())
    covered: Matrix = 100.0 * (own @ best) / total if total > 0 else np.zeros(pool.count, np.float32)
    return covered


def _focus(near: Matrix, pool: _Pool) -> Matrix:
    """Return how much of its own weight each title finds in the query."""
    best = near.max(axis=0) if len(near) else np.zeros(len(pool.words), np.float32)
    found = np.bincount(pool.rows, weights=(best * pool.weights)[pool.columns], minlength=pool.count)
    weight = np.bincount(pool.rows, weights=pool.weights[pool.columns], minlength=pool.count)
    return (100.0 * found / np.maximum(weight, 1e-9)).astype(np.float32)


@lru_cache(maxsize=500_000)
def _common(a: str, b: str) -> int:
    return len(grams(a) & grams(b))


def _ngram(stems: Sequence[str], own: Matrix, pool: _Pool) -> Matrix:
    """Return the cosine of the letter pieces, each piece weighed as its word is."""
    if not stems or not pool.words:
        return np.zeros(pool.count, np.float32)
    sizes = np.array([len(grams(word)) for _, word in pool.words], np.float32)
    dots = np.zeros(len(pool.words), np.float32)
    for weight, token in zip(own, stems, strict=True):
        dots += weight * pool.weights * np.array([_common(token, word) for _, word in pool.words], np.float32)
    shared = np.bincount(pool.rows, weights=dots[pool.columns], minlength=pool.count)
    norms = np.bincount(pool.rows, weights=(pool.weights**2 * sizes)[pool.columns], minlength=pool.count)
    mine = sum(float(w) ** 2 * len(grams(stem)) for w, stem in zip(own, stems, strict=True))
    cosine = shared / np.sqrt(np.maximum(norms * mine, 1e-9))
    capped: Matrix = np.minimum(100.0 * cosine, 100.0).astype(np.float32)
    return capped


def _fuzz(scorer: Callable[..., float], query: str, texts: list[str]) -> Matrix:
    scores: Matrix = process.cdist([query], texts, scorer=scorer, dtype=np.float32)[0]
    return scores


def guard_conflict(a: Sequence[str], b: Sequence[str]) -> float:
    """Return 100 where numbers or categories contradict, 25 where only one title has them, else 0."""
    mine, theirs = set(a), set(b)
    if mine == theirs or {g.split()[-1] for g in mine} == {g.split()[-1] for g in theirs}:
        return 0.0
    if mine - theirs and theirs - mine:
        return 100.0
    return 25.0
