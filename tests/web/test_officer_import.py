"""Importing a file on the officer's desk: upload, columns, preview, apply, undo."""

from __future__ import annotations

import io
import re

import jsonschema
import pytest
from sqlalchemy import func, select

from rqf.exchange import open_sheet
from rqf.models import ImportProfile, ImportRow, Qualification, QualificationVersion
from rqf.registry.imports import background
from rqf.rules.terms import VersionStatus
from rqf.work import Worker
from tests import factories

SHEET = b"""type;title;code_system;code;level
qualification;Explotaci\xf3n minera;CL-MINEDUC-ESPE;54018;3
training_programme;Metalurgia ;CL-MINEDUC-ESPE;54019;
"""
WRONG = b"qualification;Mala;CL-MINEDUC-ESPE;<b>x</b>;9\n"


@pytest.fixture
def officer(session, sign_in):
    account = factories.make_account(session)
    sign_in(account)
    return account


@pytest.fixture
def upload(client, officer):
    def send(content: bytes, name: str = "records.csv", **fields):
        page = client.get("/officer/import").text
        token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)[1]
        form = {"csrf_token": token, "file": (io.BytesIO(content), name), **fields}
        return client.post("/officer/import", data=form)

    return send


@pytest.fixture
def checked(client, upload, post):
    """``checked(content)`` uploads a file with our own columns and checks it; returns its address."""

    def go(content: bytes, **meanings) -> str:
        columns = upload(content).location
        page = client.get(columns).text
        chosen = dict(
            re.findall(
                r'name="((?:column|all)-[^"]+)">(?:(?!</select>).)*value="([^"]*)" selected', page, re.S
            )
        )
        answer = post(columns, **{**chosen, **meanings})
        assert answer.status_code == 303, answer.text
        return answer.location

    return go


def records(database) -> int:
    with database.read() as reader:
        return reader.scalar(select(func.count(Qualification.id)))


def test_a_file_is_read_checked_applied_and_undone(client, checked, post, database):
    address = checked(SHEET)
    page = client.get(address).text
    for words in ("2 new, 0 changed", "Explotación minera", "blanks around the text", "Import 2 rows"):
        assert words in page
    assert records(database) == 0
    assert post(f"{address}/apply", page=address).status_code == 303
    assert records(database) == 2
    page = client.get(address).text
    assert "2 records stand in the register as drafts." in page
    assert "Applied on" in page
    assert "records.csv" in client.get("/officer/import").text
    assert post(f"{address}/undo", page=address).status_code == 303
    assert "Undone on" in client.get(address).text
    assert records(database) == 0


def test_the_columns_page_shows_how_the_file_was_read_and_how_sure_the_guess_is(client, upload):
    page = client.get(upload("Denominacion\tClave\nMinería\t54018\n".encode()).location).text
    for words in (
        "CSV",
        "encoding utf-8",
        "columns divided by “tab”",
        "1 row was read",
        "by its name",
        "Minería",
    ):
        assert words in page
    assert '<option value="CL-MINEDUC-ESPE" selected>' in page


def test_a_plan_without_what_is_needed_is_refused_beside_what_was_chosen(client, upload, post):
    columns = upload("Denominacion;Clave\nMinería;54018\n".encode()).location
    answer = post(columns, **{"column-0": "title", "column-1": "code", "all-code_system": "CL-MINEDUC-ESPE"})
    assert answer.status_code == 422
    assert "No column holds the field “type”, which is needed." in answer.text
    assert '<option value="CL-MINEDUC-ESPE" selected>' in answer.text


def test_a_plan_is_saved_as_a_profile_of_the_country(client, upload, post, database):
    columns = upload("Denominacion;Clave\nMinería;54018\n".encode()).location
    chosen = {"column-0": "title", "column-1": "code", "all-type": "qualification",
              "all-code_system": "CL-MINEDUC-ESPE", "save_as": "Carreras"}  # fmt: skip
    assert post(columns, **chosen).status_code == 303
    with database.read() as reader:
        assert reader.scalars(select(ImportProfile.name)).all() == ["Carreras"]
    again = upload("Denominacion;Clave\nMinería;54018\n".encode(), profile="Carreras")
    assert "profile Carreras" in client.get(again.location).text


