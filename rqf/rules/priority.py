"""How much a decision on a proposal would help: the order of the reviewers' queue.

    priority = (1/4 + 3/4 · uncertainty) · (1 + log2(1 + demand)) · (1 + log2(1 + followers))

* uncertainty, 0 to 1: how close the two best suggested levels are; 1 when there was no advice.
* demand: how often the record was looked up lately; 0 while look-ups are not counted.
* followers: records of other countries that still lack a level and would have this one as a precedent.

The logarithms let the tenth look-up count less than the first, so that no factor drowns the others.
"""

from __future__ import annotations

from collections.abc import Mapping
from math import log2
from typing import Any

#: Two suggested levels whose scores are this far apart (of 100) leave no doubt.
CLEAR_LEAD = 30.0
#: The least doubt when the outcomes and the referencing point to different levels.
CONFLICT = 0.8
#: More followers than this are not counted: the logarithm would hardly notice.
MOST_FOLLOWERS = 500


def uncertainty(suggestion: Mapping[str, Any] | None) -> float:
    """Return how doubtful a stored advice is, 0 (one level leads clearly) to 1 (no advice)."""
    if not suggestion or suggestion.get("abstained"):
        return 1.0
    levels = suggestion.get("suggestions") or ()
    scores = sorted((float(one.get("score") or 0) for one in levels), reverse=True)
    if not scores:
        return 1.0
    lead = scores[0] - scores[1] if len(scores) > 1 else scores[0]
    doubt = 1.0 - min(max(lead, 0.0), CLEAR_LEAD) / CLEAR_LEAD
    return max(doubt, CONFLICT) if suggestion.get("conflict") else doubt


def priority(doubt: float, demand: int, followers: int) -> float:
    """Return how much a decision would help; higher comes first."""
    return (0.25 + 0.75 * doubt) * (1 + log2(1 + demand)) * (1 + log2(1 + followers))
