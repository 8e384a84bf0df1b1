"""What people judged of two lists of outcomes, and where that leaves nothing to suggest."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

Id = int | str


@dataclass(frozen=True, slots=True)
class Places:
    """What was judged, by row and column: the pairs with their verdicts, and where nothing is suggested."""

    pairs: dict[tuple[int, int], str]
    closed: list[tuple[int | slice, int | slice]]


@dataclass(frozen=True, slots=True)
class Judged:
    """(id of a, id of b) of the pairs that are the same, share a part, or were refused.

    ``alone`` are ids of outcomes without a counterpart. The program suggests nothing for those, and nothing
    more for an outcome that is matched.
    """

    same: frozenset[tuple[Id, Id]] = frozenset()
    part: frozenset[tuple[Id, Id]] = frozenset()
    refused: frozenset[tuple[Id, Id]] = frozenset()
    alone: frozenset[Id] = frozenset()

    def turned(self) -> Judged:
        """Return the same with the lists the other way round."""
        same, part, refused = (
            frozenset((b, a) for a, b in pairs) for pairs in (self.same, self.part, self.refused)
        )
        return Judged(same, part, refused, self.alone)

    def places(self, a: Sequence[Id], b: Sequence[Id]) -> Places:
        """Return it by the places of the outcomes in two lists of ids; what is in neither is left out."""
        rows, columns = ({id: n for n, id in enumerate(ids)} for ids in (a, b))

        def known(pairs: frozenset[tuple[Id, Id]]) -> list[tuple[int, int]]:
            found = ((rows.get(one), columns.get(other)) for one, other in pairs)
            return sorted((row, column) for row, column in found if row is not None and column is not None)

        same, part = known(self.same), known(self.part)
        every = slice(None)
        closed: list[tuple[int | slice, int | slice]] = [*part, *known(self.refused)]
        closed += [(row, every) for row, _ in same] + [(every, column) for _, column in same]
        closed += [(rows[one], every) for one in self.alone if one in rows]
        closed += [(every, columns[one]) for one in self.alone if one in columns]
        return Places(dict.fromkeys(part, "partial") | dict.fromkeys(same, "match"), closed)


NOTHING_JUDGED = Judged()