def test_wrong_rows_are_listed_and_come_back_as_a_file(client, checked, post, database, tmp_path):
    address = checked(SHEET + WRONG)
    page = client.get(address + "?verdict=wrong").text
    for words in (
        "&lt;b&gt;x&lt;/b&gt;",
        "1 row has errors",
        "CL-MCTP has no level 9",
        "a level of that framework",
    ):
        assert words in page
    assert "Explotación" not in page
    refused = post(f"{address}/apply", page=address)
    assert (refused.status_code, records(database)) == (422, 0)
    assert "1 rows have errors, so nothing was imported" in refused.text
    rest = client.get(f"{address}/rest")
    path = tmp_path / "rest.csv"
    path.write_bytes(rest.data)
    sheet = open_sheet(path)
    assert (sheet.delimiter, sheet.columns) == (";", ("type", "title", "code_system", "code", "level"))
    assert list(sheet) == [(2, ("qualification", "Mala", "CL-MINEDUC-ESPE", "<b>x</b>", "9"))]
    reasons = client.get(f"{address}/reasons.csv").get_data(as_text=True)
    assert "4,level,9,CL-MCTP has no level 9" in reasons
    assert post(f"{address}/apply", page=address, partial="1").status_code == 303
    assert records(database) == 2


def test_rows_are_left_out_one_by_one_or_by_filter(client, checked, post, database):
    address = checked(SHEET)
    post(f"{address}/choose", page=address, line="2", take="0")
    assert "Import 1 row" in client.get(address).text
    answer = post(f"{address}/choose", page=address, all="1", take="0", verdict="new")
    assert answer.location.endswith("?verdict=new")
    assert "There is nothing to import" in client.get(address).text
    post(f"{address}/choose", page=address, all="1", take="1", q="metalurgia")
    post(f"{address}/apply", page=address)
    assert records(database) == 1


def test_changes_are_shown_field_by_field(client, checked, post):
    first = checked(SHEET)
    post(f"{first}/apply", page=first)
    page = client.get(checked(SHEET.replace(b"54018;3", b"54018;4")) + "?verdict=changed").text
    assert "National level: <del>3</del> → <ins>4</ins>" in page
    assert "Recognised by its code." in page


def test_pages_of_many_rows_can_be_turned(client, checked):
    many = b"type;title\n" + b"".join(b"qualification;Oficio %d\n" % number for number in range(120))
    address = checked(many)
    assert "Page 1 of 3" in client.get(address).text
    assert "Oficio 119" in client.get(address + "?page=3").text
    assert "No row fits these filters" in client.get(address + "?q=nada").text


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"%PDF-1.7 \x00", "another kind (PDF)"),
        (b"", "The file is empty."),
        (b"\x00\xff\x01", "not a text file"),
        (b"type,title\n", "no rows"),
    ],
)
def test_what_is_no_table_is_refused_on_the_page(upload, content, words):
    answer = upload(content)
    assert answer.status_code == 422
    assert words in answer.text


def test_no_file_at_all_is_refused(client, upload, post):
    answer = post("/officer/import")
    assert answer.status_code == 422
    assert "Choose a file." in answer.text


def test_a_file_above_the_limit_is_refused_before_it_is_read(client, upload):
    answer = client.post(
        "/officer/import",
        content_type="multipart/form-data; boundary=x",
        environ_overrides={"CONTENT_LENGTH": str(26 * 1024 * 1024)},
    )
    assert answer.status_code == 413


def test_an_import_is_the_countrys_and_nobody_elses(client, session, checked, sign_in):
    address = checked(SHEET)
    client.delete_cookie("rqf")
    sign_in(factories.make_account(session))
    assert client.get(address).status_code == 200
    client.delete_cookie("rqf")
    sign_in(factories.make_account(session, country="PE"))
    assert [client.get(address + part).status_code for part in ("", "/columns", "/rest", "/reasons.csv")] == [
        404
    ] * 4


