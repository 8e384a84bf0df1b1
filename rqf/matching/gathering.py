"""Adding up what the words of a query gain each document of a segment (BM25), best first."""

from __future__ import annotations

from collections.abc import Sequence
from threading import local
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from rqf.matching.documents import Filters, mark, mark_code
from rqf.matching.queries import Query, Term
from rqf.matching.segments import IMPACT, Mask, Segment, Slots

#: A record "holds" a query when it has this share of the weight of its words.
HOLDS = 0.6
#: Lists longer than this are first asked whether they can still bring up anything new.
_LONG = 4096

Gains = npt.NDArray[np.float32]


class _List(NamedTuple):
    """A token's slots, their impacts in hundredths, what one hundredth is worth, and the most it can give."""

    slots: Slots
    impacts: npt.NDArray[np.uint8]
    worth: float
    most: float


_scratch = local()


def best(
    segment: Segment,
    asked: Query,
    filters: Filters,
    count: int,
    only: Mask | None = None,
    always: Sequence[int] = (),
) -> tuple[Slots, Gains]:
    """Return the slots of the greatest gains among what the filters let through, and those gains.

    ``only`` keeps to the slots it marks; the slots ``always`` come in any case. Ties go to lower slots.
    """
    terms = sorted(asked.terms, key=lambda term: (-term.weight, term.tokens))
    lists = [_lists(segment, term) for term in terms]
    slots, gains = _greatest(segment, terms, lists, filters, count, only)
    if len(always):
        more = np.setdiff1d(np.array(always, np.int32), slots)
        added = [
            np.float32(term.weight) * _looked_up(own, more) for term, own in zip(terms, lists, strict=True)
        ]
        slots = np.concatenate([slots, more])
        gains = np.concatenate([gains, np.sum(added, axis=0, dtype=np.float32) if added else more * 0.0])
    return slots, gains.astype(np.float32)


def _greatest(
    segment: Segment,
    terms: Sequence[Term],
    lists: Sequence[Sequence[_List]],
    filters: Filters,
    count: int,
    only: Mask | None,
) -> tuple[Slots, Gains]:
    """Add up term by term; once nobody new can come up, only those who can still win are looked at."""
    bounds = [max((one.most for one in own), default=0.0) for own in lists]
    gained = _room(segment, 0)
    touched: list[Slots] = []
    candidates: Slots | None = None
    try:
        for number, (term, own) in enumerate(zip(terms, lists, strict=True)):
            length = sum(len(one.slots) for one in own)
            if touched and length > _LONG:
                rest = sum(t.weight * b for t, b in zip(terms[number:], bounds[number:], strict=True))
                left = _passed(segment, touched, filters, only) if candidates is None else candidates
                least = _least(gained[left], count)
                if candidates is not None or least > rest:
                    candidates = left[gained[left] + np.float32(rest) >= least]
            if candidates is not None and len(candidates) < length:
                gained[candidates] += np.float32(term.weight) * _looked_up(own, candidates)
            else:
                touched += [one.slots for one in own]
                _add(segment, gained, term.weight, own)
        found = candidates if candidates is not None else _passed(segment, touched, filters, only)
        return _top(found, gained[found], count)
    finally:
        for places in touched:
            gained[places] = 0.0


def holding(segment: Segment, asked: Query, query: str) -> Mask:
    """Return which living documents hold the query: all of them when it is empty."""
    if not query.strip():
        return segment.alive
    if not asked.terms:
        held = np.zeros(len(segment), np.bool_)
    else:
        weights = np.zeros(len(segment), np.float32)
        for term in asked.terms:
            if not term.optional:
                _add(segment, weights, term.weight, _lists(segment, term, only_there=True))
        held = segment.alive & (weights >= HOLDS * _weight(asked.terms))
    held[list(exact(segment, asked, Filters()))] = True
    return held


