"""Titles that may name one record, found among many without comparing each with each.

Two titles are compared in full when they have the same words, in whatever order, or all but one of them. Only
numbers are kept of a title until then: memory would grow with the texts of the file.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice

import numpy as np

from rqf.matching.scoring import SAME, could_be_same, same_title
from rqf.matching.text import Normalised, Synonyms, normalise

#: Shorter titles have to have all words in common.
_LONG = 4
#: So many titles with the same words are a pattern, not a mistake.
_CROWD = 20
#: Groups of titles whose texts are read at once.
_AT_ONCE = 2000


@dataclass(frozen=True)
class Title:
    """A title: where it stands (a line of the file, or the id of a record as a negative number)."""

    place: int
    text: str
    language: str
    kind: str


#: Gives the texts at these places again.
Texts = Callable[[Collection[int]], Mapping[int, str]]


@dataclass
class Titles:
    """The titles of a file and of the register."""

    synonyms: Synonyms
    _places: array[int] = field(default_factory=lambda: array("q"))
    _tongues: array[int] = field(default_factory=lambda: array("H"))
    _languages: dict[str, int] = field(default_factory=dict)
    _keys: array[int] = field(default_factory=lambda: array("q"))
    _owners: array[int] = field(default_factory=lambda: array("L"))

    def add(self, title: Title) -> None:
        """Take a title into account."""
        stems = sorted(set(normalise(title.text, title.language, self.synonyms).stems))
        if not stems:
            return
        owner = len(self._places)
        self._places.append(title.place)
        self._tongues.append(self._languages.setdefault(title.language, len(self._languages)))
        parts = [stems]
        if len(stems) >= _LONG:
            parts += [stems[:place] + stems[place + 1 :] for place in range(len(stems))]
        for part in parts:
            self._keys.append(hash((title.kind, *part)))
            self._owners.append(owner)

    def pairs(self, texts: Texts) -> Iterator[tuple[int, int, float]]:
        """Give the places of pairs that are likely one record, with their score (0-100).

        The first of a pair is in the file. ``texts`` is asked for the titles that are compared.
        """
        languages = list(self._languages)
        seen: set[tuple[int, int]] = set()
        groups = self._groups()
        while some := list(islice(groups, _AT_ONCE)):
            pairs = {pair for owners in some for pair in _pairs(owners)} - seen
            seen |= pairs
            pairs = {pair for pair in pairs if self._places[pair[0]] > 0 or self._places[pair[1]] > 0}
            owners = {owner for pair in pairs for owner in pair}
            said = texts({self._places[owner] for owner in owners})
            read = {
                owner: normalise(said[self._places[owner]], languages[self._tongues[owner]], self.synonyms)
                for owner in owners
            }
            for one, other in sorted(pairs):
                yield from self._judged(one, other, read)

    def _groups(self) -> Iterator[list[int]]:
        keys = np.frombuffer(self._keys, dtype=np.int64)
        owners = np.frombuffer(self._owners, dtype=self._owners.typecode)
        if not len(keys):
            return
        order = np.argsort(keys, kind="stable")
        borders = np.flatnonzero(np.diff(keys[order])) + 1
        starts = np.concatenate(([0], borders))
        ends = np.concatenate((borders, [len(keys)]))
        for place in np.flatnonzero((ends - starts > 1) & (ends - starts <= _CROWD)):
            yield [int(one) for one in owners[order[starts[place] : ends[place]]]]

    def _judged(
        self, first: int, second: int, read: Mapping[int, Normalised]
    ) -> Iterator[tuple[int, int, float]]:
        if not could_be_same(read[first], read[second]):
            return
        score = same_title(read[first], read[second]).score
        if score >= SAME:
            a, b = self._places[first], self._places[second]
            yield (a, b, score) if a > 0 else (b, a, score)


def _pairs(owners: list[int]) -> Iterator[tuple[int, int]]:
    for place, one in enumerate(owners):
        for other in owners[place + 1 :]:
            if one != other:
                yield min(one, other), max(one, other)
