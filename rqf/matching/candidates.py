"""The index: which records a query may mean, best first, with filters applied before ranking."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable
from threading import RLock

import numpy as np
import numpy.typing as npt

from rqf.matching import facets, queries, scoring, segments
from rqf.matching.documents import Document, Entry, Filters, impact, mark, mark_code, prepare
from rqf.matching.facets import Survey
from rqf.matching.lexicon import Lexicon
from rqf.matching.queries import Query, Term
from rqf.matching.scoring import Candidate, Found
from rqf.matching.segments import Segment
from rqf.matching.text import NO_SYNONYMS, Synonyms

__all__ = ["Document", "Filters", "Index"]

#: So many records are compared in full; the others never come near the first.
POOL = 200
#: A record "holds" a query when it has this share of the weight of its words.
HOLDS = 0.6
_NO_FILTERS = Filters()
_BUFFERED = 50_000
_MERGE_RATIO = 4


class Index:
    """Finds records by title, code or weaker words; safe to read while one thread writes.

    Records are kept in segments that never change; readers take a snapshot of them, so a search sees
    everything put before it began and nothing half done.
    """

    def __init__(self, synonyms: Synonyms = NO_SYNONYMS) -> None:
        self.synonyms = synonyms
        self._lock = RLock()
        self._segments: tuple[Segment, ...] = ()
        self._buffer: dict[int, Entry] = {}
        self._where: dict[int, tuple[int, int]] = {}
        self._codes = {facet: segments.Codes() for facet in segments.FACETS}
        self._holding: Counter[str] = Counter()
        self._lexicon = Lexicon()
        self._size = 0

    def __len__(self) -> int:
        return self._size

    def put(self, document: Document) -> None:
        """Add a record, or replace the one with the same id."""
        self.put_all([document])

    def put_all(self, documents: Iterable[Document]) -> None:
        """Add or replace many records at once: faster than one by one."""
        for document in documents:
            entry = prepare(document, self.synonyms)
            with self._lock:
                self.drop(document.id)
                self._buffer[document.id] = entry
                self._count(entry, 1)
                if len(self._buffer) >= _BUFFERED:
                    self._seal()

    def drop(self, id: int) -> None:
        """Forget a record; unknown ids are ignored."""
        with self._lock:
            entry = self._buffer.pop(id, None)
            if entry is None and id in self._where:
                number, slot = self._where.pop(id)
                segment = self._segments[number]
                entry = prepare(segment.documents[slot], self.synonyms)
                changed = segment.without(slot)
                self._segments = (*self._segments[:number], changed, *self._segments[number + 1 :])
            if entry is not None:
                self._count(entry, -1)

    def search(
        self,
        query: str,
        *,
        language: str = "es",
        filters: Filters = _NO_FILTERS,
        limit: int = 200,
        matching_only: bool = False,
    ) -> list[Candidate]:
        """Return the best ``limit`` candidates; ``matching_only`` keeps to what :meth:`ids` counts."""
        asked, snapshot = self._read(query, language)
        pool: list[Found] = []
        best_impact = impact(1, len(asked.text.plain))
        ideal = sum(term.weight * best_impact for term in asked.terms)
        for segment in snapshot:
            allowed = segment.mask(filters, self._codes)
            exact = _exact(segment, asked, allowed)
            gained, held = _gather(segment, asked.terms)
            if matching_only:
                allowed &= held >= HOLDS * _weight(asked.terms)
                allowed[list(exact)] = True
            gained[~allowed] = 0.0
            chosen = _best(gained, segment.ids, max(limit, POOL))
            for slot in dict.fromkeys([*exact, *chosen]):
                document, lines = segment.documents[slot], segment.lines[slot]
                share = float(gained[slot]) / ideal if ideal > 0 else 0.0
                pool.append(Found(document, lines, share, slot in exact, exact.get(slot, False)))
        pool.sort(key=lambda found: (not found.sure, -found.share, found.document.id))
        return scoring.rank(asked, pool[: max(limit, POOL)], self.weigh, self.synonyms, limit)

    def ids(
        self,
        query: str,
        filters: Filters = _NO_FILTERS,
        limit: int | None = None,
        *,
        language: str = "es",
    ) -> list[int]:
        """Return the ids of all records whose text holds the query (all records for an empty one)."""
        asked, snapshot = self._read(query, language)
        found: list[int] = []
        for segment in snapshot:
            allowed = segment.mask(filters, self._codes)
            found += segment.ids[allowed & _holding(segment, asked, query)].tolist()
        return sorted(found)[:limit]

    def survey(self, query: str, filters: Filters = _NO_FILTERS, *, language: str = "es") -> Survey:
        """Count the records that hold the query (all for an empty one), in total and by facet."""
        asked, snapshot = self._read(query, language)
        return facets.survey(
            [(segment, _holding(segment, asked, query)) for segment in snapshot], filters, self._codes
        )

    def newest(self, filters: Filters = _NO_FILTERS, limit: int = 20) -> list[int]:
        """Return the highest ids that the filters let through, highest first."""
        _, snapshot = self._read("", "es")
        passed = [segment.ids[segment.mask(filters, self._codes)] for segment in snapshot]
        found = np.concatenate(passed) if passed else np.empty(0, np.int64)
        if len(found) > limit:
            found = np.partition(found, len(found) - limit)[-limit:]
        return [int(one) for one in np.sort(found)[::-1]]

    def weigh(self, token: str) -> float:
        """Return how much a token tells: the fewer records hold it, the more."""
        held = self._holding.get(token, 0)
        return math.log1p((self._size - held + 0.5) / (held + 0.5))

    def _count(self, entry: Entry, sign: int) -> None:
        self._size += sign
        for token in entry.impacts:
            self._holding[token] += sign
        for word, token in entry.spoken:
            (self._lexicon.add if sign > 0 else self._lexicon.remove)(word, token)

    def _read(self, query: str, language: str) -> tuple[Query, tuple[Segment, ...]]:
        with self._lock:
            self._seal()
            asked = queries.read(query, language, self.synonyms, self._lexicon, self.weigh)
            return asked, self._segments

    def _seal(self) -> None:
        """Make a segment of what was put since the last search, and merge segments that grew alike."""
        if not self._buffer:
            return
        kept = [*self._segments, segments.seal(list(self._buffer.values()), self._codes)]
        self._buffer = {}
        first = len(kept) - 1
        while first > 0 and len(kept[first - 1]) < _MERGE_RATIO * sum(len(s) for s in kept[first:]):
            first -= 1
        if first < len(kept) - 1:
            kept[first:] = [segments.merge(kept[first:])]
        for number in range(min(first, len(kept) - 1), len(kept)):
            for slot in np.flatnonzero(kept[number].alive).tolist():
                self._where[int(kept[number].ids[slot])] = (number, slot)
        self._segments = tuple(kept)


def _gather(
    segment: Segment, terms: Iterable[Term]
) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.float32]]:
    """Add up, for every document of a segment, what its words gain (BM25) and the weight it holds."""
    gained = np.zeros(len(segment), np.float32)
    held = np.zeros(len(segment), np.float32)
    for term in terms:
        lists = [(found, worth) for token, worth in term.tokens if (found := segment.postings.get(token))]
        if len(lists) == 1:
            (slots, impacts), worth = lists[0]
            gained[slots] += term.weight * worth * impacts
            if not term.optional:
                held[slots] += term.weight * worth
        elif lists:
            slots = np.concatenate([found[0] for found, _ in lists])
            worths = np.concatenate([np.full(len(found[0]), worth, np.float32) for found, worth in lists])
            impacts = np.concatenate([worth * found[1] for found, worth in lists])
            best = np.zeros(len(segment), np.float32)
            np.maximum.at(best, slots, impacts)
            gained += term.weight * best
            if not term.optional:
                best[:] = 0.0
                np.maximum.at(best, slots, worths)
                held += term.weight * best
    return gained, held


def _holding(segment: Segment, asked: Query, query: str) -> npt.NDArray[np.bool_]:
    """Return which living documents hold the query: all of them when it is empty."""
    if not query.strip():
        return segment.alive
    if not asked.terms and not asked.codes:
        return np.zeros(len(segment), np.bool_)
    _, held = _gather(segment, asked.terms)
    holding: npt.NDArray[np.bool_] = segment.alive & (held >= HOLDS * _weight(asked.terms))
    if not asked.terms:
        holding[:] = False
    holding[list(_exact(segment, asked, segment.alive))] = True
    return holding


def _weight(terms: Iterable[Term]) -> float:
    return sum(term.weight for term in terms if not term.optional) - 1e-4


def _exact(segment: Segment, asked: Query, allowed: npt.NDArray[np.bool_]) -> dict[int, bool]:
    """Return the slots whose title says just the query (False) or whose code it names (True)."""
    exact = dict.fromkeys(segment.marked(mark(asked.line)), False)
    for code in asked.codes:
        exact |= dict.fromkeys(segment.marked(mark_code(code)), True)
    return {slot: by_code for slot, by_code in exact.items() if allowed[slot]}


def _best(gained: npt.NDArray[np.float32], ids: npt.NDArray[np.int64], count: int) -> list[int]:
    """Return the slots of the greatest gains, ties by id."""
    slots = np.flatnonzero(gained > 0.0)
    if len(slots) > count:
        values = gained[slots]
        least = np.partition(values, len(values) - count)[len(values) - count]
        slots = slots[values >= least]
    order = np.lexsort((ids[slots], -gained[slots]))
    return [int(slot) for slot in slots[order][:count]]
