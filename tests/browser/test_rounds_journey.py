"""A round from its making to its reconciliation with three reviewers, and the queue worked by keyboard alone.

The journeys follow one round, so one process walks them in order: the tests are dealt out by file.
"""

from __future__ import annotations

import re

import pytest

from tests.browser.conftest import PASSWORD

ROUND = "Contraste de minería de prueba"


def add_reviewer(secretariat, email: str, name: str, country: str) -> None:
    page = secretariat.page
    secretariat.open("/secretariat/people/new")
    page.locator("#name").fill(name)
    page.locator("#email").fill(email)
    page.locator("#password").fill(PASSWORD)
    page.locator(f"input[name=reviewer][value={country}]").check()
    page.locator("main form button[type=submit]").last.click()
    secretariat.check()


def place(reviewer, levels: tuple[str, str, str], reason: str) -> None:
    page = reviewer.page
    for number, level in enumerate(levels):
        page.locator(f"#domains-{number}-level").select_option(level)
    page.locator("#low").select_option(levels[0])
    page.locator("#high").select_option(levels[0])
    page.locator("#reason").fill(reason)
    page.locator("button[name=then][value=list]").click()
    reviewer.check()


@pytest.fixture(scope="module")
def made() -> dict[str, str]:
    """What one journey leaves for the next: the address of the round."""
    return {}


def test_the_secretariat_makes_a_round_and_deals_it_out(desk, made):
    secretariat = desk()
    page = secretariat.page
    secretariat.sign_in("secretaria@demo.example")
    add_reviewer(secretariat, "revisora.mx@demo.example", "Ximena Reyes", "MX")
    secretariat.open("/secretariat/rounds/new")
    page.locator("#title").fill(ROUND)
    page.locator("#deadline").fill("2099-12-01")
    page.locator("input[name=mode][value=double]").check()
    page.locator("#sector").select_option(index=1)
    page.locator("#country").select_option("CL")
    page.locator("button[value=preview]").click()
    secretariat.check()
    assert page.locator("section[role=status] li").count() >= 1
    assert page.locator("#title").input_value() == ROUND
    for email in ("revisora.pe@demo.example", "revisor.co@demo.example", "revisora.mx@demo.example"):
        page.locator(f'input[name=reviewers][value="{email}"]').check()
    page.locator("button[value=create]").click()
    secretariat.check()
    page.locator("form[action$='/deal'] button").click()
    secretariat.check()
    made["round"] = re.search(r"/secretariat/rounds/[0-9a-f-]{36}", page.url)[0]
    phone = desk(390)
    phone.sign_in("secretaria@demo.example")
    phone.open(made["round"])


def test_two_place_apart_and_the_third_reconciles_seeing_both(desk, made):
    secretariat = desk()
    secretariat.sign_in("secretaria@demo.example")
    secretariat.open(made["round"])
    row = secretariat.page.locator("table").last.locator("tbody tr").first
    title = row.locator("th").inner_text()
    holders = row.locator("td[data-label] ul.plain li").all_inner_texts()
    emails = {"Rosa": "revisora.pe@demo.example", "Ximena": "revisora.mx@demo.example"}
    people = [
        next((email for name, email in emails.items() if name in one), "revisor.co@demo.example")
        for one in holders
    ]
    reasons = ["Lo que pide el primero es autonomía.", "Lo que pide el segundo es dirigir."]
    for email, reason, levels in zip(people, reasons, (("4", "4", "4"), ("5", "5", "6")), strict=True):
        reviewer = desk(1440)
        reviewer.sign_in(email)
        reviewer.open("/reviewer/rounds")
        reviewer.page.get_by_role("link", name=title).first.click()
        reviewer.check()
        assert reasons[0] not in reviewer.page.content()
        assert (
            reviewer.page.evaluate("document.querySelector('.case-decision').getBoundingClientRect().top")
            < 900
        )
        place(reviewer, levels, reason)
    (third,) = {*emails.values(), "revisor.co@demo.example"} - set(people)
    reviewer = desk(1440)
    reviewer.sign_in(third)
    reviewer.open("/reviewer/rounds")
    reviewer.page.get_by_role("link", name=title).first.click()
    reviewer.check()
    for reason in reasons:
        assert reason in reviewer.page.locator("#two").locator("..").inner_text()
    place(reviewer, ("5", "4", "5"), "Los resultados dirigen a otras personas.")
    secretariat.open(made["round"])
    assert re.search(r"\b1 de \d+", secretariat.page.locator(".round-progress").inner_text())


def test_the_queue_is_worked_by_keyboard_alone(desk):
    reviewer = desk(1440)
    page = reviewer.page
    reviewer.sign_in("revisora.pe@demo.example")
    reviewer.open("/reviewer/")
    page.locator("main a[href*='/reviewer/mappings/']").first.focus()
    with page.expect_navigation():
        page.keyboard.press("Enter")
    reviewer.check()
    # Beside the rationale a plain endorsement takes two: E, then Ctrl+Enter.
    page.keyboard.press("e")
    assert page.locator("input[name=step][value=endorse]").is_checked()
    page.keyboard.type("Exige autonomía, e igual responsabilidad.")
    assert page.locator("#reason").input_value() == "Exige autonomía, e igual responsabilidad."
    with page.expect_navigation():
        page.keyboard.press("Control+Enter")
    reviewer.check()
    assert page.locator(".message--success").count() == 1
    assert "/reviewer/" in page.url


def test_single_keys_can_be_switched_off_and_stay_off(desk):
    reviewer = desk(1440)
    page = reviewer.page
    reviewer.sign_in("revisor.co@demo.example")
    reviewer.open("/reviewer/")
    page.locator("main a[href*='/reviewer/mappings/']").first.click()
    page.locator("[data-keys-switch]").click()
    page.reload()
    page.keyboard.press("e")
    assert not page.locator("input[name=step][value=endorse]").is_checked()
    page.locator("[data-keys-switch]").click()
    page.locator("h1").click()
    page.keyboard.press("e")
    assert page.locator("input[name=step][value=endorse]").is_checked()


def test_of_two_reviewers_at_one_case_the_second_is_told_and_keeps_the_text(desk):
    first, second = desk(), desk()
    first.sign_in("revisora.pe@demo.example")
    second.sign_in("revisor.co@demo.example")
    first.open("/reviewer/?country=CL")
    address = first.page.locator("main a[href*='/reviewer/mappings/']").first.get_attribute("href")
    for reviewer in (first, second):
        reviewer.open(address)
        reviewer.page.locator("input[name=step][value=endorse]").check()
        reviewer.page.locator("#reason").fill("Los resultados piden autonomía.")
    for reviewer in (first, second):
        reviewer.page.locator("main form button[type=submit]").first.click()
        reviewer.check()
    assert second.page.locator("[role=alert]").count() == 1
    assert "Los resultados piden autonomía." in second.page.locator("blockquote").inner_text()
