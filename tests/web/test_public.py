"""The public pages: what anyone sees, and what nobody sees."""

from __future__ import annotations

import io
import re

import pytest
from pypdf import PdfReader

from rqf.rules.terms import MappingStatus, VersionStatus
from tests.factories import make_account, make_mapping, make_qualification
from tests.integration.test_lookup import MECHANIC, decide, make_newer, make_pair

HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(2)>"


def address(version, *rest) -> str:
    return "/".join(["/qualifications", version.qualification.uuid, *rest])


def test_the_first_page_needs_no_account_and_offers_the_search(client):
    page = client.get("/")
    assert page.status_code == 200
    assert 'role="search"' in page.text
    assert "No account needed" in page.text


def test_a_search_shows_why_a_record_was_found(client, session):
    make_qualification(session, "Mecánica de maquinaria pesada")
    session.commit()
    page = client.get("/?q=maquinaria+pesada").text
    assert "Mecánica de maquinaria pesada" in page
    assert "Found by:" in page
    assert "1 record for “maquinaria pesada”" in page


def test_a_search_without_an_answer_says_what_to_do(client):
    page = client.get("/?q=xyzzy").text
    assert "No record fits" in page


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("page=0", "“0” is not a number from 1 up."),
        ("page=abc", "“abc” is not a number from 1 up."),
        ("page=99999999999999", "is not a number from 1 up."),
        ("level=-1", "“-1” is not a number from 1 up."),
        ("type=horse", "“horse” is not allowed here. Allowed: qualification"),
        ("status=drafty", "Allowed: published, superseded, retired."),
        ("status=draft", "“draft” is not allowed here."),
        ("country=XX", "“XX” is not allowed here. Allowed: CA, CL, CO, MX, PE."),
        ("q=" + "x" * 501, "at most 500 characters; this one has 501"),
    ],
)
def test_bad_parameters_are_named_with_what_is_allowed(client, query, said):
    page = client.get(f"/?{query}")
    assert page.status_code == 422
    assert said in page.text


def test_a_country_may_be_written_small_and_is_taken_off_again(client, session):
    make_qualification(session, "Mecánica de bombas")
    make_qualification(session, "Mecánica de correas", country="PE")
    session.commit()
    page = client.get("/?q=mecánica&country=cl").text
    assert "Mecánica de bombas" in page
    assert "Mecánica de correas" not in page
    assert '<input type="checkbox" name="country" value="CL" checked>' in page
    assert 'href="/?q=mec%C3%A1nica"' in page


def test_without_an_answer_there_is_nothing_to_narrow(client):
    assert "Narrow the results" not in client.get("/?q=xyzzy").text


def test_a_page_past_the_end_is_empty_and_not_an_error(client, session):
    make_qualification(session)
    session.commit()
    assert client.get("/?page=50").status_code == 200


def test_a_record_page_names_its_source_and_its_level_as_suggested(client, session):
    version = make_qualification(session, outcomes=MECHANIC, source="Public register, 2026")
    session.commit()
    page = client.get(address(version)).text
    assert "Public register, 2026" in page
    assert MECHANIC[0][1] in page
    assert "suggested" in page
    assert "Nobody has decided on this record yet" in page


def test_a_decided_level_says_who_when_and_on_what_evidence(client, session):
    version = make_qualification(session)
    make_mapping(
        session, version, make_account(session), low=4, status=MappingStatus.ENDORSED, number="RQF-M-2026-9"
    )
    session.commit()
    page = client.get(address(version)).text
    assert "RQF-M-2026-9" in page
    assert "Who decided, and on what evidence" in page


def test_a_code_leads_to_the_lasting_address(client, session):
    version = make_qualification(session, code_system="CL-MINEDUC-ESPE", code="54018")
    session.commit()
    answer = client.get("/qualifications/54018")
    assert answer.status_code == 301
    assert answer.location == address(version)


@pytest.mark.parametrize("rest", [[], ["equivalents"]])
def test_a_draft_has_no_public_page(client, session, rest):
    version = make_qualification(session, status=VersionStatus.DRAFT)
    session.commit()
    assert client.get(address(version, *rest)).status_code == 404


def test_a_retired_record_answers_with_its_state(client, session):
    version = make_qualification(session, status=VersionStatus.RETIRED)
    session.commit()
    page = client.get(address(version))
    assert page.status_code == 200
    assert "no longer current" in page.text


def test_decided_and_suggested_are_told_apart(client, session):
    here, there = make_pair(session)
    page = client.get(address(here, "equivalents") + "?country=PE").text
    assert "No decision about an equivalence in Peru exists yet." in page
    assert there.title in page.split('id="suggested"')[1]
    decide(session, here, there)
    page = client.get(address(here, "equivalents") + "?country=PE").text
    assert there.title in page.split('id="decided"')[1].split('id="suggested"')[0]
    assert there.title not in page.split('id="suggested"')[1]


def test_the_word_equivalence_stands_on_a_comparison_only_where_people_decided(client, session):
    here, there = make_pair(session)
    url = f"/compare?a={here.qualification.uuid}&b={there.qualification.uuid}"
    assert "Equivalence:" not in client.get(url).text
    decide(session, here, there)
    assert "Equivalence: partial" in client.get(url).text


def test_a_comparison_shows_matched_and_missing_outcomes(client, session):
    here, there = make_pair(session)
    page = client.get(f"/compare?a={here.qualification.uuid}&b={there.qualification.uuid}").text
    assert "matched" in page
    assert "missing in A" in page
    assert "Organiza los turnos de un equipo de personas" in page


