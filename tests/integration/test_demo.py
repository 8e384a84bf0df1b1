"""The demonstration: accounts, proposals in every state from several people, equivalences, all once."""

from __future__ import annotations

from collections import Counter

import pytest
from sqlalchemy import func, select

from rqf import equivalences, exchange, people
from rqf.models import (
    Account,
    Equivalence,
    EquivalenceProposal,
    LevelMapping,
    Model,
    audit,
)
from rqf.models.database import Database
from rqf.rules.terms import Conclusion, MappingStatus, QualificationType, Reach

PASSWORD = "a pass phrase for the demonstration"


@pytest.fixture(scope="module")
def demo(engine, tmp_path_factory, request):
    """A database with the sample data and the demonstration, as after the first start."""
    if engine == "sqlite":
        url, drop = f"sqlite:///{tmp_path_factory.mktemp('demo') / 'demo.sqlite'}", None
    else:
        server = request.getfixturevalue("postgresql")
        url, drop = server.create("demonstration"), lambda: server.drop("demonstration")
    database = Database(url)
    database.upgrade()
    load(database)
    yield database
    database.close()
    if drop:
        drop()


def load(database) -> None:
    with database.transaction() as session:
        exchange.load(session, "test")
    with database.transaction() as session:
        exchange.load_demo(session, PASSWORD)


def counts(session) -> dict[str, int]:
    return {
        table.name: session.scalar(select(func.count()).select_from(table))
        for table in Model.metadata.sorted_tables
    }


def test_the_demonstration_shows_every_state_and_is_loaded_once(demo):
    with demo.read() as session:
        mappings = session.scalars(select(LevelMapping)).all()
        assert {one.status for one in mappings} == set(MappingStatus)
        endorsed = [one for one in mappings if one.status == MappingStatus.ENDORSED]
        assert len(endorsed) >= 12
        assert {one.country_code for one in endorsed} == {"CL", "CO", "MX", "PE"}
        assert len({one.author_id for one in mappings}) >= 4
        assert min(Counter(one.country_code for one in endorsed).values()) >= 3
        deciders = [(one, decision) for one in mappings for decision in one.decisions]
        assert all(decision.country_code != one.country_code for one, decision in deciders)
        assert len({decision.account_id for _, decision in deciders}) >= 4
        assert all(one.suggestion["suggestions"] for one in mappings)
        assert audit.verify(session) is None
        before = counts(session)
    load(demo)
    with demo.read() as session:
        assert counts(session) == before


def test_equivalences_are_endorsed_by_both_sides_and_keep_the_law(demo):
    with demo.read() as session:
        decided = session.scalars(select(Equivalence)).all()
        assert len(decided) >= 4
        assert {one.conclusion for one in decided} >= {
            Conclusion.PARTIAL, Conclusion.CONDITIONAL, Conclusion.NONE
        }  # fmt: skip
        for one in decided:
            sides = {one.from_version.country_code, one.to_version.country_code}
            assert len(sides) == 2
            assert sides <= {decision.country_code for decision in one.decisions if decision.endorsed}
            assert one.from_version.outcomes()
            assert one.to_version.outcomes()
            types = {one.from_version.qualification.type, one.to_version.qualification.type}
            if QualificationType.OCCUPATIONAL_STANDARD in types:
                assert one.conclusion != Conclusion.FULL


def test_one_equivalence_is_regional_one_has_dissent_and_one_waits_for_a_side(demo):
    with demo.read() as session:
        numbers = session.scalars(select(Equivalence.number)).all()
        found = [equivalences.decision(session, number) for number in numbers]
        assert {one.reach for one in found} == {Reach.BILATERAL, Reach.REGIONAL}
        assert any(stand.endorsed is False for one in found for stand in one.stands)
        waiting = session.scalars(
            select(EquivalenceProposal).where(EquivalenceProposal.status == MappingStatus.IN_REVIEW)
        ).one()
        assert waiting.said == {"PE": True}


def test_everybody_can_sign_in_and_is_announced(demo):
    announced = [email for email, _ in exchange.demo_accounts()]
    assert {
        "oficial.cl@demo.example", "oficial.mx@demo.example", "revisora.pe@demo.example",
        "revisor.co@demo.example", "secretaria@demo.example",
    } <= set(announced)  # fmt: skip
    with demo.transaction() as session:
        assert set(session.scalars(select(Account.email))) == set(announced)
        for email in announced:
            assert people.sign_in(session, email, PASSWORD, "127.0.0.1")


def test_what_people_did_in_the_demonstration_stays(demo):
    with demo.transaction() as session:
        mapping = session.scalars(
            select(LevelMapping).where(LevelMapping.status == MappingStatus.DRAFT)
        ).first()
        mapping.rationale = "Somebody wrote something else."
        uuid = mapping.uuid
    load(demo)
    with demo.read() as session:
        kept = session.scalars(select(LevelMapping).where(LevelMapping.uuid == uuid)).one()
        assert kept.rationale == "Somebody wrote something else."