@pytest.mark.parametrize("format", ["csv", "xlsx", "ods", "json", "jsonl"])
def test_the_columns_are_published_as_a_table_as_sheets_and_as_a_schema(client, officer, tmp_path, format):
    page = client.get("/officer/import").text
    path = tmp_path / "template"
    path.write_bytes(client.get(f"/officer/import/template.{format}").data)
    sheet = open_sheet(path)
    assert {"type", "title", "level", "valid_from", "replaces"} <= set(sheet.columns)
    for name in sheet.columns:
        assert f"<code>{name}</code>" in page
    assert "CL-MINEDUC-ESPE" in page


def test_the_schema_accepts_right_rows_and_refuses_wrong_ones(client, officer):
    schema = client.get("/officer/import/schema.json").json
    jsonschema.Draft202012Validator.check_schema(schema)
    right = {
        "type": "qualification",
        "title": "A",
        "title_pt": "B",
        "code_system": "CL-MINEDUC-ESPE",
        "code": "54018",
    }
    valid = jsonschema.Draft202012Validator(schema).is_valid
    assert valid(right)
    for wrong in (
        {"type": "diploma"},
        {"code": "x"},
        {"valid_from": "31/12/2020"},
        {"colour": "red"},
        {"title": ""},
    ):
        assert not valid(right | wrong)


def test_every_verdict_and_note_has_its_words(client, session, officer, checked, post):
    factories.make_qualification(
        session, "Operación de maquinaria minera", code_system="CL-MINEDUC-ESPE", code="54001"
    )
    session.commit()
    address = checked(
        "type;title;code_system;code;replaces\n"
        "qualification;Operación de maquinaria minera;CL-MINEDUC-ESPE;54002;\n"
        "qualification;Operacion de Maquinaria Minera;CL-MINEDUC-ESPE;54003;99999\n".encode()
    )
    page = client.get(address).text
    for words in ("Reads like line 3", "Reads like the record 54001", "not in the file any more"):
        assert words in page
    session.expire_all()
    assert session.scalar(select(func.count(ImportRow.id))) == 3


def test_records_that_disappeared_are_retired_with_a_reason(client, session, officer, checked, post):
    for code in ("54001", "54002"):
        factories.make_qualification(session, f"Oficio {code}", code_system="CL-MINEDUC-ESPE", code=code)
    session.commit()
    address = checked(SHEET)
    assert "2 records are not in the file and stay in force" in client.get(address).text
    refused = post(f"{address}/gone", page=address, all="1", fate="retire", verdict="disappeared")
    assert refused.status_code == 422
    assert "Name the legal act" in refused.text
    chosen = {"all": "1", "fate": "retire", "verdict": "disappeared", "reason": "Decreto 12 de 2026"}
    assert post(f"{address}/gone", page=address, **chosen).status_code == 303
    row = re.search(r'name="row" value="(\d+)"', client.get(address + "?q=54002").text)[1]
    post(f"{address}/gone", page=address, row=row, fate="keep")
    page = client.get(address).text
    for words in ("will be retired", "stays in force", "Decreto 12 de 2026", "1 record will be retired."):
        assert words in page
    post(f"{address}/apply", page=address)
    session.expire_all()
    statuses = dict(session.execute(select(Qualification.code, QualificationVersion.status).join(
        QualificationVersion)).all())  # fmt: skip
    assert (statuses["54001"], statuses["54002"]) == (VersionStatus.RETIRED, VersionStatus.PUBLISHED)


def test_a_long_import_goes_on_without_the_browser(client, checked, post, database, monkeypatch):
    monkeypatch.setattr(background, "ROWS_AT_ONCE", 1)
    address = checked(SHEET)
    page = client.get(address).text
    for words in ("Checking the rows", "waiting for its turn", "can be left", 'http-equiv="refresh"'):
        assert words in page
    assert 'http-equiv="refresh"' not in client.get(address + "?still=1").text
    assert "records.csv" in client.get("/officer/import").text
    worker = Worker(database)
    assert worker.do_one()
    assert "2 new, 0 changed" in client.get(address).text
    assert post(f"{address}/apply", page=address).status_code == 303
    assert "Writing into the register" in client.get(address).text
    assert records(database) == 0
    assert worker.do_one()
    assert "Applied on" in client.get(address).text
    assert records(database) == 2


