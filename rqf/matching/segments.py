"""A part of the index that never changes: documents, their facets and postings side by side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from rqf.matching import postings
from rqf.matching.documents import Document, Entry, Filters, Line

FACETS = ("country", "kind", "sector", "level", "status")
_FILTERS = ("countries", "kinds", "sectors", "levels", "statuses")

Mask = npt.NDArray[np.bool_]
Marks = npt.NDArray[np.int64]


class Codes:
    """Numbers for the values of a facet, given in the order in which they come."""

    def __init__(self) -> None:
        self._numbers: dict[object, int] = {}

    def number(self, value: object) -> int:
        """Return the number of a value, a new one if it is new."""
        return self._numbers.setdefault(value, len(self._numbers))

    def values(self) -> list[object]:
        """Return all values in the order of their numbers."""
        return list(self._numbers)

    def known(self, values: frozenset[str] | frozenset[int]) -> list[int]:
        """Return the numbers of the values that any document has."""
        return [self._numbers[value] for value in values if value in self._numbers]


@dataclass(frozen=True, slots=True)
class Segment:
    """Documents that came together; only ``alive`` is replaced when one of them goes."""

    documents: tuple[Document, ...]
    lines: tuple[tuple[Line, ...], ...]
    ids: npt.NDArray[np.int64]
    alive: Mask
    facets: npt.NDArray[np.int32]
    postings: postings.Postings
    marks: npt.NDArray[np.int64]
    mark_slots: npt.NDArray[np.int32]

    def __len__(self) -> int:
        return len(self.documents)

    def without(self, slot: int) -> Segment:
        """Return the segment with one document gone."""
        alive = self.alive.copy()
        alive[slot] = False
        return replace(self, alive=alive)

    def mask(self, filters: Filters, codes: dict[str, Codes]) -> Mask:
        """Return which documents the filters let through."""
        passed = self.alive.copy()
        for row, (facet, name) in enumerate(zip(FACETS, _FILTERS, strict=True)):
            wanted = getattr(filters, name)
            if wanted is not None:
                passed &= np.isin(self.facets[row], codes[facet].known(wanted))
        if filters.exclude:
            passed &= ~np.isin(self.ids, list(filters.exclude))
        return passed

    def marked(self, mark: int) -> list[int]:
        """Return the slots of the documents whose title or code has this mark."""
        first, last = np.searchsorted(self.marks, [mark, mark + 1])
        return [int(slot) for slot in self.mark_slots[first:last]]


def seal(entries: Sequence[Entry], codes: dict[str, Codes]) -> Segment:
    """Make a segment of prepared documents."""
    documents = tuple(entry.document for entry in entries)
    facets = np.array(
        [[codes[facet].number(getattr(document, facet)) for document in documents] for facet in FACETS],
        np.int32,
    )
    pairs = [(mark, slot) for slot, entry in enumerate(entries) for mark in entry.marks]
    marks, mark_slots = _sorted_marks(
        np.array([mark for mark, _ in pairs], np.int64), np.array([slot for _, slot in pairs], np.int32)
    )
    return Segment(
        documents=documents,
        lines=tuple(entry.lines for entry in entries),
        ids=np.array([document.id for document in documents], np.int64),
        alive=np.ones(len(documents), np.bool_),
        facets=facets,
        postings=postings.build(entry.impacts for entry in entries),
        marks=marks,
        mark_slots=mark_slots,
    )


def merge(parts: Sequence[Segment]) -> Segment:
    """Make one segment of several, leaving out the documents that are gone."""
    offsets = np.cumsum([0] + [int(part.alive.sum()) for part in parts])
    marks, slots = [], []
    for part, offset in zip(parts, offsets[:-1], strict=True):
        keep = part.alive[part.mark_slots]
        new_slot = np.cumsum(part.alive) - 1 + offset
        marks.append(part.marks[keep])
        slots.append(new_slot[part.mark_slots[keep]].astype(np.int32))
    all_marks, mark_slots = _sorted_marks(np.concatenate(marks), np.concatenate(slots))
    living = [np.flatnonzero(part.alive) for part in parts]
    return Segment(
        documents=tuple(p.documents[n] for p, own in zip(parts, living, strict=True) for n in own),
        lines=tuple(p.lines[n] for p, own in zip(parts, living, strict=True) for n in own),
        ids=np.concatenate([part.ids[part.alive] for part in parts]),
        alive=np.ones(int(offsets[-1]), np.bool_),
        facets=np.concatenate([part.facets[:, part.alive] for part in parts], axis=1),
        postings=postings.merge([(part.postings, part.alive) for part in parts]),
        marks=all_marks,
        mark_slots=mark_slots,
    )


def _sorted_marks(marks: Marks, slots: postings.Slots) -> tuple[Marks, postings.Slots]:
    order = np.argsort(marks, kind="stable")
    return marks[order], slots[order]
