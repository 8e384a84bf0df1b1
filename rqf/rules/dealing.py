"""Dealing the qualifications of a round out to its reviewers: evenly, and never to a country's own."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Dealer:
    """A reviewer who can be dealt work: the countries they work for, and how much they hold already."""

    id: int
    countries: frozenset[str]
    load: int = 0


@dataclass(frozen=True)
class Card:
    """A qualification to be dealt: how many more reviewers it needs, and who is out of the question."""

    id: int
    country: str
    needed: int
    barred: frozenset[int] = frozenset()
    #: Countries of those who hold it already: another view is better than the same one twice.
    held_by: frozenset[str] = frozenset()


def deal(cards: Iterable[Card], dealers: Iterable[Dealer]) -> list[tuple[int, int]]:
    """Return (card, dealer) pairs: each card gets up to ``needed`` reviewers, all distinct.

    One of a country that does not hold the card yet comes first, then who holds least, then the lower id: the
    same round is dealt the same way twice. A card that nobody may hold stays in the pool.
    """
    people = list(dealers)
    load: dict[int, int] = {one.id: one.load for one in people}
    dealt: list[tuple[int, int]] = []
    for card in cards:
        seen, barred = set(card.held_by), set(card.barred)
        for _ in range(card.needed):
            chosen = _next(card, people, load, seen, barred)
            if chosen is None:
                break
            dealt.append((card.id, chosen.id))
            load[chosen.id] += 1
            barred.add(chosen.id)
            seen |= chosen.countries
    return dealt


def _next(
    card: Card, people: list[Dealer], load: Mapping[int, int], seen: set[str], barred: set[int]
) -> Dealer | None:
    able = [one for one in people if card.country not in one.countries and one.id not in barred]
    return min(able, key=lambda one: (bool(one.countries & seen), load[one.id], one.id), default=None)
