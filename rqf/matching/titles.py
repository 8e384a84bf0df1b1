"""Many titles side by side, each different word once, ready to be compared with a query all at once."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from rqf.matching.documents import Line
from rqf.matching.rarity import Rarity
from rqf.matching.segments import Segment, Slots
from rqf.matching.strings import spread
from rqf.matching.wordbook import piece_numbers

Weigh = Callable[[str], float]
Floats = npt.NDArray[np.float32]
Numbers = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Titles:
    """``columns`` says word by word which words the titles have; title ``n`` begins at ``starts[n]``.

    Words are (as written, without case and accents, token). ``pieces`` are the numbers of the letter pieces
    of the tokens, one token's behind the other's, ``piece_starts`` where they begin. ``guards`` has the
    titles with guards.
    """

    words: Sequence[tuple[str, str, str]]
    weights: Floats
    columns: Numbers
    starts: Numbers
    pieces: npt.NDArray[np.uint16]
    piece_starts: Numbers
    guards: Mapping[int, tuple[str, ...]]

    def __len__(self) -> int:
        return len(self.starts) - 1

    @cached_property
    def pairs(self) -> list[tuple[str, str]]:
        """Return each word, without case and accents, with its token."""
        return [(face, token) for _, face, token in self.words]

    @cached_property
    def rows(self) -> Numbers:
        """Return beside each column the title it stands in."""
        return np.repeat(np.arange(len(self)), np.diff(self.starts))

    def own(self, number: int) -> Numbers:
        """Return the columns of one title."""
        return self.columns[self.starts[number] : self.starts[number + 1]]

    def line(self, number: int) -> Line:
        """Return one title."""
        own = [self.words[n] for n in self.own(number)]
        words, faces, stems = zip(*own, strict=True) if own else ((), (), ())
        return Line(words, faces, stems, self.guards.get(number, ()))

    def sums(self, values: Floats) -> Floats:
        """Add up over each title what its words are worth."""
        return np.bincount(self.rows, weights=values[self.columns], minlength=len(self)).astype(np.float32)

    def best(self, values: Floats) -> Floats:
        """Return for each row of ``values`` (something, words) the greatest in each title."""
        best = np.zeros((len(values), len(self)), np.float32)
        filled = np.flatnonzero(np.diff(self.starts))
        if len(filled):
            best[:, filled] = np.maximum.reduceat(values[:, self.columns], self.starts[filled], axis=1)
        return best

    def joined(self) -> list[str]:
        """Return each title's tokens as one text, in alphabetical order."""
        tokens = [token for _, _, token in self.words]
        rank = np.empty(len(tokens), np.int64)
        rank[sorted(range(len(tokens)), key=tokens.__getitem__)] = np.arange(len(tokens))
        ordered = self.columns[np.lexsort((rank[self.columns], self.rows))].tolist()
        cuts = self.starts.tolist()
        return [
            " ".join([tokens[n] for n in ordered[first:last]])
            for first, last in zip(cuts[:-1], cuts[1:], strict=True)
        ]

    @classmethod
    def of(cls, lines: Sequence[Line], weigh: Weigh) -> Titles:
        """Put lines side by side."""
        flat = [word for line in lines for word in zip(line.words, line.faces, line.stems, strict=True)]
        numbers = {word: number for number, word in enumerate(dict.fromkeys(flat))}
        told = [piece_numbers(stem) for _, _, stem in numbers]
        return cls(
            words=list(numbers),
            weights=np.array([weigh(stem) for _, _, stem in numbers], np.float32),
            columns=np.array([numbers[word] for word in flat], np.int64),
            starts=_starts([len(line.stems) for line in lines]),
            pieces=np.array([piece for one in told for piece in one], np.uint16),
            piece_starts=_starts([len(one) for one in told]),
            guards={n: line.guards for n, line in enumerate(lines) if line.guards},
        )

    @classmethod
    def read(cls, segment: Segment, slots: Slots, rarity: Rarity) -> tuple[Titles, Numbers]:
        """Return the titles of some documents, and for each title the place of its document in ``slots``."""
        counts = segment.first_lines[slots + 1] - segment.first_lines[slots]
        lines = segment.lines.take(spread(segment.first_lines[slots], counts))
        terms, columns = np.unique(lines.values, return_inverse=True)
        tokens = segment.term_tokens[terms]
        rows = np.repeat(np.arange(len(lines.starts) - 1), np.diff(lines.starts))
        texts = [segment.term(term) for term in terms.tolist()]
        guards: dict[int, tuple[str, ...]] = {}
        is_guard = tokens[columns] < 0
        for at in np.flatnonzero(is_guard):
            row = int(rows[at])
            guards[row] = (*guards.get(row, ()), texts[columns[at]][0])
        own, place = np.flatnonzero(tokens >= 0), np.cumsum(tokens >= 0) - 1
        told = segment.pieces.take(tokens[own])
        words = [texts[n] for n in own]
        titles = cls(
            words=words,
            weights=rarity.of(segment, tokens[own]),
            columns=place[columns[~is_guard]],
            starts=_starts(np.bincount(rows[~is_guard], minlength=len(lines.starts) - 1)),
            pieces=told.values,
            piece_starts=told.starts,
            guards=guards,
        )
        return titles, np.repeat(np.arange(len(slots)), counts)

    @classmethod
    def join(cls, parts: Sequence[Titles]) -> Titles:
        """Put the titles of several segments one behind the other."""
        if len(parts) == 1:
            return parts[0]
        words = np.cumsum([0] + [len(part.words) for part in parts])
        lines = np.cumsum([0] + [len(part) for part in parts])
        return cls(
            words=[word for part in parts for word in part.words],
            weights=np.concatenate([part.weights for part in parts]),
            columns=np.concatenate([part.columns + n for part, n in zip(parts, words, strict=False)]),
            starts=_starts(np.concatenate([np.diff(part.starts) for part in parts])),
            pieces=np.concatenate([part.pieces for part in parts]),
            piece_starts=_starts(np.concatenate([np.diff(part.piece_starts) for part in parts])),
            guards={
                row + int(n): own
                for part, n in zip(parts, lines, strict=False)
                for row, own in part.guards.items()
            },
        )


def _starts(lengths: Sequence[int] | npt.NDArray[np.integer]) -> Numbers:
    return np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)
