"""How many records a search finds, by each value of each facet."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from rqf.matching.documents import Filters
from rqf.matching.segments import FACETS, Codes, Mask, Segment

_FIELDS = dict(zip(FACETS, ("countries", "kinds", "sectors", "levels", "statuses"), strict=True))


@dataclass(frozen=True, slots=True)
class Survey:
    """The number of records found, and facet -> value -> number, each facet with the others applied."""

    total: int
    counts: Mapping[str, Mapping[object, int]]


def survey(parts: Iterable[tuple[Segment, Mask]], filters: Filters, codes: dict[str, Codes]) -> Survey:
    """Count the records that hold a query; ``parts`` are segments with the mask of those that do."""
    total = 0
    counts: dict[str, Counter[object]] = {facet: Counter() for facet in FACETS}
    for segment, holding in parts:
        total += int((holding & segment.mask(filters, codes)).sum())
        for row, facet in enumerate(FACETS):
            others = holding & segment.mask(_without(filters, facet), codes)
            numbers = np.bincount(segment.facets[row][others])
            values = codes[facet].values()
            for number in np.flatnonzero(numbers).tolist():
                counts[facet][values[number]] += int(numbers[number])
    return Survey(total, {facet: dict(found) for facet, found in counts.items()})


def _without(filters: Filters, facet: str) -> Filters:
    """Return the filters with one facet left open."""
    open_facet: dict[str, Any] = {_FIELDS[facet]: None}
    return replace(filters, **open_facet)
