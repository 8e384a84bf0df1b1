"""What a query and each of many titles have in common, each signal from 0 to 100."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt
from rapidfuzz import fuzz, process
from rapidfuzz.distance import Indel

from rqf.matching.documents import Line
from rqf.matching.text import stem
from rqf.matching.titles import Floats, Titles
from rqf.matching.wordbook import LEAST_LIKENESS, piece_numbers, related

#: How near an unfinished word is to the words it may become.
BEGUN = 0.8
#: How near a word is to a term of several words that it is a part of.
PART = 0.8
_PIECES = 1 << 16


@dataclass(frozen=True, slots=True)
class Comparison:
    """One query against many titles: a value per title, and how near each of the titles' words is."""

    ngram: Floats
    token_set: Floats
    ratio: Floats
    coverage: Floats
    focus: Floats
    guard: Floats
    #: (words of the query, words of the titles), from 0 to 1.
    near: Floats


def compare(query: Line, own: Sequence[float], titles: Titles, unfinished: str | None = None) -> Comparison:
    """Compare a query with each title; ``own`` are the weights of the query's tokens."""
    weights = np.array(own, np.float32)
    near = kinship(query.pairs, titles.pairs, unfinished)
    text, texts = " ".join(sorted(query.stems)), titles.joined()
    return Comparison(
        ngram=_ngram(query.stems, weights, titles),
        token_set=_fuzz(fuzz.token_set_ratio, text, texts),
        ratio=_fuzz(fuzz.ratio, text, texts),
        coverage=_coverage(near, weights, titles),
        focus=_focus(near, titles),
        guard=_guards(query.guards, titles),
        near=near,
    )


def kinship(
    a: Sequence[tuple[str, str]], b: Sequence[tuple[str, str]], unfinished: str | None = None
) -> Floats:
    """Return for each two words (without case and accents, and their tokens) how near they are: 0 to 1."""
    if not a or not b:
        return np.zeros((len(a), len(b)), np.float32)
    faces, other_faces = [face for face, _ in a], [face for face, _ in b]
    near = process.cdist(
        faces,
        other_faces,
        scorer=Indel.normalized_similarity,
        score_cutoff=LEAST_LIKENESS,
        dtype=np.float32,
    )
    for i, j in zip(*np.nonzero(near), strict=True):
        near[i, j] = related(float(near[i, j]), faces[i], other_faces[j])
    _join_parts(near, faces, other_faces)
    same: dict[str, list[int]] = {}
    for j, (_, token) in enumerate(b):
        same.setdefault(token, []).append(j)
    for i, (face, token) in enumerate(a):
        if face == unfinished:
            begun = [j for j, other in enumerate(other_faces) if other.startswith(face)]
            near[i, begun] = np.maximum(near[i, begun], BEGUN)
        near[i, same.get(token, [])] = 1.0
    return near


def _join_parts(near: Floats, faces: Sequence[str], others: Sequence[str]) -> None:
    """Let a word meet the term that it is a part of: "barreno", "voladura de barrenos"."""
    turned = [(i, j) for j, i in _parts(others, faces)]
    for i, j in (*_parts(faces, others), *turned):
        near[i, j] = max(near[i, j], PART)


def _parts(words: Sequence[str], among: Sequence[str]) -> list[tuple[int, int]]:
    """Return the (number of a word, number of a term of several words) where the word is in the term."""
    terms = [(j, {stem(part) for part in one.split()}) for j, one in enumerate(among) if " " in one]
    if not terms:
        return []
    places: dict[str, list[int]] = {}
    for i, word in enumerate(words):
        if " " not in word:
            places.setdefault(stem(word), []).append(i)
    return [(i, j) for j, parts in terms for part in parts for i in places.get(part, ())]


@lru_cache(maxsize=100_000)
def is_part(a: str, b: str) -> bool:
    """Say whether one is a word of the other, a term of several words."""
    if (" " in a) == (" " in b):
        return False
    word, term = (a, b) if " " in b else (b, a)
    return stem(word) in {stem(part) for part in term.split()}


def _coverage(near: Floats, own: Floats, titles: Titles) -> Floats:
    """Return how much of the query's weight each title covers."""
    total = float(own.sum())
    if total <= 0:
        return np.zeros(len(titles), np.float32)
    covered: Floats = 100.0 * (own @ titles.best(near)) / total
    return np.minimum(covered, np.float32(100.0))


def _focus(near: Floats, titles: Titles) -> Floats:
    """Return how much of its own weight each title finds in the query."""
    best = near.max(axis=0) if len(near) else np.zeros(len(titles.words), np.float32)
    found, weight = titles.sums(best * titles.weights), titles.sums(titles.weights)
    return np.minimum(100.0 * found / np.maximum(weight, 1e-9), 100.0).astype(np.float32)


def _ngram(stems: Sequence[str], own: Floats, titles: Titles) -> Floats:
    """Return the cosine of the letter pieces, each piece weighed as its word is."""
    if not stems or not titles.words:
        return np.zeros(len(titles), np.float32)
    told = np.zeros(_PIECES, np.float32)
    for weight, token in zip(own, stems, strict=True):
        told[list(piece_numbers(token))] += weight
    sizes = np.diff(titles.piece_starts)
    dots = np.add.reduceat(told[titles.pieces], titles.piece_starts[:-1]) * titles.weights
    mine = sum(float(w) ** 2 * len(piece_numbers(one)) for w, one in zip(own, stems, strict=True))
    norms = titles.sums((titles.weights**2 * sizes).astype(np.float32))
    cosine = titles.sums(dots) / np.sqrt(np.maximum(norms * mine, 1e-9))
    capped: Floats = np.minimum(100.0 * cosine, 100.0).astype(np.float32)
    return capped


def _fuzz(scorer: Callable[..., float], query: str, texts: list[str]) -> Floats:
    scores: Floats = process.cdist([query], texts, scorer=scorer, dtype=np.float32)[0]
    return scores


def _guards(own: Sequence[str], titles: Titles) -> Floats:
    found = np.full(len(titles), guard_conflict(own, ()), np.float32)
    for row, guards in titles.guards.items():
        found[row] = guard_conflict(own, guards)
    return found


def guard_conflict(a: Sequence[str], b: Sequence[str]) -> float:
    """Return 100 where numbers or categories contradict, 25 where only one title has them, else 0."""
    mine, theirs = set(a), set(b)
    if mine == theirs or {g.split()[-1] for g in mine} == {g.split()[-1] for g in theirs}:
        return 0.0
    if mine - theirs and theirs - mine:
        return 100.0
    return 25.0


def say_the_same(query: Line, titles: Titles, numbers: Sequence[int]) -> npt.NDArray[np.bool_]:
    """Return which of the titles with these numbers say just what the query says."""
    key = query.key
    return np.array([titles.line(number).key == key for number in numbers], np.bool_)
