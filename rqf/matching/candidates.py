"""The index: which records a query may mean, best first, with filters applied before ranking."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import islice
from threading import RLock

import numpy as np
import numpy.typing as npt

from rqf.matching import encoders, facets, gathering, queries, scoring, sealing
from rqf.matching.documents import Document, Entry, Filters, impact, prepare
from rqf.matching.encoders import Encoder
from rqf.matching.facets import Survey
from rqf.matching.lexicon import Lexicon
from rqf.matching.queries import Query
from rqf.matching.rarity import Rarity, Statistics
from rqf.matching.scoring import Candidate, Found
from rqf.matching.segments import Segment
from rqf.matching.text import NO_SYNONYMS, Synonyms

__all__ = ["Document", "Filters", "Index"]

#: So many records are compared in full; the others never come near the first.
POOL = 200
_NO_FILTERS = Filters()
_BUFFERED = 50_000
#: So many titles are encoded at a time.
_ENCODED = 256
_MERGE_RATIO = 4


class Index:
    """Finds records by title, code or weaker words; safe to read while one thread writes.

    Records are kept in segments that never change; readers take a snapshot of them, so a search sees
    everything put before it began and nothing half done.
    """

    def __init__(
        self,
        synonyms: Synonyms = NO_SYNONYMS,
        parts: Iterable[Segment] = (),
        statistics: Statistics | None = None,
        encoder: Encoder | None = None,
    ) -> None:
        """Make an index, empty or of ``parts``; ``statistics`` keep the weights of words as they were.

        With an ``encoder`` titles also meet by what they mean; parts have to be made with the same one.
        """
        self.synonyms = synonyms
        self.encoder = encoder
        self._statistics = statistics
        self._lock = RLock()
        self._segments: tuple[Segment, ...] = tuple(parts)
        self._buffer: dict[int, Entry] = {}

    def __len__(self) -> int:
        with self._lock:
            return len(self._buffer) + sum(int(one.alive.sum()) for one in self._segments)

    def put(self, document: Document) -> None:
        """Add a record, or replace the one with the same id."""
        self.put_all([document])

    def put_all(self, documents: Iterable[Document]) -> None:
        """Add or replace many records at once: faster than one by one."""
        for some in _batched(documents, _ENCODED if self.encoder else 1):
            for entry in self._prepare(some):
                with self._lock:
                    self.drop(entry.document.id)
                    self._buffer[entry.document.id] = entry
                    if len(self._buffer) >= _BUFFERED:
                        self._seal()

    def _prepare(self, documents: Sequence[Document]) -> Iterator[Entry]:
        entries = (prepare(document, self.synonyms) for document in documents)
        if self.encoder is None:
            yield from entries
            return
        titles = [document.titles[0][1] if document.titles else "" for document in documents]
        vectors = encoders.quantise(self.encoder.encode(titles))
        for entry, vector in zip(entries, vectors, strict=True):
            yield replace(entry, vector=vector)

    def drop(self, id: int) -> None:
        """Forget a record; unknown ids are ignored."""
        with self._lock:
            if self._buffer.pop(id, None) is not None:
                return
            for number, segment in enumerate(self._segments):
                slot = segment.slot(id)
                if slot is not None:
                    left = segment.without(slot, prepare(segment.document(slot), self.synonyms))
                    self._segments = (*self._segments[:number], left, *self._segments[number + 1 :])

    def _near(
        self,
        segment: Segment,
        vector: npt.NDArray[np.float32] | None,
        filters: Filters,
        only: npt.NDArray[np.bool_] | None,
    ) -> tuple[npt.NDArray[np.float32] | None, list[int]]:
        """Return how near each document means what is asked, and the slots of the nearest."""
        if self.encoder is None or vector is None:
            return None, []
        near = encoders.nearness(self.encoder, vector, segment.vectors)
        passed = segment.passing(filters)
        slots = np.flatnonzero(passed if only is None else passed & only)
        order = np.lexsort((slots, -near[slots]))[:POOL]
        return near, [int(slot) for slot in slots[order] if near[slot] > 0]

    def document(self, id: int) -> Document | None:
        """Return a record as it was put, or None."""
        for part in self.parts():
            slot = part.slot(id)
            if slot is not None:
                return part.document(slot)
        return None

    def parts(self) -> tuple[Segment, ...]:
        """Return the segments as they stand."""
        with self._lock:
            self._seal()
            return self._segments

    def search(
        self,
        query: str,
        *,
        language: str = "es",
        filters: Filters = _NO_FILTERS,
        limit: int = 200,
        matching_only: bool = False,
        explained: bool = True,
    ) -> list[Candidate]:
        """Return the best ``limit`` candidates; ``matching_only`` keeps to what :meth:`ids` counts.

        What matched is said of each unless ``explained`` is off, which is faster.
        """
        asked, parts = self._read(query, language)
        ideal = sum(term.weight for term in asked.terms) * impact(1, len(asked.text.plain))
        count = max(limit, POOL)
        vector = self.encoder.encode([query])[0] if self.encoder and query.strip() else None
        pool = []
        for segment in parts:
            only = gathering.holding(segment, asked, query) if matching_only else None
            sure = gathering.exact(segment, asked, filters)
            near, nearest = self._near(segment, vector, filters, only)
            slots, gains = gathering.best(segment, asked, filters, count, only, (*sure, *nearest))
            means = near[slots] if near is not None else None
            pool.append(Found(segment, slots, gains / np.float32(ideal or 1.0), sure, means))
        rarity = self._rarity(parts)
        best = _best_of(pool, count)
        return scoring.rank(asked, best, rarity, self.synonyms, limit, explained=explained)

    def ids(
        self,
        query: str,
        filters: Filters = _NO_FILTERS,
        limit: int | None = None,
        *,
        language: str = "es",
    ) -> list[int]:
        """Return the ids of all records whose text holds the query (all records for an empty one)."""
        asked, parts = self._read(query, language)
        found: list[int] = []
        for segment in parts:
            held = gathering.holding(segment, asked, query)
            found += segment.ids[held & segment.passing(filters)].tolist()
        return sorted(found)[:limit]

    def survey(self, query: str, filters: Filters = _NO_FILTERS, *, language: str = "es") -> Survey:
        """Count the records that hold the query (all for an empty one), in total and by facet."""
        asked, parts = self._read(query, language)
        return facets.survey(
            [(segment, gathering.holding(segment, asked, query)) for segment in parts], filters
        )

    def newest(self, filters: Filters = _NO_FILTERS, limit: int = 20) -> list[int]:
        """Return the highest ids that the filters let through, highest first."""
        found = [
            id
            for segment in self.parts()
            for id in segment.ids[np.flatnonzero(segment.passing(filters))[-limit:]].tolist()
        ]
        return sorted(found, reverse=True)[:limit]

    def weigh(self, token: str) -> float:
        """Return how much a token tells: the fewer records hold it, the more."""
        return self._rarity(self.parts())(token)

    def _rarity(self, parts: tuple[Segment, ...]) -> Rarity:
        return Rarity(parts, self._statistics)

    def _read(self, query: str, language: str) -> tuple[Query, tuple[Segment, ...]]:
        parts = self.parts()
        asked = queries.read(query, language, self.synonyms, Lexicon(parts), self._rarity(parts))
        return asked, parts

    def _seal(self) -> None:
        """Make a segment of what was put since the last search, and merge segments that grew alike."""
        if not self._buffer:
            return
        kept = [*self._segments, sealing.seal(list(self._buffer.values()))]
        self._buffer = {}
        first = len(kept) - 1
        while first > 0 and len(kept[first - 1]) < _MERGE_RATIO * sum(len(s) for s in kept[first:]):
            first -= 1
        if first < len(kept) - 1:
            kept[first:] = [sealing.merge(kept[first:])]
        self._segments = tuple(kept)


def _batched(documents: Iterable[Document], size: int) -> Iterator[list[Document]]:
    """Give documents some at a time."""
    left = iter(documents)
    while some := list(islice(left, size)):
        yield some


def _best_of(pool: list[Found], count: int) -> list[Found]:
    """Keep the best of all segments together: the sure ones first, then by gain, then by id."""
    if sum(len(one.slots) for one in pool) <= count:
        return pool
    owner = np.concatenate([np.full(len(one.slots), n) for n, one in enumerate(pool)])
    place = np.concatenate([np.arange(len(one.slots)) for one in pool])
    ids = np.concatenate([one.segment.ids[one.slots] for one in pool])
    shares = np.concatenate([one.shares for one in pool])
    doubtful = np.array([int(slot) not in one.sure for one in pool for slot in one.slots])
    chosen = np.zeros(len(ids), np.bool_)
    chosen[np.lexsort((ids, -shares, doubtful))[:count]] = True
    if pool[0].means is not None:
        means = np.concatenate([one.means for one in pool if one.means is not None])
        chosen[np.lexsort((ids, -means))[:count]] = True
    return [one.only(np.sort(place[chosen & (owner == number)])) for number, one in enumerate(pool)]
