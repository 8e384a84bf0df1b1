"""For whom an equivalence counts: it is bilateral when both sides endorsed it, regional when enough did."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from rqf.rules.terms import Reach


def reach(sides: Collection[str], words: Mapping[str, bool], quorum: int | None) -> Reach:
    """Return how far an equivalence reaches.

    ``sides`` are the codes of the two countries it is about, ``words`` maps the code of a country to whether
    its reviewer endorsed. ``quorum`` is how many countries make it regional, the two sides included; None
    when the region has not agreed on a number. No number of others can stand in for a side.
    """
    if not all(words.get(country) for country in sides):
        return Reach.OPEN
    if quorum is not None and sum(words.values()) >= quorum:
        return Reach.REGIONAL
    return Reach.BILATERAL


def refused(sides: Collection[str], words: Mapping[str, bool]) -> bool:
    """Tell whether a side has refused, so that it can no longer become bilateral."""
    return any(words.get(country) is False for country in sides)
