"""Many strings as three arrays: they can be read from a file without loading it, and shared by processes."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[np.int64]
Read = Callable[[int, int], bytes]
_AT_ONCE = 50_000


def digest(text: str) -> int:
    """Return a 64-bit number for a text: the same in every process and every year."""
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest(), "big")


@dataclass(frozen=True, slots=True)
class Blob:
    """Texts one behind the other; ``starts`` has one more entry than there are texts."""

    starts: npt.NDArray[np.int64]
    data: npt.NDArray[np.uint8]
    #: Gives the bytes of ``data`` from one place up to another, where mapping them would cost memory.
    read: Read | None = None

    def __len__(self) -> int:
        return len(self.starts) - 1

    def text(self, number: int) -> str:
        """Return one text."""
        if self.read:
            return self.read(int(self.starts[number]), int(self.starts[number + 1])).decode()
        return self.data[self.starts[number] : self.starts[number + 1]].tobytes().decode()

    def take(self, numbers: npt.NDArray[np.integer]) -> Blob:
        """Return the texts with these numbers, in this order."""
        firsts = self.starts[numbers]
        starts = _offsets(self.starts[np.asarray(numbers) + 1] - firsts)
        data = np.empty(starts[-1], np.uint8)
        # Piece by piece: the places of all bytes at once would take eight times their room.
        for low in range(0, len(firsts), _AT_ONCE):
            high = min(low + _AT_ONCE, len(firsts))
            lengths = np.diff(starts[low : high + 1])
            data[starts[low] : starts[high]] = self.data[spread(firsts[low:high], lengths)]
        return Blob(starts, data)

    @classmethod
    def of(cls, texts: Iterable[str]) -> Blob:
        """Put texts one behind the other."""
        encoded = [text.encode() for text in texts]
        lengths = np.array([len(one) for one in encoded], np.int64)
        return cls(_offsets(lengths), np.frombuffer(b"".join(encoded), np.uint8))

    @classmethod
    def join(cls, parts: Sequence[Blob]) -> Blob:
        """Return the texts of all parts in order."""
        lengths = np.concatenate([np.diff(part.starts) for part in parts])
        return cls(_offsets(lengths), np.concatenate([part.data for part in parts]))


@dataclass(frozen=True, slots=True)
class Strings:
    """Different strings, ordered by their digest; the number of a string is its place."""

    keys: npt.NDArray[np.uint64]
    blob: Blob

    def __len__(self) -> int:
        return len(self.keys)

    def find(self, text: str) -> int:
        """Return the number of a string, -1 if it is not there."""
        key = np.uint64(digest(text))
        at = int(np.searchsorted(self.keys, key))
        return at if at < len(self.keys) and self.keys[at] == key else -1

    def text(self, number: int) -> str:
        """Return the string with this number."""
        return self.blob.text(number)

    @classmethod
    def of(cls, texts: Sequence[str]) -> tuple[Strings, Numbers]:
        """Return the different strings and the number of each of ``texts``."""
        different = {text: digest(text) for text in texts}
        ordered = sorted(different, key=different.__getitem__)
        numbers = {text: number for number, text in enumerate(ordered)}
        keys = np.array([different[text] for text in ordered], np.uint64)
        return cls(keys, Blob.of(ordered)), np.array([numbers[text] for text in texts], np.int64)

    @classmethod
    def merge(cls, tables: Sequence[Strings]) -> tuple[Strings, list[Numbers]]:
        """Return one table of all strings, and for each table the new number of each of its strings."""
        joined = np.concatenate([table.keys for table in tables])
        keys, first, numbers = np.unique(joined, return_index=True, return_inverse=True)
        blob = Blob.join([table.blob for table in tables]).take(first)
        cuts = np.cumsum([len(table) for table in tables])[:-1]
        return cls(keys, blob), list(np.split(numbers.astype(np.int64), cuts))

    def keep(self, wanted: npt.NDArray[np.bool_]) -> tuple[Strings, Numbers]:
        """Return the wanted strings, and for each old number the new one (of the unwanted: any)."""
        left = np.flatnonzero(wanted)
        return Strings(self.keys[left], self.blob.take(left)), np.cumsum(wanted) - 1


@dataclass(frozen=True, slots=True)
class Lists:
    """Lists of numbers, one behind the other."""

    starts: npt.NDArray[np.int64]
    values: npt.NDArray[Any]

    def get(self, number: int) -> npt.NDArray[Any]:
        """Return one list."""
        return self.values[self.starts[number] : self.starts[number + 1]]

    def take(self, numbers: npt.NDArray[np.integer]) -> Lists:
        """Return the lists with these numbers, in this order."""
        starts = self.starts[numbers]
        lengths = self.starts[np.asarray(numbers) + 1] - starts
        return Lists(_offsets(lengths), self.values[spread(starts, lengths)])

    @classmethod
    def of(cls, lists: Sequence[Sequence[int]], kind: type[Any]) -> Lists:
        """Make lists of Python's."""
        lengths = np.array([len(one) for one in lists], np.int64)
        return cls(_offsets(lengths), np.array([value for one in lists for value in one], kind))

    @classmethod
    def join(cls, parts: Sequence[Lists]) -> Lists:
        """Return the lists of all parts in order."""
        lengths = np.concatenate([np.diff(part.starts) for part in parts])
        return cls(_offsets(lengths), np.concatenate([part.values for part in parts]))


def spread(starts: npt.NDArray[np.integer], lengths: npt.NDArray[np.integer]) -> Numbers:
    """Return all places of ranges: ``spread([5, 9], [2, 3])`` is 5, 6, 9, 10, 11."""
    total = int(lengths.sum())
    ends = np.cumsum(lengths)
    places: Numbers = np.arange(total) + np.repeat(np.asarray(starts) - (ends - lengths), lengths)
    return places


def _offsets(lengths: npt.NDArray[np.integer]) -> npt.NDArray[np.int64]:
    starts = np.zeros(len(lengths) + 1, np.int64)
    np.cumsum(lengths, out=starts[1:])
    return starts
