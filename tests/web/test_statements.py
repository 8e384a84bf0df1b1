"""Statements on the pages: issued without an account, the same for ever, verified by anyone."""

from __future__ import annotations

import io
import json
import re

import pytest
from pypdf import PdfReader
from sqlalchemy import func, select

from rqf import statements
from rqf.models import Statement, StatementPrint
from rqf.rules.terms import Role
from rqf.web.printing import _OwnFiles
from rqf.web.statements import draw
from tests.factories import make_account
from tests.integration.test_lookup import decide, make_newer, make_pair

WHY = "It was issued from a record that the ministry has corrected since."


@pytest.fixture
def pair(session):
    return make_pair(session)


@pytest.fixture
def issued(pair, post) -> str:
    """The address of a statement that was just issued."""
    return ask(pair, post).location


def ask(pair, post, **fields):
    a, b = (one.qualification.uuid for one in pair)
    asked = {"a": a, "b": b, "purpose": "employment", "language": "en", **fields}
    return post("/statements", page=f"/statements/new?a={a}&b={b}", **asked)


def upload(client, address: str, data: bytes, name: str = "file.pdf"):
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', client.get(address).text)[1]
    return client.post(address, data={"csrf_token": token, "file": (io.BytesIO(data), name)})


def fonts(page) -> list:
    found = []
    for font in page["/Resources"]["/Font"].values():
        described = font.get_object()
        found.append(
            described["/DescendantFonts"][0].get_object() if "/DescendantFonts" in described else described
        )
    return found


def test_a_comparison_offers_a_statement_and_so_does_every_answer(client, pair):
    a, b = (one.qualification.uuid for one in pair)
    offered = f"/statements/new?a={a}&amp;b={b}"
    assert offered in client.get(f"/compare?a={a}&b={b}").text
    assert offered in client.get(f"/qualifications/{a}/equivalents?country=PE").text


def test_a_statement_is_issued_without_an_account_and_asks_nothing_about_a_person(client, pair, post):
    page = client.get(f"/statements/new?a={pair[0].qualification.uuid}&b={pair[1].qualification.uuid}").text
    asked = set(re.findall(r'<(?:input|select|textarea)[^>]* name="([^"]+)"', page))
    assert asked == {"csrf_token", "a", "b", "purpose", "awarded", "language"}
    answer = ask(pair, post)
    assert answer.status_code == 303
    assert re.fullmatch(r"/statements/RQF-\d{4}-000001-\d\d", answer.location)
    shown = client.get(answer.location).text
    assert "Mecánica de maquinaria pesada" in shown
    assert "Valid: the register still says what the statement says" in shown
    assert "Nobody has decided about an equivalence of these two records." in shown


def test_issuing_needs_the_token_of_the_page(client, pair, session):
    a, b = (one.qualification.uuid for one in pair)
    answer = client.post("/statements", data={"a": a, "b": b, "purpose": "employment", "language": "en"})
    assert answer.status_code == 400
    assert session.scalar(select(func.count(Statement.id))) == 0


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"awarded": "yesterday"}, "“yesterday” is not a date. Write it as YYYY-MM-DD."),
        ({"awarded": "1492-10-12"}, "“1492-10-12” is not a day from 1900-01-01 to today."),
        ({"purpose": "fame"}, "Not a valid choice"),
        ({"language": "xx"}, "Not a valid choice"),
    ],
)
def test_wrong_values_are_named_and_nothing_typed_is_lost(pair, post, session, fields, said):
    answer = ask(pair, post, **({"awarded": "2021-01-01"} | fields))
    assert answer.status_code == 422
    assert said in answer.text
    assert f'value="{({"awarded": "2021-01-01"} | fields)["awarded"]}"' in answer.text
    assert session.scalar(select(func.count(Statement.id))) == 0


def test_a_form_without_two_records_says_what_is_missing(client, pair):
    assert client.get("/statements/new").status_code == 422
    assert client.get(f"/statements/new?a={pair[0].qualification.uuid}&b=nothing").status_code == 404


def test_a_network_that_asks_too_often_is_told_to_wait(app, pair, post):
    app.config["STATEMENTS_PER_HOUR"] = 1
    assert ask(pair, post).status_code == 303
    answer = ask(pair, post, language="es")
    assert answer.status_code == 429
    assert "Your network asked for 1 statements within an hour" in answer.text


