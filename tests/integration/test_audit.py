"""The audit trail: a chain that shows tampering, in tables that refuse it, and a page to read it."""

from __future__ import annotations

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from rqf import people, review
from rqf.models import AuditEntry, audit
from rqf.rules.terms import MappingStep, Role
from tests import factories


@pytest.fixture
def secretariat(session):
    return factories.make_actor(session, Role.SECRETARIAT)


@pytest.fixture
def trail(session):
    """Five entries by Rosa and one by a command."""
    account = factories.make_account(session, name="Rosa")
    for number in range(5):
        audit.record(
            session, account, "qualification.revise", "qualification", f"record-{number}", country="CL",
            before={"titles": {"es": "Antes", "en": "Before"}, "level": 4, "units": ["a", "b"]},
            after={"titles": {"es": "Después", "en": "Before"}, "level": 4, "units": ["a", "c", "d"]},
            version=2,
        )  # fmt: skip
    audit.record(session, "rqf load", "fixtures.load", "fixtures", "fixtures")
    session.commit()
    return account


def let_through(session, engine):
    """Take the database's own protection away, as somebody with all its rights could."""
    if engine == "sqlite":
        session.execute(text("DROP TRIGGER audit_entry_no_update"))
        session.execute(text("DROP TRIGGER audit_entry_no_delete"))
    else:
        session.execute(text("ALTER TABLE audit_entry DISABLE TRIGGER ALL"))


def test_an_untouched_trail_is_whole(session, trail):
    assert audit.verify(session) is None


@pytest.mark.parametrize(
    "change",
    [
        "actor = 'Somebody else'",
        "reason = 'a better one'",
        "details = '{}'",
        "action = 'mapping.endorse'",
        "country_code = 'PE'",
        "record_id = 'another'",
        "account_id = NULL",
    ],
)
def test_a_changed_entry_breaks_the_chain(session, engine, trail, change):
    let_through(session, engine)
    session.execute(text(f"UPDATE audit_entry SET {change} WHERE id = 3"))
    session.expire_all()
    assert audit.verify(session).entry == 3


def test_a_changed_entry_with_a_fresh_hash_breaks_the_chain_one_later(session, engine, trail):
    let_through(session, engine)
    entry = session.get(AuditEntry, 3)
    entry.actor = "Somebody else"
    entry.hash = entry.digest()
    session.flush()
    assert audit.verify(session).entry == 4


def test_a_missing_entry_breaks_the_chain(session, engine, trail):
    let_through(session, engine)
    session.execute(text("DELETE FROM audit_entry WHERE id = 2"))
    session.expire_all()
    assert audit.verify(session).entry == 3


@pytest.mark.parametrize("table", ["audit_entry", "mapping_decision"])
@pytest.mark.parametrize("statement", ["UPDATE {} SET reason = 'x'", "DELETE FROM {}"])
def test_the_database_refuses_to_change_what_was_said(session, table, statement):
    version = factories.make_qualification(session)
    mapping = factories.make_mapping(session, version, factories.make_account(session))
    reviewer = factories.make_actor(session, Role.REVIEWER, "PE")
    review.decide(session, reviewer, mapping.uuid, MappingStep.RETURN, "Why level 4?", mapping.revision)
    session.commit()
    with pytest.raises(DBAPIError, match="append-only"):
        session.execute(text(statement.format(table)))


@pytest.mark.parametrize(
    "statement",
    [
        """UPDATE qualification_version SET titles = '{"es": "Otro"}'""",
        "UPDATE qualification_version SET level_id = NULL",
        "UPDATE qualification_version SET source = 'elsewhere'",
        "DELETE FROM qualification_version",
    ],
)
def test_the_database_refuses_to_rewrite_or_delete_what_was_published(session, statement):
    factories.make_qualification(session)
    session.commit()
    with pytest.raises(DBAPIError, match="a published version is not"):
        session.execute(text(statement))


def test_entries_of_several_sessions_form_one_chain(database):
    with database.transaction() as first:
        audit.record(first, "one", "test.do", "test", 1)
    with database.transaction() as second:
        entry = audit.record(second, "two", "test.do", "test", 2)
        before = second.scalars(select(AuditEntry.hash).order_by(AuditEntry.id)).first()
        assert entry.previous_hash == before
    with database.read() as reader:
        assert audit.verify(reader) is None


def actors(found) -> list[str]:
    return [one.entry.record_id for one in found.entries]


def test_the_trail_is_read_from_the_newest_and_told_as_changes(session, secretariat, trail):
    found = people.audit_trail(session, secretariat)
    assert actors(found) == ["fixtures", "record-4", "record-3", "record-2", "record-1", "record-0"]
    assert found.older is None
    told = found.entries[1]
    assert [(one.field, one.before, one.after) for one in told.changes] == [
        ("titles.es", "Antes", "Después"),
        ("units.2", "b", "c"),
        ("units.3", None, "d"),
    ]
    assert told.facts == (("version", 2),)


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        (None, {"low": 4}, [("low", None, 4)]),
        ({"low": 4}, {"low": [4, "x"]}, [("low", 4, [4, "x"])]),
        (None, None, []),
        ([], None, [("", [], None)]),
    ],
)
def test_whatever_an_entry_kept_can_be_told(session, secretariat, before, after, told):
    audit.record(session, "test", "test.do", "test", 1, before=before, after=after)
    (entry,) = people.audit_trail(session, secretariat).entries
    assert [(one.field, one.before, one.after) for one in entry.changes] == told


@pytest.mark.parametrize(
    ("asked", "records"),
    [
        ({"country": "CL"}, 5),
        ({"country": "PE"}, 0),
        ({"action": "fixtures.load"}, 1),
        ({"person": "rosa"}, 5),
        ({"person": "@test.example"}, 5),
        ({"person": "100%"}, 0),
        ({"record": "record-3"}, 1),
        ({"record": " \x00record-3 "}, 1),
        ({"record": "nothing"}, 0),
        ({"country": "CL", "person": "load"}, 0),
        ({"country": "\x00"}, 0),
    ],
)
def test_the_trail_is_filtered(session, secretariat, trail, asked, records):
    assert len(people.audit_trail(session, secretariat, **asked).entries) == records


def test_a_qualification_brings_what_was_done_to_its_mappings(session, secretariat):
    version = factories.make_qualification(session)
    mapping = factories.make_mapping(session, version, factories.make_account(session))
    reviewer = factories.make_actor(session, Role.REVIEWER, "PE")
    review.decide(session, reviewer, mapping.uuid, MappingStep.RETURN, "Why level 4?", mapping.revision)
    found = people.audit_trail(session, secretariat, record=version.qualification.uuid)
    assert [one.entry.action for one in found.entries] == ["mapping.return"]


def test_pages_of_the_trail_join_without_gap_or_overlap(session, secretariat, trail):
    seen, before = [], None
    while True:
        page = people.audit_trail(session, secretariat, before=before, limit=2)
        seen += actors(page)
        before = page.older
        if before is None:
            break
    assert seen == ["fixtures", "record-4", "record-3", "record-2", "record-1", "record-0"]
    assert len(people.audit_trail(session, secretariat, before=10**30).entries) == 6


def test_the_actions_to_filter_by_are_those_of_the_trail(session, secretariat, trail):
    assert people.audited_actions(session, secretariat) == ["fixtures.load", "qualification.revise"]
