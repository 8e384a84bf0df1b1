"""Two people at once: one decision stands, the other person is told, and nothing is overwritten."""

from __future__ import annotations

import threading

import pytest
from sqlalchemy import select

from rqf import registry, review
from rqf.errors import Changed, RqfError
from rqf.models import AuditEntry, LevelMapping, audit
from rqf.people import find_actor
from rqf.rules.terms import MappingStatus, MappingStep, Role
from tests import factories


def at_once(database, *attempts) -> list[object]:
    """Run each attempt in a transaction of its own, all starting together; return results or errors."""
    start = threading.Barrier(len(attempts))
    results: list[object] = [None] * len(attempts)

    def run(place: int) -> None:
        start.wait()
        try:
            with database.transaction() as session:
                results[place] = attempts[place](session)
        except Exception as error:
            results[place] = error

    threads = [threading.Thread(target=run, args=(place,)) for place in range(len(attempts))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


@pytest.fixture
def scene(database):
    """Several waiting mappings of Chile, their officer, and reviewers of Peru and Colombia."""
    with database.transaction() as session:
        officer = factories.make_account(session)
        reviewers = [factories.make_account(session, Role.REVIEWER, country) for country in ("PE", "CO")]
        mappings = [
            factories.make_mapping(session, factories.make_qualification(session, f"Registro {n}"), officer)
            for n in range(6)
        ]
        return officer.id, [one.id for one in reviewers], [(one.uuid, one.revision) for one in mappings]


def decide(account_id, uuid, revision, step=MappingStep.ENDORSE):
    def attempt(session):
        actor = find_actor(session, account_id)
        return review.decide(session, actor, uuid, step, f"Decided by {account_id}.", revision)

    return attempt


@pytest.mark.parametrize("round_", range(3))
def test_of_two_decisions_at_once_one_stands_and_the_other_is_told(database, scene, round_):
    _, (peru, colombia), mappings = scene
    uuid, revision = mappings[round_]
    results = at_once(
        database,
        decide(peru, uuid, revision, MappingStep.ENDORSE),
        decide(colombia, uuid, revision, MappingStep.REJECT),
    )
    (won,) = [one for one in results if isinstance(one, LevelMapping)]
    (lost,) = [one for one in results if isinstance(one, Exception)]
    assert isinstance(lost, Changed)
    with database.read() as session:
        mapping = session.scalars(select(LevelMapping).where(LevelMapping.uuid == uuid)).one()
        (decision,) = mapping.decisions
        assert mapping.status == won.status
        assert decision.account_id == (peru if mapping.status == MappingStatus.ENDORSED else colombia)
        assert decision.reason == f"Decided by {decision.account_id}."
        assert lost.message.values["name"] == decision.account.name
        assert len(session.scalars(select(AuditEntry)).all()) == 1


def test_who_has_read_the_case_before_the_other_decided_is_told_too(database, scene):
    _, (peru, colombia), ((uuid, revision), *_) = scene
    with database.write() as late:
        read = review.case(late, find_actor(late, colombia), uuid)
        late.commit()
        with database.transaction() as session:
            decide(peru, uuid, revision)(session)
        # What this session remembers is old; what it decides on is not.
        assert (read.mapping.revision, read.mapping.status) == (revision, MappingStatus.SUBMITTED)
        with pytest.raises(Changed, match="decided first"):
            decide(colombia, uuid, read.mapping.revision)(late)


def test_endorsements_at_once_get_different_numbers(database, scene):
    _, (peru, colombia), mappings = scene
    results = at_once(
        database,
        *(decide((peru, colombia)[n % 2], uuid, revision) for n, (uuid, revision) in enumerate(mappings)),
    )
    assert [one for one in results if isinstance(one, Exception)] == []
    assert sorted(one.number[-6:] for one in results) == [f"{n:06}" for n in range(1, len(mappings) + 1)]
    with database.read() as session:
        assert audit.verify(session) is None


def test_withdrawing_and_deciding_at_once_leaves_one_outcome(database, scene):
    officer, (peru, _), mappings = scene
    for uuid, revision in mappings[:3]:
        results = at_once(
            database,
            lambda session, uuid=uuid: registry.withdraw(session, find_actor(session, officer), uuid),
            decide(peru, uuid, revision),
        )
        assert sum(isinstance(one, LevelMapping) for one in results) == 1, results
        with database.read() as session:
            mapping = session.scalars(select(LevelMapping).where(LevelMapping.uuid == uuid)).one()
            assert (mapping.status == MappingStatus.WITHDRAWN) == (mapping.decisions == [])


def test_opening_at_once_is_done_once(database, scene):
    _, reviewers, ((uuid, _), *_) = scene
    results = at_once(
        database,
        *(
            lambda session, who=who: review.open_review(session, find_actor(session, who), uuid)
            for who in reviewers
        ),
    )
    assert sum(isinstance(one, LevelMapping) for one in results) == 1
    assert sum(isinstance(one, RqfError) for one in results) == 1
