"""From a certificate in the hand to a statement to file, by keyboard on a phone; then others verify it.

The journeys follow one statement, so one process walks them in order: the tests are dealt out by file.
"""

from __future__ import annotations

import io
import re

import pytest
from pypdf import PdfReader

from tests.browser.test_journeys import reach

REASON = "La ficha peruana se corrigió después; pida una declaración nueva."
HERE = "document.activeElement.tagName === 'A' ? document.activeElement.getAttribute('href') : ''"


@pytest.fixture(scope="module")
def issued() -> dict[str, str]:
    """What one journey leaves for the next: the address and the files of a statement."""
    return {}


def follow(page, part: str) -> None:
    """Go by Tab to the link whose address holds ``part``, and press Enter."""
    # Checking the page moved the focus; a person starts at the top of a page that has just opened.
    page.goto(page.url)
    reach(page, lambda: re.search(part, page.evaluate(HERE)))
    with page.expect_navigation():
        page.keyboard.press("Enter")


def test_a_first_time_visitor_comes_to_a_printed_statement_in_three_steps_by_keyboard(desk, issued):
    phone = desk(390, 844)
    page = phone.page
    # 1. Find the qualification on the certificate.
    phone.open("/")
    page.goto(page.url)
    reach(page, lambda: page.evaluate("document.activeElement.id") == "q")
    page.keyboard.type("maquinaria pesada ceduc")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    phone.check()
    follow(page, r"^/qualifications/[0-9a-f-]{36}$")
    phone.check()
    # 2. Ask what it is worth in the country.
    follow(page, r"/equivalents\?country=PE")
    phone.check()
    assert page.locator("#decided ~ article").count() >= 1
    follow(page, r"/statements/new")
    phone.check()
    # 3. Say what for, and take the statement.
    reach(page, lambda: page.evaluate("document.activeElement.name") == "purpose")
    page.keyboard.press("ArrowDown")
    reach(page, lambda: page.evaluate("document.activeElement.type") == "submit")
    with page.expect_navigation(timeout=60_000):
        page.keyboard.press("Enter")
    phone.check()
    assert re.search(r"/statements/RQF-\d{4}-\d{6}-\d\d$", page.url)
    text = page.locator("main").inner_text()
    assert "Declaración de comparabilidad" in text
    assert "continuación de estudios" in text
    assert "Equivalencia: " in text
    issued["address"] = page.url.removeprefix(phone.site)
    for name in ("pdf", "json"):
        answer = page.request.get(f"{page.url}.{name}")
        assert answer.ok
        issued[name] = answer.body()
    printed = " ".join(one.extract_text() for one in PdfReader(io.BytesIO(issued["pdf"])).pages)
    assert "Declaración de comparabilidad" in printed
    # The page itself fits on paper too.
    assert len(PdfReader(io.BytesIO(page.pdf(format="A4"))).pages) <= 12


def compare(visitor, name: str, data: bytes) -> str:
    """Hand a file in where the page asks for one, and return what the page says then."""
    page = visitor.page
    page.locator("input[type=file]").set_input_files(
        {"name": name, "mimeType": "application/octet-stream", "buffer": data}
    )
    with page.expect_navigation():
        page.locator("main form[enctype] button[type=submit]").click()
    visitor.check()
    return page.locator("main").inner_text()


@pytest.mark.parametrize("width", [390, 1280])
def test_who_receives_a_good_statement_learns_that_it_is_genuine_and_valid(desk, issued, width):
    office = desk(width)
    office.open(issued["address"].replace("/statements/", "/verify/"))
    assert "Vigente" in office.page.locator("main").inner_text()
    for name in ("pdf", "json"):
        assert "El archivo es auténtico" in compare(office, f"declaracion.{name}", issued[name])


def test_who_receives_an_altered_statement_is_shown_what_was_changed(desk, issued):
    office = desk(390, 844)
    office.open("/verify")
    altered = issued["json"].decode().replace("parcial", "completa", 1).encode()
    assert altered != issued["json"]
    said = compare(office, "declaracion.json", altered)
    assert "fue alterado" in said
    assert "completa" in said
    changed = bytearray(issued["pdf"])
    changed[len(changed) // 3] ^= 1
    assert "fue alterado" in compare(office, "declaracion.pdf", bytes(changed))


def test_a_withdrawn_statement_says_so_to_everybody_who_verifies_it(desk, issued):
    secretariat = desk()
    page = secretariat.page
    secretariat.sign_in("secretaria@demo.example")
    secretariat.open("/secretariat/statements")
    number = issued["address"].rsplit("/", 1)[1]
    page.get_by_role("link", name=f"Retirar {number}").click()
    secretariat.check()
    page.locator("#reason").fill(REASON)
    page.get_by_role("button", name="Retirar la declaración").click()
    secretariat.check()
    office = desk(390, 844)
    office.open(f"/verify/{number}")
    text = office.page.locator("main").inner_text()
    assert "Retirada el" in text
    assert REASON in text
    assert "El archivo es auténtico" in compare(office, "declaracion.pdf", issued["pdf"])
    office.open(issued["address"])
    assert "Retirada el" in office.page.locator("main").inner_text()
