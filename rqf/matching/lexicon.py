"""The words of all titles: finds the ones a misspelt, unfinished or related word may mean."""

from __future__ import annotations

from collections import Counter
from functools import lru_cache

import numpy as np
from rapidfuzz import process
from rapidfuzz.distance import Indel

from rqf.matching.postings import Postings, build

#: A related word must share this much of its letters.
LEAST_LIKENESS = 0.75
#: Words of five letters or fewer must share more: "carga" is not "carta".
SHORT_LIKENESS = 0.85
#: What is taken from words that begin otherwise.
OTHER_START = 0.1
#: A word typed to its end by nobody yet is completed by at most so many words.
COMPLETIONS = 24
VARIANTS = 12
_TAIL = 512


@lru_cache(maxsize=100_000)
def grams(word: str) -> frozenset[str]:
    """Return the two- to four-letter pieces of a word and its borders."""
    bordered = f" {word} "
    return frozenset(
        bordered[at : at + size] for size in (2, 3, 4) for at in range(max(1, len(bordered) - size + 1))
    )


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


class Lexicon:
    """Counts the words in use; forgetting a word is as if it had never been there."""

    def __init__(self) -> None:
        self._counts: Counter[str] = Counter()
        self._tokens: dict[str, Counter[str]] = {}
        self._words: list[str] = []
        self._known = 0
        self._grams: Postings = build([])

    def add(self, word: str, token: str) -> None:
        """Note one use of a folded word and the token it is found under."""
        if word not in self._tokens:
            self._tokens[word] = Counter()
            self._words.append(word)
        self._counts[word] += 1
        self._tokens[word][token] += 1

    def remove(self, word: str, token: str) -> None:
        """Take back one use."""
        self._counts[word] -= 1
        self._tokens[word][token] -= 1

    def __contains__(self, word: str) -> bool:
        return self._counts[word] > 0 if word in self._counts else False

    def tokens(self, word: str) -> list[str]:
        """Return the tokens a word is found under, in a fixed order."""
        return sorted(token for token, count in self._tokens.get(word, Counter()).items() if count > 0)

    def similar(self, word: str) -> list[tuple[str, float]]:
        """Return the words in use that this one may mean, with their likeness, best first."""
        if len(word) < 4:
            return []
        found = []
        for other in self._near(word):
            if other != word and self._counts[other] > 0:
                alike = likeness(word, other)
                if alike > 0:
                    found.append((other, alike))
        found.sort(key=lambda pair: (-pair[1], pair[0]))
        return found[:VARIANTS]

    def completions(self, start: str) -> list[str]:
        """Return the most used words that begin as typed."""
        self._refresh()
        if len(start) < 2:
            return []
        key = f" {start}"[:4]
        held = self._grams.get(key)
        words = [self._words[slot] for slot in held[0]] if held else []
        words += self._words[self._known :]
        found = [
            word for word in words if word.startswith(start) and self._counts[word] > 0 and word != start
        ]
        found.sort(key=lambda word: (-self._counts[word], word))
        return found[:COMPLETIONS]

    def _near(self, word: str) -> list[str]:
        self._refresh()
        hits = np.zeros(self._known, np.int32)
        wanted = grams(word)
        for gram in wanted:
            held = self._grams.get(gram)
            if held is not None:
                hits[held[0]] += 1
        near = [self._words[slot] for slot in np.flatnonzero(hits >= max(3, len(wanted) // 4))]
        tail = self._words[self._known :]
        for other, _, _ in process.extract(
            word, tail, scorer=Indel.normalized_similarity, score_cutoff=LEAST_LIKENESS, limit=None
        ):
            near.append(other)
        return near

    def _refresh(self) -> None:
        """Put new words into the postings once they are many."""
        if len(self._words) - self._known > max(_TAIL, self._known // 4):
            words = list(self._words)
            self._grams = build(dict.fromkeys(grams(word), 1.0) for word in words)
            self._known = len(words)
