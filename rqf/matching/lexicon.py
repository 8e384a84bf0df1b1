"""The words of a whole index, read from the wordbooks of its segments."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from rqf.matching.segments import Segment

#: A word that nobody has typed to its end is completed by at most so many words.
COMPLETIONS = 24
VARIANTS = 12


class Lexicon:
    """Answers for all segments together, so that nothing depends on how records are spread over them."""

    def __init__(self, segments: Sequence[Segment]) -> None:
        self._segments = segments

    def __contains__(self, word: str) -> bool:
        return any(word in segment.words for segment in self._segments)

    def tokens(self, word: str) -> list[str]:
        """Return the tokens a word is found under, in a fixed order."""
        found = {
            segment.tokens.text(token)
            for segment in self._segments
            for token in segment.words.tokens_of(word)
        }
        return sorted(found)

    def similar(self, word: str) -> list[tuple[str, float]]:
        """Return the words in use that this one may mean, with their likeness, best first."""
        if len(word) < 4:
            return []
        found = {pair for segment in self._segments for pair in segment.words.similar(word)}
        return sorted(found, key=lambda pair: (-pair[1], pair[0]))[:VARIANTS]

    def completions(self, start: str) -> list[str]:
        """Return the most used words that begin as typed."""
        if len(start) < 2:
            return []
        counts: Counter[str] = Counter()
        for segment in self._segments:
            counts.update(dict(segment.words.beginning(start)))
        return sorted(counts, key=lambda word: (-counts[word], word))[:COMPLETIONS]
