"""A filter is retired with what rests on it before one's eyes, and put back, by an officer at 390 pixels."""

from __future__ import annotations

import re

LIST = re.compile(r"/officer/\?.*status=")


def test_a_batch_is_retired_with_its_consequences_and_put_back(desk):
    person = desk(390)
    person.sign_in("oficial.pe@demo.example")
    page = person.page
    person.open("/officer/?q=perforaci%C3%B3n&status=published")
    found = page.locator("main p[role=status]").inner_text().split()[0]
    page.locator("main p[role=status] a[href*=retire]").click()
    page.wait_for_url("**/officer/retire**")
    person.check()
    assert found in page.locator("h1").inner_text()
    rests = page.locator("main .panel--sand li").all_inner_texts()
    assert len(rests) == 4
    page.locator("main form button[type=submit]").last.click()
    page.wait_for_selector(".govuk-error-summary")
    person.check()
    page.locator("#reason").fill("Resolución 15 de 2026")
    page.locator("main form button[type=submit]").last.click()
    page.wait_for_url(LIST)
    person.check()
    person.open("/officer/reinstate?q=perforaci%C3%B3n&status=retired")
    assert found in page.locator("h1").inner_text()
    page.locator("#reason").fill("La resolución fue anulada.")
    page.locator("main form button[type=submit]").last.click()
    page.wait_for_url(LIST)
    person.check()
    assert page.locator("main p[role=status]").inner_text().split()[0] == found
