"""Retiring records: previewed with what rests on them, all or none, only what was seen; and back again."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select

from rqf import registry
from rqf.errors import Changed, Invalid, NotFound, WrongState
from rqf.models import AuditEntry, Finding, QualificationVersion, audit
from rqf.registry import OwnFilter
from rqf.rules.terms import FindingKind, FindingStatus, MappingStatus, QualificationType, Role, VersionStatus
from tests import factories

ACT = "Decreto 12 de 2026"
SECTORAL = OwnFilter(type=QualificationType.OCCUPATIONAL_STANDARD)


@pytest.fixture
def officer(session):
    return factories.make_actor(session, Role.OFFICER, "CL")


@pytest.fixture
def records(session, officer):
    """Three sectoral qualifications, one with an endorsed level; one of another kind and one of Peru."""
    made = [
        factories.make_qualification(session, f"Oficio {n}", type=QualificationType.OCCUPATIONAL_STANDARD)
        for n in range(3)
    ]
    factories.make_mapping(session, made[0], officer.account, status=MappingStatus.ENDORSED)
    factories.make_qualification(session, "Técnico")
    factories.make_qualification(
        session, "Oficio", country="PE", type=QualificationType.OCCUPATIONAL_STANDARD
    )
    return made


def statuses(session, records):
    session.expire_all()
    return [session.get(QualificationVersion, one.id).status for one in records]


def test_a_filter_is_retired_at_once_with_what_rests_on_it_said_before(session, officer, records):
    plan = registry.plan_retirement(session, officer, SECTORAL)
    assert (plan.count, plan.mappings, plan.equivalences, plan.statements) == (3, 1, 0, 0)
    assert sorted(plan.titles) == ["Oficio 0", "Oficio 1", "Oficio 2"]
    assert registry.retire(session, officer, SECTORAL, ACT, plan.seen) == 3
    assert statuses(session, records) == [VersionStatus.RETIRED] * 3
    entries = session.scalars(select(AuditEntry).where(AuditEntry.action == "qualification.retire")).all()
    assert [one.reason for one in entries] == [ACT] * 3
    finding = session.scalars(select(Finding).where(Finding.kind == FindingKind.OLD_VERSION)).one()
    assert finding.status == FindingStatus.OPEN
    assert audit.verify(session) is None


def test_what_changed_since_it_was_seen_is_not_retired(session, officer, records):
    plan = registry.plan_retirement(session, officer, SECTORAL)
    factories.make_qualification(session, "Nuevo", type=QualificationType.OCCUPATIONAL_STANDARD)
    with pytest.raises(Changed):
        registry.retire(session, officer, SECTORAL, ACT, plan.seen)
    assert statuses(session, records) == [VersionStatus.PUBLISHED] * 3


def test_a_retirement_names_its_act(session, officer, records):
    plan = registry.plan_retirement(session, officer, SECTORAL)
    for reason in ("", "  ", "x" * 2001):
        with pytest.raises(Invalid) as refused:
            registry.retire(session, officer, SECTORAL, reason, plan.seen)
        assert set(refused.value.fields) == {"reason"}
    assert statuses(session, records) == [VersionStatus.PUBLISHED] * 3


def test_one_record_is_retired_and_put_back_into_force(session, officer, records):
    uuid = records[0].qualification.uuid
    plan = registry.plan_retirement(session, officer, OwnFilter(), uuid)
    assert plan.count == 1
    registry.retire(session, officer, OwnFilter(), ACT, plan.seen, uuid)
    assert statuses(session, records) == [VersionStatus.RETIRED, *[VersionStatus.PUBLISHED] * 2]
    with pytest.raises(Invalid):
        registry.reinstate(session, officer, uuid, " ")
    registry.reinstate(session, officer, uuid, "The decree was annulled.")
    assert statuses(session, records) == [VersionStatus.PUBLISHED] * 3
    kept = session.scalars(select(Finding).where(Finding.kind == FindingKind.OLD_VERSION)).one()
    assert kept.status == FindingStatus.CLOSED
    with pytest.raises(WrongState):
        registry.reinstate(session, officer, uuid, "The decree was annulled.")


def test_another_country_retires_nothing_of_ours(session, records):
    other = factories.make_actor(session, Role.OFFICER, "CO")
    uuid = records[0].qualification.uuid
    plan = registry.plan_retirement(session, other, OwnFilter(), uuid)
    assert plan.count == 0
    with pytest.raises(Invalid, match="None of these records is in force"):
        registry.retire(session, other, OwnFilter(), ACT, plan.seen, uuid)
    with pytest.raises(NotFound):
        registry.reinstate(session, other, uuid, "The decree was annulled.")


def test_no_level_is_proposed_for_a_retired_record(session, officer, records):
    uuid = records[1].qualification.uuid
    plan = registry.plan_retirement(session, officer, OwnFilter(), uuid)
    registry.retire(session, officer, OwnFilter(), ACT, plan.seen, uuid)
    with pytest.raises(WrongState, match="This version is retired"):
        registry.propose(session, officer, uuid, 4, 4, "It fits.", {})


def test_open_proposals_are_withdrawn_with_the_record_and_those_in_review_wait(session, officer, records):
    waiting = factories.make_mapping(session, records[1], officer.account, status=MappingStatus.SUBMITTED)
    at_work = factories.make_mapping(session, records[2], officer.account, status=MappingStatus.IN_REVIEW)
    plan = registry.plan_retirement(session, officer, SECTORAL)
    assert plan.proposals == 1
    registry.retire(session, officer, SECTORAL, ACT, plan.seen)
    session.expire_all()
    assert (waiting.status, at_work.status) == (MappingStatus.WITHDRAWN, MappingStatus.IN_REVIEW)
    entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "mapping.withdraw")).one()
    assert (entry.record_id, entry.reason) == (waiting.uuid, ACT)
    assert entry.details["before"] == {"status": "submitted"}
    assert audit.verify(session) is None


def test_an_announced_end_keeps_the_records_in_force_and_is_in_the_trail(session, officer, records):
    plan = registry.plan_retirement(session, officer, SECTORAL)
    ends = (None, date(2031, 12, 31))
    assert registry.announce(session, officer, SECTORAL, ends, ACT, plan.seen) == 3
    assert statuses(session, records) == [VersionStatus.PUBLISHED] * 3
    listed = registry.own_records(session, officer, OwnFilter(expiring=True))
    assert {one.version.id for one in listed.items} == {one.id for one in records}
    assert all(one.version.expiring for one in listed.items)
    entries = session.scalars(select(AuditEntry).where(AuditEntry.action == "qualification.announce_end"))
    told = [(one.reason, one.details["after"]) for one in entries]
    assert told == [(ACT, {"last_enrolment": None, "last_award": "2031-12-31"})] * 3
    with pytest.raises(Changed):
        registry.announce(session, officer, SECTORAL, ends, ACT, plan.seen)
    assert audit.verify(session) is None


def test_retired_records_of_a_filter_come_back_together_and_of_no_other_country(session, officer, records):
    plan = registry.plan_retirement(session, officer, SECTORAL)
    registry.retire(session, officer, SECTORAL, ACT, plan.seen)
    back = registry.plan_reinstatement(session, officer, SECTORAL)
    assert (back.count, sorted(back.titles)) == (3, ["Oficio 0", "Oficio 1", "Oficio 2"])
    peruvian = factories.make_actor(session, Role.OFFICER, "PE")
    assert registry.plan_reinstatement(session, peruvian, SECTORAL).count == 0
    assert registry.reinstate_all(session, officer, SECTORAL, "By mistake", back.seen) == 3
    assert statuses(session, records) == [VersionStatus.PUBLISHED] * 3
    kept = session.scalars(select(Finding).where(Finding.kind == FindingKind.OLD_VERSION)).one()
    assert kept.status == FindingStatus.CLOSED
