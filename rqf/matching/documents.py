"""A record as the index sees it, and which records a search may find."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from rqf.matching.strings import digest
from rqf.matching.text import Normalised, Synonyms, fold, normalise

#: Term frequency saturates (K1) and long titles weigh their words less (B). The usual length of a title
#: is fixed, so that a record's likeness never changes because unrelated records came or went.
K1 = 1.2
B = 0.75
USUAL_LENGTH = 5.0
#: A word of the awarding body, an occupation or a unit title says less than a word of the title.
WEAKER_FIELD = 0.3


@dataclass(frozen=True, slots=True)
class Document:
    """What the index knows of a record; ``titles`` are (language, text), the authoritative one first."""

    id: int
    titles: tuple[tuple[str, str], ...]
    code: str | None
    country: str
    kind: str
    sector: str | None = None
    level: int | None = None
    status: str = "published"
    other: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Filters:
    """Which records may be found; None means any."""

    countries: frozenset[str] | None = None
    kinds: frozenset[str] | None = None
    sectors: frozenset[str] | None = None
    levels: frozenset[int] | None = None
    statuses: frozenset[str] | None = None
    exclude: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Line:
    """A title ready to be compared: words as written, folded, their stems, and the guards."""

    words: tuple[str, ...]
    faces: tuple[str, ...]
    stems: tuple[str, ...]
    guards: tuple[str, ...]

    @classmethod
    def of(cls, text: Normalised) -> Line:
        """Keep of a normalised title what comparing needs."""
        return cls(text.words, tuple(fold(word) for word in text.words), text.stems, text.guards)

    @property
    def pairs(self) -> list[tuple[str, str]]:
        """Return each word, without case and accents, with its stem."""
        return list(zip(self.faces, self.stems, strict=True))

    @property
    def key(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """What two titles that say the same have in common, whatever their order, case or accents."""
        return tuple(sorted(self.faces)), tuple(sorted(self.guards))


@dataclass(frozen=True, slots=True)
class Entry:
    """A document with everything that putting it into the index needs."""

    document: Document
    lines: tuple[Line, ...]
    impacts: dict[str, float]
    marks: tuple[int, ...]
    spoken: tuple[tuple[str, str], ...]
    #: What its first title means, if there is an encoder.
    vector: npt.NDArray[np.int8] | None = None


def prepare(document: Document, synonyms: Synonyms) -> Entry:
    """Normalise a document once, when it is put."""
    texts = [normalise(text, language, synonyms) for language, text in document.titles]
    lines = tuple(Line.of(text) for text in texts)
    impacts: dict[str, float] = {}
    for text in texts:
        for token, count in _counted(text).items():
            impacts[token] = max(impacts.get(token, 0.0), impact(count, len(text.plain)))
    language = document.titles[0][0] if document.titles else "es"
    others = [normalise(text, language, synonyms) for text in document.other]
    for text in others:
        for token in _counted(text):
            impacts.setdefault(token, WEAKER_FIELD)
    marks = {mark(line) for line in lines}
    if document.code:
        marks |= {mark_code(code) for code in _codes(document.code)}
    spoken = tuple(pair for text in (*texts, *others) for pair in spoken_words(text))
    return Entry(document, lines, impacts, tuple(sorted(marks)), spoken)


def impact(count: int, length: int) -> float:
    """Return what a word said ``count`` times is worth in a title of ``length`` words (BM25)."""
    return count * (K1 + 1.0) / (count + K1 * (1.0 - B + B * length / USUAL_LENGTH))


def spoken_words(text: Normalised) -> Iterator[tuple[str, str]]:
    """Yield each word as written with the token it is found under: its concept if it has one."""
    plain = iter(text.plain)
    for term, stem in zip(text.words, text.stems, strict=True):
        parts = fold(term).split()
        for part in parts:
            own = next(plain, stem)
            yield part, stem if len(parts) == 1 else own


def _counted(text: Normalised) -> dict[str, int]:
    counts: dict[str, int] = {}
    for stem in text.stems:
        counts[stem] = counts.get(stem, 0) + 1
    for stem in text.plain:
        counts.setdefault(stem, 1)
    for stem in text.twins:
        if stem in counts:
            counts[stem] += 1
    for guard in text.guards:
        counts["#" + guard.split()[-1]] = 1
    return counts


def _codes(code: str) -> set[str]:
    """Return a code and what stands before its last full stop: EC0586.01 is asked for as EC0586 too."""
    return {code, code.rpartition(".")[0] or code}


def mark(line: Line) -> int:
    """Return a number that titles saying the same share."""
    return digest(repr(line.key))


def mark_code(code: str) -> int:
    """Return a number for a code, whatever its case, spaces and hyphens."""
    return digest("code " + "".join(sign for sign in fold(code) if sign.isalnum()))
