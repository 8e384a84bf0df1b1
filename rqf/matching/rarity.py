"""How much a token tells: the fewer records hold it, the more. Nothing else of the corpus is in a score."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from rqf.matching.segments import Segment
from rqf.matching.strings import digest


@dataclass(frozen=True)
class Statistics:
    """How many records there were, and how many of them held each token (by its digest, in order)."""

    size: int
    keys: npt.NDArray[np.uint64]
    held: npt.NDArray[np.int64]

    @classmethod
    def of(cls, segments: Sequence[Segment]) -> Statistics:
        """Count the living records of some segments."""
        joined = np.concatenate([segment.tokens.keys for segment in segments] or [np.empty(0, np.uint64)])
        counts = np.concatenate([segment.holding for segment in segments] or [np.empty(0, np.int32)])
        keys, place = np.unique(joined, return_inverse=True)
        held = np.bincount(place, weights=counts, minlength=len(keys)).astype(np.int64)
        return cls(sum(int(segment.alive.sum()) for segment in segments), keys, held)

    def look_up(self, keys: npt.NDArray[np.uint64]) -> npt.NDArray[np.float64]:
        """Return how many records held each of these tokens."""
        if not len(self.keys):
            return np.zeros(len(keys))
        at = np.minimum(np.searchsorted(self.keys, keys), len(self.keys) - 1)
        return np.where(self.keys[at] == keys, self.held[at], 0).astype(np.float64)


class Rarity:
    """Weighs tokens over some segments, each token counted once, or by ``statistics`` taken before."""

    def __init__(self, segments: Sequence[Segment], statistics: Statistics | None = None) -> None:
        self._segments = segments
        self._statistics = statistics
        self._size = statistics.size if statistics else sum(int(one.alive.sum()) for one in segments)
        self._known: dict[str, float] = {}

    def __call__(self, token: str) -> float:
        """Return the weight (idf) of a token, known or not."""
        weight = self._known.get(token)
        if weight is None:
            if self._statistics:
                held = float(self._statistics.look_up(np.array([digest(token)], np.uint64))[0])
            else:
                held = sum(segment.held(token) for segment in self._segments)
            weight = self._known[token] = math.log1p((self._size - held + 0.5) / (held + 0.5))
        return weight

    def of(self, segment: Segment, numbers: npt.NDArray[np.integer]) -> npt.NDArray[np.float32]:
        """Return the weights of tokens of a segment by their numbers there."""
        keys = segment.tokens.keys[numbers]
        held = self._statistics.look_up(keys) if self._statistics else self._count(segment, numbers, keys)
        weights: npt.NDArray[np.float64] = np.log1p((self._size - held + 0.5) / (held + 0.5))
        return weights.astype(np.float32)

    def _count(
        self, segment: Segment, numbers: npt.NDArray[np.integer], keys: npt.NDArray[np.uint64]
    ) -> npt.NDArray[np.float64]:
        held: npt.NDArray[np.float64] = segment.holding[numbers].astype(np.float64)
        for other in self._segments:
            if other is not segment and len(other.tokens):
                at = np.minimum(np.searchsorted(other.tokens.keys, keys), len(other.tokens) - 1)
                held += np.where(other.tokens.keys[at] == keys, other.holding[at], 0)
        return held
