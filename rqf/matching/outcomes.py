"""Two lists of learning outcomes side by side: what is matched, partly matched, missing, extra."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from rqf.matching.assignment import assign
from rqf.matching.features import kinship
from rqf.matching.judged import NOTHING_JUDGED, Judged, Places
from rqf.matching.outcome_words import KINDRED_NEARNESS, THING_NEARNESS, kindred
from rqf.matching.phrasing import Phrase, phrase
from rqf.matching.text import NO_SYNONYMS, Synonyms
from rqf.matching.titles import Floats

#: From MATCH on two outcomes are taken to say the same, from PARTIAL on to share a part.
MATCH = 36.0
PARTIAL = 26.0
#: What an outcome told whole inside another adds to the likeness of both.
INSIDE = 0.25


@dataclass(frozen=True, slots=True)
class Outcome:
    """A learning outcome as it is compared."""

    id: int | str
    text: str
    domain: str | None = None
    language: str = "es"


@dataclass(frozen=True, slots=True)
class Pair:
    """Two outcomes that say the same ("match") or share a part ("partial"), with the words they share."""

    a: int | str
    b: int | str
    score: float
    verdict: str
    matched_words: tuple[str, ...] = ()
    matched_words_b: tuple[str, ...] = ()
    #: True when somebody judged the pair; the score is the program's all the same.
    judged: bool = False


@dataclass(frozen=True, slots=True)
class Alignment:
    """``missing`` are ids of b that a lacks, ``extra`` ids of a that b does not ask for.

    A matched outcome is in one pair of ``pairs``; a partly matched one in one or more of ``partial``, for
    one outcome may be told in several. Coverage counts a partial match half; an outcome that several tell
    partly counts for the share of its weight that they tell together, if that is more.
    """

    pairs: tuple[Pair, ...]
    partial: tuple[Pair, ...]
    missing: tuple[int | str, ...]
    extra: tuple[int | str, ...]
    coverage_a_of_b: float
    coverage_b_of_a: float


def align(
    a: Sequence[Outcome],
    b: Sequence[Outcome],
    synonyms: Synonyms = NO_SYNONYMS,
    judged: Judged = NOTHING_JUDGED,
) -> Alignment:
    """Pair the outcomes of two lists so that the sum of likeness is greatest; what was judged stands."""
    # Ties must fall the same way whatever the order of the lists and whichever comes first.
    first, second = sorted(a, key=_key), sorted(b, key=_key)
    turned = [_key(one) for one in second] < [_key(one) for one in first]
    if turned:
        first, second = second, first
    left = [phrase(one.text, one.language, synonyms) for one in first]
    right = [phrase(one.text, one.language, synonyms) for one in second]
    likeness = likenesses(left, right)
    found: list[Pair] = []
    leaning: list[tuple[int, int]] = []
    stands = (judged.turned() if turned else judged).places(
        [one.id for one in first], [one.id for one in second]
    )
    for row, column, verdict, by_people in _with_judged(likeness, stands):
        score = float(likeness[row, column])
        ids, words = (first[row].id, second[column].id), _shared_words(left[row], right[column])
        if turned:
            ids, words = (ids[1], ids[0]), (words[1], words[0])
        found.append(Pair(*ids, score, verdict, *words, judged=by_people))
        leaning.append((row, column))
    found.sort(key=lambda pair: (-pair.score, sorted((str(pair.a), str(pair.b)))))
    rows = {first[n].id: share for n, share in _told_together(left, right, leaning).items()}
    turned_back = [(column, row) for row, column in leaning]
    columns = {second[n].id: share for n, share in _told_together(right, left, turned_back).items()}
    return _alignment(a, b, found, *((columns, rows) if turned else (rows, columns)))


def likenesses(left: Sequence[Phrase], right: Sequence[Phrase]) -> npt.NDArray[np.float64]:
    """Return how alike each two outcomes are (0-100); words common to many of them tell less."""
    rarity = _rarity((*left, *right))
    mine, theirs = _distinct(left, rarity), _distinct(right, rarity)
    # Every two words once, not again for every two outcomes that hold them.
    near = _near(mine.words, theirs.words)
    scores = np.zeros((len(left), len(right)))
    told = [column for column, other in enumerate(right) if other.stems]
    starts = np.cumsum([0, *(len(theirs.places[column]) for column in told)])
    places = [place for column in told for place in theirs.places[column]]
    for row, one in enumerate(left):
        if one.stems and told:
            nearest = near[np.ix_(mine.places[row], places)]
            to_mine = np.ascontiguousarray(np.maximum.reduceat(nearest, starts[:-1], axis=1).T)
            to_theirs = nearest.max(axis=0)
            for n, column in enumerate(told):
                of_mine = float(to_mine[n] @ mine.weights[row])
                of_theirs = float(to_theirs[starts[n] : starts[n + 1]] @ theirs.weights[column])
                scores[row, column] = _likeness(
                    (of_mine, of_theirs), (mine.totals[row], theirs.totals[column])
                )
        for column, other in enumerate(right):
            if one.folded == other.folded:
                scores[row, column] = 100.0
    return scores


@dataclass(frozen=True, slots=True)
class _Distinct:
    """The distinct words of a list of outcomes, where each outcome has its own, and what they weigh there."""

    words: Phrase
    places: list[list[int]]
    weights: list[npt.NDArray[np.float64]]
    totals: list[float]


def _distinct(phrases: Sequence[Phrase], rarity: Mapping[str, float]) -> _Distinct:
    known: dict[tuple[str, str, frozenset[int]], int] = {}
    places = []
    for one in phrases:
        things = dict(one.things)
        keys = [(face, token, things.get(n, frozenset())) for n, (face, token) in enumerate(one.pairs)]
        places.append([known.setdefault(key, len(known)) for key in keys])
    faces, stems = tuple(face for face, _, _ in known), tuple(token for _, token, _ in known)
    groups = tuple((n, things) for n, (_, _, things) in enumerate(known) if things)
    words = Phrase("", faces, faces, stems, (), None, groups)
    weights = [_weights(one, rarity) for one in phrases]
    return _Distinct(words, places, weights, [float(one.sum()) for one in weights])


def _rarity(phrases: Sequence[Phrase]) -> dict[str, float]:
    """Return what each word tells: the fewer outcomes hold it, the more."""
    held = Counter(token for one in phrases for token in set(one.stems))
    return {token: math.log1p(len(phrases) / number) for token, number in held.items()}


def _weights(one: Phrase, rarity: Mapping[str, float]) -> npt.NDArray[np.float64]:
    return np.array([weight * rarity[token] for weight, token in zip(one.weights, one.stems, strict=True)])


def _near(a: Phrase, b: Phrase) -> Floats:
    """Return how near each two words are: verbs by their families, things by their groups, 0 to 1."""
    near = kinship(a.pairs, b.pairs)
    if near.size == 0:
        return near
    mine, theirs = a.acts(), b.acts()
    # The names of families are no words of the text, so letters in common say nothing.
    near[mine, :] = near[:, theirs] = 0.0
    for i in mine:
        for j in theirs:
            same = a.stems[i] == b.stems[j]
            near[i, j] = 1.0 if same else KINDRED_NEARNESS * kindred(a.stems[i], b.stems[j])
    for i, things in a.things:
        for j, others in b.things:
            if things & others:
                near[i, j] = max(near[i, j], THING_NEARNESS)
    return near


def _told_together(
    one: Sequence[Phrase], other: Sequence[Phrase], pairs: Sequence[tuple[int, int]]
) -> dict[int, float]:
    """Return number in ``one`` -> share (0-1) told by all its partners, where it has more than one."""
    partners: dict[int, list[int]] = {}
    for row, column in pairs:
        partners.setdefault(row, []).append(column)
    rarity = _rarity((*one, *other))
    shares = {}
    for row, columns in partners.items():
        # Outcomes without a word to weigh are only ever equal or nothing.
        if len(columns) > 1 and one[row].stems:
            weights = _weights(one[row], rarity)
            best = np.max([_near(one[row], other[column]).max(axis=1) for column in columns], axis=0)
            shares[row] = float(best @ weights / weights.sum())
    return shares


def _likeness(shared: tuple[float, float], total: tuple[float, float]) -> float:
    """Return how alike two outcomes are: of the weight of each, how much the other tells too."""
    both = (shared[0] + shared[1]) / (total[0] + total[1])
    # An outcome that is told whole inside a longer one is at least a part of it.
    inside = max(shared[0] / total[0], shared[1] / total[1])
    return round(100.0 * min(0.999, (1 - INSIDE) * both + INSIDE * inside), 1)


def _shared_words(a: Phrase, b: Phrase) -> tuple[tuple[str, ...], tuple[str, ...]]:
    near = _near(a, b)
    if near.size == 0:
        return (), ()
    mine = [word for word, best in zip(a.words, near.max(axis=1), strict=True) if best > 0]
    theirs = [word for word, best in zip(b.words, near.max(axis=0), strict=True) if best > 0]
    return tuple(dict.fromkeys(mine)), tuple(dict.fromkeys(theirs))


def _key(outcome: Outcome) -> tuple[str, str, str, str]:
    return outcome.text, outcome.language, outcome.domain or "", str(outcome.id)


def _chosen(likeness: npt.NDArray[np.float64]) -> list[tuple[int, int, bool]]:
    """Return the pairs of the best assignment, then the best partner of each outcome left alone."""
    if likeness.size == 0:
        return []
    worth = np.where(likeness >= PARTIAL, likeness, 0.0)
    pairs = assign(worth)
    rows, columns = {row for row, _ in pairs}, {column for _, column in pairs}
    left = [(row, int(worth[row].argmax())) for row in range(len(worth)) if row not in rows]
    left += [(int(worth[:, one].argmax()), one) for one in range(worth.shape[1]) if one not in columns]
    lean = [(row, column, False) for row, column in dict.fromkeys(left) if worth[row, column] > 0]
    return [(row, column, True) for row, column in pairs] + lean


def _with_judged(likeness: npt.NDArray[np.float64], stands: Places) -> Iterator[tuple[int, int, str, bool]]:
    """Give (row, column, verdict, whether people judged it): what was judged, then what is suggested."""
    for (row, column), verdict in stands.pairs.items():
        yield row, column, verdict, True
    open_ones = likeness.copy()
    for place in stands.closed:
        open_ones[place] = 0.0
    for row, column, alone in _chosen(open_ones):
        # A partner that is already matched is shared, so the second to lean on it has a part of it.
        yield row, column, "match" if likeness[row, column] >= MATCH and alone else "partial", False


def _alignment(
    a: Sequence[Outcome],
    b: Sequence[Outcome],
    found: Sequence[Pair],
    together_a: Mapping[int | str, float],
    together_b: Mapping[int | str, float],
) -> Alignment:
    pairs = tuple(pair for pair in found if pair.verdict == "match")
    partial = tuple(pair for pair in found if pair.verdict == "partial")
    of_a = {pair.a: max(0.5, together_a.get(pair.a, 0.0)) for pair in partial} | {
        pair.a: 1.0 for pair in pairs
    }
    of_b = {pair.b: max(0.5, together_b.get(pair.b, 0.0)) for pair in partial} | {
        pair.b: 1.0 for pair in pairs
    }
    return Alignment(
        pairs=pairs,
        partial=partial,
        missing=tuple(one.id for one in b if one.id not in of_b),
        extra=tuple(one.id for one in a if one.id not in of_a),
        coverage_a_of_b=_share(of_b, len(b)),
        coverage_b_of_a=_share(of_a, len(a)),
    )


def _share(covered: Mapping[int | str, float], count: int) -> float:
    return round(100.0 * sum(covered.values()) / count, 1) if count else 0.0
