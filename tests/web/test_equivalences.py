"""Equivalences in the browser: proposed from a comparison, judged by two countries, read by everybody."""

from __future__ import annotations

from io import BytesIO

import pytest
from sqlalchemy import select

from rqf import equivalences as eq
from rqf import lookup
from rqf.models import Equivalence, EquivalenceProposal, Evidence
from rqf.people import actor_of
from rqf.rules.terms import Conclusion, MappingStatus, MappingStep, Purpose, Role
from tests import factories

WHY = "The outcomes are the same in both."
FIELDS = {
    "conclusion": "partial", "purpose": "employment", "rationale": WHY, "legal_basis": "Ley 20.129",
    "differences-0-element": "level", "differences-0-size": "none", "differences-0-note": "Both stand at 4.",
}  # fmt: skip
OUTCOMES = (("skills", "Diagnostica fallas hidráulicas."), ("knowledge", "Explica el circuito."))


@pytest.fixture
def sign_in(client, sign_in):
    """Let one person in after another."""

    def enter(account):
        client.delete_cookie("rqf")
        sign_in(account)

    return enter


@pytest.fixture
def pair(session):
    one = factories.make_qualification(session, "Mantenimiento de equipos", outcomes=OUTCOMES)
    other = factories.make_qualification(
        session, "Mantenimiento de maquinaria", country="PE", outcomes=OUTCOMES
    )
    session.commit()
    return one.qualification.uuid, other.qualification.uuid


@pytest.fixture
def people(session):
    found = {"officer": factories.make_account(session, Role.OFFICER, "CL", name="Antonia")}
    for country in ("CL", "PE", "MX"):
        found[country] = factories.make_account(session, Role.REVIEWER, country, name=f"Rosa {country}")
    session.commit()
    return found


@pytest.fixture
def submitted(session, pair, people):
    """A proposal before the reviewers."""
    officer = actor_of(people["officer"])
    made = eq.propose(session, officer, *pair, eq.Terms(Conclusion.PARTIAL, Purpose.EMPLOYMENT, WHY))
    eq.submit(session, officer, made.uuid)
    session.commit()
    return made.uuid


def stored(database) -> EquivalenceProposal:
    with database.read() as session:
        return session.scalars(select(EquivalenceProposal)).one()


def new_page(pair) -> str:
    return f"/officer/equivalences/new?a={pair[0]}&b={pair[1]}"


def test_an_officer_proposes_from_a_comparison_with_evidence(client, sign_in, post, pair, people, database):
    compare = f"/compare?a={pair[0]}&b={pair[1]}"
    assert "Propose an equivalence" not in client.get(compare).text
    sign_in(people["officer"])
    assert "Propose an equivalence" in client.get(compare).text
    page = client.get(new_page(pair)).text
    for words in ("What is A worth in place of B?", "The regional levels meet.", "Save the draft first"):
        assert words in page
    saved = post("/officer/equivalences/new", page=new_page(pair), a=pair[0], b=pair[1], **FIELDS)
    assert saved.status_code == 303
    address = saved.location
    assert stored(database).differences == {"level": ["none", "Both stand at 4."]}
    added = post(
        f"{address}/evidence", page=address, kind="study", title="A study", link="https://example.cl/s"
    )
    assert added.status_code == 303
    file = {"kind": "programme", "title": "Programme", "file": (BytesIO(b"%PDF-1.7 x"), "p.pdf")}
    assert post(f"{address}/evidence", page=address, **file).status_code == 303
    page = client.get(address).text
    for words in ("A study", "Programme", "Submit to the reviewers", "Ley 20.129"):
        assert words in page
    assert post(f"{address}/submit", page=address).status_code == 303
    page = client.get(address).text
    assert "Submit to the reviewers" not in page
    assert stored(database).status == MappingStatus.SUBMITTED
    assert "Mantenimiento de equipos" in client.get("/officer/equivalences").text


