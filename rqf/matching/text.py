"""Titles and outcomes as comparable words: folded, split, stemmed, with numbers and categories apart."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Normalised:
    """A text in comparable form; ``words[i]`` is what the text says where it has ``stems[i]``."""

    raw: str
    folded: str
    words: tuple[str, ...]
    stems: tuple[str, ...]
    guards: tuple[str, ...]
    plain: tuple[str, ...] = ()


@dataclass(frozen=True)
class Synonyms:
    """Groups of terms that mean one thing; each term becomes the group's concept."""

    terms: Mapping[tuple[str, ...], str] = field(default_factory=dict)

    @classmethod
    def from_groups(cls, groups: Iterable[Iterable[str]], language: str = "es") -> Synonyms:
        """Make synonyms from groups of terms, of one or several words each."""
        raise NotImplementedError


NO_SYNONYMS = Synonyms()


def normalise(text: str, language: str = "es", synonyms: Synonyms = NO_SYNONYMS) -> Normalised:
    """Return a text in comparable form."""
    raise NotImplementedError
