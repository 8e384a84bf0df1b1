"""Two lists of learning outcomes side by side: what is matched, partly matched, missing, extra."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rqf.matching.text import NO_SYNONYMS, Synonyms


@dataclass(frozen=True, slots=True)
class Outcome:
    """A learning outcome as it is compared."""

    id: int | str
    text: str
    domain: str | None = None
    language: str = "es"


@dataclass(frozen=True, slots=True)
class Pair:
    """Two outcomes that say the same ("match") or share a part ("partial"), with the words they share."""

    a: int | str
    b: int | str
    score: float
    verdict: str
    matched_words: tuple[str, ...] = ()
    matched_words_b: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Alignment:
    """``missing`` are ids of b that a lacks, ``extra`` ids of a that b does not ask for."""

    pairs: tuple[Pair, ...]
    partial: tuple[Pair, ...]
    missing: tuple[int | str, ...]
    extra: tuple[int | str, ...]
    coverage_a_of_b: float
    coverage_b_of_a: float


def align(a: Sequence[Outcome], b: Sequence[Outcome], synonyms: Synonyms = NO_SYNONYMS) -> Alignment:
    """Pair the outcomes of two lists so that the sum of their likeness is greatest."""
    raise NotImplementedError
