"""The quality of records in a browser: what to fix first, down to the records, and away as a file."""

from __future__ import annotations

import pytest


@pytest.mark.parametrize("width", [1280, 390])
def test_an_officer_goes_from_the_dashboard_to_the_records_and_takes_them_along(desk, width, folder):
    officer = desk(width)
    page = officer.page
    officer.sign_in("oficial.cl@demo.example")
    officer.open("/officer/quality")
    assert page.locator("#spread ~ svg[role=img]").is_visible()
    # The table that stands beside a chart opens without scripts, by keyboard.
    summary = page.locator("#spread ~ details summary")
    summary.focus()
    page.keyboard.press("Enter")
    assert page.locator("#spread ~ details table").is_visible()
    link = page.locator("#first ~ table a").first
    count = int(link.inner_text().split()[0])
    link.click()
    officer.check()
    assert page.locator("[role=status]").first.inner_text().startswith(str(count))
    with page.expect_download() as waiting:
        page.locator('a[href*="/qualifications.csv"]').click()
    file = folder / "records.csv"
    waiting.value.save_as(file)
    assert file.read_text("utf-8-sig").startswith("id,type,title,")
    page.locator("tbody a").first.click()
    officer.check()
    assert page.locator("#missing").is_visible()


@pytest.mark.parametrize("width", [1280, 390])
def test_the_secretariat_goes_from_all_countries_to_the_records_of_one(desk, width):
    secretariat = desk(width)
    page = secretariat.page
    secretariat.sign_in("secretaria@demo.example")
    secretariat.open("/secretariat/quality")
    page.locator('main a[href$="/quality?country=MX"]').click()
    secretariat.check()
    page.locator("#first ~ table a").first.click()
    secretariat.check()
    assert page.locator("tbody tr").count() > 0
