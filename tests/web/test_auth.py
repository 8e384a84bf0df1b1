"""The door: who is let in, how a session lives and dies, and what a forged request meets."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from rqf import people
from rqf.models import Account, AuditEntry, SignInAttempt, WebSession
from rqf.people.passwords import hash_password
from rqf.rules.terms import Role
from rqf.web import guard
from rqf.web.sessions import hashed
from tests import factories
from tests.conftest import post as send

SIGN_IN = "/auth/sign-in"


@pytest.fixture
def rosa(session):
    account = factories.make_account(session, Role.REVIEWER, "PE", name="Rosa", email="rosa@test.example")
    session.commit()
    return account


def enter(client, email="rosa@test.example", password=factories.PASSWORD, address=SIGN_IN):
    return send(client, address, email=email, password=password)


def cookie(client) -> str | None:
    found = client.get_cookie("rqf")
    return found.value if found else None


def rows(database, kind) -> int:
    with database.read() as reader:
        return reader.scalar(select(func.count()).select_from(kind))


def replay(app, value):
    """A browser that somebody gave a copied cookie."""
    other = app.test_client()
    other.set_cookie("rqf", value)
    return other


@pytest.mark.parametrize(
    ("role", "country", "home"),
    [
        (Role.OFFICER, "CL", "/officer/"),
        (Role.REVIEWER, "PE", "/reviewer/"),
        (Role.SECRETARIAT, None, "/secretariat/"),
    ],
)
def test_everybody_comes_to_their_desk(client, session, role, country, home):
    account = factories.make_account(session, role, country)
    session.commit()
    answer = enter(client, account.email)
    assert (answer.status_code, answer.location) == (303, home)
    assert client.get(home).status_code == 200
    assert client.get(SIGN_IN).location == home


def test_a_person_without_a_role_comes_to_the_search(client, session):
    account = Account(
        email="guest@test.example", name="Guest", password_hash=hash_password(factories.PASSWORD)
    )
    session.add(account)
    session.commit()
    assert enter(client, account.email).location == "/"


def test_the_session_gets_a_new_identifier_at_sign_in(app, client, rosa):
    client.get(SIGN_IN)
    before = cookie(client)
    enter(client)
    after = cookie(client)
    assert before
    assert after
    assert before != after
    assert "/auth/sign-in" in replay(app, before).get("/reviewer/").location


def test_a_copied_cookie_is_dead_after_sign_out(app, client, rosa):
    enter(client)
    thief = replay(app, cookie(client))
    assert thief.get("/reviewer/").status_code == 200
    assert send(client, "/auth/sign-out", page="/reviewer/").location == "/"
    assert cookie(client) is None
    assert "/auth/sign-in" in thief.get("/reviewer/").location


def test_a_session_that_ended_meanwhile_is_not_brought_back(app, client, database, rosa):
    enter(client)
    interface, value = app.session_interface, cookie(client)
    with app.test_request_context("/reviewer/", headers={"Cookie": f"rqf={value}"}) as slow:
        kept = interface.open_session(app, slow.request)
    kept["flash"] = "late"
    send(client, "/auth/sign-out", page="/reviewer/")
    answer = app.response_class()
    interface.save_session(app, kept, answer)
    assert "rqf=;" in answer.headers["Set-Cookie"]
    assert rows(database, WebSession) == 0
    assert "/auth/sign-in" in replay(app, value).get("/reviewer/").location


def test_a_session_is_stored_by_hash_and_its_cookie_is_closed_to_scripts(client, database, rosa):
    answer = enter(client)
    sent = answer.headers["Set-Cookie"]
    assert "HttpOnly" in sent
    assert "SameSite=Lax" in sent
    with database.read() as reader:
        stored = reader.scalars(select(WebSession)).one()
    assert (stored.id_hash, stored.account_id) == (hashed(cookie(client)), rosa.id)
    assert cookie(client) not in str(stored.data)


@pytest.mark.parametrize(
    ("column", "age"), [("seen_at", timedelta(minutes=61)), ("created_at", timedelta(hours=13))]
)
def test_a_session_ends_when_idle_or_old(client, database, rosa, column, age):
    enter(client)
    with database.transaction() as writer:
        row = writer.scalars(select(WebSession)).one()
        setattr(row, column, getattr(row, column) - age)
    assert "/auth/sign-in" in client.get("/reviewer/").location


def test_whoever_comes_in_sweeps_out_the_sessions_that_ended(app, client, database, rosa):
    enter(client)
    with database.transaction() as writer:
        writer.scalars(select(WebSession)).one().seen_at -= timedelta(hours=13)
    other = app.test_client()
    other.get("/auth/sign-in")
    assert rows(database, WebSession) == 1


def test_a_switched_off_account_loses_its_sessions_at_once(client, database, rosa):
    enter(client)
    with database.transaction() as writer:
        people.disable_account(writer, "test", rosa.email)
    assert "/auth/sign-in" in client.get("/reviewer/").location
    assert enter(client).status_code == 422


def test_a_switched_off_account_is_out_even_where_its_session_was_kept(client, database, rosa):
    enter(client)
    with database.transaction() as writer:
        writer.merge(rosa).active = False
    assert "/auth/sign-in" in client.get("/reviewer/").location


def test_the_answer_does_not_tell_whether_an_address_has_an_account(client, session, rosa):
    off = factories.make_account(session, active=False)
    session.commit()
    pairs = [(rosa.email, "wrong"), ("nobody@test.example", "wrong"), (off.email, factories.PASSWORD)]
    answers = []
    for email, password in pairs:
        answer = enter(client, email, password)
        text = answer.text.replace(email, "")
        answers.append((answer.status_code, re.sub(r'name="csrf_token"[^>]*>', "", text)))
    assert answers[0][0] == 422
    assert answers[0] == answers[1] == answers[2]
    assert "do not belong together" in answers[0][1]


@pytest.mark.parametrize("fields", [{}, {"email": ""}, {"email": "x", "password": ""}])
def test_an_empty_form_is_shown_again_with_what_is_missing(client, fields):
    answer = send(client, SIGN_IN, **fields)
    assert answer.status_code == 422
    assert "There is a problem" in answer.text
    assert "Enter your password." in answer.text
    assert "<title>Error:" in answer.text


def test_hostile_input_is_shown_as_text(client):
    answer = enter(client, '"><script>alert(1)</script>', "x")
    assert answer.status_code == 422
    assert "<script>alert" not in answer.text


@pytest.mark.parametrize("email", ["rosa\x00@test.example", "x" * 300 + "@test.example", "Ω" * 80])
def test_strange_addresses_open_nothing_and_break_nothing(client, rosa, email):
    assert enter(client, email, "x").status_code == 422


def test_the_throttle_counts_across_browsers(app, client, database, rosa):
    for _ in range(5):
        other = app.test_client()
        other.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
        assert enter(other, password="wrong").status_code == 422
    answer = enter(client)
    assert answer.status_code == 429
    assert "Too many failed sign-ins. Wait 15 minutes" in answer.text
    assert 'name="email"' in answer.text
    assert rows(database, SignInAttempt) == 10


def test_signing_in_and_out_stands_in_the_trail(client, database, rosa):
    enter(client)
    send(client, "/auth/sign-out", page="/reviewer/")
    with database.read() as reader:
        assert reader.scalars(select(AuditEntry.action).order_by(AuditEntry.id)).all() == [
            "account.sign_in", "account.sign_out",
        ]  # fmt: skip


def test_who_was_on_the_way_comes_there_after_signing_in(client, rosa):
    answer = client.get("/reviewer/decisions?page=2")
    assert "next=" in answer.location
    assert enter(client, address=answer.location).location == "/reviewer/decisions?page=2"


@pytest.mark.parametrize(
    "target",
    [
        "https://evil.example/",
        "//evil.example/",
        "/\\evil.example/",
        "\\\\evil.example",
        "javascript:alert(1)",
        "/\t/evil.example",
        "%2F%2Fevil.example",
        "evil.example",
        "https:evil.example",
        " //evil.example",
        "",
    ],
)
def test_nobody_is_sent_to_another_site(client, rosa, target):
    answer = client.get(SIGN_IN, query_string={"next": target})
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', answer.text)[1]
    answer = client.post(
        SIGN_IN,
        query_string={"next": target},
        data={"csrf_token": token, "email": rosa.email, "password": factories.PASSWORD},
    )
    assert answer.location == "/reviewer/"
    assert guard.local_address(target) is None


def test_addresses_of_this_site_are_kept():
    assert guard.local_address("/officer/?page=2") == "/officer/?page=2"


@pytest.mark.parametrize("token", [None, "", "forged", "IjEyMzQi.x.y"])
@pytest.mark.parametrize("address", [SIGN_IN, "/auth/sign-out"])
def test_a_form_without_its_token_is_refused(client, rosa, address, token):
    enter(client)
    fields = {"email": rosa.email, "password": factories.PASSWORD} | ({"csrf_token": token} if token else {})
    answer = client.post(address, data=fields)
    assert answer.status_code == 400
    assert "did not come from this site" in answer.text
    assert client.get("/reviewer/").status_code == 200


def test_the_token_of_another_visitor_is_refused(app, client, rosa):
    other = app.test_client()
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', other.get(SIGN_IN).text)[1]
    client.get(SIGN_IN)
    fields = {"csrf_token": token, "email": rosa.email, "password": factories.PASSWORD}
    assert client.post(SIGN_IN, data=fields).status_code == 400


def test_the_demonstration_names_its_accounts_but_not_their_password(app, client):
    assert "demo.example" not in client.get(SIGN_IN).text
    app.config["DEMO"] = True
    text = client.get(SIGN_IN).text
    assert "oficial.cl@demo.example" in text
    assert "secretaria@demo.example" in text


def test_pages_of_a_signed_in_person_are_not_kept_by_the_browser(client, rosa):
    enter(client)
    assert client.get("/reviewer/").headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("address", [SIGN_IN, "/reviewer/", "/secretariat/", "/auth/sign-out"])
def test_the_door_and_the_desks_cannot_be_framed_or_fed_from_elsewhere(client, rosa, address):
    # The door before signing in; then a desk of one's own, one that refuses, and a wrong method.
    if address != SIGN_IN:
        enter(client)
    headers = client.get(address).headers
    policy = {part.split()[0]: part.split()[1:] for part in headers["Content-Security-Policy"].split(";")}
    assert policy["frame-ancestors"] == policy["base-uri"] == policy["default-src"] == ["'none'"]
    assert policy["script-src"] == policy["form-action"] == ["'self'"]
    assert headers["X-Content-Type-Options"] == "nosniff"
