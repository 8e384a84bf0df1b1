"""What follows from decisions without being one: at most "nearly the same", whatever they said."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rqf.rules.terms import Conclusion, Relation


@dataclass(frozen=True)
class Hop:
    """A decided equivalence on the way; ``forward`` when the decision reads in the direction of the way."""

    conclusion: Conclusion
    forward: bool


def worth(hops: Sequence[Hop]) -> Relation | None:
    """Return what a way over several decisions supports, or None where one of them refuses it.

    Equivalence is not transitive: small differences add up, and nobody compared the two ends. So a way of
    full decisions says *close*, never *exact*; one that is partial, conditional or read backwards *related*.
    """
    if any(one.conclusion in (Conclusion.NONE, Conclusion.UNDETERMINED) for one in hops):
        return None
    sound = all(one.conclusion == Conclusion.FULL and one.forward for one in hops)
    return Relation.CLOSE if sound else Relation.RELATED
