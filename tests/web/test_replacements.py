"""The page on which an officer links records that replace each other."""

from __future__ import annotations

import html

from tests import factories


def test_an_officer_links_and_unlinks_records(client, session, sign_in, post):
    sign_in(factories.make_account(session))
    old = factories.make_qualification(session, "Bombas", code_system="CL-MINEDUC-ESPE", code="54018")
    new = factories.make_qualification(
        session, "Bombas y molinos", code_system="CL-MINEDUC-ESPE", code="54019"
    )
    session.commit()
    first, second = (one.qualification.uuid for one in (old, new))
    at = f"/officer/qualifications/{second}/replacements"
    assert first in client.get(f"{at}?q=54018").text
    assert "No other record of your country fits." in client.get(f"{at}?q=99999").text
    assert post(at, page=f"{at}?q=54018", do="replaces", other=first).status_code == 303
    assert "Bombas y molinos" in client.get(f"/qualifications/{first}").text.split("Replaced by")[1]
    circle = post(f"/officer/qualifications/{first}/replacements", do="replaces", other=second)
    assert circle.status_code == 422
    assert "in a circle" in html.unescape(circle.text)
    assert post(at, do="horse", other=first).status_code == 422
    assert post(at, do="end_replaces", other=first).status_code == 303
    assert "Replaced by" not in client.get(f"/qualifications/{first}").text


def test_a_published_record_is_revised_for_a_reason(client, session, sign_in, post):
    sign_in(factories.make_account(session))
    version = factories.make_qualification(session, "Bombas", change_note="Primera edición")
    session.commit()
    edit = f"/officer/qualifications/{version.qualification.uuid}/edit"
    page = client.get(edit).text
    assert "Why this version?" in page
    assert "Primera edición" not in page
    fields = {"title": "Bombas de agua", "type": "qualification", "verified": "yes"}
    refused = post(edit, **fields)
    assert refused.status_code == 422
    assert "What has changed, and why: Say what has changed" in refused.text
    assert post(edit, **fields, change_note="Decreto 7").status_code == 303
