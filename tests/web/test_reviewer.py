"""The reviewer's desk in the browser: the queue, one case, the decision, and the second who decides."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import selectinload

from rqf import review
from rqf.models import DescriptorDomain, LevelMapping, Placement
from rqf.models.tables import now
from rqf.rules.terms import MappingStatus, MappingStep, Role
from tests import factories

WHY = "The outcomes plan and supervise: level 5."
SUGGESTION = {
    "suggestions": [
        {"level": 5, "score": 82, "evidence": [
            {"domain": "skills", "descriptor_text": "…", "score": 71, "words": ["faults", "maintenance"]}]},
        {"level": 4, "score": 61, "evidence": []},
    ],
    "range": [5, 5],
    "abstained": False,
    "conflict": True,
    "precedents": [{"title": "Mantenimiento peruano", "country": "PE", "low": 5, "high": 5,
                    "endorsed_by": ["Rosa (CO)"], "score": 88, "uuid": "1111-2222"}],
    "national_range": [4, 5],
}  # fmt: skip
HOSTILE = '"><script>alert(1)</script>'


@pytest.fixture
def officer(session):
    return factories.make_account(session, name="Antonia")


@pytest.fixture
def reviewer(session, sign_in):
    account = factories.make_account(session, Role.REVIEWER, "PE", name="Rosa")
    sign_in(account)
    return account


@pytest.fixture
def mapping(session, officer):
    version = factories.make_qualification(
        session,
        "Técnico en mantenimiento",
        outcomes=(("skills", "Diagnostica fallas hidráulicas."), ("knowledge", "Explica el circuito.")),
    )
    found = factories.make_mapping(
        session, version, officer, low=5, suggestion=SUGGESTION, submitted_at=now() - timedelta(days=9)
    )
    domain = session.query(DescriptorDomain).filter_by(code="skills", edition_id=found.edition_id).one()
    found.placements = [Placement(domain=domain, level=5, evidence="Diagnostica, no solo repara.")]
    session.commit()
    return found


def page(mapping) -> str:
    return f"/reviewer/mappings/{mapping.uuid}"


def fresh(database, mapping) -> LevelMapping:
    """Return the mapping as it stands now, read without keeping others from writing."""
    with database.read() as reader:
        return reader.scalars(
            select(LevelMapping)
            .where(LevelMapping.uuid == mapping.uuid)
            .options(selectinload(LevelMapping.decisions))
        ).one()


def test_the_queue_shows_age_levels_and_agreement(client, reviewer, mapping):
    text = client.get("/reviewer/").text
    for words in ("Técnico en mantenimiento", "9 days", "as suggested", "submitted", "1 proposal waits"):
        assert words in text
    assert f'href="{page(mapping)}"' in text


def test_the_queue_filters_and_offers_only_what_waits(client, session, reviewer, officer, mapping):
    other = factories.make_qualification(session, "Electricista", country="CO", sector_code="electricity")
    factories.make_mapping(session, other, officer)
    session.commit()
    text = client.get("/reviewer/?country=CO").text
    assert "Electricista" in text
    assert "Técnico en mantenimiento" not in text
    assert "Colombia (1)" in text
    assert "Electricity (1)" in text
    assert "Mexico" not in text
    text = client.get("/reviewer/?country=CO&sector=mining").text
    assert "No proposal fits these filters" in text


def test_an_empty_queue_says_what_belongs_there(client, reviewer):
    text = client.get("/reviewer/").text
    assert "Nothing waits for you" in text
    assert 'href="/reviewer/decisions"' in text


@pytest.mark.parametrize(
    "asked", ["page=99999999999999999999", "page=x", "country=%00", "sector=" + "x" * 500]
)
def test_a_strange_address_of_the_queue_is_answered(client, reviewer, mapping, asked):
    assert client.get(f"/reviewer/?{asked}").status_code == 200


def test_the_case_has_everything_on_one_page(client, reviewer, mapping):
    text = client.get(page(mapping)).text
    for words in (
        "Diagnostica fallas hidráulicas.",
        "Its outcomes read like this level.",
        "Diagnostica, no solo repara.",
        "shared words: faults, maintenance",
        "point to different levels",
        "Mantenimiento peruano",
        "by Rosa (CO)",
        "Level 4",
        "Level 5",
        "Level 6",
        "Proposed by Antonia",
        "Open the review",
    ):
        assert words in text
    assert "<mark>faults</mark>" in text
    assert text.count("<h1") == 1


@pytest.mark.parametrize(("level", "language"), [(1, "en"), (5, "es")])
def test_the_matched_descriptor_is_shown_even_when_it_is_far_or_in_another_language(
    client, session, reviewer, mapping, level, language
):
    levels = {one.number: one for one in mapping.edition.levels}
    descriptor = next(one for one in levels[level].descriptors if one.domain.code == "skills")
    descriptor.texts = {"en": "Something else is said.", language: "Handles <b>faults</b> here."}
    evidence = {"domain": "skills", "descriptor_text": "Handles <b>faults</b> here.", "words": ["faults"]}
    mapping.suggestion = {"suggestions": [{"level": level, "score": 80, "evidence": [evidence]}]}
    session.commit()
    text = client.get(page(mapping)).text
    mark = "Handles &lt;b&gt;<mark>faults</mark>&lt;/b&gt; here."
    assert text.count(mark) == 1
    assert (f' lang="es">{mark}' in text) == (language == "es")


def test_a_matched_descriptor_that_stands_among_the_neighbours_is_not_repeated(
    client, session, reviewer, mapping
):
    descriptor = next(
        one
        for level in mapping.edition.levels
        for one in level.descriptors
        if level.number == 5 and one.domain.code == "skills"
    )
    evidence = {"domain": "skills", "descriptor_text": descriptor.texts["en"], "words": ["faults"]}
    mapping.suggestion = {"suggestions": [{"level": 5, "score": 80, "evidence": [evidence]}]}
    session.commit()
    assert client.get(page(mapping)).text.count("<mark>faults</mark>") == 1


def test_texts_of_others_are_shown_as_text(client, session, reviewer, officer):
    version = factories.make_qualification(
        session, HOSTILE, outcomes=(("skills", HOSTILE),), source=HOSTILE, entry_requirements=HOSTILE
    )
    suggestion = {
        **SUGGESTION,
        "precedents": [{"title": HOSTILE, "country": HOSTILE, "low": 4, "endorsed_by": [HOSTILE]}],
    }
    mapping = factories.make_mapping(session, version, officer, rationale=HOSTILE, suggestion=suggestion)
    session.commit()
    for address in ("/reviewer/", page(mapping)):
        text = client.get(address).text
        assert "<script>alert" not in text
        assert "&lt;script&gt;alert(1)" in text


@pytest.mark.parametrize(
    ("step", "status", "words"),
    [
        ("endorse", MappingStatus.ENDORSED, "is endorsed as RQF-M-"),
        ("return", MappingStatus.RETURNED, "goes back to its officer with your question"),
        ("reject", MappingStatus.REJECTED, "is rejected"),
    ],
)
def test_a_decision_is_saved_and_leads_back_to_the_queue(
    client, database, post, reviewer, mapping, step, status, words
):
    answer = post(page(mapping), expected=mapping.revision, step=step, reason=WHY)
    assert (answer.status_code, answer.location) == (303, "/reviewer/")
    assert words in client.get("/reviewer/").text
    assert fresh(database, mapping).status == status
    assert [(one.reason, one.account_id) for one in fresh(database, mapping).decisions] == [
        (WHY, reviewer.id)
    ]


def test_a_decision_can_lead_on_to_the_next_case(client, session, post, reviewer, officer, mapping):
    other = factories.make_mapping(session, factories.make_qualification(session, "Otra"), officer)
    session.commit()
    answer = post(page(mapping), expected=mapping.revision, step="endorse", reason=WHY, then="next")
    assert answer.location == page(other)
    answer = post(page(other), expected=other.revision, step="endorse", reason=WHY, then="next")
    assert answer.location == "/reviewer/"


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"step": "endorse", "reason": "ok"}, "at least 10 characters"),
        ({"step": "endorse", "reason": ""}, "at least 10 characters"),
        ({"step": "", "reason": WHY}, "Choose whether to endorse"),
        ({"step": "supersede", "reason": WHY}, "Choose whether to endorse"),
        ({"step": "endorse", "reason": "x" * 10_001}, "at most 10000"),
    ],
)
def test_a_bad_decision_is_shown_again_with_what_was_written(
    database, post, reviewer, mapping, fields, words
):
    answer = post(page(mapping), expected=mapping.revision, **fields)
    assert answer.status_code == 422
    assert words in answer.text
    assert "There is a problem" in answer.text
    assert "<title>Error:" in answer.text
    assert fields["reason"] in answer.text
    assert f'name="expected" type="hidden" value="{mapping.revision}"' in answer.text
    assert fresh(database, mapping).status == MappingStatus.SUBMITTED


def test_the_second_of_two_is_told_who_was_first_and_keeps_their_words(
    client, session, database, post, reviewer, mapping
):
    seen = mapping.revision
    andres = factories.make_actor(session, Role.REVIEWER, "CO")
    review.decide(session, andres, mapping.uuid, MappingStep.RETURN, "Which machines are meant?", seen)
    session.commit()
    answer = post(page(mapping), page="/reviewer/", expected=seen, step="endorse", reason=WHY)
    answer = answer if answer.status_code != 400 else None
    assert answer is not None
    assert answer.status_code == 409
    for words in (andres.account.name, "decided first", "Which machines are meant?", WHY, "/qualifications/"):
        assert words in answer.text
    assert fresh(database, mapping).status == MappingStatus.RETURNED
    assert len(fresh(database, mapping).decisions) == 1


@pytest.mark.parametrize("expected", ["", "x", "99999999999999999999", "-1"])
def test_a_decision_without_the_revision_that_was_read_is_not_saved(
    database, post, reviewer, mapping, expected
):
    answer = post(page(mapping), expected=expected, step="endorse", reason=WHY)
    assert answer.status_code == 409
    assert "has changed since you opened it" in answer.text
    assert fresh(database, mapping).status == MappingStatus.SUBMITTED


def test_ones_own_country_is_refused_with_the_reason(client, session, database, post, sign_in, mapping):
    sign_in(factories.make_account(session, Role.REVIEWER, "CL"))
    assert "Técnico en mantenimiento" not in client.get("/reviewer/").text
    text = client.get(page(mapping)).text
    assert "from your own country" in text
    assert 'name="reason"' not in text
    for address in (page(mapping), f"{page(mapping)}/open"):
        answer = post(address, page=page(mapping), expected=mapping.revision, step="endorse", reason=WHY)
        assert answer.status_code == 403
        assert "from your own country (CL)" in answer.text
    assert fresh(database, mapping).status == MappingStatus.SUBMITTED


def test_opening_a_review_is_said_on_the_page(client, database, post, reviewer, mapping):
    answer = post(f"{page(mapping)}/open", page=page(mapping))
    assert (answer.status_code, answer.location) == (303, page(mapping))
    text = client.get(page(mapping)).text
    assert "In review by Rosa." in text
    assert "Open the review" not in text
    assert fresh(database, mapping).status == MappingStatus.IN_REVIEW
    assert post(f"{page(mapping)}/open", page=page(mapping)).status_code == 409


def test_looking_at_a_case_does_not_open_it(client, database, reviewer, mapping):
    client.get(page(mapping))
    assert fresh(database, mapping).status == MappingStatus.SUBMITTED


@pytest.mark.parametrize("address", ["/reviewer/mappings/nothing", "/reviewer/mappings/%00"])
def test_a_guessed_address_is_not_found(client, reviewer, address):
    assert client.get(address).status_code == 404


def test_a_decided_case_shows_its_history_and_takes_no_decision(client, post, reviewer, mapping):
    post(page(mapping), expected=mapping.revision, step="reject", reason=WHY)
    text = client.get(page(mapping)).text
    assert "This proposal is rejected" in text
    assert WHY in text
    assert 'name="reason"' not in text


def test_my_decisions_are_listed_with_what_became_of_them(client, post, reviewer, mapping):
    assert "You have not decided anything yet" in client.get("/reviewer/decisions").text
    post(page(mapping), expected=mapping.revision, step="endorse", reason=WHY)
    text = client.get("/reviewer/decisions").text
    assert "Técnico en mantenimiento" in text
    assert WHY in text
    assert re.search(r"RQF-M-\d{4}-000001", text)
