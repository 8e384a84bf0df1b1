"""What a way over several decisions supports: never more than any of them, never "the same"."""

from __future__ import annotations

from itertools import product

from rqf.rules.derived import Hop, worth
from rqf.rules.terms import Conclusion, Relation

ALL = [Hop(conclusion, forward) for conclusion in Conclusion for forward in (True, False)]


def test_only_full_decisions_read_forwards_say_close_and_a_refusal_ends_the_way():
    for hops in product(ALL, repeat=2):
        said = worth(hops)
        if any(one.conclusion in (Conclusion.NONE, Conclusion.UNDETERMINED) for one in hops):
            assert said is None
        elif all(one == Hop(Conclusion.FULL, True) for one in hops):
            assert said == Relation.CLOSE
        else:
            assert said == Relation.RELATED
