"""The queue and the case: what a reviewer is shown, and with how many questions to the database."""

from __future__ import annotations

from contextlib import contextmanager
from datetime import timedelta

import pytest
from sqlalchemy import event

from rqf import review
from rqf.models import DescriptorDomain, Placement
from rqf.models.tables import now
from rqf.review import Agreement
from rqf.rules.terms import MappingStatus, OutcomeDomain, Role
from tests import factories

SUGGESTION = {
    "method_version": "1",
    "suggestions": [
        {
            "level": 5,
            "score": 82.5,
            "parts": {"referencing": 60},
            "evidence": [{"domain": "skills", "text": "Diagnoses faults.", "score": 71, "words": ["faults"]}],
        },
        {"level": 4, "score": 61},
    ],
    "range": [4, 5],
    "abstained": False,
    "conflict": True,
    "reason": ["text_reads_higher"],
    "precedents": [
        {"title": "Mantenimiento", "country": "PE", "low": 5, "high": 5, "endorsed_by": ["Rosa (CL)"],
         "score": 88, "uuid": "abc"},
    ],
    "referencing": {"low": 4, "high": 5, "best": 5},
}  # fmt: skip


@pytest.fixture
def officer(session):
    return factories.make_account(session)


@pytest.fixture
def reviewer(session):
    return factories.make_actor(session, Role.REVIEWER, "PE")


def waiting(session, officer, title="Mantenimiento", days=0, country="CL", **overrides):
    version = factories.make_qualification(
        session, title, country=country, **{k: overrides.pop(k) for k in ("sector_code",) if k in overrides}
    )
    fields = {"submitted_at": now() - timedelta(days=days), **overrides}
    return factories.make_mapping(session, version, officer, **fields)


@contextmanager
def counted(session):
    statements = []

    def note(connection, cursor, statement, *rest):
        statements.append(statement)

    engine = session.get_bind()
    event.listen(engine, "before_cursor_execute", note)
    yield statements
    event.remove(engine, "before_cursor_execute", note)


def titles(page) -> list[str]:
    return [entry.version.title for entry in page.items]


def test_the_oldest_proposal_comes_first_with_its_age(session, officer, reviewer):
    for title, days in (("Segunda", 3), ("Tercera", 1), ("Primera", 12)):
        waiting(session, officer, title, days)
    page = review.queue(session, reviewer)
    assert titles(page) == ["Primera", "Segunda", "Tercera"]
    assert [entry.age for entry in page.items] == [12, 3, 1]
    assert review.next_case(session, reviewer).id == page.items[0].mapping.id


def test_only_what_waits_and_what_may_be_decided_is_shown(session, officer, reviewer):
    for status in MappingStatus:
        waiting(session, officer, status.value, status=status)
    waiting(session, factories.make_account(session, country="PE"), "propia", country="PE")
    waiting(session, reviewer.account, "mía", country="CO")
    assert sorted(titles(review.queue(session, reviewer))) == ["in_review", "submitted"]


def test_the_queue_is_filtered_by_country_and_sector(session, officer, reviewer):
    waiting(session, officer, "Minera")
    waiting(session, officer, "Eléctrica", sector_code="electricity")
    waiting(session, officer, "Colombiana", country="CO")
    assert titles(review.queue(session, reviewer, country="CO")) == ["Colombiana"]
    assert titles(review.queue(session, reviewer, sector="electricity")) == ["Eléctrica"]
    assert titles(review.queue(session, reviewer, country="CO", sector="electricity")) == []
    assert titles(review.queue(session, reviewer, country="ZZ\x00")) == []
    counts = review.waiting(session, reviewer)
    assert counts.countries == {"CL": 2, "CO": 1}
    assert counts.sectors == {"electricity": 1, "mining": 2}
    assert counts.sector_titles["mining"]["en"] == "Mining"


def test_pages_are_whole_and_a_page_beyond_the_end_is_the_last(session, officer, reviewer):
    for number in range(5):
        waiting(session, officer, f"Número {number}", days=10 - number)
    pages = [review.queue(session, reviewer, page=number, per_page=2) for number in (1, 2, 3, 99, -1)]
    assert [titles(page) for page in pages] == [
        ["Número 0", "Número 1"],
        ["Número 2", "Número 3"],
        ["Número 4"],
        ["Número 4"],
        ["Número 0", "Número 1"],
    ]
    assert (pages[0].total, pages[0].pages) == (5, 3)


def test_an_empty_queue_is_an_empty_page(session, reviewer):
    page = review.queue(session, reviewer)
    assert (page.items, page.total, page.pages) == ((), 0, 1)
    assert review.next_case(session, reviewer) is None


