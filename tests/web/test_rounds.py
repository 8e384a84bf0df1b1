"""Rounds through the doors: the secretariat makes and deals, reviewers place apart, nobody sees too much."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from rqf import review
from rqf.app import create_app
from rqf.models import LevelMapping, ReviewRound, RoundItem, RoundPlacement
from rqf.models.tables import now
from rqf.people import actor_of
from rqf.rules.terms import ItemStatus, MappingStatus, Role, RoundMode
from rqf.web import guard
from tests import factories
from tests.conftest import SECRET, post

SECRET_REASON = "A reason that nobody else may read yet."


@pytest.fixture
def scene(session):
    """A round with double mapping of one Chilean record, its secretariat, and reviewers by country."""
    secretariat = factories.make_account(session, Role.SECRETARIAT)
    reviewers = {
        country: factories.make_account(session, Role.REVIEWER, country) for country in ("CO", "MX", "PE")
    }
    version = factories.make_qualification(session, outcomes=(("skills", "Diagnostica fallas."),))
    made = review.create_round(
        session, actor_of(secretariat), title="Mining 2026", mode=RoundMode.DOUBLE,
        filters={"sector": "mining"}, reviewers=[one.email for one in reviewers.values()],
        deadline=now().date() + timedelta(days=9),
    )  # fmt: skip
    item = session.scalars(select(RoundItem)).one()
    session.commit()
    return secretariat, reviewers, version, made, item


def placing(low="4", high="4", reason=SECRET_REASON, levels=("4", "4", "5")):
    fields = {"low": low, "high": high, "reason": reason, "then": "list"}
    for number, (domain, level) in enumerate(
        zip(("knowledge", "skills", "application"), levels, strict=True)
    ):
        fields |= {f"domains-{number}-domain": domain, f"domains-{number}-level": level}
    return fields


def test_a_round_is_previewed_and_made(client, session, sign_in, post):
    for country in ("CO", "MX", "PE"):
        factories.make_account(session, Role.REVIEWER, country)
    factories.make_qualification(session, "Perforación en minas")
    sign_in(factories.make_account(session, Role.SECRETARIAT))
    reviewers = re.findall(
        r'name="reviewers"[^>]*value="([^"]+)"', client.get("/secretariat/rounds/new").text
    )
    fields = {"title": "Mining", "mode": "double", "sector": "mining", "deadline": "2999-01-01",
              "reviewers": reviewers}  # fmt: skip
    shown = post("/secretariat/rounds/new", do="preview", **fields)
    assert shown.status_code == 200
    assert "1 qualification would go in" in shown.text
    assert "Perforación en minas" in shown.text
    assert 'value="Mining"' in shown.text
    session.rollback()
    assert session.scalars(select(ReviewRound)).all() == []
    session.rollback()
    made = post("/secretariat/rounds/new", do="create", **fields)
    assert made.status_code == 303
    assert "0 of 1 done" in client.get(made.location).text


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"title": ""}, "Give the round a title"),
        ({"deadline": "soon"}, "“soon” is no day"),
        ({"deadline": "2001-01-01"}, "2001-01-01 has passed"),
        ({"mode": "by lot"}, "Choose how the qualifications are judged"),
        ({"reviewers": "nobody@test.example"}, "nobody@test.example is no active reviewer"),
        ({"sector": "nowhere"}, "No qualification fits these filters"),
    ],
)
def test_a_wrong_round_is_refused_beside_its_field(client, session, sign_in, post, wrong, said):
    factories.make_qualification(session)
    sign_in(factories.make_account(session, Role.SECRETARIAT))
    fields = {"title": "Kept as typed", "mode": "double", "deadline": "2999-01-01", "do": "create"}
    answer = post("/secretariat/rounds/new", **{**fields, **wrong})
    assert answer.status_code == 422
    assert said in answer.text
    if "title" not in wrong:
        assert "Kept as typed" in answer.text


def test_a_round_is_dealt_and_a_reviewer_goes_on_leave(client, scene, sign_in, session):
    secretariat, reviewers, _, made, item = scene
    sign_in(secretariat)
    page = f"/secretariat/rounds/{made.uuid}"
    assert post(client, f"{page}/deal", page, batch="none").status_code == 303
    assert "“none” is no batch" in client.get(page).text
    post(client, f"{page}/deal", page, batch="")
    assert "2 assignments were dealt" in client.get(page).text
    session.rollback()
    session.refresh(item)
    busy = {one.account_id for one in item.assignments}
    holder = item.assignments[0].account.email
    email, name = next((one.email, one.name) for one in reviewers.values() if one.id not in busy)
    address = f"/secretariat/rounds/items/{item.uuid}/assign"
    session.rollback()
    post(client, f"{page}/away", page, email=holder, away="1")
    assert f"{holder} is on leave; 1 assignment is free again" in client.get(page).text
    assert post(client, address, page, email=email).status_code == 303
    assert name in client.get(page).text


def test_two_place_apart_and_a_third_reconciles(client, scene, sign_in, session):
    _, reviewers, _, _, item = scene
    page = f"/reviewer/placements/{item.uuid}"
    for country, levels in (("CO", ("4", "4", "5")), ("MX", ("6", "6", "6"))):
        sign_in(reviewers[country])
        assert item.version.title in client.get("/reviewer/rounds").text
        assert post(client, page, **placing(low=levels[0], high=levels[2], levels=levels)).status_code == 303
        post(client, "/auth/sign-out", "/")
    sign_in(reviewers["PE"])
    shown = client.get(page).text
    assert "Two placements, made apart" in shown
    assert reviewers["CO"].name in shown
    assert reviewers["MX"].name in shown
    assert post(client, page, **placing()).status_code == 303
    session.rollback()
    session.refresh(item)
    assert item.status == ItemStatus.DONE


def test_a_wrong_placement_keeps_what_was_typed(client, scene, sign_in):
    _, reviewers, _, _, item = scene
    sign_in(reviewers["PE"])
    answer = post(
        client, f"/reviewer/placements/{item.uuid}", **placing(low="5", high="4", levels=("", "4", "4"))
    )
    assert answer.status_code == 422
    assert SECRET_REASON in answer.text
    assert "is below the lowest" in answer.text


def test_who_reconciles_too_late_is_told_and_keeps_the_text(client, scene, sign_in, session):
    _, reviewers, _, _, item = scene
    late = factories.make_account(session, Role.REVIEWER, "PE")
    for country in ("CO", "MX"):
        place_as(session, reviewers[country], item)
    sign_in(reviewers["PE"])
    page = f"/reviewer/placements/{item.uuid}"
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', client.get(page).text)[1]
    item.round.reviewers.append(type(item.round.reviewers[0])(account_id=late.id))
    session.commit()
    for one in item.assignments:
        if one.account_id == reviewers["PE"].id:
            one.account_id = late.id
    session.commit()
    place_as(session, late, item)
    answer = client.post(page, data={"csrf_token": token, **placing()})
    assert answer.status_code == 409
    assert late.name in answer.text


def place_as(session, account, item, reason="The outcomes ask for autonomy."):
    levels = {"knowledge": 3, "skills": 3, "application": 3}
    review.place(session, actor_of(account), item.uuid, 3, 3, levels, reason)
    session.commit()


def pages() -> list[str]:
    """Return the rule of every page and API answer that can be asked for with GET."""
    app = create_app({"DATABASE_URL": "sqlite://", "SECRET_KEY": SECRET})
    found = [rule.rule for rule in app.url_map.iter_rules() if "GET" in rule.methods]
    app.extensions["rqf_database"].close()
    return [one for one in found if not one.startswith("/static")]


@pytest.mark.parametrize(
    ("role", "both"), [(Role.REVIEWER, False), (Role.REVIEWER, True), (Role.SECRETARIAT, True), (None, True)]
)
def test_no_page_and_no_answer_tells_a_placement_before_it_is_reconciled(
    client, scene, sign_in, session, role, both
):
    secretariat, reviewers, version, made, item = scene
    place_as(session, reviewers["CO"], item, SECRET_REASON)
    if both:
        place_as(session, reviewers["MX"], item, "The other one's words.")
    people = {
        Role.REVIEWER: reviewers["MX"],
        Role.SECRETARIAT: secretariat,
    }
    if role:
        sign_in(people[role])
    seen = 0
    for rule in pages():
        uuids = (item.uuid, made.uuid, version.qualification.uuid)
        for uuid in uuids if "<" in rule else uuids[:1]:
            answer = client.get(re.sub(r"<[^>]+>", uuid, rule), query_string={"q": "mantenimiento"})
            assert SECRET_REASON not in answer.text, rule
            seen += answer.status_code == 200
    assert seen >= 3


def test_a_country_cannot_open_the_placing_of_its_own_record(client, scene, sign_in, session):
    _, _, _, made, item = scene
    chile = factories.make_account(session, Role.REVIEWER, "CL")
    item.round.reviewers.append(type(item.round.reviewers[0])(account_id=chile.id))
    session.commit()
    sign_in(chile)
    shown = client.get(f"/reviewer/placements/{item.uuid}").text
    assert "from your own country" in shown
    assert 'name="low"' not in shown
    session.rollback()
    assert session.scalars(select(RoundPlacement)).all() == []
    assert made.mode == RoundMode.DOUBLE


def test_the_desks_have_their_links():
    assert {"secretariat.rounds", "reviewer.rounds"} <= {
        endpoint for pages in guard._DESKS.values() for endpoint, _ in pages
    }


def test_the_case_says_its_keys_and_loads_them_only_there(client, session, sign_in):
    mapping = factories.make_mapping(
        session, factories.make_qualification(session), factories.make_account(session)
    )
    sign_in(factories.make_account(session, Role.REVIEWER, "PE"))
    shown = client.get(f"/reviewer/mappings/{mapping.uuid}").text
    assert 'data-key="e"' in shown
    assert "keys.js" in shown
    assert "keys.js" not in client.get("/reviewer/").text


def test_an_officer_appeals_on_the_page_of_the_record(client, session, sign_in):
    officer = factories.make_account(session)
    mapping = factories.make_mapping(
        session, factories.make_qualification(session), officer, status=MappingStatus.REJECTED
    )
    uuid = mapping.version.qualification.uuid
    sign_in(officer)
    record = f"/officer/qualifications/{uuid}"
    assert post(client, f"/officer/mappings/{mapping.uuid}/appeal", record, reason=" ").location.endswith(
        uuid
    )
    assert "Say what the decision overlooked" in client.get(record).text
    answer = post(client, f"/officer/mappings/{mapping.uuid}/appeal", record, reason="It overlooked a unit.")
    assert answer.location.endswith("/level")
    session.rollback()
    statuses = session.scalars(select(LevelMapping.status).order_by(LevelMapping.id)).all()
    assert statuses == [MappingStatus.REJECTED, MappingStatus.DRAFT]


def test_who_waits_too_long_for_the_database_is_asked_to_try_again(
    client, scene, sign_in, session, monkeypatch
):
    _, reviewers, _, _, item = scene
    sign_in(reviewers["PE"])

    def locked(*_args):
        raise OperationalError("BEGIN IMMEDIATE", {}, Exception("database is locked"))

    monkeypatch.setattr(review, "place", locked)
    answer = post(client, f"/reviewer/placements/{item.uuid}", **placing())
    assert answer.status_code == 503
    assert "Nothing was saved" in answer.text
