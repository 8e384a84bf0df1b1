"""The secretariat's desk: reading the trail, and looking after people."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select

from rqf.models import Account, RoleGrant, audit
from rqf.rules.chain import read_head
from rqf.rules.terms import Role
from tests import factories

PHRASE = "nine stones in a row"
NEW = "/secretariat/people/new"
HOSTILE = "<script>alert(1)</script>"


@pytest.fixture
def secretariat(session, sign_in):
    account = factories.make_account(session, Role.SECRETARIAT, name="Lucía")
    sign_in(account)
    return account


@pytest.fixture
def trail(session, secretariat):
    rosa = factories.make_account(session, Role.REVIEWER, "PE", name="Rosa")
    audit.record(
        session, rosa, "mapping.endorse", "level_mapping", "aaaa-1", country="CL", reason="It fits level 5.",
        qualification="bbbb-2", before={"status": "in_review"},
        after={"status": "endorsed", "number": "RQF-M-2026-000001"},
    )  # fmt: skip
    audit.record(session, "rqf load", "fixtures.load", "fixtures", "folder", kept=0, added={"levels": 8})
    audit.record(session, HOSTILE, "strange.action", HOSTILE[:20], "x", reason=HOSTILE, note=HOSTILE)
    session.commit()
    return rosa


def account(database, email) -> tuple[Account, set]:
    with database.read() as reader:
        found = reader.scalars(select(Account).where(Account.email == email)).one()
        return found, {(grant.role, grant.country_code) for grant in found.roles}


def test_the_trail_tells_who_did_what_and_what_changed(client, trail):
    text = client.get("/secretariat/").text
    for words in ("Rosa", "endorsed a level", "Chile", "It fits level 5.", "loaded data", "signed in"):
        assert words in text
    assert re.search(r"<b>state:</b> <del>in review</del>.*<ins>endorsed</ins>", text)
    assert "record=bbbb-2" in text


def test_what_people_wrote_is_shown_as_text(client, trail):
    text = client.get("/secretariat/").text
    assert HOSTILE not in text
    assert "&lt;script&gt;" in text
    assert "strange.action" in text


@pytest.mark.parametrize(
    ("asked", "there", "missing"),
    [
        ("country=CL", "endorsed a level", "loaded data</td>"),
        ("action=fixtures.load", "loaded data</td>", "endorsed a level</td>"),
        ("person=rosa", "endorsed a level</td>", "loaded data</td>"),
        ("record=bbbb-2", "endorsed a level</td>", "loaded data</td>"),
    ],
)
def test_the_trail_is_filtered_by_the_address(client, trail, asked, there, missing):
    text = client.get(f"/secretariat/?{asked}").text
    assert there in text
    assert missing not in text


def test_the_head_of_the_trail_is_downloaded_and_fits(client, session, trail):
    assert 'href="/secretariat/audit-head.json"' in client.get("/secretariat/").text
    answer = client.get("/secretariat/audit-head.json")
    assert "attachment; filename=rqf-audit-head-20" in answer.headers["Content-Disposition"]
    kept = read_head(answer.json)
    assert kept.entries > 3
    audit.record(session, "test", "test.do", "test", 1)
    assert audit.verify(session, [kept]) is None


@pytest.mark.parametrize("asked", ["record=nothing", "country=%00", "person=%25", "before=1", "before=-5"])
def test_a_trail_without_entries_says_so(client, trail, asked):
    answer = client.get(f"/secretariat/?{asked}")
    assert answer.status_code == 200
    assert "No entry fits these filters" in answer.text


def test_older_entries_are_one_click_away_and_keep_the_filter(client, session, secretariat):
    for number in range(60):
        audit.record(session, "test", "test.do", "test", f"n{number:02}")
    session.commit()
    first = client.get("/secretariat/?action=test.do").text
    address = re.search(r'href="([^"]*before=[^"]*)"', first)[1].replace("&amp;", "&")
    second = client.get(address).text
    assert "action=test.do" in address
    assert ("n59" in first, "n10" in first, "n09" in first) == (True, True, False)
    assert ("n09" in second, "n00" in second, "n10" in second) == (True, True, False)
    assert 'rel="next"' not in second


def test_people_are_listed_with_roles_and_without_hashes(client, session, secretariat):
    factories.make_account(session, Role.REVIEWER, "PE", name="Rosa", email="rosa@test.example")
    factories.make_account(session, name="Gone", active=False)
    session.commit()
    text = client.get("/secretariat/people").text
    for words in ("Rosa", "rosa@test.example", "reviewer, Peru", "regional secretariat", "switched off"):
        assert words in text
    assert "argon2" not in text


def test_a_person_is_added_and_can_sign_in(client, database, post, secretariat):
    answer = post(
        NEW, name="Julio", email="julio@test.example", password=PHRASE,
        officer=["PE"], reviewer=["PE", "CO"],
    )  # fmt: skip
    assert (answer.status_code, answer.location) == (303, "/secretariat/people")
    assert "julio@test.example can sign in now." in client.get("/secretariat/people").text
    assert account(database, "julio@test.example")[1] == {
        (Role.OFFICER, "PE"), (Role.REVIEWER, "PE"), (Role.REVIEWER, "CO"),
    }  # fmt: skip
    post("/auth/sign-out", page="/secretariat/")
    answer = post("/auth/sign-in", email="julio@test.example", password=PHRASE)
    assert (answer.status_code, answer.location) == (303, "/officer/")


def test_another_secretary_is_added_without_a_country(database, post, secretariat):
    fields = {"name": "Ana", "email": "ana@test.example", "password": PHRASE, "secretariat": "y"}
    assert post(NEW, **fields).status_code == 303
    assert account(database, "ana@test.example")[1] == {(Role.SECRETARIAT, None)}


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"email": "julio"}, "“julio” is not an e-mail address."),
        ({"password": "short"}, "at least 12 characters"),
        ({"name": ""}, "Enter the person&#39;s name"),
        ({"officer": []}, "Choose at least one role."),
        ({"officer": ["ZZ"]}, "“ZZ” is not a country of this registry."),
        ({"officer": [HOSTILE]}, "&lt;script&gt;"),
    ],
)
def test_what_is_wrong_is_said_on_the_form_and_nothing_is_saved(
    client, database, post, secretariat, fields, words
):
    right = {"name": "Julio", "email": "julio@test.example", "password": PHRASE, "officer": ["PE"]}
    answer = post(NEW, **{**right, **fields})
    assert answer.status_code == 422
    assert words in answer.text
    assert "There is a problem" in answer.text
    assert "<title>Error:" in answer.text
    assert PHRASE not in answer.text
    assert HOSTILE not in answer.text
    with database.read() as reader:
        assert reader.scalars(select(Account).where(Account.name == "Julio")).all() == []


def test_an_account_is_switched_off_and_its_owner_is_out_at_once(app, client, session, post, secretariat):
    rosa = factories.make_account(session, Role.REVIEWER, "PE")
    session.commit()
    hers = app.test_client()
    assert post_as(hers, rosa).status_code == 303
    assert hers.get("/reviewer/").status_code == 200
    answer = post("/secretariat/people/disable", page="/secretariat/people", email=rosa.email)
    assert (answer.status_code, answer.location) == (303, "/secretariat/people")
    assert "/auth/sign-in" in hers.get("/reviewer/").location
    assert post_as(hers, rosa).status_code == 422


def post_as(client, account):
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', client.get("/auth/sign-in").text)[1]
    fields = {"csrf_token": token, "email": account.email, "password": factories.PASSWORD}
    return client.post("/auth/sign-in", data=fields)


@pytest.mark.parametrize(("email", "status"), [("nobody@test.example", 404), ("", 404), ("\x00", 404)])
def test_switching_off_nobody_is_refused(post, secretariat, email, status):
    answer = post("/secretariat/people/disable", page="/secretariat/people", email=email)
    assert answer.status_code == status


def test_one_cannot_switch_off_oneself(database, post, secretariat):
    answer = post("/secretariat/people/disable", page="/secretariat/people", email=secretariat.email)
    assert answer.status_code == 409
    assert "your own account" in answer.text
    assert account(database, secretariat.email)[0].active


def test_a_person_with_two_desks_sees_both(client, session, sign_in):
    person = factories.make_account(session, Role.SECRETARIAT)
    person.roles.append(RoleGrant(role=Role.REVIEWER, country_code="PE"))
    sign_in(person)
    text = client.get("/secretariat/").text
    assert 'href="/reviewer/"' in text
    assert 'href="/officer/"' not in text
