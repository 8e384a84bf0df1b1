"""Inverted lists that never change once made: which rows hold a word, and how much it weighs there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Slots = npt.NDArray[np.int32]
Weights = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Postings:
    """For each key the rows that hold it, in order, with a weight for each."""

    keys: Mapping[str, int]
    starts: npt.NDArray[np.int64]
    slots: Slots
    weights: Weights

    def get(self, key: str) -> tuple[Slots, Weights] | None:
        """Return the rows that hold ``key`` and its weights there, or None."""
        number = self.keys.get(key)
        if number is None:
            return None
        cut = slice(self.starts[number], self.starts[number + 1])
        return self.slots[cut], self.weights[cut]


def build(rows: Iterable[Mapping[str, float]]) -> Postings:
    """Make postings from the weighted keys of each row."""
    keys: dict[str, int] = {}
    numbers: list[int] = []
    slots: list[int] = []
    weights: list[float] = []
    for slot, row in enumerate(rows):
        for key, weight in row.items():
            numbers.append(keys.setdefault(key, len(keys)))
            slots.append(slot)
            weights.append(weight)
    return _sorted(
        keys, np.array(numbers, np.int32), np.array(slots, np.int32), np.array(weights, np.float32)
    )


def merge(parts: Sequence[tuple[Postings, npt.NDArray[np.bool_]]]) -> Postings:
    """Make one of several postings, keeping the rows marked alive, in the same order."""
    keys: dict[str, int] = {}
    numbers, slots, weights = [], [], []
    offset = 0
    for postings, alive in parts:
        renumbered = np.array([keys.setdefault(key, len(keys)) for key in postings.keys], np.int32)
        own = np.repeat(renumbered, np.diff(postings.starts))
        keep = alive[postings.slots]
        new_slot = np.cumsum(alive, dtype=np.int32) - 1 + offset
        numbers.append(own[keep])
        slots.append(new_slot[postings.slots[keep]].astype(np.int32))
        weights.append(postings.weights[keep])
        offset += int(alive.sum())
    return _sorted(keys, np.concatenate(numbers), np.concatenate(slots), np.concatenate(weights))


def _sorted(keys: dict[str, int], numbers: npt.NDArray[np.int32], slots: Slots, weights: Weights) -> Postings:
    order = np.argsort(numbers, kind="stable")
    starts = np.zeros(len(keys) + 1, np.int64)
    np.cumsum(np.bincount(numbers, minlength=len(keys)), out=starts[1:])
    return Postings(keys, starts, slots[order], weights[order])
