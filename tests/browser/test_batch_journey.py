"""Five hundred titles at once, by keyboard on a phone: sent, read, corrected, taken away."""

from __future__ import annotations

import csv
import re
from pathlib import Path

from rqf.paths import FIXTURES
from tests.browser.test_journeys import reach


def five_hundred(folder: Path) -> Path:
    """Write 500 rows: the titles of the sample, again and again, with a slip in every third."""
    with (FIXTURES / "qualifications.csv").open(encoding="utf-8", newline="") as file:
        titles = [(row["title"], row["country"]) for row in csv.DictReader(file)]
    path = folder / "titulos.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["Título", "País", "Expediente"])
        for number in range(500):
            title, country = titles[number % len(titles)]
            writer.writerow([title.replace("ció", "cio") if number % 3 else title, country, f"=E{number}"])
    return path


def test_five_hundred_titles_are_looked_up_corrected_and_taken_away_by_keyboard(desk, tmp_path):
    phone = desk(390, 844)
    page = phone.page
    phone.open("/")
    page.goto(page.url)
    here = "document.activeElement.getAttribute('href') || ''"
    reach(page, lambda: page.evaluate(here).endswith("/batch"))
    with page.expect_navigation():
        page.keyboard.press("Enter")
    phone.check()
    # The file dialogue is the browser's; everything else goes by keyboard.
    page.locator("input[name=file]").set_input_files(five_hundred(tmp_path))
    reach(page, lambda: page.evaluate("document.activeElement.name") == "target")
    page.keyboard.type("Per")
    reach(page, lambda: page.evaluate("document.activeElement.type") == "submit")
    with page.expect_navigation(timeout=60_000):
        page.keyboard.press("Enter")
    phone.check()
    found = re.search(r"(\d+) de 500 filas", page.locator("main").inner_text())
    assert int(found[1]) >= 490
    address = page.url
    # Correct the first row: none of those.
    page.locator("#row-1 summary").focus()
    page.keyboard.press("Enter")
    page.locator("#c1-0").focus()
    page.keyboard.press("Space")
    reach(page, lambda: page.evaluate("document.activeElement.type") == "submit")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    phone.check()
    assert "No encontrada" in page.locator("#row-1").inner_text()
    with page.expect_download() as waiting:
        page.locator("a[href$='/download']").press("Enter")
    text = Path(waiting.value.path()).read_text("utf-8-sig")
    rows = list(csv.DictReader(text.splitlines()))
    assert len(rows) == 500
    assert rows[0]["rqf_found"] == "not found"
    assert rows[1]["Expediente"] == "'=E1"
    page.goto(f"{address}?page=10")
    phone.check()
