"""Two lists of learning outcomes side by side: what is matched, partly matched, missing, extra."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from rqf.matching.assignment import assign
from rqf.matching.judged import NOTHING_JUDGED, Judged, Places
from rqf.matching.nearness import Nearness, Side, likeness, sides
from rqf.matching.phrasing import Phrase, phrase
from rqf.matching.text import NO_SYNONYMS, Synonyms

#: From MATCH on two outcomes are taken to say the same, from PARTIAL on to share a part.
MATCH = 36.0
PARTIAL = 26.0


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
    own, other = _read(a, synonyms), _read(b, synonyms)
    return _align(a, b, own, other, Nearness(own.phrases, other.phrases), judged)


def align_each(
    a: Sequence[Outcome], others: Sequence[Sequence[Outcome]], synonyms: Synonyms = NO_SYNONYMS
) -> list[Alignment]:
    """Pair the outcomes of one list with each of many others: the same as one by one, and much faster."""
    told = [_read(b, synonyms) for b in others]
    own = _read(a, synonyms)
    nearness = Nearness(own.phrases, [one for other in told for one in other.phrases])
    return [_align(a, b, own, other, nearness) for b, other in zip(others, told, strict=True)]


def align_known(
    a: Sequence[Outcome], others: Sequence[Sequence[Outcome]], synonyms: Synonyms = NO_SYNONYMS
) -> list[Alignment | None]:
    """Pair as `align_each` does, with None where one of the two has no outcomes to compare."""
    found = iter(align_each(a, [b for b in others if a and b], synonyms))
    return [next(found) if a and b else None for b in others]


class _Told(NamedTuple):
    """A list in an order of its own, so that ties fall the same way whatever order it came in."""

    outcomes: Sequence[Outcome]
    phrases: Sequence[Phrase]


def _read(outcomes: Sequence[Outcome], synonyms: Synonyms) -> _Told:
    ordered = sorted(outcomes, key=_key)
    return _Told(ordered, [phrase(one.text, one.language, synonyms) for one in ordered])


def _align(
    a: Sequence[Outcome],
    b: Sequence[Outcome],
    own: _Told,
    other: _Told,
    nearness: Nearness,
    judged: Judged = NOTHING_JUDGED,
) -> Alignment:
    mine, theirs = sides(own.phrases, other.phrases, nearness)
    worth = likeness(mine, theirs)
    ids, ids_b = ([one.id for one in told.outcomes] for told in (own, other))
    # Ties must fall the same way whichever of the two comes first.
    if [_key(one) for one in other.outcomes] < [_key(one) for one in own.outcomes]:
        turned = _with_judged(worth.T, judged.turned().places(ids_b, ids))
        chosen = [(row, column, verdict, by_people) for column, row, verdict, by_people in turned]
    else:
        chosen = list(_with_judged(worth, judged.places(ids, ids_b)))
    found = []
    for row, column, verdict, by_people in chosen:
        words, words_b = mine.words_told(row, by=column), theirs.words_told(column, by=row)
        score = float(worth[row, column])
        found.append(Pair(ids[row], ids_b[column], score, verdict, words, words_b, judged=by_people))
    found.sort(key=lambda pair: (-pair.score, sorted((str(pair.a), str(pair.b)))))
    rows = _told_together(mine, [(row, column) for row, column, _, _ in chosen])
    columns = _told_together(theirs, [(column, row) for row, column, _, _ in chosen])
    together_a = {ids[n]: share for n, share in rows.items()}
    together_b = {ids_b[n]: share for n, share in columns.items()}
    return _alignment(a, b, found, together_a, together_b)


def likenesses(left: Sequence[Phrase], right: Sequence[Phrase]) -> npt.NDArray[np.float64]:
    """Return how alike each two outcomes are (0-100); words common to many of them tell less."""
    return likeness(*sides(left, right, Nearness(left, right)))


def _told_together(side: Side, pairs: Sequence[tuple[int, int]]) -> dict[int, float]:
    """Return number of an outcome -> share (0-1) told by all its partners, where it has more than one."""
    partners: dict[int, list[int]] = {}
    for number, other in pairs:
        partners.setdefault(number, []).append(other)
    return {
        number: side.share_told(number, others)
        for number, others in partners.items()
        # Outcomes without a word to weigh are only ever equal or nothing.
        if len(others) > 1 and side.phrases[number].stems
    }


def _key(outcome: Outcome) -> tuple[str, str, str, str]:
    return outcome.text, outcome.language, outcome.domain or "", str(outcome.id)


def _chosen(scores: npt.NDArray[np.float64]) -> list[tuple[int, int, bool]]:
    """Return the pairs of the best assignment, then the best partner of each outcome left alone."""
    worth = np.where(scores >= PARTIAL, scores, 0.0)
    if not worth.any():
        return []
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
