"""What contradicts what: equivalences that do not close, levels that drift. Plain values, no database."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import permutations

#: So many levels between the nearer ends of two ranges are a contradiction; one is the width of a judgement.
APART = 2


@dataclass(frozen=True, order=True)
class Edge:
    """A standing equivalence between two versions, for a purpose; ``same`` when it was decided as full."""

    id: int
    one: int
    other: int
    purpose: str
    same: bool


def triangles(edges: Iterable[Edge]) -> Iterator[tuple[Edge, Edge, Edge]]:
    """Give A≡B, B≡C and the decision that A and C are not: once for each three versions and purpose.

    Two versions count as equivalent when one direction was decided as full, whichever. The decision against
    it found less than full; it comes last, and is the oldest of several.
    """
    same: dict[str, dict[int, dict[int, Edge]]] = {}
    against: dict[tuple[str, int, int], Edge] = {}
    for edge in sorted(edges):
        if edge.same:
            friends = same.setdefault(edge.purpose, {})
            friends.setdefault(edge.one, {}).setdefault(edge.other, edge)
            friends.setdefault(edge.other, {}).setdefault(edge.one, edge)
        else:
            against.setdefault((edge.purpose, min(edge.one, edge.other), max(edge.one, edge.other)), edge)
    told = set()
    for (purpose, a, c), edge in against.items():
        friends = same.get(purpose, {})
        for b in sorted(friends.get(a, {}).keys() & friends.get(c, {}).keys()):
            corners = purpose, *sorted((a, b, c))
            if corners not in told:
                told.add(corners)
                yield friends[a][b], friends[b][c], edge


def drifting(spans: Mapping[str, tuple[int, int]]) -> tuple[str, str] | None:
    """Return the two countries whose levels for a title are furthest apart, or None if near enough.

    ``spans`` is country -> (lowest upper end, highest lower end); the lower country comes first.
    """
    pairs = permutations(sorted(spans), 2)
    gaps = [(spans[high][1] - spans[low][0], low, high) for low, high in pairs]
    gap, low, high = max(gaps, key=lambda one: one[0], default=(0, "", ""))
    return (low, high) if gap >= APART else None
