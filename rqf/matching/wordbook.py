"""The words of a segment: which of them a misspelt, unfinished or related word may mean."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np
import numpy.typing as npt
from rapidfuzz import process
from rapidfuzz.distance import Indel

from rqf.matching.strings import Lists, Strings

#: A related word must share this much of its letters.
LEAST_LIKENESS = 0.75
#: Words of five letters or fewer must share more: "carga" is not "carta".
SHORT_LIKENESS = 0.85
#: What is taken from words that begin otherwise.
OTHER_START = 0.1
#: Words alike share at least so many of the pieces of three letters that the shorter has.
_SHARED = 0.25
_REMEMBERED = 20_000


@lru_cache(maxsize=100_000)
def pieces(word: str) -> frozenset[str]:
    """Return the two- to four-letter pieces of a word and its borders."""
    bordered = f" {word} "
    return frozenset(
        bordered[at : at + size] for size in (2, 3, 4) for at in range(max(1, len(bordered) - size + 1))
    )


@lru_cache(maxsize=100_000)
def piece_numbers(word: str) -> tuple[int, ...]:
    """Return the pieces of a word as 16-bit numbers, in order; that two pieces share one is rare."""
    return tuple(sorted({zlib.crc32(piece.encode()) & 0xFFFF for piece in pieces(word)}))


def _thirds(word: str) -> set[int]:
    bordered = f" {word} "
    return {zlib.crc32(bordered[at : at + 3].encode()) & 0xFFFF for at in range(max(1, len(bordered) - 2))}


def likeness(a: str, b: str) -> float:
    """Return from 0 to 1 how alike two words are, shared beginnings counting more."""
    return related(Indel.normalized_similarity(a, b), a, b)


def related(similarity: float, a: str, b: str) -> float:
    """Turn the share of common letters into a likeness: none for short words that only sound alike."""
    if similarity >= 1.0:
        return 1.0
    shorter = min(len(a), len(b))
    alike = similarity if a[:3] == b[:3] else similarity - OTHER_START
    return alike if shorter > 3 and alike >= (LEAST_LIKENESS if shorter > 5 else SHORT_LIKENESS) else 0.0


@dataclass(frozen=True, slots=True)
class Wordbook:
    """Folded words, the tokens each is found under, and how often it is in use under each."""

    words: Strings
    tokens: Lists
    #: Beside ``tokens``; the only thing that changes, and only downwards.
    uses: npt.NDArray[np.int32]
    #: Pieces of three letters, in order, and the words that have them.
    thirds: npt.NDArray[np.uint16]
    holders: Lists
    _near: dict[str, tuple[tuple[int, str, float], ...]] = field(default_factory=dict, compare=False)

    @classmethod
    def of(cls, spoken: Iterable[tuple[str, int, int]]) -> Wordbook:
        """Make a wordbook of (word, number of its token, how often)."""
        rows = list(spoken)
        words, numbers = Strings.of([word for word, _, _ in rows])
        return _wordbook(
            words,
            numbers,
            np.array([token for _, token, _ in rows], np.int64),
            np.array([count for _, _, count in rows], np.int32),
        )

    @classmethod
    def merge(cls, books: Sequence[Wordbook], renumbered: Sequence[npt.NDArray[np.int64]]) -> Wordbook:
        """Return one wordbook of several; ``renumbered`` gives each book's tokens their new numbers."""
        words, places = Strings.merge([book.words for book in books])
        numbers, tokens, uses = [], [], []
        for book, new_words, new_tokens in zip(books, places, renumbered, strict=True):
            keep = book.uses > 0
            numbers.append(np.repeat(new_words, np.diff(book.tokens.starts))[keep])
            tokens.append(new_tokens[book.tokens.values][keep])
            uses.append(book.uses[keep])
        all_numbers = np.concatenate(numbers)
        in_use = np.zeros(len(words), np.bool_)
        in_use[all_numbers] = True
        kept, again = words.keep(in_use)
        return _wordbook(kept, again[all_numbers], np.concatenate(tokens), np.concatenate(uses))

    def forget(self, spoken: Iterable[tuple[str, str]], token_numbers: Strings) -> None:
        """Take back one use of each (word, token); what is not there is passed over."""
        for word, token in spoken:
            first, last = self._range(self.words.find(word))
            own = np.flatnonzero(self.tokens.values[first:last] == token_numbers.find(token))
            self.uses[first + own[:1]] -= 1

    def __contains__(self, word: str) -> bool:
        return self.count(self.words.find(word)) > 0

    def count(self, number: int) -> int:
        """Return how often a word is in use; number -1 is no word."""
        first, last = self._range(number)
        return int(self.uses[first:last].sum())

    def tokens_of(self, word: str) -> list[int]:
        """Return the numbers of the tokens that a word is in use under."""
        first, last = self._range(self.words.find(word))
        own = self.tokens.values[first:last][self.uses[first:last] > 0]
        return [int(one) for one in own]

    def similar(self, word: str) -> list[tuple[str, float]]:
        """Return the words in use that this one may mean, with their likeness, in no order."""
        if word not in self._near:
            if len(self._near) >= _REMEMBERED:
                self._near.clear()
            self._near[word] = tuple(self._alike(word))
        return [(other, alike) for number, other, alike in self._near[word] if self.count(number) > 0]

    def beginning(self, start: str) -> list[tuple[str, int]]:
        """Return the words in use that begin as typed, with their counts, in no order."""
        third = zlib.crc32(f" {start}"[:3].encode()) & 0xFFFF
        found = [(int(number), self.words.text(int(number))) for number in self._holders(third)]
        counted = [
            (word, self.count(number)) for number, word in found if word.startswith(start) and word != start
        ]
        return [(word, count) for word, count in counted if count > 0]

    def _alike(self, word: str) -> list[tuple[int, str, float]]:
        own = _thirds(word)
        held = [self._holders(third) for third in own]
        hits = np.bincount(np.concatenate(held), minlength=1) if held else np.zeros(1, np.int64)
        numbers = np.flatnonzero(hits >= max(1, int(_SHARED * len(own))))
        others = [self.words.text(int(number)) for number in numbers]
        if not others:
            return []
        near = process.cdist(
            [word], others, scorer=Indel.normalized_similarity, score_cutoff=LEAST_LIKENESS, dtype=np.float64
        )[0]
        found = [
            (int(numbers[n]), others[n], related(float(near[n]), word, others[n]))
            for n in np.flatnonzero(near)
        ]
        return [one for one in found if one[2] > 0 and one[1] != word]

    def _holders(self, third: int) -> npt.NDArray[np.int32]:
        at = int(np.searchsorted(self.thirds, third))
        if at == len(self.thirds) or self.thirds[at] != third:
            return np.empty(0, np.int32)
        return self.holders.get(at)

    def _range(self, number: int) -> tuple[int, int]:
        if number < 0:
            return 0, 0
        return int(self.tokens.starts[number]), int(self.tokens.starts[number + 1])


