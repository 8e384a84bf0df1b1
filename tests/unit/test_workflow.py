"""The life cycle of a level mapping, step by step."""

from __future__ import annotations

import itertools

import pytest

from rqf.errors import NotAllowed, WrongState
from rqf.rules import workflow
from rqf.rules.terms import MappingStatus, MappingStep, Reopening, Role
from rqf.rules.workflow import LIFE_CYCLES, REOPENINGS, advance, check_four_eyes, check_reopening

#: Every life cycle with every pair of a status and a step.
TRIES = [
    (steps, status, step)
    for steps in LIFE_CYCLES.values()
    for status, step in itertools.product(MappingStatus, MappingStep)
]
LEGAL = [(steps, key, rule) for steps in LIFE_CYCLES.values() for key, rule in steps.items()]


@pytest.mark.parametrize(("steps", "key", "rule"), LEGAL)
def test_a_legal_step_leads_where_the_table_says(steps, key, rule):
    assert advance(*key, rule.role, steps) == rule.target


@pytest.mark.parametrize(("steps", "status", "step"), [one for one in TRIES if one[1:] not in one[0]])
def test_every_other_step_is_refused_whoever_takes_it(steps, status, step):
    for role in Role:
        with pytest.raises(WrongState):
            advance(status, step, role, steps)


@pytest.mark.parametrize(("steps", "key", "rule"), LEGAL)
def test_a_step_belongs_to_one_role(steps, key, rule):
    for role in set(Role) - {rule.role}:
        with pytest.raises(NotAllowed):
            advance(*key, role, steps)


@pytest.mark.parametrize(("status", "how"), list(itertools.product(MappingStatus, Reopening)))
def test_only_what_the_table_lists_is_reopened_and_only_by_its_role(status, how):
    rule = REOPENINGS.get((status, how))
    for role in Role:
        if rule and role == rule.role:
            check_reopening(status, how, role)
        else:
            with pytest.raises(NotAllowed if rule else WrongState):
                check_reopening(status, how, role)


def test_only_reviewers_decide_and_every_decision_needs_a_reason():
    for steps in LIFE_CYCLES.values():
        for (_, step), rule in steps.items():
            if step in workflow.DECISIONS:
                assert (rule.role, rule.reason_required) == (Role.REVIEWER, True)


def test_nobody_decides_on_what_they_proposed():
    with pytest.raises(NotAllowed, match="yourself"):
        check_four_eyes(1, {"PE"}, 1, "CL")


@pytest.mark.parametrize("countries", [{"CL"}, {"CL", "PE"}])
def test_nobody_decides_for_their_own_country(countries):
    with pytest.raises(NotAllowed, match=r"own country \(CL\)"):
        check_four_eyes(2, countries, 1, "CL")


@pytest.mark.parametrize("countries", [{"PE"}, {"PE", "CO"}, set()])
def test_a_reviewer_of_another_country_may_decide(countries):
    check_four_eyes(2, countries, 1, "CL")