def test_a_comparison_names_the_purpose_and_says_when_the_text_is_newer(client, session):
    here, there = make_pair(session)
    decide(session, here, there, purpose="further_study")
    url = f"/compare?a={here.qualification.uuid}&b={there.qualification.uuid}"
    assert "for further study" in client.get(url).text
    assert "earlier version" not in client.get(url).text
    make_newer(session, there)
    assert "Decided on an earlier version of a record." in client.get(url).text
    assert "earlier version" in client.get(address(here, "equivalents") + "?country=PE").text


def test_texts_of_another_language_say_so_to_a_screen_reader(client, session):
    here, there = make_pair(session)
    url = f"/compare?a={here.qualification.uuid}&b={there.qualification.uuid}"
    outcome = re.compile(r"<td ([^>]*)>(?:<mark>)?Diagnostica")
    for screen, said in (("en", True), ("es", False)):
        cells = outcome.findall(client.get(f"{url}&lang={screen}").text)
        assert len(cells) >= 2
        assert all(('lang="es"' in cell) == said for cell in cells)


def test_a_comparison_is_a_tagged_pdf_that_says_the_same(client, session):
    here, there = make_pair(session)
    answer = client.get(f"/compare.pdf?a={here.qualification.uuid}&b={there.qualification.uuid}")
    assert answer.content_type == "application/pdf"
    document = PdfReader(io.BytesIO(answer.data))
    text = " ".join(page.extract_text() for page in document.pages)
    assert "Two qualifications compared" in text
    assert "Organiza los turnos" in text
    assert document.trailer["/Root"]["/MarkInfo"]["/Marked"]
    resources = [page["/Resources"]["/Font"].values() for page in document.pages]
    fonts = [font.get_object()["/BaseFont"] for found in resources for font in found]
    assert any("Source" in font for font in fonts)


@pytest.mark.parametrize("query", ["", "a=x", "a=nothing&b=nowhere"])
def test_a_comparison_without_two_records_says_what_is_missing(client, query):
    assert client.get(f"/compare?{query}").status_code in (404, 422)


def test_hostile_titles_are_text_everywhere(client, session):
    first = make_qualification(session, HOSTILE, outcomes=(("skills", HOSTILE),), source=HOSTILE)
    second = make_qualification(
        session, HOSTILE, country="PE", outcomes=(("skills", HOSTILE),), source=HOSTILE
    )
    session.commit()
    pair = f"a={first.qualification.uuid}&b={second.qualification.uuid}"
    for url in (
        "/?q=alert",
        f"/?q={HOSTILE}",
        address(first),
        address(first, "equivalents") + "?country=PE",
        f"/compare?{pair}",
        f"/qualifications/{HOSTILE}",
    ):
        page = client.get(url).text
        assert "<script>alert" not in page, url
        assert "<img src=x" not in page, url
    assert client.get(f"/compare.pdf?{pair}").status_code == 200


@pytest.mark.parametrize("path", ["/frameworks", "/frameworks/PA-RQF", "/frameworks/CL-MCTP", "/coverage"])
def test_frameworks_and_coverage_are_public(client, path):
    page = client.get(path)
    assert page.status_code == 200
    assert "proposed" in page.text or "Level 1" in page.text


@pytest.mark.parametrize(
    "url",
    ["/qualifications/%00", "/qualifications/a%00b/equivalents", "/compare?a=%00&b=x", "/frameworks/%00"],
)
def test_signs_that_no_database_keeps_are_not_found_and_no_fault(client, url):
    assert client.get(url).status_code in (404, 422)


def test_an_unknown_framework_is_not_found(client):
    assert client.get("/frameworks/XX").status_code == 404


@pytest.mark.parametrize(
    ("asked", "expected"), [("es-CL,es;q=0.9", "es"), ("en-US", "en"), ("fr-CA", "es"), ("", "es")]
)
def test_the_browser_chooses_the_language_at_first(client, asked, expected):
    client.environ_base["HTTP_ACCEPT_LANGUAGE"] = asked
    assert f'<html lang="{expected}"' in client.get("/").text


def test_a_chosen_language_is_remembered_and_keeps_the_address(client):
    page = client.get("/?q=mina&lang=es").text
    assert '<html lang="es"' in page
    assert "/?q=mina&amp;lang=en" in page
    assert '<html lang="es"' in client.get("/frameworks").text


def test_an_unknown_language_is_ignored(client):
    assert '<html lang="en"' in client.get("/?lang=xx").text


def test_every_answer_carries_the_safety_headers(client):
    for url in ("/", "/qualifications/none", "/static/app.css"):
        answer = client.get(url)
        answer.close()
        headers = answer.headers
        policy = headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert headers["X-Content-Type-Options"] == "nosniff"


def test_reading_makes_no_session(client):
    for url in ("/", "/frameworks"):
        assert "rqf=" not in client.get(url).headers.get("Set-Cookie", "")


def test_the_site_says_whether_it_is_alive_ready_and_busy(client):
    assert client.get("/healthz").text == "ok\n"
    assert client.get("/readyz").text == "ready\n"
    client.get("/")
    assert 'rqf_requests_total{endpoint="public.search"' in client.get("/metrics").text


def test_a_wrong_method_is_answered_with_the_right_ones(client):
    answer = client.post("/frameworks")
    assert answer.status_code in (400, 405)