def test_the_pdf_is_archival_tagged_with_its_fonts_and_its_signed_text_inside(client, issued):
    answer = client.get(f"{issued}.pdf")
    assert answer.content_type == "application/pdf"
    document = PdfReader(io.BytesIO(answer.data))
    root = document.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "en"
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert root["/OutputIntents"][0]["/S"] == "/GTS_PDFA1"
    metadata = root["/Metadata"].get_object().get_data().decode()
    assert re.search(r'pdfaid:part="3"', metadata)
    assert re.search(r'pdfaid:conformance="A"', metadata)
    assert "<pdfuaid:part>1</pdfuaid:part>" in metadata
    number = issued.rsplit("/", 1)[1]
    assert document.metadata.title == f"Statement of comparability {number}"
    for page in document.pages:
        for font in fonts(page):
            assert any(name.startswith("/FontFile") for name in font["/FontDescriptor"]), font["/BaseFont"]
    assert document.attachments == {f"{number}.json": [client.get(f"{issued}.json").data]}
    assert root["/AF"][0].get_object()["/AFRelationship"] == "/Source"
    text = " ".join("\n".join(page.extract_text() for page in document.pages).split())
    assert "Diagnostica fallas en motores diésel" in text
    assert number in text
    assert "/JavaScript" not in root


def test_every_picture_of_the_pdf_has_words_for_who_does_not_see_it(client, issued):
    document = PdfReader(io.BytesIO(client.get(f"{issued}.pdf").data))
    figures = []

    def walk(node) -> None:
        node = node.get_object() if hasattr(node, "get_object") else node
        if isinstance(node, list):
            for one in node:
                walk(one)
        elif isinstance(node, dict):
            if node.get("/S") == "/Figure":
                figures.append(node)
            if "/K" in node:
                walk(node["/K"])

    walk(document.trailer["/Root"]["/StructTreeRoot"])
    assert figures
    assert all(figure.get("/Alt") for figure in figures)


def test_the_same_statement_is_drawn_byte_for_byte_the_same(app, session, client, issued):
    kept = client.get(f"{issued}.pdf").data
    with app.test_request_context("/"):
        assert draw(statements.find(session, issued.rsplit("/", 1)[1])) == kept


def test_a_print_that_was_never_kept_is_drawn_when_it_is_asked_for_and_then_stays(
    app, client, session, pair, post, monkeypatch
):
    """The process died between issuing and drawing."""
    monkeypatch.setattr("rqf.web.statements._paper", lambda statement: b"")
    address = ask(pair, post).location
    assert session.scalar(select(func.count()).select_from(StatementPrint)) == 0
    session.rollback()
    monkeypatch.undo()
    first = client.get(f"{address}.pdf").data
    assert first.startswith(b"%PDF-")
    assert client.get(f"{address}.pdf").data == first
    assert session.scalar(select(StatementPrint.pdf)) == first


def test_a_print_fetches_nothing_but_our_own_files(tmp_path):
    (tmp_path / "secret").write_text("secret")
    for address in (
        f"file://{tmp_path}/secret", "http://169.254.169.254/", "https://static.invalid/../config.py",
        "https://static.invalid.example/print.css", "ftp://static.invalid/print.css",
    ):  # fmt: skip
        with pytest.raises(ValueError, match="not one of our files"):
            _OwnFiles().fetch(address)


def test_hostile_text_in_a_record_stays_text(client, session, post):
    from tests.factories import make_qualification

    hostile = "<script>alert(1)</script><img src=file:///etc/passwd>"
    a = make_qualification(session, hostile, outcomes=(("skills", hostile),))
    b = make_qualification(session, hostile, country="PE", outcomes=(("skills", hostile),))
    session.commit()
    address = ask((a, b), post).location
    assert "<script>alert" not in client.get(address).text
    assert client.get(f"{address}.pdf").status_code == 200


def test_after_a_change_of_the_register_the_statement_reads_the_same(client, session, pair, issued):
    def body() -> str:
        return re.search(r'<article class="statement".*</article>', client.get(issued).text, re.S)[0]

    before = body(), client.get(f"{issued}.pdf").data, client.get(f"{issued}.json").data
    make_newer(session, pair[0])
    decide(session, *pair)
    session.commit()
    assert (body(), client.get(f"{issued}.pdf").data, client.get(f"{issued}.json").data) == before
    assert "Superseded on" in client.get(issued).text


