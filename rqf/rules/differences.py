"""What changed between two texts, word by word, and between two lists, member by member."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

from rapidfuzz import fuzz

#: Words, single signs, and the space between them.
_TOKENS = re.compile(r"\w+|[^\w\s]|\s+")
#: Texts less alike than this (of 100) are one removed and one added, and not one that changed.
_ALIKE = 55


class Kind(StrEnum):
    """What happened to a part of a text, or to a member of a list."""

    SAME = "same"
    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"


@dataclass(frozen=True)
class Piece:
    """A stretch of text that both have, or only the later (added) or the earlier one (removed)."""

    kind: Kind
    text: str


def word_by_word(before: str, after: str) -> tuple[Piece, ...]:
    """Return the pieces of two texts in reading order, what was removed before what took its place.

    The pieces that are not added make ``before``, those that are not removed make ``after``.
    """
    pieces: list[Piece] = []
    for same, was, became in _stretches(before, after):
        if same:
            pieces.append(Piece(Kind.SAME, was))
            continue
        pieces += [Piece(Kind.REMOVED, was)] if was else []
        pieces += [Piece(Kind.ADDED, became)] if became else []
    return tuple(pieces)


def _stretches(before: str, after: str) -> list[tuple[bool, str, str]]:
    old, new = _TOKENS.findall(before), _TOKENS.findall(after)
    found: list[tuple[bool, str, str]] = []
    # Space is never what two texts have in common; of long texts, neither are the most frequent words.
    for how, a, b, c, d in SequenceMatcher(str.isspace, old, new).get_opcodes():
        was, became = "".join(old[a:b]), "".join(new[c:d])
        # A blank between two changed words belongs to the change: people read phrases, not words.
        same = how == "equal" and not was.isspace()
        if found and not same and not found[-1][0]:
            _, earlier, later = found.pop()
            was, became = earlier + was, later + became
        found.append((same, was, became))
    return found


def pair(before: Sequence[str], after: Sequence[str]) -> list[tuple[int | None, int | None]]:
    """Return which members of two lists are the same one, as places: (earlier, later).

    Equal texts belong together, then the most alike. A member without partner stands alone. The pairs follow
    the later list; what was removed stands where it stood.
    """
    partner = _equal(before, after)
    used = set(partner.values())
    likely = [
        (fuzz.ratio(was, became, score_cutoff=_ALIKE), i, j)
        for i, was in enumerate(before)
        if i not in used
        for j, became in enumerate(after)
        if j not in partner
    ]
    for score, i, j in sorted(likely, key=lambda one: (-one[0], one[1], one[2])):
        if score and i not in used and j not in partner:
            partner[j] = i
            used.add(i)
    return woven(partner, len(before), len(after))


def _equal(before: Sequence[str], after: Sequence[str]) -> dict[int, int]:
    places: dict[str, list[int]] = defaultdict(list)
    for place, text in enumerate(before):
        places[text].append(place)
    return {place: places[text].pop(0) for place, text in enumerate(after) if places[text]}


def woven(partner: dict[int, int], before: int, after: int) -> list[tuple[int | None, int | None]]:
    """Return all places of two lists in one: ``partner`` says which later place is which earlier one."""
    rows: list[tuple[int | None, int | None]] = [(partner.get(place), place) for place in range(after)]
    for removed in sorted(set(range(before)) - set(partner.values())):
        stood_after = next((n for n, (was, _) in enumerate(rows) if was == removed - 1), -1)
        rows.insert(stood_after + 1, (removed, None))
    return rows


def in_order(places: Sequence[int]) -> bool:
    """Tell whether places only go up."""
    return all(one < next_ for one, next_ in zip(places, places[1:], strict=False))
