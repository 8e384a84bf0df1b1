"""A part of the index that never changes: documents, facets, postings and words, all in plain arrays.

Arrays can be mapped from files (``packing.py``), so that every process that reads a large part shares it.
Only what is forgotten is kept beside it: which documents are gone, and how often each word is still in use.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace

import numpy as np
import numpy.typing as npt

from rqf.matching.documents import Document, Entry, Filters
from rqf.matching.strings import Blob, Lists, Strings
from rqf.matching.text import fold
from rqf.matching.wordbook import Wordbook

FACETS = ("country", "kind", "sector", "level", "status")
_FILTERS = ("countries", "kinds", "sectors", "levels", "statuses")
#: Impacts (0 to 2.2) are kept in hundredths.
IMPACT = 0.01
#: So many terms are kept as Python's strings: the common ones are wanted in every search.
_REMEMBERED = 30_000
#: A term is kept as the word as written and the token it stands for; a guard has none.
SEPARATOR = "\t"

Mask = npt.NDArray[np.bool_]
Slots = npt.NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Segment:
    """Documents that came together, ordered by id: their place in this order is their slot."""

    ids: npt.NDArray[np.int64]
    facets: tuple[npt.NDArray[np.integer], ...]
    values: tuple[tuple[str | int | None, ...], ...]
    tokens: Strings
    #: token -> the slots of the documents that hold it, with their impacts in hundredths.
    posted: Lists
    impacts: npt.NDArray[np.uint8]
    #: token -> its greatest impact.
    peaks: npt.NDArray[np.uint8]
    #: token -> the numbers of its letter pieces.
    pieces: Lists
    terms: Strings
    #: term -> its token, -1 for a guard.
    term_tokens: npt.NDArray[np.int32]
    #: line -> its terms; slot -> its first line (one more entry than there are slots).
    lines: Lists
    first_lines: npt.NDArray[np.int64]
    words: Wordbook
    marks: npt.NDArray[np.uint64]
    mark_slots: Slots
    documents: Blob
    #: (slots, dimensions) what the first title of each means; no dimensions without an encoder.
    vectors: npt.NDArray[np.int8]
    alive: Mask
    #: token -> how many living documents hold it.
    holding: npt.NDArray[np.int32]
    _told: dict[int, tuple[str, str, str]] = field(default_factory=dict, compare=False)

    def __len__(self) -> int:
        return len(self.ids)

    def document(self, slot: int) -> Document:
        """Return the document in a slot as it was put."""
        titles, other, *rest = json.loads(self.documents.text(slot))
        code, country, kind, sector, level, status = rest
        return Document(
            id=int(self.ids[slot]),
            titles=tuple((language, text) for language, text in titles),
            code=code,
            country=country,
            kind=kind,
            sector=sector,
            level=level,
            status=status,
            other=tuple(other),
        )

    def term(self, number: int) -> tuple[str, str, str]:
        """Return a term: as written, without case and accents, and its token ("" for a guard)."""
        told = self._told.get(number)
        if told is None:
            if len(self._told) >= _REMEMBERED:
                self._told.clear()
            written, _, token = self.terms.text(number).partition(SEPARATOR)
            told = self._told[number] = (written, fold(written), token)
        return told

    def slot(self, id: int) -> int | None:
        """Return the slot of a living document."""
        at = int(np.searchsorted(self.ids, id))
        return at if at < len(self.ids) and self.ids[at] == id and self.alive[at] else None

    def without(self, slot: int, entry: Entry) -> Segment:
        """Return the segment with one document gone; ``entry`` is what was put for it."""
        alive = self.alive.copy()
        alive[slot] = False
        for token in entry.impacts:
            # A newer program may read a text otherwise than the one that made the segment.
            if (number := self.tokens.find(token)) >= 0:
                self.holding[number] -= 1
        self.words.forget(entry.spoken, self.tokens)
        return replace(self, alive=alive)

    def get(self, token: str) -> tuple[Slots, npt.NDArray[np.uint8], int] | None:
        """Return the slots that hold a token, in order, its impacts there, and the greatest of them."""
        number = self.tokens.find(token)
        if number < 0:
            return None
        cut = slice(int(self.posted.starts[number]), int(self.posted.starts[number + 1]))
        if cut.start == cut.stop:
            return None
        return self.posted.values[cut], self.impacts[cut], int(self.peaks[number])

    def holds(self, token: str, slot: int) -> bool:
        """Say whether the document in a slot holds a token."""
        own = self.get(token)
        if own is None:
            return False
        at = int(np.searchsorted(own[0], slot))
        return at < len(own[0]) and bool(own[0][at] == slot)

    def held(self, token: str) -> int:
        """Return how many living documents hold a token."""
        number = self.tokens.find(token)
        return int(self.holding[number]) if number >= 0 else 0

    def passing(self, filters: Filters, slots: Slots | None = None) -> Mask:
        """Return which of the slots (or of all) are living documents that the filters let through."""
        at = slice(None) if slots is None else slots
        passed: Mask = self.alive[at].copy() if slots is None else self.alive[at]
        for row, name in enumerate(_FILTERS):
            wanted = getattr(filters, name)
            if wanted is None:
                continue
            known = [number for number, value in enumerate(self.values[row]) if value in wanted]
            own = self.facets[row][at]
            passed &= own == known[0] if len(known) == 1 else np.isin(own, known)
        if filters.exclude:
            passed &= ~np.isin(self.ids[at], list(filters.exclude))
        return passed

    def marked(self, mark: int) -> list[int]:
        """Return the slots of the documents whose title or code has this mark."""
        key = np.uint64(mark)
        first = np.searchsorted(self.marks, key, "left")
        last = np.searchsorted(self.marks, key, "right")
        return [int(slot) for slot in self.mark_slots[first:last]]
