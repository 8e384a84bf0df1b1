"""The life cycles of what people decide: one table of legal steps for each, and the law around them.

docs/workflow.md holds these tables as text; a test fails when it is stale.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from rqf.errors import N_, NotAllowed, WrongState
from rqf.rules.terms import Judgement, MappingStatus, MappingStep, Reopening, Role


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

#: Unit alignments are small and many: nobody opens a review of one. One that stood can be taken back.
ALIGNMENT_STEPS: dict[tuple[MappingStatus, MappingStep], Rule] = {
    **{key: rule for key, rule in STEPS.items() if _S.IN_REVIEW not in (key[0], rule.target)},
    (_S.ENDORSED, _T.WITHDRAW): Rule(_R.REVIEWER, _S.WITHDRAWN, reason_required=True),
}
#: An equivalence binds two countries, so ending one needs a reason as well.
EQUIVALENCE_STEPS: dict[tuple[MappingStatus, MappingStep], Rule] = {
    **STEPS,
    (_S.ENDORSED, _T.WITHDRAW): Rule(_R.REVIEWER, _S.WITHDRAWN, reason_required=True),
    (_S.ENDORSED, _T.SUPERSEDE): Rule(_R.REVIEWER, _S.SUPERSEDED, reason_required=True),
}
#: What is decided -> its table of steps.
LIFE_CYCLES = {
    Judgement.LEVEL_MAPPING: STEPS,
    Judgement.UNIT_ALIGNMENT: ALIGNMENT_STEPS,
    Judgement.EQUIVALENCE: EQUIVALENCE_STEPS,
}
#: (status, reopening) -> who may start a new record that points at the old one; the old one stays as it is.
REOPENINGS: dict[tuple[MappingStatus, Reopening], Rule] = {
    (_S.REJECTED, Reopening.APPEAL): Rule(_R.OFFICER, _S.DRAFT, reason_required=True),
    (_S.ENDORSED, Reopening.REVISION): Rule(_R.OFFICER, _S.DRAFT),
    (_S.WITHDRAWN, Reopening.REVISION): Rule(_R.OFFICER, _S.DRAFT),
    (_S.REJECTED, Reopening.REVISION): Rule(_R.OFFICER, _S.DRAFT),
}

#: A mapping in one of these states is somebody's work; a version has at most one such mapping.
OPEN = frozenset({_S.DRAFT, _S.SUBMITTED, _S.IN_REVIEW, _S.RETURNED})
#: A mapping in one of these states waits for a reviewer.
WAITING = frozenset({_S.SUBMITTED, _S.IN_REVIEW})
#: The steps that decide on a proposal. Opening a review only says that somebody is at it.
DECISIONS = (_T.ENDORSE, _T.RETURN, _T.REJECT)
#: How far apart the ends of a range of levels may be: a wider one says nothing.
WIDEST = 2
#: The text of a proposal may be changed only in these states.
EDITABLE = frozenset({_S.DRAFT, _S.RETURNED})


def advance(
    status: MappingStatus,
    step: MappingStep,
    role: Role,
    steps: dict[tuple[MappingStatus, MappingStep], Rule] = STEPS,
) -> MappingStatus:
    """Return the status that ``step`` leads to in the life cycle ``steps``.

    :raises WrongState: the step is not legal in this status.
    :raises NotAllowed: the step belongs to another role.
    """
    rule = steps.get((status, step))
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


def check_reopening(status: MappingStatus, how: Reopening, role: Role) -> None:
    """Refuse to start a new record from one in ``status`` where the table does not say so.

    :raises WrongState: nothing in this status can be reopened like this.
    :raises NotAllowed: it belongs to another role.
    """
    rule = REOPENINGS.get((status, how))
    if rule is None:
        raise WrongState(N_("A level mapping that is %(status)s cannot be appealed against."), status=status)
    if role != rule.role:
        raise NotAllowed(N_("Only the role %(role)s may appeal."), role=rule.role)


def table(kind: Judgement) -> str:
    """Return the life cycle of ``kind`` as a table in Markdown, one row a step."""
    lines = ["| state | step | role | reason | leads to |", "|---|---|---|---|---|"]
    for (status, step), rule in LIFE_CYCLES[kind].items():
        lines.append(_row(status, step, rule, str(rule.target)))
    for (status, how), rule in REOPENINGS.items():
        lines.append(_row(status, how, rule, f"{status}; a new {rule.target} points at it"))
    return "\n".join(lines)


def _row(status: MappingStatus, step: str, rule: Rule, target: str) -> str:
    return f"| {status} | {step} | {rule.role} | {'required' if rule.reason_required else '–'} | {target} |"


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