def exact(segment: Segment, asked: Query, filters: Filters) -> dict[int, bool]:
    """Return the slots whose title says just the query (False) or whose code it names (True)."""
    found = dict.fromkeys(segment.marked(mark(asked.line)), False)
    for code in asked.codes:
        found |= dict.fromkeys(segment.marked(mark_code(code)), True)
    if not found:
        return {}
    passed = segment.passing(filters, np.array(list(found), np.int32))
    return {slot: by_code for (slot, by_code), kept in zip(found.items(), passed, strict=True) if kept}


def _weight(terms: Sequence[Term]) -> float:
    return sum(term.weight for term in terms if not term.optional) - 1e-4


def _lists(segment: Segment, term: Term, *, only_there: bool = False) -> list[_List]:
    """Return the lists of a term's tokens; ``only_there``: being there counts, how much does not."""
    lists = []
    for token, worth in term.tokens:
        found = segment.get(token)
        if found is not None and only_there:
            lists.append(_List(found[0], np.ones(len(found[0]), np.uint8), worth, worth))
        elif found is not None:
            lists.append(_List(found[0], found[1], worth * IMPACT, worth * IMPACT * found[2]))
    return lists


def _room(segment: Segment, number: int) -> Gains:
    """Return zeros for a segment, kept from one search to the next: whoever writes there cleans up."""
    rooms = _scratch.__dict__.setdefault("rooms", {})
    if number not in rooms or len(rooms[number]) < len(segment):
        rooms[number] = np.zeros(len(segment), np.float32)
    room: Gains = rooms[number]
    return room


def _add(segment: Segment, gained: Gains, weight: float, lists: Sequence[_List]) -> None:
    """Add to each document the greatest of what a term's tokens are worth there."""
    if len(lists) == 1:
        slots, impacts, worth, _ = lists[0]
        gained[slots] += np.float32(weight * worth) * impacts
        return
    most = _room(segment, 1)
    for slots, impacts, worth, _ in lists:
        more = np.float32(worth) * impacts - most[slots]
        np.maximum(more, 0.0, out=more)
        most[slots] += more
        gained[slots] += np.float32(weight) * more
    for slots, _, _, _ in lists:
        most[slots] = 0.0


def _looked_up(lists: Sequence[_List], candidates: Slots) -> Gains:
    """Return for each candidate the greatest of what a term's tokens are worth there."""
    most = np.zeros(len(candidates), np.float32)
    for slots, impacts, worth, _ in lists:
        at = np.searchsorted(slots, candidates)
        at[at == len(slots)] = 0
        there = slots[at] == candidates
        np.maximum(most, np.where(there, np.float32(worth) * impacts[at], np.float32(0.0)), out=most)
    return most


def _least(gains: Gains, count: int) -> float:
    """Return the least of the greatest ``count`` gains: 0 if there are fewer."""
    if len(gains) < count:
        return 0.0
    return float(np.partition(gains, len(gains) - count)[len(gains) - count])


def _passed(segment: Segment, touched: Sequence[Slots], filters: Filters, only: Mask | None) -> Slots:
    if not touched:
        return np.empty(0, np.int32)
    slots = _different(segment, touched)
    passed = segment.passing(filters, slots)
    return slots[passed if only is None else passed & only[slots]]


def _different(segment: Segment, touched: Sequence[Slots]) -> Slots:
    """Return every slot once, in order."""
    joined = np.concatenate(touched)
    if len(joined) < _LONG:
        joined.sort()
        return joined[np.flatnonzero(np.diff(joined, prepend=-1))]
    seen = np.zeros(len(segment), np.bool_)
    seen[joined] = True
    return np.flatnonzero(seen).astype(np.int32)


def _top(slots: Slots, gains: Gains, count: int) -> tuple[Slots, Gains]:
    if len(slots) > count:
        kept = gains >= _least(gains, count)
        slots, gains = slots[kept], gains[kept]
    order = np.lexsort((slots, -gains))[:count]
    return slots[order], gains[order]