def _wordbook(
    words: Strings,
    numbers: npt.NDArray[np.int64],
    tokens: npt.NDArray[np.int64],
    uses: npt.NDArray[np.int32],
) -> Wordbook:
    """Add up uses of the same word under the same token, and list the pieces of the words."""
    order = np.lexsort((tokens, numbers))
    numbers, tokens, uses = numbers[order], tokens[order], uses[order]
    new = np.ones(len(numbers), np.bool_)
    new[1:] = (numbers[1:] != numbers[:-1]) | (tokens[1:] != tokens[:-1])
    firsts = np.flatnonzero(new)
    added = np.add.reduceat(uses, firsts).astype(np.int32) if len(firsts) else uses
    starts = np.searchsorted(numbers[firsts], np.arange(len(words) + 1))
    pairs = [(third, n) for n in range(len(words)) for third in _thirds(words.text(n))]
    thirds, holders = _group(
        np.array([t for t, _ in pairs], np.uint16), np.array([n for _, n in pairs], np.int32)
    )
    return Wordbook(words, Lists(starts, tokens[firsts].astype(np.int32)), added, thirds, holders)


def _group(
    keys: npt.NDArray[np.uint16], values: npt.NDArray[np.int32]
) -> tuple[npt.NDArray[np.uint16], Lists]:
    order = np.lexsort((values, keys))
    different, firsts = np.unique(keys[order], return_index=True)
    return different, Lists(np.append(firsts, len(keys)).astype(np.int64), values[order])
