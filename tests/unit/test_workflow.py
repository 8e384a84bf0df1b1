"""The life cycle of a level mapping, step by step."""

from __future__ import annotations

import itertools

import pytest

from rqf.errors import NotAllowed, WrongState
from rqf.rules import workflow
from rqf.rules.terms import MappingStatus, MappingStep, Role
from rqf.rules.workflow import STEPS, advance, check_four_eyes

PAIRS = list(itertools.product(MappingStatus, MappingStep))


@pytest.mark.parametrize(("key", "rule"), STEPS.items())
def test_a_legal_step_leads_where_the_table_says(key, rule):
    assert advance(*key, rule.role) == rule.target


@pytest.mark.parametrize(("status", "step"), [pair for pair in PAIRS if pair not in STEPS])
def test_every_other_step_is_refused_whoever_takes_it(status, step):
    for role in Role:
        with pytest.raises(WrongState):
            advance(status, step, role)


@pytest.mark.parametrize(("key", "rule"), STEPS.items())
def test_a_step_belongs_to_one_role(key, rule):
    for role in set(Role) - {rule.role}:
        with pytest.raises(NotAllowed):
            advance(*key, role)


def test_only_reviewers_decide_and_every_decision_needs_a_reason():
    for status, step in itertools.product(workflow.WAITING, workflow.DECISIONS):
        rule = STEPS[status, step]
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
