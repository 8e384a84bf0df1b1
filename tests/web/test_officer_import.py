"""Importing a file on the officer's desk: check, confirm, add all or none."""

from __future__ import annotations

import io
import re

import pytest
from sqlalchemy import func, select

from rqf.models import Qualification
from rqf.web import officer_import
from tests import factories

SHEET = b"""type;title;code_system;code;level
qualification;Explotaci\xf3n minera;CL-MINEDUC-ESPE;54018;3
training_programme;Metalurgia;CL-MINEDUC-ESPE;54019;
"""


@pytest.fixture
def upload(client, session, sign_in):
    sign_in(factories.make_account(session))

    def send(content: bytes, name: str = "records.csv"):
        page = client.get("/officer/import").text
        token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)[1]
        return client.post("/officer/import", data={"csrf_token": token, "file": (io.BytesIO(content), name)})

    return send


def records(database) -> int:
    with database.read() as reader:
        return reader.scalar(select(func.count(Qualification.id)))


def test_a_right_file_is_checked_confirmed_and_added(client, session, upload, post, database):
    checked = upload(SHEET)
    assert checked.status_code == 303
    assert records(database) == 0
    page = client.get(checked.location).text
    assert "Explotación minera" in page
    assert "2 rows were checked" in page
    added = post(checked.location)
    assert added.status_code == 303
    assert records(database) == 2
    assert "2 records are added as drafts." in client.get(added.location).text
    assert client.get(checked.location).status_code == 404


def test_a_file_confirmed_too_late_adds_nothing(client, session, upload, post, database):
    checked = upload(SHEET)
    other = upload(SHEET)
    post(other.location)
    answer = post(checked.location)
    assert answer.status_code == 422
    assert "belongs to" in answer.text
    assert records(database) == 2


def test_wrong_cells_are_listed_with_line_column_value_and_what_is_allowed(session, upload, database):
    answer = upload(SHEET + b"qualification;Mala;CL-MINEDUC-ESPE;<b>x</b>;9\n")
    assert answer.status_code == 422
    for words in (
        "&lt;b&gt;x&lt;/b&gt;",
        "1 of 3 rows",
        "CL-MCTP has no level 9",
        "a level of that framework",
    ):
        assert words in answer.text
    assert records(database) == 0


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"%PDF-1.7 \x00", "another kind (PDF)"),
        (b"", "The file is empty."),
        (b"\x00\xff\x01", "not a text file"),
        (b"type,title\n", "no rows"),
    ],
)
def test_what_is_no_sheet_is_refused_on_the_page(upload, content, words):
    answer = upload(content)
    assert answer.status_code == 422
    assert words in answer.text


def test_no_file_at_all_is_refused(client, session, upload, post):
    answer = post("/officer/import")
    assert answer.status_code == 422
    assert "Choose a file." in answer.text


def test_a_file_too_large_for_the_page_is_sent_to_the_command(upload, monkeypatch):
    monkeypatch.setattr(officer_import, "MOST_KEPT", 50)
    answer = upload(SHEET)
    assert answer.status_code == 422
    assert "2 rows, too many for the page" in answer.text


def test_a_file_above_the_limit_is_refused_before_it_is_read(client, upload):
    answer = client.post(
        "/officer/import",
        content_type="multipart/form-data; boundary=x",
        environ_overrides={"CONTENT_LENGTH": str(26 * 1024 * 1024)},
    )
    assert answer.status_code == 413


def test_rows_kept_by_one_officer_are_not_anothers(client, session, upload, sign_in):
    checked = upload(SHEET)
    client.delete_cookie("rqf")
    sign_in(factories.make_account(session))
    assert client.get(checked.location).status_code == 404


def test_the_page_documents_every_column_and_gives_an_empty_sheet(client, upload):
    page = client.get("/officer/import").text
    sheet = client.get("/officer/import/template.csv")
    header = sheet.text.lstrip("\ufeff").splitlines()[0].split(",")
    assert {"type", "title", "level", "valid_from"} <= set(header)
    for name in header:
        assert f"<code>{name}</code>" in page
    assert "CL-MINEDUC-ESPE" in page
