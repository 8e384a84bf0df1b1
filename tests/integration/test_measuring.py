"""Agreement and reliability from what was decided: who placed what where, by whom, and what was suggested."""

from __future__ import annotations

import pytest

from rqf import review
from rqf.errors import NotAllowed
from rqf.models import LevelMapping
from rqf.rules.agreement import alpha, kappa
from rqf.rules.terms import MappingStatus, MappingStep, Role
from tests import factories

WHY = "The outcomes plan and supervise."


@pytest.fixture
def officer(session):
    return factories.make_account(session, name="Antonia")


@pytest.fixture
def reviewer(session):
    return factories.make_actor(session, Role.REVIEWER, "PE")


@pytest.fixture
def judge(session, officer, reviewer):
    """``judge(3, 5)`` has level 3 returned and level 5 endorsed; ``judge(3)`` has it endorsed at once."""

    def decide(*levels, suggested=None, score=None, step=MappingStep.ENDORSE, **overrides):
        version = factories.make_qualification(session, f"Título {levels}", level=None, **overrides)
        mapping = factories.make_mapping(
            session, version, officer, low=levels[0], suggested_low=suggested, suggested_high=suggested,
            suggested_score=score,
        )  # fmt: skip
        for level in levels[1:]:
            review.decide(session, reviewer, mapping.uuid, MappingStep.RETURN, WHY, mapping.revision)
            mapping.low = mapping.high = level
            mapping.status = MappingStatus.SUBMITTED
            session.flush()
        review.decide(session, reviewer, mapping.uuid, step, WHY, mapping.revision)
        return mapping

    return decide


def test_the_level_first_judged_meets_the_level_endorsed(session, judge, officer, reviewer):
    judge(3, 4, 5)
    judge(4, sector_code="electricity")
    judge(6, step=MappingStep.REJECT)
    rows = [(one.rater, one.level, one.sector) for one in review.ratings(session)]
    assert rows == [
        (officer.id, 3.0, "mining"), (reviewer.id, 5.0, "mining"),
        (officer.id, 4.0, "electricity"), (reviewer.id, 4.0, "electricity"),
    ]  # fmt: skip


def test_a_range_counts_as_its_middle(session, judge):
    mapping = judge(4)
    session.get(LevelMapping, mapping.id)
    assert {one.level for one in review.ratings(session)} == {4.0}
    version = factories.make_qualification(session, "Otra", level=None)
    wide = factories.make_mapping(session, version, mapping.author, low=4, high=5)
    actor = factories.make_actor(session, Role.REVIEWER, "CO")
    review.decide(session, actor, wide.uuid, MappingStep.ENDORSE, WHY, wide.revision)
    assert {one.level for one in review.ratings(session)} == {4.0, 4.5}


def test_figures_are_those_of_the_rules_by_country_and_sector(session, judge, reviewer):
    for levels in ((3,), (3, 4), (5,), (6, 5), (4,)):
        judge(*levels)
    judge(2, country="CO", sector_code="electricity")
    report = review.measure_agreement(session, reviewer)
    seen = {(3.0, 3.0): 1, (3.0, 4.0): 1, (5.0, 5.0): 1, (6.0, 5.0): 1, (4.0, 4.0): 1}
    (chile, colombia) = report.countries[::-1] if report.countries[0].name == "CO" else report.countries
    assert (chile.name, chile.quadratic, chile.alpha) == ("CL", kappa(seen), alpha(seen))
    assert (colombia.name, colombia.alpha.cases, colombia.alpha.value) == ("CO", 1, None)
    assert [one.name for one in report.sectors] == ["electricity", "mining"]
    assert report.overall.alpha.cases == 6
    assert dict(report.confusion) == {**seen, (2.0, 2.0): 1}
    assert report.sector_titles["mining"]["en"] == "Mining"


def test_pairs_of_people_are_for_the_secretariat_alone_and_by_name(session, judge, reviewer):
    judge(3)
    judge(3, 4)
    other = factories.make_account(session, name="Zoe")
    version = factories.make_qualification(session, "Otra", level=None)
    mapping = factories.make_mapping(session, version, other, low=5)
    review.decide(session, reviewer, mapping.uuid, MappingStep.ENDORSE, WHY, mapping.revision)
    assert review.measure_agreement(session, reviewer).pairs == []
    secretariat = factories.make_actor(session, Role.SECRETARIAT)
    pairs = review.measure_agreement(session, secretariat).pairs
    assert [(one.name, one.alpha.cases) for one in pairs] == sorted(
        [
            (" · ".join(sorted(("Antonia", reviewer.account.name))), 2),
            (" · ".join(sorted(("Zoe", reviewer.account.name))), 1),
        ]
    )
    with pytest.raises(NotAllowed):
        review.measure_agreement(session, factories.make_actor(session))


def test_suggestions_are_measured_by_what_became_of_them(session, judge, reviewer):
    for _ in range(3):
        judge(5, suggested=5, score=84)
    judge(4, suggested=5, score=84)
    judge(5, suggested=5, score=84, step=MappingStep.REJECT)
    judge(3)
    report = review.measure_agreement(session, reviewer)
    (band,) = [one for one in report.bands if one.share.cases]
    assert (band.low, band.high, band.share.cases, band.share.value) == (80, 89, 5, 0.6)
    assert dict(report.suggested) == {(5.0, 5.0): 3, (5.0, 4.0): 1}
    assert report.threshold is None


def test_enough_suggestions_endorsed_as_they_were_support_a_threshold(session, judge, officer, reviewer):
    for number in range(40):
        version = factories.make_qualification(session, f"Título {number}", level=None)
        factories.make_mapping(
            session, version, officer, low=5, status=MappingStatus.ENDORSED,
            suggested_low=5, suggested_high=5, suggested_score=91,
        )  # fmt: skip
    found = review.measure_agreement(session, reviewer).threshold
    assert (found.low, found.share.cases) == (91, 40)


def test_without_decisions_there_are_no_figures(session, reviewer):
    report = review.measure_agreement(session, reviewer)
    assert report.overall.quadratic.value is None
    assert (report.countries, dict(report.confusion), report.threshold) == ([], {}, None)
