"""The three jobs, one after the other on one record: register, review by keyboard, look up on a phone.

The journeys follow one record, so one process walks them in order: the tests are dealt out by file.
"""

from __future__ import annotations

import io
import re

import pytest
from pypdf import PdfReader

from tests.browser.conftest import PASSWORD

TITLE = "Mantención de camiones de extracción y maquinaria pesada minera"
OUTCOMES = (
    ("skills", "Diagnostica fallas del motor diésel con software e instrumentos del fabricante."),
    ("skills", "Repara sistemas hidráulicos y de transmisión de maquinaria pesada según el manual."),
    (
        "knowledge",
        "Explica el funcionamiento de los sistemas de frenos y dirección de un camión de extracción.",
    ),
    ("application", "Planifica su trabajo con autonomía y responde por la seguridad de su cuadrilla."),
)


@pytest.fixture(scope="module")
def registered() -> dict[str, str]:
    """What one journey leaves for the next: addresses of the record and of its proposal."""
    return {}


def fill_record(page) -> None:
    page.locator("#title").fill(TITLE)
    page.locator("#translation").fill("Maintenance of haul trucks and heavy mining machinery")
    page.locator("#sector").select_option("heavy_equipment")
    page.locator("#awarding_body").fill("Centro de Formación Técnica de prueba")
    page.locator("#source").fill("Plan de estudios publicado por el centro")
    levels = page.locator("#level option").all()
    page.locator("#level").select_option(
        next(one.get_attribute("value") for one in levels if "4" in one.inner_text())
    )


def add_outcomes(page) -> None:
    page.locator('button[value="add-unit:"]').click()
    page.locator("#units-0-title").fill("Mantención de equipos")
    for number, (domain, text) in enumerate(OUTCOMES):
        if page.locator(f"#units-0-outcomes-{number}-text").count() == 0:
            page.locator('button[value="add-outcome:0"]').click()
        page.locator(f"#units-0-outcomes-{number}-domain").select_option(domain)
        page.locator(f"#units-0-outcomes-{number}-text").fill(text)


def test_an_officer_registers_a_qualification_and_proposes_its_level(desk, registered):
    officer = desk()
    page = officer.page
    officer.sign_in("oficial.cl@demo.example")
    officer.open("/officer/qualifications/new")
    page.locator("#title").press_sequentially("Gestión y mantenimiento de maquinaria pesada", delay=5)
    # While the title is typed, close records of other countries appear beside it.
    page.locator("aside, .close-records").get_by_text(
        "Gestión y Mantenimiento de Maquinaria Pesada"
    ).first.wait_for()
    fill_record(page)
    add_outcomes(page)
    page.locator('button[value="save"]').last.click()
    officer.check()
    assert TITLE in page.locator("h1").inner_text()
    assert page.locator("ol.suggested-levels li").count() >= 1
    registered["record"] = re.search(r"/qualifications/([0-9a-f-]{36})", page.url)[1]

    officer.open(f"/officer/qualifications/{registered['record']}/level")
    assert page.locator("mark").count() >= 1, "the evidence marks the words that matched"
    page.locator("#low").select_option("5")
    page.locator("#high").select_option("5")
    page.locator("#rationale").fill(
        "Sus resultados piden diagnosticar, planificar y responder por otras personas."
    )
    page.locator('button[value="submit"]').click()
    officer.check()
    assert page.locator(".govuk-notification-banner--success, [role=alert]").count() >= 1


def test_a_reviewer_of_another_country_endorses_it_by_keyboard_alone(desk, registered):
    reviewer = desk(1440)
    page = reviewer.page
    reviewer.open("/auth/sign-in")
    reach(page, lambda: focused(page, "name") == "email")
    page.keyboard.type("revisora.pe@demo.example")
    page.keyboard.press("Tab")
    reach(page, lambda: focused(page, "name") == "password")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/reviewer/")
    reviewer.check()
    link = "document.activeElement.tagName === 'A' ? document.activeElement.innerText : ''"
    # Looking at the page moved the focus; a person starts at the top of a page that has just opened.
    page.goto(page.url)
    page.get_by_role("link", name=TITLE).first.wait_for()
    reach(page, lambda: TITLE in page.evaluate(link))
    page.keyboard.press("Enter")
    page.wait_for_url("**/reviewer/mappings/*")
    reviewer.check()
    registered["case"] = page.url.removeprefix(reviewer.site)
    assert "Diagnostica fallas del motor" in page.locator("main").inner_text()
    reach(page, lambda: focused(page, "name") == "step")
    page.keyboard.press("Space")
    assert page.locator("input[name=step]:checked").get_attribute("value") == "endorse"
    reach(page, lambda: focused(page, "name") == "reason")
    page.keyboard.type("Los resultados corresponden al nivel propuesto; hay precedentes peruanos.")
    reach(page, lambda: focused(page, "type") == "submit")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    reviewer.check()
    assert page.locator("[role=alert], .govuk-notification-banner--success").count() >= 1


def test_an_institution_finds_it_on_a_phone_and_takes_the_comparison_along(desk, registered):
    phone = desk(390, 844)
    page = phone.page
    phone.open("/")
    page.locator("#q").fill("mantencion camiones extraccion")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    phone.check()
    page.get_by_role("link", name=TITLE).first.click()
    phone.check()
    assert page.url.endswith(registered["record"])
    assert "Rosa" in page.locator("main").inner_text() or page.get_by_text("RQF-M-").count() >= 1
    page.locator("main").get_by_role("link", name="Perú").first.click()
    phone.check()
    page.locator("#suggested ~ article").first.get_by_role("link", name="Comparar").click()
    phone.check()
    body = page.locator("main").inner_text()
    assert "●" in body
    assert "○" in body
    link = page.locator('a[href*="compare.pdf"]').get_attribute("href")
    answer = page.request.get(phone.site + link)
    assert answer.headers["content-type"] == "application/pdf"
    text = " ".join(one.extract_text() for one in PdfReader(io.BytesIO(answer.body())).pages)
    assert "Mantención de camiones" in text


def test_nobody_decides_the_same_proposal_twice(desk, registered):
    other = desk()
    other.sign_in("revisor.co@demo.example")
    other.page.goto(other.site + registered["case"])
    assert other.page.locator("input[name=step]").count() == 0


def focused(page, attribute: str) -> str | None:
    return page.evaluate("name => document.activeElement.getAttribute(name)", attribute)


def reach(page, arrived) -> None:
    """Press Tab until the wanted place has the focus, as a person without a mouse does."""
    for _ in range(400):
        if arrived():
            outline = page.evaluate(
                "(() => { const s = getComputedStyle(document.activeElement);"
                " return s.outlineStyle !== 'none' || s.boxShadow !== 'none' })()"
            )
            assert outline, "the focus cannot be seen"
            return
        page.keyboard.press("Tab")
    raise AssertionError("Tab never gets there")
