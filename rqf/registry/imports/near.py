"""Titles that may name one record, found among many without comparing each with each.

Two titles are compared in full when they have the same words, in whatever order, or all but one of them.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np

from rqf.matching.scoring import SAME, same_title
from rqf.matching.text import Normalised, Synonyms, normalise

#: Shorter titles have to have all words in common.
_LONG = 4
#: So many titles with the same words are a pattern, not a mistake.
_CROWD = 20


@dataclass(frozen=True)
class Title:
    """A title: where it stands (a line of the file, or the id of a record as a negative number)."""

    place: int
    text: str
    language: str
    kind: str


@dataclass
class Titles:
    """The titles of a file and of the register."""

    synonyms: Synonyms
    _titles: list[Title] = field(default_factory=list)
    _keys: array[int] = field(default_factory=lambda: array("q"))
    _owners: array[int] = field(default_factory=lambda: array("q"))

    def add(self, title: Title) -> None:
        """Take a title into account."""
        stems = sorted(set(self._normal(title).stems))
        if not stems:
            return
        owner = len(self._titles)
        self._titles.append(title)
        parts = [stems]
        if len(stems) >= _LONG:
            parts += [stems[:place] + stems[place + 1 :] for place in range(len(stems))]
        for part in parts:
            self._keys.append(hash((title.kind, *part)))
            self._owners.append(owner)

    def _normal(self, title: Title) -> Normalised:
        return normalise(title.text, title.language, self.synonyms)

    def pairs(self) -> Iterator[tuple[Title, Title, float]]:
        """Give the pairs that are likely one record, with their score (0-100); the first is in the file."""
        seen: set[tuple[int, int]] = set()
        for owners in self._groups():
            for place, one in enumerate(owners):
                for other in owners[place + 1 :]:
                    pair = (min(one, other), max(one, other))
                    if one == other or pair in seen:
                        continue
                    seen.add(pair)
                    yield from self._judged(*pair)

    def _groups(self) -> Iterator[list[int]]:
        keys = np.frombuffer(self._keys, dtype=np.int64)
        owners = np.frombuffer(self._owners, dtype=np.int64)
        if not len(keys):
            return
        order = np.argsort(keys, kind="stable")
        borders = np.flatnonzero(np.diff(keys[order])) + 1
        starts = np.concatenate(([0], borders))
        ends = np.concatenate((borders, [len(keys)]))
        for place in np.flatnonzero((ends - starts > 1) & (ends - starts <= _CROWD)):
            yield [int(one) for one in owners[order[starts[place] : ends[place]]]]

    def _judged(self, first: int, second: int) -> Iterator[tuple[Title, Title, float]]:
        a, b = self._titles[first], self._titles[second]
        if a.place < 0 and b.place < 0:
            return
        score = same_title(self._normal(a), self._normal(b)).score
        if score >= SAME:
            yield (a, b, score) if a.place > 0 else (b, a, score)
