"""An import with an error: from the upload to the corrected file, into the register, and back out."""

from __future__ import annotations

from pathlib import Path

HEADER = "Denominación;Clave\n"
ROWS = "Oficio de prueba uno;54901\nOficio de prueba dos;5490X\n"


def upload(page, path: Path) -> None:
    page.locator("#file").set_input_files(str(path))
    page.locator('form[enctype] button[type="submit"]').click()
    page.wait_for_url("**/columns")
    page.locator("#filter-all-type").select_option("qualification")
    page.locator('form[action$="/columns"] button[type="submit"]').click()


def button_of(page, step: str):
    return page.locator(f'form[action$="/{step}"] button')


def test_a_file_with_an_error_is_corrected_imported_and_undone(desk, tmp_path):
    officer = desk()
    page = officer.page
    officer.sign_in("oficial.cl@demo.example")
    officer.open("/officer/import")
    first = tmp_path / "oficios.csv"
    first.write_text(HEADER + ROWS, "cp1252")
    upload(page, first)
    officer.check()
    assert "5490X" in page.locator("table").inner_text()
    assert button_of(page, "apply").count() == 1
    with page.expect_download() as waiting:
        page.locator('a[href$="/rest"]').click()
    rest = tmp_path / "rest.csv"
    waiting.value.save_as(rest)
    text = rest.read_text("utf-8-sig")
    assert text.splitlines() == ["Denominación;Clave", "Oficio de prueba dos;5490X"]

    officer.open("/officer/import")
    rest.write_text(text.replace("5490X", "54902") + "Oficio de prueba uno;54901\n", "utf-8")
    upload(page, rest)
    button_of(page, "apply").click()
    officer.check()
    batch = page.url
    officer.open("/officer/?q=Oficio+de+prueba")
    assert page.locator("tbody tr").count() == 2

    page.goto(batch)
    button_of(page, "undo").click()
    officer.check()
    officer.open("/officer/?q=Oficio+de+prueba")
    assert page.locator("tbody tr").count() == 0
