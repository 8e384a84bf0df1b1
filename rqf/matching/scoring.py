"""What a match is worth and why: the fixed sum, its bands, and the test for duplicates."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rqf.matching.text import Normalised

if TYPE_CHECKING:
    from rqf.matching.candidates import Document, Index

#: Saved beside every suggestion, so that a stored score can be read years later.
METHOD_VERSION = "lexical-1"

#: Duplicates in one country: above SAME it is taken for the same record, above LOOK a person should look.
SAME = 90.0
LOOK = 75.0


@dataclass(frozen=True, slots=True)
class Matched:
    """A word of the query, the word it met, and how: word, stem, synonym, typo or code."""

    query_word: str
    document_word: str
    how: str


@dataclass(frozen=True, slots=True)
class Candidate:
    """A record found, its score from 0 to 100, and everything that explains the score."""

    id: int
    score: float
    band: str
    features: Mapping[str, float]
    matched: tuple[Matched, ...] = ()
    missing: tuple[str, ...] = ()
    guards_differ: tuple[str, ...] = ()


def score_titles(a: Normalised, b: Normalised, weigh: Callable[[str], float] | None = None) -> Candidate:
    """Compare two titles without an index (the candidate's id is 0)."""
    raise NotImplementedError


def duplicates(document: Document, index: Index, limit: int = 10) -> list[Candidate]:
    """Return the records of the same country that may be the same, best first, none below LOOK."""
    raise NotImplementedError
