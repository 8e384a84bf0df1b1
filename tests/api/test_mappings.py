"""Level mappings through the API: proposing, deciding, and what the law forbids."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from rqf.models import LevelMapping
from rqf.rules.terms import MappingStatus, Role
from tests import factories

API = "/api/v1/mappings"
WHY = "Its outcomes read like level 4 in every domain."


@pytest.fixture
def proposal(pumps):
    """What an officer of Chile sends."""
    return {
        "qualification": pumps[0].qualification.uuid, "low": 4, "high": 5, "rationale": WHY,
        "placements": {"skills": {"level": 4, "evidence": "Replaces seals."}},
    }  # fmt: skip


@pytest.fixture
def submitted(client, key, proposal):
    """A proposal that waits for a reviewer."""
    answer = client.post(API, json={**proposal, "submit": True}, headers=key())
    assert answer.status_code == 201, answer.text
    return answer.json


def decide(client, mapping, headers, step="endorse", **changes):
    said = {"step": step, "reason": "The evidence supports it.", "revision": mapping["revision"], **changes}
    return client.post(f"{API}/{mapping['id']}/decisions", json=said, headers=headers)


def test_an_officer_proposes_and_the_advice_is_kept(client, session, key, proposal):
    made = client.post(API, json=proposal, headers=key()).json
    assert (made["status"], made["low"], made["high"]) == ("draft", 4, 5)
    assert made["placements"] == [{"domain": "skills", "level": 4, "evidence": "Replaces seals."}]
    assert session.scalars(select(LevelMapping)).one().suggestion["suggestions"]


def test_a_proposal_for_another_countrys_record_finds_nothing(client, key, proposal):
    assert client.post(API, json=proposal, headers=key(country="MX")).status_code == 404


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"low": 6}, "high"),
        ({"high": 9}, "high"),
        ({"low": 0}, "low"),
        ({"low": 10**30}, "low"),
        ({"placements": {"magic": {"level": 1, "evidence": "x"}}}, "placements.magic"),
        ({"placements": {"skills": {"level": 99, "evidence": "x"}}}, "placements.skills.level"),
        ({"qualification": "x"}, "qualification"),
        ({"status": "endorsed"}, "status"),
    ],
)
def test_a_wrong_proposal_is_named_by_field(client, session, key, proposal, change, field):
    answer = client.post(API, json={**proposal, **change}, headers=key())
    assert answer.status_code == 422
    assert field in answer.json["errors"]
    assert session.scalars(select(LevelMapping)).all() == []


def test_a_reviewer_of_another_country_endorses_and_everyone_can_read_it(client, key, submitted):
    answer = decide(client, submitted, key(Role.REVIEWER, "PE"))
    assert answer.status_code == 201, answer.text
    assert answer.json["status"] == "endorsed"
    assert answer.json["number"].startswith("RQF-M-")
    (item,) = client.get(f"{API}?country=CL&level=5").json["items"]
    assert item["id"] == submitted["id"]
    (decision,) = item["decisions"]
    assert (decision["step"], decision["country"]) == ("endorse", "PE")
    assert decision["reason"] == "The evidence supports it."
    assert decision["by"]
    record = client.get("/api/v1/qualifications/54018").json
    assert record["regional_level"] == {"low": 4, "high": 5, "standing": "decided"}
    assert client.get(f"{API}?country=MX").json["total"] == 0
    assert client.get(f"{API}?level=6").json["total"] == 0


def test_nobody_decides_on_their_own_countrys_proposal(client, session, key, submitted):
    answer = decide(client, submitted, key(Role.REVIEWER, "CL"))
    assert answer.status_code == 403
    assert session.scalars(select(LevelMapping)).one().status == MappingStatus.SUBMITTED


def test_a_decision_names_the_revision_that_it_judged(client, key, submitted):
    answer = decide(client, submitted, key(Role.REVIEWER, "PE"), revision=submitted["revision"] + 1)
    assert answer.status_code == 409


def test_the_second_of_two_decisions_is_told(client, session, key, submitted):
    assert decide(client, submitted, key(Role.REVIEWER, "PE")).status_code == 201
    second = decide(client, submitted, key(Role.REVIEWER, "CO"), step="reject")
    assert second.status_code == 409
    assert session.scalars(select(LevelMapping)).one().status == MappingStatus.ENDORSED


@pytest.mark.parametrize(
    ("change", "field"),
    [({"reason": ""}, "reason"), ({"step": "withdraw"}, "step"), ({"revision": None}, "revision")],
)
def test_a_decision_needs_its_parts(client, key, submitted, change, field):
    answer = decide(client, submitted, key(Role.REVIEWER, "PE"), **change)
    assert answer.status_code == 422
    assert field in answer.json["errors"]


def test_work_in_progress_is_not_public(client, submitted):
    assert client.get(API).json["total"] == 0


def test_a_decision_on_nothing_finds_nothing(client, key):
    answer = decide(client, {"id": "nothing", "revision": 1}, key(Role.REVIEWER, "PE"))
    assert answer.status_code == 404


def test_pages_of_mappings_are_linked(client, session, pumps):
    for version in pumps[:2]:
        factories.make_mapping(
            session, version, factories.make_account(session), status=MappingStatus.ENDORSED
        )
    session.commit()
    answer = client.get(f"{API}?per_page=1")
    assert answer.json["total"] == 2
    assert 'rel="next"' in answer.headers["Link"]
