"""A score taken apart for the reader: what each signal gave of what it could, and what would change it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rqf.errors import N_, Message, message
from rqf.matching.scoring import GUARD_POINTS, weights

#: Signals that a word of the query gains when the title tells it.
_TOLD = ("bm25", "coverage")
#: Fewer points than this change nothing that a reader would notice.
_NOTICED = 3.0


@dataclass(frozen=True, slots=True)
class Points:
    """What a signal gave: its value (0-100), the most it could give, and the points that it gave or took."""

    signal: str
    value: float
    most: float
    points: float


def tally(features: Mapping[str, float]) -> tuple[Points, ...]:
    """Return the parts of a score; their points add up to it, and to 100 when it is exact.

    A sum below 0 or above 99.9 is cut there, so that only an exact match has 100.
    """
    if features["exact"] >= 100.0:
        return (Points("exact", 100.0, 100.0, 100.0),)
    parts = [
        Points(name, features[name], round(100.0 * share, 1), round(share * features[name], 2))
        for name, share in weights("meaning" in features).items()
    ]
    if features["guard"] > 0:
        taken = -round(GUARD_POINTS * features["guard"] / 100.0, 2)
        parts.append(Points("guard", features["guard"], 0.0, taken))
    return tuple(parts)


def would_change(
    features: Mapping[str, float], missing: Sequence[str], guards_differ: Sequence[str]
) -> Message | None:
    """Return what would raise the score most: a number that contradicts, words not told, words not asked."""
    if features["exact"] >= 100.0:
        return None
    shares = weights("meaning" in features)
    taken = GUARD_POINTS * features["guard"] / 100.0
    untold = sum(shares[name] * (100.0 - features[name]) for name in _TOLD) if missing else 0.0
    unasked = shares["focus"] * (100.0 - features["focus"])
    most = max(taken, untold, unasked)
    if most < _NOTICED:
        return None
    if most == taken:
        return message(
            N_("%(points)s points are taken because numbers or categories differ: %(guards)s."),
            points=round(taken), guards=", ".join(guards_differ),
        )  # fmt: skip
    if most == untold:
        return message(
            N_("It would gain up to %(points)s points if the record also said: %(words)s."),
            points=round(untold), words=", ".join(missing),
        )  # fmt: skip
    return message(
        N_("It would gain up to %(points)s points if the title said nothing beyond what was asked."),
        points=round(unasked),
    )  # fmt: skip
