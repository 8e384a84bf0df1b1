"""Accounts, roles and keys: who gets in, and who does not any more."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from rqf import people
from rqf.errors import Invalid, NotAllowed, NotFound, TooMany, WrongState
from rqf.models import Account, ApiKey, AuditEntry, SignInAttempt, WebSession
from rqf.models.tables import now
from rqf.rules.terms import Role
from tests import factories

PHRASE = "nine stones in a row"
ROLES = [(Role.REVIEWER, "PE")]


@pytest.fixture
def secretariat(session):
    return factories.make_actor(session, Role.SECRETARIAT)


def added(session, by="test", **said):
    fields = {"email": "rosa@test.example", "name": "Rosa", "password": PHRASE, "roles": ROLES}
    return people.add_account(session, by, **{**fields, **said})


def test_a_person_is_added_with_roles_and_can_sign_in(session, secretariat):
    account = added(session, secretariat, email=" Rosa@Test.Example ", name="  Rosa\u0301  Huamán ")
    assert (account.email, account.name) == ("rosa@test.example", "Ros\u00e1  Huamán")
    assert people.actor_of(account).countries(Role.REVIEWER) == {"PE"}
    assert people.sign_in(session, "ROSA@test.example", PHRASE, "192.0.2.1") == account


def test_a_password_is_stored_as_an_argon2id_hash_only(session):
    account = added(session)
    assert account.password_hash.startswith("$argon2id$")
    assert PHRASE not in account.password_hash


def test_adding_and_disabling_are_audited_without_the_password(session, secretariat):
    added(session, secretariat)
    people.disable_account(session, secretariat, "rosa@test.example")
    entries = session.scalars(select(AuditEntry).order_by(AuditEntry.id)).all()
    assert [one.action for one in entries] == ["account.add", "account.disable"]
    assert entries[0].details == {"email": "rosa@test.example", "name": "Rosa", "roles": ["reviewer:PE"]}
    assert {one.account_id for one in entries} == {secretariat.id}
    assert PHRASE not in str([one.details for one in entries])


@pytest.mark.parametrize(
    ("said", "field", "words"),
    [
        ({"email": " "}, "email", "Enter the person's e-mail address"),
        ({"email": "rosa"}, "email", "“rosa” is not an e-mail address"),
        ({"email": "rosa\x00@test.example"}, "email", "is not an e-mail address"),
        ({"name": "  "}, "name", "Enter the person's name"),
        ({"name": "Rosa\x00"}, "name", r"U\+0000"),
        ({"name": "x" * 201}, "name", "201 characters; at most 200"),
        ({"password": "short"}, "password", "at least 12 characters"),
        ({"password": "x" * 1001}, "password", "at most 1000 characters"),
        ({"roles": []}, "roles", "at least one role"),
        ({"roles": [(Role.SECRETARIAT, "PE")]}, "roles", "the secretariat none"),
        ({"roles": [(Role.OFFICER, None)]}, "roles", "needs a country"),
        ({"roles": [(Role.OFFICER, "ZZ")]}, "roles", "“ZZ” is not a country of this registry"),
    ],
)
def test_wrong_values_are_refused_by_field(session, said, field, words):
    with pytest.raises(Invalid, match=f"{field}: .*{words}"):
        added(session, **said)


def test_everything_that_is_wrong_is_said_at_once(session):
    with pytest.raises(Invalid) as refused:
        added(session, email="", name="", password="", roles=[])
    assert set(refused.value.fields) == {"email", "name", "password", "roles"}


def test_an_address_has_one_account_whatever_its_capitals(session):
    added(session)
    with pytest.raises(Invalid, match="There is an account for rosa@test.example already"):
        added(session, email="ROSA@TEST.EXAMPLE")


def test_a_role_that_is_named_twice_is_held_once(session):
    assert len(added(session, roles=[*ROLES, *ROLES, (Role.OFFICER, "PE")]).roles) == 2


@pytest.mark.parametrize("role", [Role.OFFICER, Role.REVIEWER])
def test_only_the_secretariat_looks_after_people(session, role):
    actor = factories.make_actor(session, role)
    with pytest.raises(NotAllowed):
        added(session, actor)
    with pytest.raises(NotAllowed):
        people.disable_account(session, actor, "rosa@test.example")
    with pytest.raises(NotAllowed):
        people.audit_trail(session, actor)


def test_a_disabled_account_ends_everywhere(session, secretariat):
    account = added(session)
    key = people.add_key(session, "test", account.email, "importer")
    session.add(WebSession(id_hash="x" * 64, account_id=account.id, data={}))
    session.flush()
    assert people.actor_by_key(session, key).id == account.id
    people.disable_account(session, secretariat, "Rosa@test.example")
    session.commit()
    assert session.scalar(select(func.count()).select_from(WebSession)) == 0
    assert people.find_actor(session, account.id) is None
    assert people.actor_by_key(session, key) is None
    assert people.sign_in(session, account.email, PHRASE, "192.0.2.1") is None


def test_an_account_is_disabled_once_and_never_by_its_owner(session, secretariat):
    with pytest.raises(WrongState, match="your own account"):
        people.disable_account(session, secretariat, secretariat.account.email)
    added(session)
    people.disable_account(session, "test", "rosa@test.example")
    with pytest.raises(WrongState, match="switched off already"):
        people.disable_account(session, "test", "rosa@test.example")
    for nobody in ("nobody@test.example", "\x00"):
        with pytest.raises(NotFound):
            people.disable_account(session, "test", nobody)


def test_a_key_is_stored_as_a_hash_and_can_be_revoked(session):
    account = added(session)
    key = people.add_key(session, "test", account.email, "importer")
    row = session.scalars(select(ApiKey)).one()
    assert key not in (row.key_hash, row.label)
    row.revoked_at = now()
    session.flush()
    assert people.actor_by_key(session, key) is None
    assert people.actor_by_key(session, "rqf_guessed") is None
    with pytest.raises(NotFound):
        people.add_key(session, "test", "nobody@test.example", "importer")


@pytest.mark.parametrize(
    ("email", "password"),
    [("nobody@test.example", PHRASE), ("rosa@test.example", "another phrase"), ("rosa\x00", "x")],
)
def test_a_wrong_pair_opens_nothing(session, email, password):
    added(session)
    assert people.sign_in(session, email, password, "192.0.2.1") is None


def test_a_damaged_hash_opens_nothing(session):
    added(session).password_hash = "not a hash"
    session.flush()
    assert people.sign_in(session, "rosa@test.example", PHRASE, "192.0.2.1") is None


def fail(session, times, email="rosa@test.example", network="192.0.2.1", **settings):
    for _ in range(times):
        assert people.sign_in(session, email, "wrong", network, **settings) is None


def test_after_five_failures_an_address_has_to_wait(session):
    added(session)
    fail(session, 5)
    with pytest.raises(TooMany, match="Wait 15 minutes"):
        people.sign_in(session, "rosa@test.example", PHRASE, "192.0.2.1")
    with pytest.raises(TooMany):
        people.sign_in(session, "ROSA@test.example ", PHRASE, "198.51.100.7")


def test_the_pause_ends_and_old_failures_are_forgotten(session):
    account = added(session)
    fail(session, 5)
    for attempt in session.scalars(select(SignInAttempt)):
        attempt.at -= timedelta(minutes=16)
    session.flush()
    fail(session, 1)
    assert session.scalar(select(func.count()).select_from(SignInAttempt)) == 2
    assert people.sign_in(session, "rosa@test.example", PHRASE, "192.0.2.1") == account


def test_a_network_has_to_wait_when_it_tries_many_addresses(session):
    added(session)
    for number in range(20):
        fail(session, 1, f"guess{number}@test.example", tries=2)
    with pytest.raises(TooMany):
        people.sign_in(session, "rosa@test.example", PHRASE, "192.0.2.1", tries=2)
    assert people.sign_in(session, "rosa@test.example", PHRASE, "198.51.100.7", tries=2)


def test_signing_in_clears_the_failures_of_the_address_and_is_audited(session):
    account = added(session)
    fail(session, 4)
    assert people.sign_in(session, "rosa@test.example", PHRASE, "192.0.2.1") == account
    fail(session, 4)
    assert people.sign_in(session, "rosa@test.example", PHRASE, "192.0.2.1") == account
    people.sign_out(session, account)
    assert [one.action for one in session.scalars(select(AuditEntry).order_by(AuditEntry.id))][1:] == [
        "account.sign_in", "account.sign_in", "account.sign_out",
    ]  # fmt: skip


def test_a_role_is_held_where_it_was_granted(session):
    actor = people.actor_of(added(session, roles=[(Role.REVIEWER, "PE"), (Role.OFFICER, "CO")]))
    assert actor.has(Role.REVIEWER)
    assert actor.has(Role.REVIEWER, "PE")
    assert not actor.has(Role.REVIEWER, "CO")
    assert (actor.country(Role.OFFICER), actor.country(Role.SECRETARIAT)) == ("CO", None)
    assert actor.countries() == {"PE", "CO"}
    assert people.require(actor, Role.OFFICER, "CO") == actor
    for role, country in ((Role.OFFICER, "PE"), (Role.SECRETARIAT, None)):
        with pytest.raises(NotAllowed):
            people.require(actor, role, country)
    with pytest.raises(NotAllowed):
        people.require(None, Role.OFFICER)


def test_people_and_countries_are_listed_in_order(session):
    added(session, email="b@test.example")
    added(session, email="a@test.example")
    assert [one.email for one in people.list_accounts(session)] == ["a@test.example", "b@test.example"]
    assert people.countries(session) == ["CA", "CL", "CO", "MX", "PE"]


def test_the_operator_of_the_machine_acts_as_an_officer_but_cannot_sign_in(session):
    actor = people.officer(session, "CL")
    again = people.officer(session, "PE")
    assert (actor.id, again.countries(Role.OFFICER)) == (again.id, {"CL", "PE"})
    assert not session.get(Account, actor.id).active
    named = added(session, roles=[(Role.OFFICER, "CO")])
    assert people.officer(session, "CO", "ROSA@test.example").account == named
    with pytest.raises(NotFound):
        people.officer(session, "CO", "nobody@test.example")
