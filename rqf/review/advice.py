"""The advice that a proposal started from, read as it was stored with it, whatever parts it has."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class Agreement(StrEnum):
    """How a proposed range stands to the suggested one."""

    SAME = "same"
    OVERLAPS = "overlaps"
    HIGHER = "higher"
    LOWER = "lower"


@dataclass(frozen=True)
class Evidence:
    """The closest descriptor of a domain at a level, with the words it shares with the outcomes."""

    domain: str
    text: str
    score: float | None
    words: tuple[str, ...]


@dataclass(frozen=True)
class SuggestedLevel:
    """A level, its score (0-100), and the evidence by domain."""

    level: int
    score: float
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True)
class Precedent:
    """A similar record whose level had been endorsed when the advice was given."""

    title: str
    country: str
    low: int
    high: int
    endorsed_by: tuple[str, ...]
    score: float | None
    uuid: str | None


@dataclass(frozen=True)
class Advice:
    """What was suggested when the proposal was written; ``low`` is None when nothing was advised."""

    levels: tuple[SuggestedLevel, ...] = ()
    low: int | None = None
    high: int | None = None
    abstained: bool = False
    conflict: bool = False
    reasons: tuple[str, ...] = ()
    precedents: tuple[Precedent, ...] = ()
    #: The regional range that the national level is referenced to, and its best fit.
    referenced: tuple[int, int] | None = None
    best: int | None = None
    method: str | None = None

    def agreement(self, low: int, high: int) -> Agreement | None:
        """Return how the range ``low`` to ``high`` stands to the advice; None when there was none."""
        if self.low is None or self.high is None:
            return None
        if (low, high) == (self.low, self.high):
            return Agreement.SAME
        if low > self.high:
            return Agreement.HIGHER
        return Agreement.LOWER if high < self.low else Agreement.OVERLAPS


def stored_advice(suggestion: Mapping[str, Any] | None) -> Advice:
    """Return the advice stored with a mapping; without one, an advice that says nothing."""
    if not suggestion:
        return Advice()
    levels = tuple(_level(one) for one in suggestion.get("suggestions") or ())
    abstained = bool(suggestion.get("abstained"))
    referencing = suggestion.get("referencing") or {}
    low, high = (None, None) if abstained else _range(suggestion.get("range"), levels)
    return Advice(
        levels=levels,
        low=low,
        high=high,
        abstained=abstained,
        conflict=bool(suggestion.get("conflict")),
        reasons=tuple(suggestion.get("reason") or ()),
        precedents=tuple(_precedent(one) for one in suggestion.get("precedents") or ()),
        referenced=_pair(
            suggestion.get("national_range") or (referencing.get("low"), referencing.get("high"))
        ),
        best=suggestion.get("national_best") or referencing.get("best"),
        method=suggestion.get("method_version") or suggestion.get("method"),
    )


def _range(said: Any, levels: tuple[SuggestedLevel, ...]) -> tuple[int | None, int | None]:
    pair = _pair(said)
    if pair:
        return pair
    return (levels[0].level, levels[0].level) if levels else (None, None)


def _pair(said: Any) -> tuple[int, int] | None:
    return (int(said[0]), int(said[1])) if said and None not in said else None


def _level(said: Mapping[str, Any]) -> SuggestedLevel:
    return SuggestedLevel(
        level=int(said["level"]),
        score=float(said.get("score") or 0),
        evidence=tuple(_evidence(one) for one in said.get("evidence") or ()),
    )


def _evidence(said: Mapping[str, Any]) -> Evidence:
    return Evidence(
        domain=said.get("domain") or "",
        text=said.get("descriptor_text") or said.get("text") or "",
        score=said.get("score"),
        words=tuple(said.get("words") or ()),
    )


def _precedent(said: Mapping[str, Any]) -> Precedent:
    low = int(said.get("low") or 0)
    return Precedent(
        title=said.get("title") or "",
        country=said.get("country") or "",
        low=low,
        high=int(said.get("high") or low),
        endorsed_by=tuple(said.get("endorsed_by") or ()),
        score=said.get("score"),
        uuid=said.get("uuid"),
    )
