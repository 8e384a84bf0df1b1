"""Two officers change one record: the second sees both texts and saves what is made of both."""

from __future__ import annotations

import html

import pytest
from sqlalchemy import select

from rqf import registry
from rqf.models import AuditEntry, QualificationVersion
from rqf.models.standing import whole_version
from rqf.rules.terms import VersionStatus
from tests import factories
from tests.web.test_officer import value_of

HOSTILE = "<script>alert(1)</script>"


@pytest.fixture
def draft(session, sign_in):
    """A draft of Chile with two learning outcomes; an officer is signed in."""
    sign_in(factories.make_account(session))
    version = factories.make_qualification(
        session, "Bombas", status=VersionStatus.DRAFT, awarding_body=None,
        outcomes=[("skills", "Opera la bomba."), ("knowledge", "Explica el ciclo del agua.")],
    )  # fmt: skip
    session.commit()
    return version


def address(version) -> str:
    return f"/officer/qualifications/{version.qualification.uuid}"


def fields_of(page: str, version, **changes) -> dict[str, str]:
    """Return what a browser would send of the form on the page."""
    unit = version.units[0].unit
    return {
        "type": "qualification", "original_language": "es", "title": "Bombas", "level": "CL-MCTP:4",
        "sector": "mining", "source": "test", "verified": "yes", "valid_from": "2020-01-01",
        "entitlements": "", "legal_act": "", "change_note": "",
        "expected": value_of(page, "expected"), "seen": value_of(page, "seen"),
        "units-0-uuid": unit.uuid, "units-0-language": "es", "units-0-title": unit.title,
        "units-0-mandatory": "y", "units-0-source": "test",
        "units-0-outcomes-0-domain": "skills", "units-0-outcomes-0-text": "Opera la bomba.",
        "units-0-outcomes-1-domain": "knowledge", "units-0-outcomes-1-text": "Explica el ciclo del agua.",
        **changes,
    }  # fmt: skip


def collide(client, post, draft, theirs, yours):
    """Save ``theirs`` and then ``yours`` from the same page; return the answer to the second."""
    edit = address(draft) + "/edit"
    page = client.get(edit).text
    assert post(edit, **fields_of(page, draft, **theirs)).status_code == 303
    return post(edit, **fields_of(page, draft, **yours))


def newest(database) -> QualificationVersion:
    with database.read() as reader:
        question = select(QualificationVersion).order_by(QualificationVersion.number.desc())
        return reader.scalars(question.options(*whole_version())).first()


def settle(post, draft, answer, **choices):
    state = value_of(answer.text, "state")
    return post(address(draft) + "/merge", page=address(draft) + "/edit", state=state, **choices)


def test_what_does_not_collide_is_merged_and_saved_together(client, post, draft, database):
    theirs = {"legal_act": "Decreto 7", "units-0-outcomes-0-text": "Opera y limpia la bomba."}
    yours = {"title": "Bombas de agua", "units-0-outcomes-1-text": "Explica el ciclo del agua y del vapor."}
    answer = collide(client, post, draft, theirs, yours)
    assert answer.status_code == 409
    assert "You changed different things." in answer.text
    assert newest(database).title == "Bombas"
    assert settle(post, draft, answer).status_code == 303
    saved = newest(database)
    assert (saved.title, saved.legal_act) == ("Bombas de agua", "Decreto 7")
    assert [one.text for one in saved.outcomes()] == [
        "Opera y limpia la bomba.", "Explica el ciclo del agua y del vapor.",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("choice", "stands"), [("theirs", "Ley A"), ("yours", HOSTILE), ("own", "Ley A y otra")]
)
def test_where_both_wrote_one_chooses(client, post, draft, database, choice, stands):
    answer = collide(client, post, draft, {"legal_act": "Ley A"}, {"legal_act": HOSTILE})
    page = html.unescape(answer.text)
    assert "1 place where both of you wrote" in page
    assert HOSTILE not in answer.text
    unchosen = settle(post, draft, answer)
    assert unchosen.status_code == 422
    assert "Legal act: Choose a text, or write one." in unchosen.text
    chosen = {"choices-0-take": choice, "choices-0-own": "Ley A y otra"}
    assert settle(post, draft, unchosen, **chosen).status_code == 303
    assert newest(database).legal_act == stands


def test_a_third_save_in_between_is_merged_as_well(client, session, post, draft, database):
    answer = collide(client, post, draft, {"legal_act": "Ley A"}, {"legal_act": "Ley B"})
    edit = address(draft) + "/edit"
    page = client.get(edit).text
    assert post(edit, **fields_of(page, draft, legal_act="Ley A", source="Diario")).status_code == 303
    again = settle(post, draft, answer, **{"choices-0-take": "yours"})
    assert again.status_code == 409
    assert settle(post, draft, again).status_code == 303
    saved = newest(database)
    assert (saved.legal_act, saved.source) == ("Ley B", "Diario")
    saves = select(AuditEntry.id).where(AuditEntry.action == "qualification.revise")
    assert len(session.scalars(saves).all()) == 3


def test_a_page_that_is_not_ours_is_refused(client, session, post, draft, database):
    answer = collide(client, post, draft, {"legal_act": "Ley A"}, {"legal_act": "Ley B"})
    other = factories.make_qualification(session, "Otra", status=VersionStatus.DRAFT)
    session.commit()
    assert settle(post, other, answer).status_code == 422
    forged = post(address(draft) + "/merge", page=address(draft) + "/edit", state="forged")
    assert forged.status_code == 422
    assert newest(database).legal_act in ("Ley A", None)


def test_a_unit_that_the_first_copied_to_change_it_stays_one_unit(client, session, post, draft, database):
    draft.status, draft.published_at = VersionStatus.PUBLISHED, draft.created_at
    session.commit()
    note = {"change_note": "Decreto 7"}
    answer = collide(
        client, post, draft,
        {**note, "units-0-title": "Operación"},
        {**note, "units-0-outcomes-0-text": "Opera la bomba nueva."},
    )  # fmt: skip
    assert settle(post, draft, answer).status_code == 303
    saved = newest(database)
    assert (saved.number, len(saved.units)) == (2, 1)
    assert saved.units[0].unit.title == "Operación"
    assert saved.outcomes()[0].text == "Opera la bomba nueva."
    with database.read() as reader:
        first = registry.describe(reader.get(QualificationVersion, draft.id))
    assert first.units[0].outcomes[0].texts == {"es": "Opera la bomba."}
