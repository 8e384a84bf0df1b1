"""Proposing a level: what is refused, what is kept, where it goes."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from rqf import registry
from rqf.errors import Changed, Invalid, NotFound, WrongState
from rqf.matching.scoring import METHOD_VERSION
from rqf.models import AuditEntry
from rqf.rules.terms import MappingStatus, VersionStatus
from tests import factories

WHY = "Plans maintenance and supervises others: level 5."
PLACED = {"knowledge": (5, "Explains causes."), "skills": (4, ""), "application": (5, "Supervises.")}


@pytest.fixture
def officer(session):
    return factories.make_actor(session)


@pytest.fixture
def version(session):
    found = factories.make_qualification(
        session,
        outcomes=(("skills", "Diagnostica fallas de equipos mineros."),),
        status=VersionStatus.DRAFT,
    )
    session.commit()
    return found


def proposed(session, officer, version, low=5, high=5, rationale=WHY, placements=PLACED, revision=None):
    uuid = version.qualification.uuid
    return registry.propose(session, officer, uuid, low, high, rationale, placements, revision)


def complaints(session, officer, version, **said) -> dict[str, str]:
    with pytest.raises(Invalid) as refused:
        proposed(session, officer, version, **said)
    return {name: str(texts[0]) for name, texts in refused.value.fields.items()}


def test_a_proposal_keeps_range_rationale_placements_and_the_advice_it_started_from(
    session, officer, version
):
    mapping = proposed(session, officer, version, 4, 5)
    session.expire_all()
    assert (mapping.low, mapping.high, mapping.status) == (4, 5, MappingStatus.DRAFT)
    assert {one.domain.code: (one.level, one.evidence) for one in mapping.placements} == {
        "knowledge": (5, "Explains causes."),
        "skills": (4, None),
        "application": (5, "Supervises."),
    }
    assert mapping.suggestion["method_version"] == METHOD_VERSION
    assert mapping.suggestion["national_range"] == [4, 5]
    assert mapping.suggestion["suggestions"][0]["evidence"]


def test_a_proposal_is_audited_with_before_and_after(session, officer, version):
    proposed(session, officer, version)
    proposed(session, officer, version, low=4, high=4)
    first, second = session.scalars(select(AuditEntry).order_by(AuditEntry.id)).all()
    assert first.details["before"] is None
    assert (second.details["before"]["low"], second.details["after"]["low"]) == (5, 4)


@pytest.mark.parametrize(
    ("said", "field", "words"),
    [
        ({"low": 0, "high": 1}, "low", "0 is not a regional level"),
        ({"low": 8, "high": 9}, "high", "There are the levels 1 to 8"),
        ({"low": 5, "high": 4}, "high", "The highest level, 4, is below the lowest, 5."),
        ({"low": 2, "high": 5}, "high", "The range 2 to 5 is too wide"),
        ({"rationale": "x" * 10_001}, "rationale", "10001 characters; at most 10000"),
        ({"placements": {"charm": (4, "")}}, "placements.charm", "“charm” is not a descriptor domain"),
        ({"placements": {"skills": (12, "")}}, "placements.skills.level", "12 is not a regional level"),
        ({"placements": {"skills": (4, "\x07")}}, "placements.skills.evidence", "U+0007"),
    ],
)
def test_wrong_proposals_are_refused(session, officer, version, said, field, words):
    assert words in complaints(session, officer, version, **said)[field]


def test_a_second_proposal_changes_the_open_one(session, officer, version):
    first = proposed(session, officer, version)
    seen = first.revision
    second = proposed(session, officer, version, placements={}, revision=seen)
    assert second.id == first.id
    assert second.placements == []
    assert second.revision > seen


def test_the_second_of_two_people_saving_a_proposal_is_told(session, officer, version):
    seen = proposed(session, officer, version).revision
    proposed(session, officer, version, rationale="Other", revision=seen)
    with pytest.raises(Changed):
        proposed(session, officer, version, rationale="Third", revision=seen)


def test_submitting_publishes_the_draft_that_reviewers_will_judge(session, officer, version):
    mapping = proposed(session, officer, version)
    registry.submit(session, officer, mapping.uuid, mapping.revision)
    assert mapping.status == MappingStatus.SUBMITTED
    assert mapping.submitted_at is not None
    assert version.status == VersionStatus.PUBLISHED
    actions = set(session.scalars(select(AuditEntry.action)))
    assert actions == {"mapping.propose", "qualification.publish", "mapping.submit"}


def test_submitting_needs_a_rationale(session, officer, version):
    mapping = proposed(session, officer, version, rationale="  ")
    with pytest.raises(Invalid) as refused:
        registry.submit(session, officer, mapping.uuid)
    assert list(refused.value.fields) == ["rationale"]
    assert version.status == VersionStatus.DRAFT


def test_submitting_twice_is_refused(session, officer, version):
    mapping = proposed(session, officer, version)
    registry.submit(session, officer, mapping.uuid)
    with pytest.raises(WrongState):
        registry.submit(session, officer, mapping.uuid)


def test_what_is_with_the_reviewers_is_not_edited(session, officer, version):
    factories.make_mapping(session, version, officer.account)
    with pytest.raises(WrongState, match="submitted"):
        proposed(session, officer, version)


def test_a_returned_proposal_is_edited_and_submitted_again(session, officer):
    version = factories.make_qualification(session)
    mapping = factories.make_mapping(session, version, officer.account, status=MappingStatus.RETURNED)
    session.commit()
    assert proposed(session, officer, version).id == mapping.id
    registry.submit(session, officer, mapping.uuid)
    assert mapping.status == MappingStatus.SUBMITTED


def test_a_proposal_about_a_replaced_version_cannot_be_submitted(session, officer):
    version = factories.make_qualification(session, status=VersionStatus.SUPERSEDED)
    mapping = factories.make_mapping(session, version, officer.account, status=MappingStatus.DRAFT)
    with pytest.raises(WrongState, match="superseded"):
        registry.submit(session, officer, mapping.uuid)


def test_a_proposal_after_an_endorsed_one_names_what_it_replaces(session, officer):
    version = factories.make_qualification(session)
    endorsed = factories.make_mapping(session, version, officer.account, status=MappingStatus.ENDORSED)
    session.commit()
    assert proposed(session, officer, version).supersedes_id == endorsed.id


def test_a_proposal_is_withdrawn_but_not_from_a_reviewer_at_work(session, officer, version):
    mapping = proposed(session, officer, version)
    registry.withdraw(session, officer, mapping.uuid)
    assert mapping.status == MappingStatus.WITHDRAWN
    mapping.status = MappingStatus.IN_REVIEW
    mapping.submitted_at = version.created_at
    with pytest.raises(WrongState):
        registry.withdraw(session, officer, mapping.uuid)


def test_a_withdrawal_seen_too_late_is_told(session, officer, version):
    mapping = proposed(session, officer, version)
    for act in (registry.withdraw, registry.submit):
        with pytest.raises(Changed):
            act(session, officer, mapping.uuid, mapping.revision + 1)


def test_another_countrys_proposals_are_not_found(session, officer):
    foreign = factories.make_qualification(session, country="PE")
    mapping = factories.make_mapping(session, foreign, factories.make_account(session, country="PE"))
    for act in (
        lambda: proposed(session, officer, foreign),
        lambda: registry.submit(session, officer, mapping.uuid),
        lambda: registry.withdraw(session, officer, mapping.uuid),
        lambda: registry.find_mapping(session, officer, mapping.uuid),
    ):
        with pytest.raises(NotFound):
            act()


def test_the_mappings_of_a_version_are_listed_the_newest_first(session, officer, version):
    first = proposed(session, officer, version)
    registry.withdraw(session, officer, first.uuid)
    second = proposed(session, officer, version)
    assert [one.id for one in registry.own_mappings(session, version)] == [second.id, first.id]
