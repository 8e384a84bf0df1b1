"""Every page that a person can open, at both widths and in both languages, and what a screen reader needs."""

from __future__ import annotations

import pytest

PUBLIC = (
    "/",
    "/?q=tronadura",
    "/?q=xyzzy+nada",
    "/?country=PE&level=5",
    "/frameworks",
    "/frameworks/PA-RQF",
    "/frameworks/CL-MCTP",
    "/coverage",
    "/qualifications/EC0976",
    "/qualifications/none",
    "/auth/sign-in",
    "/api/docs",
)
DESKS = {
    "oficial.mx@demo.example": (
        "/officer/",
        "/officer/qualifications/new",
        "/officer/import",
        "/officer/quality",
    ),
    "revisor.co@demo.example": ("/reviewer/", "/reviewer/decisions", "/reviewer/agreement"),
    "secretaria@demo.example": (
        "/secretariat/",
        "/secretariat/people",
        "/secretariat/findings",
        "/secretariat/agreement",
        "/secretariat/quality",
        "/secretariat/quality/MX",
    ),
}


@pytest.mark.parametrize(
    ("language", "width"), [("es", 1280), ("es", 390), ("es", 360), ("en", 1280), ("en", 390)]
)
def test_public_pages_are_sound(desk, width, language):
    visitor = desk(width, language=language)
    for path in PUBLIC:
        visitor.open(path)
        assert visitor.page.locator("html").get_attribute("lang") == language


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("email", DESKS)
def test_pages_of_the_desks_are_sound(desk, width, email):
    person = desk(width)
    person.sign_in(email)
    for path in DESKS[email]:
        person.open(path)
    # One step further: the first record, case or entry that the page offers.
    person.open(DESKS[email][0])
    inner = person.page.locator("main table a, main li a").first
    if inner.count():
        person.page.goto(person.site + inner.get_attribute("href"))
        person.check()


def test_a_refused_form_is_announced_and_leads_to_its_fields(desk):
    visitor = desk()
    visitor.open("/auth/sign-in")
    visitor.page.locator("main form button[type=submit]").last.click()
    visitor.check()
    page = visitor.page
    assert page.title().startswith("Error:")
    summary = page.locator(".govuk-error-summary")
    assert summary.evaluate("one => one === document.activeElement"), "the summary takes the focus"
    first = summary.locator("a").first
    first.click()
    assert page.evaluate("document.activeElement.name") == "email"
    described = page.locator("input[name=email]").get_attribute("aria-describedby")
    assert page.locator(f"#{described.split()[-1]}").inner_text()


def test_titles_say_the_page_before_the_site(desk):
    visitor = desk(language="en")
    seen = set()
    for path in ("/", "/frameworks", "/coverage", "/auth/sign-in"):
        visitor.open(path)
        seen.add(visitor.page.title())
    assert len(seen) == 4
    assert all(title.endswith("Regional qualifications register") for title in seen)


def test_the_first_tab_stop_skips_to_the_content(desk):
    visitor = desk()
    visitor.open("/frameworks")
    visitor.page.keyboard.press("Tab")
    visitor.page.keyboard.press("Enter")
    assert visitor.page.evaluate("location.hash") == "#main"


def test_the_form_works_without_scripts(chromium, site):
    context = chromium.new_context(java_script_enabled=False, locale="es")
    page = context.new_page()
    page.goto(site + "/auth/sign-in")
    page.locator("input[name=email]").fill("oficial.pe@demo.example")
    page.locator("input[name=password]").fill("a pass phrase for the browser")
    page.locator("main form button[type=submit]").last.click()
    page.goto(site + "/officer/qualifications/new")
    page.locator("#title").fill("Operación de planta concentradora")
    page.locator('button[value="add-unit:"]').click()
    assert page.locator("#title").input_value() == "Operación de planta concentradora"
    assert page.locator("#units-0-title").count() == 1
    page.locator('button[value="remove:0"]').click()
    assert page.locator("#units-0-title").count() == 0
    context.close()


def test_the_page_reflows_at_four_hundred_percent(desk):
    visitor = desk(320, 256)
    for path in ("/", "/?q=mina", "/frameworks", "/coverage"):
        visitor.open(path)
