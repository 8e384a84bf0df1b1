"""The secretariat's pages on contradictions, and the figures of agreement on two desks."""

from __future__ import annotations

import pytest

from rqf import consistency, review
from rqf.models import Equivalence
from rqf.rules.terms import Conclusion, EquivalenceStatus, MappingStatus, MappingStep, Role
from tests import factories

WHY = "Both countries have looked at it and stand by it."
HOSTILE = "<script>alert(1)</script>"


@pytest.fixture
def secretariat(session, sign_in):
    account = factories.make_account(session, Role.SECRETARIAT, name="Lucía")
    sign_in(account)
    return account


@pytest.fixture
def finding(session):
    author = factories.make_account(session)
    sides = []
    for title, country, level in (("Soldadura", "CL", 3), (f"Montaje {HOSTILE}", "PE", 6)):
        version = factories.make_qualification(session, title, country=country, level=None)
        factories.make_mapping(
            session, version, author, low=level, status=MappingStatus.ENDORSED, rationale=HOSTILE
        )
        sides.append(version)
    session.add(
        Equivalence(
            number="RQF-E-2026-000001", from_version=sides[0], to_version=sides[1], purpose="work",
            conclusion=Conclusion.FULL, status=EquivalenceStatus.ENDORSED, rationale="Compared.",
        )
    )  # fmt: skip
    session.flush()
    consistency.watch(session, [one.qualification_id for one in sides])
    (found,) = consistency.list_findings(session, factories.make_actor(session, Role.SECRETARIAT)).items
    session.commit()
    return found


def test_contradictions_are_listed_with_their_path(client, secretariat, finding):
    text = client.get("/secretariat/findings").text
    for words in ("Equivalent, but at levels far apart", "Soldadura", "RQF-E-2026-000001", "full", "Chile"):
        assert words in text
    assert f'href="/secretariat/findings/{finding.uuid}"' in text
    assert HOSTILE not in text
    assert "No contradiction fits" in client.get("/secretariat/findings?country=MX").text
    assert "No contradiction fits" in client.get("/secretariat/findings?status=settled").text


@pytest.mark.parametrize(
    "asked", ["status=x", "kind=%00", "country=%00%00", "before=x", "before=-1", f"before={10**30}"]
)
def test_a_strange_address_is_answered(client, secretariat, finding, asked):
    assert client.get(f"/secretariat/findings?{asked}").status_code == 200


def test_without_contradictions_the_page_says_so(client, secretariat):
    assert "No decisions contradict each other" in client.get("/secretariat/findings").text


def test_a_contradiction_is_settled_with_a_reason_and_opened_again(client, post, secretariat, finding):
    page = f"/secretariat/findings/{finding.uuid}"
    text = client.get(page).text
    assert "two or more regional levels apart" in text
    assert HOSTILE not in text
    answer = post(page, proof=finding.proof, reason=WHY)
    assert (answer.status_code, answer.location) == (303, page)
    text = client.get(page).text
    assert WHY in text
    assert "Settled by Lucía" in text
    assert "settled a contradiction" in client.get("/secretariat/").text
    assert post(f"{page}/reopen", page=page).status_code == 303
    assert "Settle with this reason" in client.get(page).text
    assert "opened a contradiction again" in client.get("/secretariat/").text


def test_a_settlement_without_reason_is_refused_and_keeps_what_was_typed(post, secretariat, finding):
    answer = post(f"/secretariat/findings/{finding.uuid}", proof=finding.proof, reason="ok then")
    assert answer.status_code == 422
    for words in ("at least 10 characters", "ok then", "There is a problem", "<title>Error:"):
        assert words in answer.text


def test_who_read_another_proof_is_told_and_keeps_what_was_typed(client, post, secretariat, finding):
    page = f"/secretariat/findings/{finding.uuid}"
    answer = post(page, proof="m98 m99", reason=WHY)
    assert answer.status_code == 409
    assert "has changed since you opened it" in answer.text
    assert WHY in answer.text
    assert f'value="{finding.proof}"' in answer.text


@pytest.mark.parametrize("role", [Role.OFFICER, Role.REVIEWER])
def test_other_roles_do_not_enter(client, session, sign_in, finding, role):
    sign_in(factories.make_account(session, role, "CL"))
    for path in ("findings", f"findings/{finding.uuid}", "agreement", "audit-head.json"):
        assert client.get(f"/secretariat/{path}").status_code == 403


def test_a_guessed_address_is_not_found(client, secretariat):
    assert client.get("/secretariat/findings/nothing").status_code == 404


@pytest.fixture
def decided(session):
    officer = factories.make_account(session, name="Antonia")
    reviewer = factories.make_actor(session, Role.REVIEWER, "PE")
    for number, level in enumerate((3, 4, 4, 5, 4, 4)):
        version = factories.make_qualification(session, f"Título {number}", level=None)
        mapping = factories.make_mapping(
            session, version, officer, low=level, suggested_low=4, suggested_high=4, suggested_score=85
        )
        review.decide(session, reviewer, mapping.uuid, MappingStep.ENDORSE, WHY, mapping.revision)
    session.commit()
    return reviewer


def test_reviewers_see_the_figures_and_no_person(client, sign_in, decided):
    sign_in(decided.account)
    text = client.get("/reviewer/agreement").text
    for words in ("Kappa (quadratic)", "Chile", "Mining", "80–89", "67%", "Interval of 95 %", "1.00"):
        assert words in text
    assert "95 %%" not in text
    assert "Antonia" not in text
    assert "Pair" not in text


def test_the_secretariat_sees_pairs_by_name_and_no_ranking(client, secretariat, decided):
    text = client.get("/secretariat/agreement").text
    assert f"Antonia · {decided.account.name}" in text
    assert "It is no ranking" in text


def test_before_anything_is_decided_the_pages_say_so(client, secretariat):
    text = client.get("/secretariat/agreement").text
    assert "not enough cases" in text
    assert "Nothing has been decided yet" in text
    assert "do not support accepting" in text
