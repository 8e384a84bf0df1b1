"""Deciding on a level: by whom, with what reason, and what it changes."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from rqf import review
from rqf.errors import Changed, Invalid, NotAllowed, NotFound, WrongState
from rqf.models import AuditEntry, CatalogueChange, QualificationVersion, RoleGrant
from rqf.models.tables import now
from rqf.people import actor_of
from rqf.rules.terms import MappingStatus, MappingStep, Role, VersionStatus
from tests import factories

WHY = "The outcomes plan and supervise: level 5."


@pytest.fixture
def officer(session):
    return factories.make_account(session)


@pytest.fixture
def reviewer(session):
    return factories.make_actor(session, Role.REVIEWER, "PE")


@pytest.fixture
def mapping(session, officer):
    version = factories.make_qualification(session)
    found = factories.make_mapping(session, version, officer, low=5)
    session.commit()
    return found


def decided(session, actor, mapping, step=MappingStep.ENDORSE, reason=WHY, revision=None):
    return review.decide(session, actor, mapping.uuid, step, reason, revision or mapping.revision)


def test_an_endorsement_gets_a_number_a_day_and_the_decision_beside_it(session, reviewer, mapping):
    decided(session, reviewer, mapping, reason=f"  {WHY}\r\n")
    session.commit()
    session.expire_all()
    assert mapping.status == MappingStatus.ENDORSED
    assert mapping.number == f"RQF-M-{now().year}-000001"
    assert mapping.valid_from == mapping.decided_at.date() == now().date()
    (decision,) = mapping.decisions
    assert (decision.step, decision.reason, decision.country_code) == (MappingStep.ENDORSE, WHY, "PE")
    assert decision.account_id == reviewer.id


def test_a_decision_writes_one_audit_entry_and_tells_the_index(session, reviewer, mapping):
    changes = session.scalar(select(func.count()).select_from(CatalogueChange))
    decided(session, reviewer, mapping)
    (entry,) = session.scalars(select(AuditEntry)).all()
    assert (entry.action, entry.record_id, entry.country_code) == ("mapping.endorse", mapping.uuid, "CL")
    assert entry.reason == WHY
    assert entry.details["before"] == {"status": "submitted"}
    assert entry.details["after"] == {"status": "endorsed", "number": mapping.number, "low": 5, "high": 5}
    assert session.scalar(select(func.count()).select_from(CatalogueChange)) == changes + 1


@pytest.mark.parametrize(
    ("step", "status"),
    [(MappingStep.RETURN, MappingStatus.RETURNED), (MappingStep.REJECT, MappingStatus.REJECTED)],
)
def test_what_is_returned_or_rejected_gets_no_number(session, reviewer, mapping, step, status):
    decided(session, reviewer, mapping, step)
    assert (mapping.status, mapping.number, mapping.valid_from) == (status, None, None)
    assert (mapping.decided_at is None) == (step == MappingStep.RETURN)


def test_numbers_count_on_within_the_year(session, officer, reviewer, mapping):
    other = factories.make_mapping(session, factories.make_qualification(session, "Otra"), officer)
    first, second = decided(session, reviewer, mapping), decided(session, reviewer, other)
    assert [first.number[-6:], second.number[-6:]] == ["000001", "000002"]


def test_nobody_decides_on_their_own_proposal(session, mapping, officer):
    officer.roles.append(RoleGrant(role=Role.REVIEWER, country_code="PE"))
    session.flush()
    with pytest.raises(NotAllowed, match="yourself"):
        decided(session, actor_of(officer), mapping)
    assert mapping.status == MappingStatus.SUBMITTED


@pytest.mark.parametrize("role", [Role.REVIEWER, Role.OFFICER])
def test_nobody_decides_for_a_country_they_work_for(session, mapping, role):
    account = factories.make_account(session, Role.REVIEWER, "PE")
    account.roles.append(RoleGrant(role=role, country_code="CL"))
    session.flush()
    with pytest.raises(NotAllowed, match=r"own country \(CL\)"):
        decided(session, actor_of(account), mapping)
    with pytest.raises(NotAllowed, match=r"own country \(CL\)"):
        review.open_review(session, actor_of(account), mapping.uuid)


@pytest.mark.parametrize("role", [Role.OFFICER, Role.SECRETARIAT])
def test_only_reviewers_see_and_decide(session, mapping, role):
    actor = factories.make_actor(session, role, "PE")
    for attempt in (
        lambda: decided(session, actor, mapping),
        lambda: review.case(session, actor, mapping.uuid),
        lambda: review.queue(session, actor),
        lambda: review.own_decisions(session, actor),
    ):
        with pytest.raises(NotAllowed):
            attempt()


@pytest.mark.parametrize(
    ("reason", "words"),
    [
        ("", "at least 10 characters"),
        ("   ok\n   ", "at least 10 characters"),
        ("x" * 10_001, "10001 characters; at most 10000"),
        ("It is level\x00 five.", r"U\+0000"),
    ],
)
def test_a_reason_is_mandatory_and_kept_as_text(session, reviewer, mapping, reason, words):
    with pytest.raises(Invalid, match=f"reason: .*{words}"):
        decided(session, reviewer, mapping, reason=reason)
    assert mapping.status == MappingStatus.SUBMITTED


@pytest.mark.parametrize("step", [MappingStep.OPEN, MappingStep.WITHDRAW, MappingStep.SUPERSEDE])
def test_other_steps_are_no_decision(session, reviewer, mapping, step):
    with pytest.raises(Invalid, match="step"):
        decided(session, reviewer, mapping, step)


def test_an_opened_review_is_noted_and_can_still_be_decided(session, reviewer, mapping):
    review.open_review(session, reviewer, mapping.uuid)
    assert mapping.status == MappingStatus.IN_REVIEW
    assert review.case(session, reviewer, mapping.uuid).opened_by == reviewer.account.name
    with pytest.raises(WrongState):
        review.open_review(session, reviewer, mapping.uuid)
    assert decided(session, reviewer, mapping).status == MappingStatus.ENDORSED
    assert [one.action for one in session.scalars(select(AuditEntry).order_by(AuditEntry.id))] == [
        "mapping.open",
        "mapping.endorse",
    ]


def test_a_second_decision_is_told_who_decided_first(session, reviewer, mapping):
    seen = mapping.revision
    decided(session, reviewer, mapping, MappingStep.RETURN)
    other = factories.make_actor(session, Role.REVIEWER, "CO")
    with pytest.raises(Changed) as refused:
        decided(session, other, mapping, revision=seen)
    said = refused.value.message.values
    assert (said["name"], said["country"], said["step"]) == (reviewer.account.name, "PE", MappingStep.RETURN)
    assert said["at"] == f"{mapping.decisions[0].at:%Y-%m-%d %H:%M}"
    assert len(mapping.decisions) == 1


def test_a_proposal_that_was_changed_meanwhile_is_not_decided_blindly(session, reviewer, mapping):
    seen = mapping.revision
    mapping.rationale = "Another one altogether."
    session.flush()
    with pytest.raises(Changed, match="has changed since"):
        decided(session, reviewer, mapping, revision=seen)


def test_a_proposal_that_was_withdrawn_meanwhile_is_not_decided(session, reviewer, mapping):
    seen = mapping.revision
    mapping.status = MappingStatus.WITHDRAWN
    session.flush()
    with pytest.raises(Changed, match="withdrawn"):
        decided(session, reviewer, mapping, revision=seen)


def test_what_has_been_decided_is_not_decided_again(session, reviewer, mapping):
    decided(session, reviewer, mapping)
    with pytest.raises(WrongState):
        decided(session, reviewer, mapping, MappingStep.REJECT)


@pytest.mark.parametrize("status", [MappingStatus.DRAFT, MappingStatus.WITHDRAWN])
def test_a_proposal_that_never_was_submitted_does_not_exist_for_reviewers(session, officer, reviewer, status):
    draft = factories.make_mapping(
        session, factories.make_qualification(session), officer, status=status, submitted_at=None
    )
    with pytest.raises(NotFound):
        review.case(session, reviewer, draft.uuid)
    with pytest.raises(NotFound):
        decided(session, reviewer, draft)
    with pytest.raises(NotFound):
        review.open_review(session, reviewer, "no such mapping")


def test_an_endorsement_takes_the_place_of_the_one_before(session, officer, reviewer):
    version = factories.make_qualification(session)
    old = factories.make_mapping(session, version, officer, low=4, status=MappingStatus.ENDORSED)
    new = factories.make_mapping(session, version, officer, low=5)
    decided(session, reviewer, new)
    session.commit()
    assert (old.status, old.valid_to) == (MappingStatus.SUPERSEDED, now().date())
    assert (new.status, new.supersedes_id) == (MappingStatus.ENDORSED, old.id)
    assert review.mapping_history(session, version.id) == [new, old]


def test_an_endorsement_of_a_new_version_ends_that_of_the_old_version(session, officer, reviewer):
    first = factories.make_qualification(session)
    old = factories.make_mapping(session, first, officer, status=MappingStatus.ENDORSED)
    first.status = VersionStatus.SUPERSEDED
    session.flush()
    second = QualificationVersion(
        qualification=first.qualification, number=2, status=VersionStatus.PUBLISHED, titles={"es": "Nueva"},
        original_language="es", published_at=now(),
    )  # fmt: skip
    session.add(second)
    session.flush()
    new = decided(session, reviewer, factories.make_mapping(session, second, officer, low=5))
    assert (old.status, new.supersedes_id) == (MappingStatus.SUPERSEDED, old.id)
    assert [one.id for one in review.case(session, reviewer, new.uuid).earlier] == [old.id]


def test_a_level_is_not_endorsed_for_a_version_that_has_been_replaced(session, reviewer, mapping):
    mapping.version.status = VersionStatus.SUPERSEDED
    session.flush()
    with pytest.raises(WrongState, match="superseded"):
        decided(session, reviewer, mapping)
    session.rollback()
    mapping.version.status = VersionStatus.SUPERSEDED
    session.flush()
    assert decided(session, reviewer, mapping, MappingStep.REJECT).status == MappingStatus.REJECTED


def test_my_decisions_are_mine_and_the_last_comes_first(session, officer, reviewer, mapping):
    other = factories.make_actor(session, Role.REVIEWER, "CO")
    mine = [mapping] + [
        factories.make_mapping(session, factories.make_qualification(session, f"Otra {n}"), officer)
        for n in range(2)
    ]
    for one in mine:
        decided(session, reviewer, one)
    theirs = factories.make_mapping(session, factories.make_qualification(session, "Cuarta"), officer)
    decided(session, other, theirs, MappingStep.RETURN)
    page = review.own_decisions(session, reviewer, page=1, per_page=2)
    assert (page.total, page.pages) == (3, 2)
    assert [one.mapping for one in page.items] == [mine[2], mine[1]]
    assert [one.mapping for one in review.own_decisions(session, reviewer, 9, 2).items] == [mine[0]]