def test_a_wrong_proposal_keeps_what_was_typed(client, sign_in, post, pair, people, database):
    sign_in(people["officer"])
    wrong = {**FIELDS, "rationale": "", "valid_from": "31.12.2026", "legal_basis": "Ley larga"}
    answer = post("/officer/equivalences/new", page=new_page(pair), a=pair[0], b=pair[1], **wrong)
    assert answer.status_code == 422
    assert "“31.12.2026” is not a date" in answer.text
    assert 'value="Ley larga"' in answer.text
    answer = post(
        "/officer/equivalences/new", page=new_page(pair), a=pair[0], b=pair[1], **{**FIELDS, "rationale": ""}
    )
    assert "Say why: the reviewers of both countries decide on it." in answer.text
    with database.read() as session:
        assert session.scalars(select(EquivalenceProposal)).all() == []


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"kind": "study", "title": "", "link": "https://example.cl"}, "Say what it is."),
        ({"kind": "study", "title": "x", "link": "javascript:alert(1)"}, "is not the address of a page"),
        ({"kind": "study", "title": "x", "file": b"MZ"}, "none of these: PDF, PNG, JPEG"),
    ],
)
def test_wrong_evidence_is_refused(client, sign_in, post, pair, people, database, fields, said):
    sign_in(people["officer"])
    address = post("/officer/equivalences/new", page=new_page(pair), a=pair[0], b=pair[1], **FIELDS).location
    if "file" in fields:
        # A new one for each engine: what has been sent is closed.
        fields = {**fields, "file": (BytesIO(fields["file"]), "x.pdf")}
    answer = post(f"{address}/evidence", page=address, **fields)
    assert answer.status_code == 422
    assert said in answer.text
    with database.read() as session:
        assert session.scalars(select(Evidence)).all() == []


def test_who_saved_second_gets_the_text_back(client, sign_in, post, pair, people):
    sign_in(people["officer"])
    address = post("/officer/equivalences/new", page=new_page(pair), a=pair[0], b=pair[1], **FIELDS).location
    assert post(address, **FIELDS, expected="1").status_code == 303
    late = post(address, **{**FIELDS, "rationale": "Mine came second."}, expected="1")
    assert late.status_code == 409
    assert "Mine came second." in late.text
    assert "Somebody saved this proposal" in late.text


def test_two_countries_decide_and_everybody_reads_it(
    client, sign_in, post, pair, people, submitted, database
):
    address = f"/reviewer/equivalences/{submitted}"
    sign_in(people["CL"])
    assert "1 is about a record of your country" in client.get("/reviewer/equivalences").text
    told = {"step": "endorse", "reason": WHY, "expected": "1"}
    assert post(address, **{**told, "reason": "ok"}).status_code == 422
    assert post(address, **told).status_code == 303
    assert "You have said your word on it." in client.get(address).text
    sign_in(people["PE"])
    assert "Rosa CL" in client.get(address).text
    assert post(address, **told).status_code == 303
    with database.read() as session:
        number = session.scalars(select(Equivalence.number)).one()
    sign_in(people["MX"])
    assert "Return with a question" not in client.get(address).text
    assert (
        post(address, **{**told, "step": "reject", "reason": "Mexico reads it otherwise."}).status_code == 303
    )
    client.delete_cookie("rqf")
    page = client.get(f"/decisions/{number}").text
    for words in (
        "bilateral",
        "Rosa CL",
        "Rosa PE",
        "Mexico dissents",
        "Mexico reads it otherwise.",
        "Colombia has not",
    ):
        assert words in page
    public = client.get(f"/qualifications/{pair[0]}/equivalents?country=PE").text
    assert f"/decisions/{number}" in public
    assert "Mexico dissents" in public
    assert client.get(f"/decisions/{number.lower()}").status_code == 301
    assert client.get("/decisions/RQF-E-1999-000001").status_code == 404


