"""What two lists of learning outcomes tell of each other, word by word; each two words are compared once."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from rqf.matching.features import kinship
from rqf.matching.outcome_words import KINDRED_NEARNESS, THING_NEARNESS, kindred
from rqf.matching.phrasing import Phrase, Word
from rqf.matching.titles import Floats

Numbers = npt.NDArray[np.int64]
Weights = npt.NDArray[np.float64]
#: What an outcome told whole inside another adds to the likeness of both.
INSIDE = 0.25


class Nearness:
    """How near each word of some outcomes is to each word of others, from 0 to 1.

    One of these serves all lists that are compared with one: those of a trade say the same words again.
    """

    def __init__(self, left: Iterable[Phrase], right: Iterable[Phrase]) -> None:
        self._rows, self._columns = _numbered(left), _numbered(right)
        self._table = _near(list(self._rows), list(self._columns))

    def between(self, left: Sequence[Phrase], right: Sequence[Phrase]) -> Floats:
        """Return (all words of ``left`` in order, all words of ``right``); both were given at the start."""
        rows = [self._rows[word] for one in left for word in one.told()]
        columns = [self._columns[word] for one in right for word in one.told()]
        return self._table[np.ix_(rows, columns)]


@dataclass(frozen=True, slots=True)
class Side:
    """One of two lists: what its words weigh, and how well each outcome of the other list tells them."""

    phrases: Sequence[Phrase]
    #: The first word of each outcome among the words of the list, and the end.
    starts: Numbers
    weights: Weights
    #: (outcomes of the other list, words of this one), 0 to 1.
    told: Weights

    def words_told(self, number: int, by: int) -> tuple[str, ...]:
        """Return the words of an outcome that an outcome of the other list tells too."""
        best = self.told[by, self._own(number)]
        words = self.phrases[number].words
        return tuple(dict.fromkeys(word for word, near in zip(words, best, strict=True) if near > 0))

    def share_told(self, number: int, by: Sequence[int]) -> float:
        """Return the share (0-1) of an outcome's weight that some of the other list tell together."""
        own = self._own(number)
        weights = self.weights[own]
        return float(self.told[by, own].max(axis=0) @ weights / weights.sum())

    def shared(self) -> Weights:
        """Return (outcomes of the other list, outcomes of this one): the weight that is told."""
        return _per_outcome(np.add, self.told * self.weights, self.starts)

    def totals(self) -> Weights:
        """Return what each outcome weighs."""
        totals: Weights = _per_outcome(np.add, self.weights[np.newaxis], self.starts)[0]
        return totals

    def _own(self, number: int) -> slice:
        return slice(self.starts[number], self.starts[number + 1])


def sides(left: Sequence[Phrase], right: Sequence[Phrase], nearness: Nearness) -> tuple[Side, Side]:
    """Return both lists as the other sees them; words common to many of their outcomes tell less."""
    rarity = _rarity((*left, *right))
    near = nearness.between(left, right).astype(np.float64)
    starts, other_starts = _starts(left), _starts(right)
    return (
        Side(left, starts, _weights(left, rarity), _per_outcome(np.maximum, near, other_starts).T.copy()),
        Side(right, other_starts, _weights(right, rarity), _per_outcome(np.maximum, near.T, starts).T.copy()),
    )


def likeness(mine: Side, theirs: Side) -> Weights:
    """Return (my outcomes, theirs): the share of both outcomes' weight that the other tells too, 0 to 100."""
    shared, back = mine.shared().T, theirs.shared()
    totals, other_totals = mine.totals()[:, np.newaxis], theirs.totals()
    # Outcomes without a word to weigh are only ever equal or nothing.
    filled = (totals > 0) & (other_totals > 0)
    both = np.divide(shared + back, totals + other_totals, out=np.zeros_like(shared), where=filled)
    part = np.divide(shared, totals, out=np.zeros_like(shared), where=filled)
    other_part = np.divide(back, other_totals, out=np.zeros_like(shared), where=filled)
    # An outcome that is told whole inside a longer one is at least a part of it.
    inside = np.maximum(part, other_part)
    scores = 100.0 * np.minimum(0.999, (1 - INSIDE) * both + INSIDE * inside)
    found = np.array([[round(one, 1) for one in row] for row in scores.tolist()]).reshape(scores.shape)
    found[_equal(mine.phrases, theirs.phrases)] = 100.0
    return found


def _equal(left: Sequence[Phrase], right: Sequence[Phrase]) -> npt.NDArray[np.bool_]:
    equal = [[one.folded == other.folded for other in right] for one in left]
    return np.array(equal, np.bool_).reshape(len(left), len(right))


def _numbered(phrases: Iterable[Phrase]) -> dict[Word, int]:
    words = dict.fromkeys(word for one in phrases for word in one.told())
    return {word: number for number, word in enumerate(words)}


def _near(left: Sequence[Word], right: Sequence[Word]) -> Floats:
    """Return how near each two words are: verbs by their families, things by their groups, 0 to 1."""
    near = kinship([(face, token) for face, token, _ in left], [(face, token) for face, token, _ in right])
    mine, theirs = _acts(left), _acts(right)
    # The names of families are no words of the text, so letters in common say nothing.
    near[mine, :] = near[:, theirs] = 0.0
    for i in mine:
        for j in theirs:
            a, b = left[i][1], right[j][1]
            near[i, j] = 1.0 if a == b else KINDRED_NEARNESS * kindred(a, b)
    named = [(j, things) for j, (_, _, things) in enumerate(right) if things]
    for i, (_, _, own) in enumerate(left):
        for j in [j for j, things in named if own & things] if own else ():
            near[i, j] = max(near[i, j], THING_NEARNESS)
    return near


def _acts(words: Sequence[Word]) -> list[int]:
    return [n for n, (_, token, _) in enumerate(words) if token[0] == "!"]


def _rarity(phrases: Sequence[Phrase]) -> dict[str, float]:
    """Return what each word tells: the fewer outcomes hold it, the more."""
    held = Counter(token for one in phrases for token in set(one.stems))
    return {token: math.log1p(len(phrases) / number) for token, number in held.items()}


def _weights(phrases: Sequence[Phrase], rarity: Mapping[str, float]) -> Weights:
    return np.array(
        [
            weight * rarity[token]
            for one in phrases
            for weight, token in zip(one.weights, one.stems, strict=True)
        ],
        np.float64,
    )


def _starts(phrases: Sequence[Phrase]) -> Numbers:
    return np.cumsum([0, *(len(one.stems) for one in phrases)], dtype=np.int64)


def _per_outcome(how: np.ufunc, values: Weights, starts: Numbers) -> Weights:
    """Reduce each row's words to one value per outcome, 0 for an outcome without words."""
    found = np.zeros((len(values), len(starts) - 1))
    filled = np.flatnonzero(np.diff(starts))
    if len(filled):
        # In one piece in memory, the sum of an outcome does not depend on the outcomes beside it.
        found[:, filled] = how.reduceat(np.ascontiguousarray(values), starts[filled], axis=1)
    return found
