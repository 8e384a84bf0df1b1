"""Which of a few texts are nearest to what was typed: for choosing from lists, not for judging likeness."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from typing import TypeVar
from unicodedata import combining, normalize

from rapidfuzz import fuzz

Key = TypeVar("Key", bound=Hashable)

#: Weakest likeness, of 100, that is still offered.
_WEAKEST = 75


def nearest(query: str, texts: Iterable[tuple[Key, str]], limit: int) -> list[Key]:
    """Return the keys of the texts that read most like ``query``, the nearest first."""
    wanted = plain(query)
    if not wanted:
        return []
    read = [(key, place, plain(text)) for place, (key, text) in enumerate(texts)]
    # Misspellings are guessed at only where nothing holds the words: "mineros" is not "cocineros".
    holding = [
        (fuzz.token_sort_ratio(wanted, text), place, key) for key, place, text in read if _holds(text, wanted)
    ]
    scored = holding or [(_likeness(wanted, text), place, key) for key, place, text in read]
    near = sorted((one for one in scored if holding or one[0] >= _WEAKEST), key=lambda one: (-one[0], one[1]))
    return [key for _, _, key in near[:limit]]


def _holds(text: str, wanted: str) -> bool:
    """Tell whether every word begins a word of ``text``, endings of gender and number aside."""
    words = text.replace("-", " ").split()
    beginnings = [word[: max(4, len(word) - 2)] for word in wanted.split()]
    return all(any(word.startswith(beginning) for word in words) for beginning in beginnings)


def plain(text: str) -> str:
    """Return ``text`` in lower case, without accents and doubled spaces."""
    stripped = "".join(sign for sign in normalize("NFKD", text) if not combining(sign))
    return " ".join(stripped.casefold().split())


def _likeness(wanted: str, text: str) -> float:
    # Word by word, in any order: a long label that holds a word misspelt still counts.
    words = text.split() or [""]
    asked = wanted.split()
    return sum(max(fuzz.ratio(one, word) for word in words) for one in asked) / len(asked)
