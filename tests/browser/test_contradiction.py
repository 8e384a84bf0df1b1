"""A decision that does not fit is found by the decision itself, and settled by the secretariat on a phone."""

from __future__ import annotations

import re

RECORD = re.compile(r"/officer/qualifications/([0-9a-f-]{36})")
TITLE = "Inspección de correas transportadoras con drones"
WHY = "Chile y Perú lo revisaron: el programa llega más allá de su nivel nacional."


def test_a_contradiction_is_found_and_settled(desk):
    officer = desk()
    page = officer.page
    officer.sign_in("oficial.cl@demo.example")
    officer.open("/officer/qualifications/new")
    page.locator("#title").fill(TITLE)
    page.locator("#sector").select_option("mining")
    page.locator("#awarding_body").fill("Centro de Formación Técnica de prueba")
    page.locator("#source").fill("Plan de estudios publicado por el centro")
    levels = page.locator("#level option").all()
    page.locator("#level").select_option(
        next(one.get_attribute("value") for one in levels if "4" in one.inner_text())
    )
    page.locator('button[value="save"]').last.click()
    page.wait_for_url(RECORD)
    record = RECORD.search(page.url)[1]
    officer.open(f"/officer/qualifications/{record}/level")
    for end in ("#high", "#low"):
        page.locator(end).select_option("8")
    page.locator("#rationale").fill("El programa forma para dirigir la innovación del área.")
    page.locator('button[value="submit"]').click()
    officer.check()

    reviewer = desk()
    page = reviewer.page
    reviewer.sign_in("revisora.pe@demo.example")
    page.get_by_role("link", name=TITLE).first.click()
    reviewer.check()
    page.locator('input[name=step][value="endorse"]').check()
    page.locator("#reason").fill("Los resultados piden responsabilidad estratégica.")
    page.locator("form:has(#reason) button[type=submit]").first.click()
    page.wait_for_url("**/reviewer/")
    reviewer.check()
    reviewer.open("/reviewer/agreement")

    phone = desk(390)
    page = phone.page
    phone.sign_in("secretaria@demo.example")
    phone.open("/secretariat/agreement")
    phone.open("/secretariat/findings")
    row = page.locator("main tr", has_text=TITLE)
    assert "fuera del rango referenciado" in row.inner_text().lower()
    row.locator("th a").click()
    phone.check()
    steps = page.locator("ol.path > li")
    assert steps.count() == 2
    assert "El programa forma para dirigir" in steps.first.inner_text()
    page.locator("main form button[type=submit]").last.click()
    phone.check()
    assert page.locator(".govuk-error-summary").count() == 1
    page.locator("#reason").fill(WHY)
    page.locator("main form button[type=submit]").last.click()
    phone.check()
    assert WHY in page.locator("main").inner_text()
    phone.open("/secretariat/findings")
    assert page.locator("main tr", has_text=TITLE).count() == 0
    page.goto(phone.site + "/secretariat/findings?status=settled")
    phone.check()
    assert page.locator("main tr", has_text=TITLE).count() == 1
