"""A level read from a text by the example of texts whose level is known: a second opinion, never the first.

Words (stems, pairs of stems, the first word, guards) and letter pieces, weighed by tf-idf, in a kernel that
is part linear and part quadratic; ridge regression on one indicator a level; the scores turned into shares by
a temperature fitted on inner folds. Everything is numpy, deterministic, and fits 1,500 titles in seconds.
Kernel ridge regression: Saunders, Gammerman, Vovk 1998; temperature scaling: Guo et al. 2017.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Hashable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from rqf.matching.text import normalise

#: Shares of words and letters in the likeness of two texts, and of its square in the kernel.
_LETTERS = 0.2
_SQUARE = 0.3
#: What keeps the examples from being learned by heart.
_RIDGE = 0.5
_PIECES = (2, 3, 4, 5)
_BLOCK = 2048
_INNER = 5
_TEMPERATURES = np.geomspace(0.5, 30.0, 40)
#: With fewer examples nothing is read.
LEAST = 40
#: Below this share the best level is a guess.
SURE = 0.5

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Opinion:
    """What a text reads like: shares per level (they sum to 1), the best level and the likely range.

    ``low`` to ``high`` spans the two likeliest levels; ``abstained`` when no level has half of the share.
    """

    shares: dict[int, float]
    level: int
    low: int
    high: int
    confidence: float
    abstained: bool


class _Space:
    """Features of the training texts with their idf; texts become rows of (column, value)."""

    def __init__(self, texts: Sequence[Counter[str]]) -> None:
        held = Counter(feature for text in texts for feature in text)
        self._columns = {feature: number for number, feature in enumerate(sorted(held))}
        self._idf = {f: math.log((1 + len(texts)) / (1 + count)) + 1.0 for f, count in held.items()}

    def rows(self, texts: Sequence[Counter[str]]) -> list[tuple[list[int], Floats]]:
        """Return the known features of each text, with tf-idf values of length 1 in all."""
        rows = []
        for text in texts:
            known = [feature for feature in text if feature in self._columns]
            values = np.array([(1.0 + math.log(text[one])) * self._idf[one] for one in known])
            length = float(np.sqrt((values**2).sum())) or 1.0
            rows.append(([self._columns[one] for one in known], values / length))
        return rows

    def likeness(self, a: list[tuple[list[int], Floats]], b: list[tuple[list[int], Floats]]) -> Floats:
        """Return the cosines of each two rows, some columns at a time to keep memory small."""
        total = np.zeros((len(a), len(b)))
        for first in range(0, len(self._columns), _BLOCK):
            total += _dense(a, first) @ _dense(b, first).T
        return total


def _dense(rows: list[tuple[list[int], Floats]], first: int) -> npt.NDArray[np.float32]:
    block = np.zeros((len(rows), _BLOCK), np.float32)
    for number, (columns, values) in enumerate(rows):
        places = np.array(columns, np.int64) - first
        inside = (places >= 0) & (places < _BLOCK)
        block[number, places[inside]] = values[inside]
    return block


class LevelReader:
    """Reads levels from texts, by examples."""

    def __init__(self, texts: Sequence[str], levels: Sequence[int], language: str = "es") -> None:
        """Learn from ``texts`` with their ``levels``."""
        self._language = language
        self.levels = sorted(set(levels))
        words = [_words(text, language) for text in texts]
        letters = [_letters(text, language) for text in texts]
        self._spaces = _Space(words), _Space(letters)
        self._rows = self._spaces[0].rows(words), self._spaces[1].rows(letters)
        self._kernel = self._compare(self._rows)
        self._wanted = np.array([[float(level == one) for one in self.levels] for level in levels])
        self._fit = _ridge(self._kernel, self._wanted)
        self._temperature = 1.0

    @classmethod
    def learn(
        cls,
        texts: Sequence[str],
        levels: Sequence[int],
        groups: Sequence[Hashable] | None = None,
        language: str = "es",
    ) -> LevelReader | None:
        """Learn and calibrate, or return None if the examples are too few.

        Texts of one group (an issuer, a family) stay together when shares are calibrated, as a new issuer's
        texts will be read without its example.
        """
        if len(texts) < LEAST or len(set(levels)) < 2:
            return None
        reader = cls(texts, levels, language)
        several = groups if groups is not None and len(set(groups)) > 1 else None
        reader._calibrate(folds(len(texts), _INNER, several))
        return reader

    def read(self, texts: Sequence[str]) -> list[Opinion]:
        """Return what each text reads like."""
        words = [_words(text, self._language) for text in texts]
        letters = [_letters(text, self._language) for text in texts]
        rows = self._spaces[0].rows(words), self._spaces[1].rows(letters)
        weights, mean = self._fit
        scores = self._compare(rows) @ weights + mean
        return [self._opinion(row) for row in _shares(scores, self._temperature)]

    def _opinion(self, shares: Floats) -> Opinion:
        order = np.argsort(-shares, kind="stable")
        first, second = self.levels[int(order[0])], self.levels[int(order[1])]
        told = {level: round(float(share), 4) for level, share in zip(self.levels, shares, strict=True)}
        best = float(shares[order[0]])
        return Opinion(told, first, min(first, second), max(first, second), best, best < SURE)

    def _compare(self, rows: tuple[list[tuple[list[int], Floats]], ...]) -> Floats:
        both = [
            space.likeness(new, own) for space, new, own in zip(self._spaces, rows, self._rows, strict=True)
        ]
        alike = (1.0 - _LETTERS) * both[0] + _LETTERS * both[1]
        kernel: Floats = (1.0 - _SQUARE) * alike + _SQUARE * alike**2
        return kernel

    def _calibrate(self, fold: npt.NDArray[np.int64]) -> None:
        """Choose the temperature under which texts left out are foretold best."""
        scores = np.zeros_like(self._wanted)
        for number in range(int(fold.max()) + 1):
            inside, out = np.flatnonzero(fold != number), np.flatnonzero(fold == number)
            weights, mean = _ridge(self._kernel[np.ix_(inside, inside)], self._wanted[inside])
            scores[out] = self._kernel[np.ix_(out, inside)] @ weights + mean
        right = self._wanted.argmax(axis=1)
        rows = np.arange(len(right))
        losses = [
            -float(np.log(np.maximum(_shares(scores, one)[rows, right], 1e-9)).mean())
            for one in _TEMPERATURES
        ]
        self._temperature = float(_TEMPERATURES[int(np.argmin(losses))])


def folds(
    count: int, parts: int, groups: Sequence[Hashable] | None = None, seed: int = 1
) -> npt.NDArray[np.int64]:
    """Deal ``count`` texts out into parts, at random (a fixed seed) or whole groups, the largest first."""
    dice = np.random.default_rng(seed)
    if groups is None:
        return dice.permutation(count).argsort().argsort() % parts
    sizes = Counter(groups)
    names = [sorted(sizes, key=str)[n] for n in dice.permutation(len(sizes))]
    names.sort(key=lambda name: -sizes[name])
    filled, place = [0] * parts, {}
    for name in names:
        place[name] = filled.index(min(filled))
        filled[place[name]] += sizes[name]
    return np.array([place[name] for name in groups], np.int64)


def _ridge(kernel: Floats, wanted: Floats) -> tuple[Floats, Floats]:
    mean = wanted.mean(axis=0)
    return np.linalg.solve(kernel + _RIDGE * np.eye(len(kernel)), wanted - mean), mean


def _shares(scores: Floats, temperature: float) -> Floats:
    raised = np.exp(temperature * (scores - scores.max(axis=1, keepdims=True)))
    shares: Floats = raised / raised.sum(axis=1, keepdims=True)
    return shares


def _words(text: str, language: str) -> Counter[str]:
    told = normalise(text, language)
    stems = list(told.plain) or told.folded.split()
    pairs = [f"{one} {two}" for one, two in zip(stems, stems[1:], strict=False)]
    return Counter([*stems, *pairs, *(f"^{one}" for one in stems[:1]), *(f"#{one}" for one in told.guards)])


def _letters(text: str, language: str) -> Counter[str]:
    words = [f" {word} " for word in normalise(text, language).folded.split()]
    return Counter(
        word[at : at + size] for word in words for size in _PIECES for at in range(len(word) - size + 1)
    )
