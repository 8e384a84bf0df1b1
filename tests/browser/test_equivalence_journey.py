"""An equivalence from the comparison to the page that an outsider cites, by three people."""

from __future__ import annotations

import re

import pytest

WHY = "Los resultados coinciden en el diagnóstico y en la reparación."


@pytest.fixture(scope="module")
def made() -> dict[str, str]:
    """What one journey leaves for the next: the path of the proposal."""
    return {}


def choose(page, name: str, value: str) -> None:
    page.locator(f"input[name={name}][value={value}]").check()


def test_an_officer_proposes_an_equivalence_with_evidence(desk, made):
    officer = desk()
    page = officer.page
    officer.sign_in("oficial.cl@demo.example")
    officer.open("/?q=mantenimiento&country=CL")
    page.locator("ol.results a").first.click()
    page.locator("main a[href*='country=PE']").first.click()
    page.locator("a[href*='/compare']").last.click()
    page.get_by_role("link", name="Proponer una equivalencia").click()
    officer.check()
    page.locator("main form button[type=submit]").first.click()
    officer.check()
    assert page.locator(".govuk-error-summary li").count() >= 3
    choose(page, "conclusion", "partial")
    choose(page, "purpose", "further_study")
    page.locator("#rationale").fill(WHY)
    page.locator("main form button[type=submit]").first.click()
    officer.check()
    page.locator("#title").fill("Plan de estudios")
    page.locator("#link").fill("https://www.mineduc.cl/planes")
    page.get_by_role("button", name="Agregar evidencia").click()
    officer.check()
    page.get_by_role("button", name="Enviar a revisión").click()
    officer.check()
    assert page.locator(".message--success").count() == 1
    made["path"] = re.search(r"/officer(/equivalences/[\w-]+)", page.url)[1]


def test_two_countries_decide_it_and_a_visitor_reads_why(desk, made):
    for email in ("revisora.cl@demo.example", "revisora.pe@demo.example"):
        reviewer = desk()
        page = reviewer.page
        reviewer.sign_in(email)
        reviewer.open("/reviewer/equivalences")
        reviewer.check()
        reviewer.open("/reviewer" + made["path"])
        page.locator("body").press("e")
        page.keyboard.type(WHY)
        page.keyboard.press("Tab")
        with page.expect_navigation():
            page.keyboard.press("Enter")
        reviewer.check()
    words = reviewer.page.locator(".message--success").inner_text()
    number = re.search(r"RQF-E-\d{4}-\d{6}", words)[0]
    visitor = desk(width=390)
    visitor.open(f"/decisions/{number}")
    visitor.check()
    said = visitor.page.locator("main").inner_text()
    for one in ("bilateral", WHY, "Plan de estudios", "no se pronunció"):
        assert one in said
