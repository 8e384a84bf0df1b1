"""A long import: it goes on while the person is elsewhere, and is there when they come back."""

from __future__ import annotations

from pathlib import Path

import pytest

from rqf.models.database import Database
from rqf.work import Worker

ROWS = 1100
UNTIL = 60_000


@pytest.fixture
def worker(site_database_url):
    """A worker that does what waits when the test says so."""
    database = Database(site_database_url)
    yield Worker(database)
    database.close()


@pytest.fixture
def long_file(tmp_path) -> Path:
    path = tmp_path / "catastro.csv"
    rows = "".join(f"Labor {number} del catastro;{60000 + number}\n" for number in range(ROWS))
    path.write_text("Denominación;Clave\n" + rows, "utf-8")
    return path


def ask_for_check(page, path: Path) -> None:
    page.locator("#file").set_input_files(str(path))
    page.locator('form[enctype] button[type="submit"]').click()
    page.wait_for_url("**/columns")
    page.locator("#filter-all-type").select_option("qualification")
    page.locator('form[action$="/columns"] button[type="submit"]').click()
    page.locator("#progress").wait_for()


@pytest.mark.parametrize("width", [1280, 390])
def test_a_long_import_is_left_and_come_back_to(desk, worker, long_file, width):
    officer = desk(width)
    page = officer.page
    officer.sign_in("oficial.cl@demo.example")
    officer.open("/officer/import")
    ask_for_check(page, long_file)
    officer.check()
    assert "en espera de su turno" in page.locator("#progress").inner_text()
    # The person goes elsewhere, and the worker to work.
    officer.open("/officer/")
    assert worker.do_one()
    officer.open("/officer/import")
    page.get_by_role("link", name="catastro.csv").first.click()
    officer.check()
    assert "1100" in page.locator(".page-header").inner_text().replace(".", "").replace("\xa0", "")

    # The page shows by itself that it has ended.
    page.locator('form[action$="/apply"] button').click()
    page.locator("#progress").wait_for()
    officer.check()
    assert worker.do_one()
    page.locator('form[action$="/undo"]').wait_for(timeout=UNTIL)
    officer.check()

    page.locator('form[action$="/undo"] button').click()
    page.locator("#progress").wait_for()
    assert worker.do_one()
    page.locator("#progress").wait_for(state="detached", timeout=UNTIL)
    officer.check()


def test_work_that_waits_is_cancelled(desk, worker, long_file):
    officer = desk()
    page = officer.page
    officer.sign_in("oficial.cl@demo.example")
    officer.open("/officer/import")
    ask_for_check(page, long_file)
    page.locator('form[action$="/cancel"] button').click()
    page.wait_for_url("**/columns")
    officer.check()
    assert not worker.do_one()
