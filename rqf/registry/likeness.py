"""Which of a few texts are nearest to what was typed: for choosing from lists, not for judging likeness."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from typing import TypeVar
from unicodedata import combining, normalize

from rapidfuzz import fuzz

Key = TypeVar("Key", bound=Hashable)

#: Weakest likeness, of 100, that is still offered.
_WEAKEST = 65


def nearest(query: str, texts: Iterable[tuple[Key, str]], limit: int) -> list[Key]:
    """Return the keys of the texts that read most like ``query``, the nearest first."""
    wanted = plain(query)
    if not wanted:
        return []
    scored = [(_likeness(wanted, plain(text)), place, key) for place, (key, text) in enumerate(texts)]
    near = sorted((one for one in scored if one[0] >= _WEAKEST), key=lambda one: (-one[0], one[1]))
    return [key for _, _, key in near[:limit]]


def plain(text: str) -> str:
    """Return ``text`` in lower case, without accents and doubled spaces."""
    stripped = "".join(sign for sign in normalize("NFKD", text) if not combining(sign))
    return " ".join(stripped.casefold().split())


def _likeness(wanted: str, text: str) -> float:
    # Words may stand in any order and need not be whole; a phrase found as it is counts most.
    return max(
        fuzz.token_set_ratio(wanted, text),
        fuzz.token_sort_ratio(wanted, text),
        0.9 * fuzz.partial_ratio(wanted, text),
    )
