"""How much a token tells: the fewer records hold it, the more. Nothing else of the corpus is in a score."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from rqf.matching.segments import Segment


class Rarity:
    """Weighs tokens over some segments, each token counted once."""

    def __init__(self, segments: Sequence[Segment]) -> None:
        self._segments = segments
        self._size = sum(int(segment.alive.sum()) for segment in segments)
        self._known: dict[str, float] = {}

    def __call__(self, token: str) -> float:
        """Return the weight (idf) of a token, known or not."""
        weight = self._known.get(token)
        if weight is None:
            held = sum(segment.held(token) for segment in self._segments)
            weight = self._known[token] = math.log1p((self._size - held + 0.5) / (held + 0.5))
        return weight

    def of(self, segment: Segment, numbers: npt.NDArray[np.integer]) -> npt.NDArray[np.float32]:
        """Return the weights of tokens of a segment by their numbers there."""
        held = segment.holding[numbers].astype(np.float64)
        keys = segment.tokens.keys[numbers]
        for other in self._segments:
            if other is not segment and len(other.tokens):
                at = np.minimum(np.searchsorted(other.tokens.keys, keys), len(other.tokens) - 1)
                held += np.where(other.tokens.keys[at] == keys, other.holding[at], 0)
        weights: npt.NDArray[np.float32] = np.log1p((self._size - held + 0.5) / (held + 0.5)).astype(
            np.float32
        )
        return weights