def test_a_longer_queue_asks_no_more_questions(session, officer, reviewer):
    def asked() -> int:
        session.commit()
        session.expunge_all()
        with counted(session) as statements:
            for entry in review.queue(session, reviewer).items:
                assert entry.version.qualification.country_code
                assert entry.version.sector.titles
                assert entry.version.title
        return len(statements)

    waiting(session, officer, suggestion=SUGGESTION)
    few = asked()
    for number in range(20):
        waiting(session, officer, f"Número {number}", suggestion=SUGGESTION)
    assert asked() == few <= 3


@pytest.mark.parametrize(
    ("low", "high", "agreement"),
    [
        (4, 5, Agreement.SAME),
        (5, 5, Agreement.OVERLAPS),
        (5, 6, Agreement.OVERLAPS),
        (6, 7, Agreement.HIGHER),
        (2, 3, Agreement.LOWER),
    ],
)
def test_the_queue_says_how_proposal_and_suggestion_stand(session, officer, reviewer, low, high, agreement):
    waiting(session, officer, low=low, high=high, suggestion=SUGGESTION)
    (entry,) = review.queue(session, reviewer).items
    assert (entry.advice.low, entry.advice.high, entry.agreement) == (4, 5, agreement)


@pytest.mark.parametrize("suggestion", [None, {}, {**SUGGESTION, "abstained": True}, {"suggestions": []}])
def test_without_advice_there_is_nothing_to_agree_with(session, officer, reviewer, suggestion):
    waiting(session, officer, suggestion=suggestion)
    (entry,) = review.queue(session, reviewer).items
    assert (entry.advice.low, entry.agreement) == (None, None)


def test_without_a_range_the_first_suggestion_is_what_was_advised(session, officer, reviewer):
    waiting(session, officer, suggestion={"suggestions": [{"level": 6}, {"level": 5}], "range": None})
    (entry,) = review.queue(session, reviewer).items
    assert (entry.advice.low, entry.advice.high) == (6, 6)


def test_stored_advice_is_read_whole():
    advice = review.stored_advice(SUGGESTION)
    assert [(one.level, one.score) for one in advice.levels] == [(5, 82.5), (4, 61)]
    assert advice.levels[0].evidence[0].words == ("faults",)
    assert (advice.referenced, advice.best, advice.conflict) == ((4, 5), 5, True)
    assert advice.precedents[0].endorsed_by == ("Rosa (CL)",)
    assert advice.reasons == ("text_reads_higher",)


def test_the_case_has_all_that_a_decision_rests_on(session, officer, reviewer):
    version = factories.make_qualification(
        session, outcomes=(("skills", "Diagnostica fallas."), ("knowledge", "Explica la hidráulica."))
    )
    mapping = factories.make_mapping(session, version, officer, low=4, high=5, suggestion=SUGGESTION)
    domain = session.query(DescriptorDomain).filter_by(code="skills", edition_id=mapping.edition_id).one()
    mapping.placements = [Placement(domain=domain, level=5, evidence="Diagnostica.")]
    session.commit()
    session.expunge_all()
    with counted(session) as statements:
        case = review.case(session, reviewer, mapping.uuid)
        assert case.refusal is None
        assert [level.number for level in case.neighbours] == [3, 4, 5, 6]
        assert {len(level.descriptors) for level in case.neighbours} == {3}
        assert case.neighbours[0].descriptors[0].domain.code
        assert list(case.outcomes) == [OutcomeDomain.KNOWLEDGE, OutcomeDomain.SKILLS]
        assert case.outcomes[OutcomeDomain.SKILLS][0].text == "Diagnostica fallas."
        assert [(one.domain.code, one.level) for one in case.mapping.placements] == [("skills", 5)]
        assert case.advice.precedents[0].title == "Mantenimiento"
        assert case.mapping.author.name == officer.name
        assert (case.earlier, case.opened_by) == ([], None)
    assert len(statements) <= 12


def test_the_lowest_and_highest_levels_have_neighbours_on_one_side(session, officer, reviewer):
    low = waiting(session, officer, "Baja", low=1)
    high = waiting(session, officer, "Alta", low=8)
    assert [one.number for one in review.case(session, reviewer, low.uuid).neighbours] == [1, 2]
    assert [one.number for one in review.case(session, reviewer, high.uuid).neighbours] == [7, 8]


def test_the_case_says_why_it_cannot_be_decided(session, officer):
    mapping = waiting(session, officer)
    own = factories.make_actor(session, Role.REVIEWER, "CL")
    assert "own country" in str(review.case(session, own, mapping.uuid).refusal)
    other = factories.make_actor(session, Role.REVIEWER, "CO")
    mapping.status = MappingStatus.REJECTED
    session.flush()
    assert "rejected" in str(review.case(session, other, mapping.uuid).refusal)
