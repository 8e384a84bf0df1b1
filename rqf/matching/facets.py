"""How many records a search finds, by each value of each facet."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from rqf.matching.documents import Filters
from rqf.matching.segments import FACETS, Mask, Segment

_FIELDS = dict(zip(FACETS, ("countries", "kinds", "sectors", "levels", "statuses"), strict=True))


@dataclass(frozen=True, slots=True)
class Survey:
    """The number of records found, and facet -> value -> number, each facet with the others applied."""

    total: int
    counts: Mapping[str, Mapping[object, int]]


def survey(parts: Iterable[tuple[Segment, Mask]], filters: Filters) -> Survey:
    """Count the records that hold a query; ``parts`` are segments with the mask of those that do."""
    total = 0
    counts: dict[str, Counter[object]] = {facet: Counter() for facet in FACETS}
    for segment, holding in parts:
        total += int((holding & segment.passing(filters)).sum())
        for row, facet in enumerate(FACETS):
            others = holding & segment.passing(_without(filters, facet))
            numbers = np.bincount(segment.facets[row][others])
            for number in np.flatnonzero(numbers).tolist():
                counts[facet][segment.values[row][number]] += int(numbers[number])
    return Survey(total, {facet: dict(found) for facet, found in counts.items()})


def _without(filters: Filters, facet: str) -> Filters:
    """Return the filters with one facet left open."""
    open_facet: dict[str, Any] = {_FIELDS[facet]: None}
    return replace(filters, **open_facet)