def test_work_that_waits_can_be_cancelled_and_asked_for_again(client, checked, post, database, monkeypatch):
    monkeypatch.setattr(background, "ROWS_AT_ONCE", 1)
    address = checked(SHEET)
    assert post(f"{address}/cancel", page=address).status_code == 303
    page = client.get(address, follow_redirects=True).text
    assert "Cancelled before it began." in page
    assert "What the columns mean" in page
    assert not Worker(database).do_one()


def test_why_work_in_the_background_failed_is_told(client, session, checked, post, database, monkeypatch):
    monkeypatch.setattr(background, "ROWS_AT_ONCE", 1)
    address = checked(SHEET)
    Worker(database).do_one()
    factories.make_qualification(session, "Antes", code_system="CL-MINEDUC-ESPE", code="54018")
    session.commit()
    post(f"{address}/apply", page=address)
    Worker(database).do_one()
    assert "“54018” was changed in the register since the file was checked." in client.get(address).text


def test_values_are_quoted_as_the_language_does(client, checked):
    address = checked(SHEET + WRONG)
    assert "«9»" in client.get(address + "?lang=es").text


UNITS = """type,title,code_system,code,unit_title,unit_hours,outcome
qualification,Explotación minera,CL-MINEDUC-ESPE,54018,Planos,152,Lee planos.
,,,,,,Explica la escala.
qualification,Geología,CL-MINEDUC-ESPE,54020,,,
,,,,Muestras,x,
"""


def test_units_and_outcomes_come_in_by_the_same_steps(client, checked, post, database):
    address = checked(UNITS.replace(",x,", ",90,").encode())
    page = client.get(address).text
    for words in (
        "4 new, 0 changed",
        "Explica la escala.",
        "Part of: Explotación minera › Planos.",
        "blank cells filled from the row above",
        "The unit has no learning outcomes, in the file or in the register.",
    ):
        assert words in page
    assert post(f"{address}/apply", page=address).status_code == 303
    assert records(database) == 2
    changed = checked(UNITS.replace(",x,", ",90,").replace("Explica", "Lee y explica").encode())
    page = client.get(changed).text
    assert "0 new, 1 changed" in page
    assert "Learning outcome: <del>Explica la escala.</del> → <ins>Lee y explica la escala.</ins>" in page
    assert post(f"{address}/undo", page=address).status_code == 303
    assert records(database) == 0


def test_wrong_cells_of_units_come_back_as_a_file(client, checked, tmp_path):
    address = checked(UNITS.encode())
    assert "“x” is not a number." in client.get(address).text.replace("&#34;", '"')
    path = tmp_path / "rest.csv"
    path.write_bytes(client.get(f"{address}/rest").data)
    assert [cells[:5] for _, cells in open_sheet(path)] == [
        ("qualification", "Geología", "CL-MINEDUC-ESPE", "54020", "Muestras")
    ]


@pytest.mark.parametrize("format", ["csv", "xlsx", "ods"])
def test_units_have_a_sheet_and_rules_of_their_own(client, officer, tmp_path, format):
    page = client.get("/officer/import").text
    path = tmp_path / "template"
    path.write_bytes(client.get(f"/officer/import/template.{format}?of=units").data)
    sheet = open_sheet(path)
    assert {"title", "code", "unit_code", "unit_title", "outcome"} <= set(sheet.columns)
    for name in sheet.columns:
        assert f"<code>{name}</code>" in page
    schema = client.get("/officer/import/schema.json?of=units").json
    jsonschema.Draft202012Validator.check_schema(schema)
    right = {"code_system": "CL-MINEDUC-ESPE", "code": "54018", "unit_title": "A", "outcome_domain": "skills"}
    jsonschema.validate(right, schema)
    for wrong in (
        {"unit_mandatory": "perhaps"},
        {"unit_hours": "-1"},
        {"code": "5401X"},
        {"outcome_domain": "x"},
    ):
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate(right | wrong, schema)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({"code": "54018"}, schema)
