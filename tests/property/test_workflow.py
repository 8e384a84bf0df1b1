"""Walks through the life cycle: whatever people try, in whatever order, the law holds."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from rqf.errors import NotAllowed, WrongState
from rqf.rules.terms import MappingStatus, MappingStep, Role
from rqf.rules.workflow import DECISIONS, EDITABLE, OPEN, STEPS, WAITING, advance

ATTEMPTS = st.lists(st.tuples(st.sampled_from(MappingStep), st.sampled_from(Role)), max_size=30)
#: Where a walk ends for good.
ENDS = {MappingStatus.REJECTED, MappingStatus.WITHDRAWN, MappingStatus.SUPERSEDED}


def walk(attempts) -> list[tuple[MappingStatus, MappingStep, Role, MappingStatus]]:
    """Return the steps that were allowed, starting from a draft."""
    at, taken = MappingStatus.DRAFT, []
    for step, role in attempts:
        try:
            target = advance(at, step, role)
        except (NotAllowed, WrongState):
            continue
        taken.append((at, step, role, target))
        at = target
    return taken


@given(ATTEMPTS)
def test_nothing_is_endorsed_without_an_officer_submitting_and_a_reviewer_deciding(attempts):
    taken = walk(attempts)
    for place, (_, _, role, target) in enumerate(taken):
        if target == MappingStatus.ENDORSED:
            before = [(step, who) for _, step, who, _ in taken[:place]]
            assert (MappingStep.SUBMIT, Role.OFFICER) in before
            assert role == Role.REVIEWER


@given(ATTEMPTS)
def test_text_can_only_be_changed_while_it_does_not_wait_for_a_decision(attempts):
    for at, step, _, target in walk(attempts):
        if step in DECISIONS:
            assert at in WAITING
            assert at not in EDITABLE
        if target in EDITABLE:
            assert target in OPEN


@given(ATTEMPTS)
def test_an_end_is_an_end(attempts):
    assert [step for at, step, _, _ in walk(attempts) if at in ENDS] == []


@given(ATTEMPTS)
def test_a_decided_mapping_is_only_ever_superseded(attempts):
    for at, step, _, _ in walk(attempts):
        if at == MappingStatus.ENDORSED:
            assert step == MappingStep.SUPERSEDE


def test_every_status_can_be_reached_from_a_draft():
    reached = {MappingStatus.DRAFT}
    while True:
        more = {rule.target for (status, _), rule in STEPS.items() if status in reached} - reached
        if not more:
            break
        reached |= more
    assert reached == set(MappingStatus)
