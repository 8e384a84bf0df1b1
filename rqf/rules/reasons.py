"""The reason of a judgement: what is too short to explain anything, and what cannot be kept."""

from __future__ import annotations

from rqf.errors import N_, Invalid, message
from rqf.rules.texts import strange_sign, tidy

#: Shorter than this is no reason: "ok" explains nothing to the country that asked.
SHORTEST_REASON = 10
LONGEST_REASON = 10_000


def checked_reason(reason: str) -> str:
    """Return the reason as it is kept.

    :raises Invalid: it is missing, too short or too long.
    """
    said = tidy(reason)
    strange = strange_sign(said)
    if strange:
        wrong = message(
            N_("The text contains a control character (%(sign)s) that cannot be kept."), sign=strange
        )
    elif len(said) < SHORTEST_REASON:
        wrong = message(
            N_("Give the reason in at least %(shortest)s characters: it stays beside the decision."),
            shortest=SHORTEST_REASON,
        )
    elif len(said) > LONGEST_REASON:
        wrong = message(
            N_("The text has %(n)s characters; at most %(longest)s are accepted."),
            n=len(said), longest=LONGEST_REASON,
        )  # fmt: skip
    else:
        return said
    raise Invalid({"reason": [wrong]})