def test_a_side_ends_a_decision_with_a_reason(client, session, sign_in, post, people, submitted, database):
    for country in ("CL", "PE"):
        eq.judge(session, actor_of(people[country]), submitted, MappingStep.ENDORSE, WHY, 1)
    session.commit()
    with database.read() as reader:
        number = reader.scalars(select(Equivalence.number)).one()
    sign_in(people["MX"])
    assert "End this decision" not in client.get(f"/decisions/{number}").text
    sign_in(people["PE"])
    assert "End this decision" in client.get(f"/decisions/{number}").text
    address = f"/reviewer/decisions/{number}/end"
    assert post(address, reason="x").status_code == 422
    assert post(address, reason="The law changed in November.").status_code == 303
    page = client.get(f"/decisions/{number}").text
    for words in ("This decision no longer stands.", "The law changed in November.", "Rosa PE"):
        assert words in page


def test_a_refusal_is_appealed_against_once(client, session, sign_in, post, people, submitted, database):
    eq.judge(session, actor_of(people["PE"]), submitted, MappingStep.REJECT, "The hours are half.", 1)
    session.commit()
    sign_in(people["officer"])
    address = f"/officer/equivalences/{submitted}"
    assert "The hours are half." in client.get(address).text
    post(f"{address}/appeal", page=address, reason=" ")
    assert "Say what the decision overlooked" in client.get(address).text
    made = post(f"{address}/appeal", page=address, reason="Workplace hours were left out.")
    assert made.status_code == 303
    assert "Workplace hours were left out." in client.get(made.location).text


def test_a_level_decision_has_a_page_to_cite(client, session, people):
    version = factories.make_qualification(session, "Técnico")
    mapping = factories.make_mapping(session, version, people["officer"], status=MappingStatus.ENDORSED)
    session.commit()
    page = client.get(f"/decisions/{mapping.number}").text
    for words in (mapping.number, "Técnico", "Antonia"):
        assert words in page


def test_a_file_before_the_decision_is_nobody_elses(client, session, sign_in, post, pair, people, database):
    sign_in(people["officer"])
    address = post("/officer/equivalences/new", page=new_page(pair), a=pair[0], b=pair[1], **FIELDS).location
    file = {"kind": "programme", "title": "Programme", "file": (BytesIO(b"%PDF-1.7 x"), "p.pdf")}
    post(f"{address}/evidence", page=address, **file)
    with database.read() as reader:
        uuid = reader.scalars(select(Evidence.uuid)).one()
    answer = client.get(f"/evidence/{uuid}")
    assert answer.data == b"%PDF-1.7 x"
    assert answer.headers["Content-Disposition"].startswith("attachment")
    client.delete_cookie("rqf")
    assert client.get(f"/evidence/{uuid}").status_code == 404


def test_outcomes_are_judged_pair_by_pair(client, sign_in, post, pair, people, database):
    sign_in(people["officer"])
    address = post("/officer/equivalences/new", page=new_page(pair), a=pair[0], b=pair[1], **FIELDS).location
    assert f"{address}/outcomes" in client.get(address).text
    with database.read() as reader:
        ours, theirs = ([one.id for one in lookup.find(reader, uuid).outcomes()] for uuid in pair)
    where = f"{address}/outcomes"
    assert "suggested" in client.get(where).text
    named = {"a": str(ours[0]), "b": str(theirs[0]), "at": f"{ours[0]}-{theirs[0]}"}
    refused = post(where, **named, relation="refused", reason="no")
    assert refused.status_code == 422
    assert f'href="#reason-{ours[0]}-{theirs[0]}"' in refused.text
    assert post(where, **named, relation="refused", reason="One is for pumps only.").status_code == 303
    page = client.get(where).text
    for words in ("Refused pairs", "One is for pumps only.", "nothing in common"):
        assert words in page
    assert post(where, **named, relation="").status_code == 303
    assert "Refused pairs" not in client.get(where).text
    assert post(where, b=str(theirs[1]), relation="none").status_code == 303
    assert "no counterpart" in client.get(where).text
    assert "no counterpart" not in client.get(f"/compare?a={pair[0]}&b={pair[1]}").text