def test_a_statement_keeps_its_language_whatever_the_reader_speaks(client, issued):
    page = client.get(f"{issued}?lang=es").text
    assert '<html lang="es"' in page
    assert '<article class="statement" lang="en">' in page
    assert "The five elements" in page


def test_a_number_is_found_as_typed_and_a_slip_is_told(client, issued):
    number = issued.rsplit("/", 1)[1]
    assert client.get(f"/statements/{number.lower()}").location == issued
    assert client.get(f"/verify?number={number.replace('-', ' ')}", follow_redirects=True).status_code == 200
    wrong = number[:-1] + str((int(number[-1]) + 1) % 10)
    answer = client.get(f"/verify/{wrong}")
    assert answer.status_code == 404
    assert "check digits do not fit" in answer.text


def test_verifying_says_valid_then_superseded_and_what_changed(client, session, pair, issued):
    address = issued.replace("/statements/", "/verify/")
    assert "Valid: the register still says" in client.get(address).text
    make_newer(session, pair[1])
    page = client.get(address).text
    assert "Superseded on" in page
    assert "Version 2 of record B took the place of version 1." in page
    assert "fits the document" in page


def test_the_secretariat_withdraws_and_everybody_reads_why(client, session, sign_in, post, issued):
    number = issued.rsplit("/", 1)[1]
    sign_in(make_account(session, Role.SECRETARIAT))
    assert number in client.get("/secretariat/statements").text
    assert client.get(f"/secretariat/statements?number={number.lower()}").location.endswith(
        f"{number}/withdraw"
    )
    page = f"/secretariat/statements/{number}/withdraw"
    refused = post(page, reason="short")
    assert refused.status_code == 422
    assert "Give a reason of 20 to 2000 characters; this one has 5." in refused.text
    assert post(page, reason=WHY).status_code == 303
    post("/auth/sign-out", page="/")
    verified = client.get(f"/verify/{number}").text
    assert "Withdrawn on" in verified
    assert WHY in verified
    assert "Withdrawn on" in client.get(issued).text
    assert client.get(f"{issued}.pdf").status_code == 200, "withdrawn is not deleted"


def test_a_genuine_file_is_recognised_and_a_changed_one_is_not(client, issued):
    number = issued.rsplit("/", 1)[1]
    for name in ("pdf", "json"):
        data = client.get(f"{issued}.{name}").data
        for address in (f"/verify/{number}", "/verify"):
            assert "The file is genuine" in upload(client, address, data, f"it.{name}").text
            changed = bytearray(data)
            changed[len(data) // 2] ^= 1
            assert "it was altered" in upload(client, address, bytes(changed), f"it.{name}").text, name


def test_a_changed_word_is_shown_beside_what_was_issued(client, issued):
    told = json.loads(client.get(f"{issued}.json").data)
    told["statement"]["suggested"]["indication_text"] = "full <b>and binding</b>"
    page = upload(client, "/verify", json.dumps(told).encode(), "it.json").text
    assert "suggested.indication_text" in page
    assert "full &lt;b&gt;and binding&lt;/b&gt;" in page


def test_a_file_that_is_no_statement_and_no_file_at_all_are_told(client, issued):
    assert "knows no statement" in upload(client, "/verify", b"%PDF-1.4 anything").text
    answer = upload(client, "/verify", b"", "")
    assert answer.status_code == 422
    assert "Choose a file." in answer.text


def test_the_public_keys_are_published_and_nothing_else_of_them(client, issued):
    answer = client.get("/.well-known/jwks.json")
    assert answer.content_type == "application/jwk-set+json"
    (key,) = answer.json["keys"]
    assert key.keys() == {"kty", "crv", "x", "kid", "use", "alg"}


def test_the_address_on_a_statement_is_the_one_that_is_set(app, client, pair, post):
    app.config["PUBLIC_URL"] = "https://register.example"
    address = ask(pair, post).location
    said = json.loads(client.get(f"{address}.json").data)["statement"]
    assert said["verify"] == f"https://register.example/verify/{said['number']}"
