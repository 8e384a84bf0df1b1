"""The life cycle of a level mapping: one table of legal steps, and the law around it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from rqf.errors import N_, NotAllowed, WrongState
from rqf.rules.terms import MappingStatus, MappingStep, Role


@dataclass(frozen=True)
class Rule:
    """Who may take a step, where it leads, and whether a reason has to be given."""

    role: Role
    target: MappingStatus
    reason_required: bool = False


_S, _T, _R = MappingStatus, MappingStep, Role

#: (status, step) -> the rule. What is not in the table is not legal.
STEPS: dict[tuple[MappingStatus, MappingStep], Rule] = {
    (_S.DRAFT, _T.SUBMIT): Rule(_R.OFFICER, _S.SUBMITTED),
    (_S.RETURNED, _T.SUBMIT): Rule(_R.OFFICER, _S.SUBMITTED),
    (_S.DRAFT, _T.WITHDRAW): Rule(_R.OFFICER, _S.WITHDRAWN),
    (_S.SUBMITTED, _T.WITHDRAW): Rule(_R.OFFICER, _S.WITHDRAWN),
    (_S.RETURNED, _T.WITHDRAW): Rule(_R.OFFICER, _S.WITHDRAWN),
    (_S.SUBMITTED, _T.OPEN): Rule(_R.REVIEWER, _S.IN_REVIEW),
    (_S.SUBMITTED, _T.ENDORSE): Rule(_R.REVIEWER, _S.ENDORSED, reason_required=True),
    (_S.SUBMITTED, _T.RETURN): Rule(_R.REVIEWER, _S.RETURNED, reason_required=True),
    (_S.SUBMITTED, _T.REJECT): Rule(_R.REVIEWER, _S.REJECTED, reason_required=True),
    (_S.IN_REVIEW, _T.ENDORSE): Rule(_R.REVIEWER, _S.ENDORSED, reason_required=True),
    (_S.IN_REVIEW, _T.RETURN): Rule(_R.REVIEWER, _S.RETURNED, reason_required=True),
    (_S.IN_REVIEW, _T.REJECT): Rule(_R.REVIEWER, _S.REJECTED, reason_required=True),
    (_S.ENDORSED, _T.SUPERSEDE): Rule(_R.REVIEWER, _S.SUPERSEDED),
}

#: A mapping in one of these states is somebody's work; a version has at most one such mapping.
OPEN = frozenset({_S.DRAFT, _S.SUBMITTED, _S.IN_REVIEW, _S.RETURNED})
#: A mapping in one of these states waits for a reviewer.
WAITING = frozenset({_S.SUBMITTED, _S.IN_REVIEW})
#: The steps that decide on a proposal. Opening a review only says that somebody is at it.
DECISIONS = (_T.ENDORSE, _T.RETURN, _T.REJECT)
#: The text of a proposal may be changed only in these states.
EDITABLE = frozenset({_S.DRAFT, _S.RETURNED})


def advance(status: MappingStatus, step: MappingStep, role: Role) -> MappingStatus:
    """Return the status that ``step`` leads to.

    :raises WrongState: the step is not legal in this status.
    :raises NotAllowed: the step belongs to another role.
    """
    rule = STEPS.get((status, step))
    if rule is None:
        raise WrongState(
            N_("A level mapping that is %(status)s cannot take the step “%(step)s”."),
            status=status,
            step=step,
        )
    if role != rule.role:
        raise NotAllowed(
            N_("Only the role %(role)s may take the step “%(step)s”."), role=rule.role, step=step
        )
    return rule.target


def check_four_eyes(actor_id: int, actor_countries: Collection[str], author_id: int, country: str) -> None:
    """Refuse a decision on one's own proposal or on that of a country one works for, in whatever role.

    :raises NotAllowed: always with the reason.
    """
    if actor_id == author_id:
        raise NotAllowed(N_("You proposed this level yourself. Somebody else has to decide on it."))
    if country in actor_countries:
        raise NotAllowed(
            N_(
                "This proposal is from your own country (%(country)s). A reviewer of another country decides."
            ),
            country=country,
        )
