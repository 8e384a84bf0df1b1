"""Importing a sheet: read as it is, checked cell by cell, added as drafts, all or none."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from rqf import registry
from rqf.errors import Invalid, NotAllowed, NotFound
from rqf.exchange.spreadsheets import read_csv
from rqf.models import Qualification, QualificationVersion
from rqf.registry import imports
from rqf.registry.columns import COLUMNS
from rqf.rules.terms import QualificationType, VersionStatus
from tests import factories

SHEET = """type,title,code_system,code,level,volume,volume_unit,valid_from
qualification,Explotación minera,CL-MINEDUC-ESPE,54018,3,1672,hours,2015-01-01
training_programme,"Metalurgia, extractiva",CL-MINEDUC-ESPE,54019,,,,
"""


@pytest.fixture
def officer(session):
    return factories.make_actor(session)


def sheet(text: str):
    return read_csv(text.encode())


def problems(session, officer, text: str) -> list[tuple[int, str, str]]:
    found = imports.check(session, officer, "CL", sheet(text)).problems
    return [(one.line, one.column, str(one.what)) for one in found]


def test_a_right_sheet_is_checked_without_writing(session, officer):
    report = imports.check(session, officer, "CL", sheet(SHEET))
    assert (report.total, report.problems, report.wrong_rows) == (2, (), 0)
    assert session.scalar(select(func.count(Qualification.id))) == 0


def test_a_right_sheet_is_added_as_drafts(session, officer):
    report = imports.apply(session, officer, "CL", sheet(SHEET))
    first, second = (registry.find_own(session, officer, uuid) for uuid in report.created)
    assert (first.title, first.code, first.level.number, first.volume) == (
        "Explotación minera",
        "54018",
        3,
        1672,
    )
    assert first.status == VersionStatus.DRAFT
    assert first.valid_from.isoformat() == "2015-01-01"
    assert second.title == "Metalurgia, extractiva"
    assert second.qualification.type == QualificationType.TRAINING_PROGRAMME


def test_every_wrong_cell_is_named_with_its_value_and_what_is_allowed(session, officer):
    text = (
        "type,title,code_system,code,level,volume,volume_unit,valid_from,isced_f,credits\n"
        "diploma,A,,,,,,,,\n"
        "qualification,,CL-MINEDUC-ESPE,5401X,9,lots,hours,31/12/2020,abc,5\n"
        "qualification,B,,,three,,,,,\n"
    )
    found = problems(session, officer, text)
    assert {(line, column) for line, column, _ in found} == {
        (2, "type"), (3, "volume"), (3, "valid_from"), (3, "title"), (3, "code"), (3, "level"),
        (3, "credit_scheme"), (3, "isced_f"), (4, "level"),
    }  # fmt: skip
    report = imports.check(session, officer, "CL", sheet(text))
    level = next(one for one in report.problems if (one.line, one.column) == (3, "level"))
    assert (level.value, level.allowed) == ("9", "a level of that framework")
    assert report.wrong_rows == 3


def test_one_wrong_row_keeps_all_rows_out(session, officer):
    with pytest.raises(Invalid) as refused:
        imports.apply(session, officer, "CL", sheet(SHEET + "qualification,Mala,CL-MINEDUC-ESPE,x,,,,\n"))
    assert list(refused.value.fields) == ["4.code"]
    assert session.scalar(select(func.count(QualificationVersion.id))) == 0


def test_a_code_twice_in_the_sheet_names_the_first_line(session, officer):
    again = SHEET + "qualification,Otra,CL-MINEDUC-ESPE,54018,,,,\n"
    assert problems(session, officer, again) == [(4, "code", "The code 54018 is in line 2 already.")]


def test_a_code_that_is_registered_already_is_named(session, officer):
    imports.apply(session, officer, "CL", sheet(SHEET))
    assert "belongs to “Explotación minera” already" in problems(session, officer, SHEET)[0][2]


def test_unknown_and_missing_columns_are_named(session, officer):
    found = problems(session, officer, "titel,level\nA,3\n")
    assert [(line, column) for line, column, _ in found] == [(1, "titel"), (1, "type"), (1, "title")]


def test_an_english_title_goes_with_the_original_one(session, officer):
    text = "type,title,title_language,title_en\nqualification,Minería,es,Mining\nqualification,Welder,en,\n"
    first, second = imports.apply(session, officer, "CL", sheet(text)).created
    assert registry.find_own(session, officer, first).titles == {"en": "Mining", "es": "Minería"}
    assert registry.find_own(session, officer, second).titles == {"en": "Welder"}


def test_a_long_english_title_is_complained_about_in_its_column(session, officer):
    text = f"type,title,title_en\nqualification,A,{'b' * 501}\n"
    assert [(line, column) for line, column, _ in problems(session, officer, text)] == [(2, "title_en")]


def test_nobody_imports_for_another_country(session, officer):
    for act in (imports.check, imports.apply):
        with pytest.raises(NotAllowed):
            act(session, officer, "MX", sheet(SHEET))


def test_kept_rows_are_for_the_person_who_uploaded_them_until_they_are_forgotten(session, officer):
    token = imports.keep(session, officer, "CL", sheet(SHEET))
    country, rows = imports.kept(session, officer, token)
    assert (country, len(rows), rows[0][0]) == ("CL", 2, 2)
    assert not imports.check(session, officer, country, rows).problems
    with pytest.raises(NotFound):
        imports.kept(session, factories.make_actor(session), token)
    imports.forget(session, officer, token)
    with pytest.raises(NotFound):
        imports.kept(session, officer, token)


def test_every_published_column_is_one_that_an_import_takes(session, officer):
    example = ",".join(column.name for column in COLUMNS)
    cells = ",".join(f'"{column.example}"' if column.name in ("type", "title") else "" for column in COLUMNS)
    assert imports.check(session, officer, "CL", sheet(f"{example}\n{cells}\n")).problems == ()


@pytest.mark.parametrize(
    ("encoding", "named"),
    [("utf-8", "utf-8"), ("utf-8-sig", "utf-8-sig"), ("cp1252", "cp1252"), ("utf-16", "utf-16")],
)
def test_encodings_are_found(encoding, named):
    rows = read_csv("type;title\nqualification;Señalización\n".encode(encoding))
    assert (rows.encoding, rows.rows[0][1]["title"]) == (named, "Señalización")


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_delimiters_are_found(delimiter):
    rows = read_csv(f"type{delimiter}title\r\nqualification{delimiter}A\r\n".encode())
    assert (rows.delimiter, rows.columns, len(rows)) == (delimiter, ("type", "title"), 1)


def test_lines_are_counted_as_an_editor_does_even_with_breaks_inside_cells():
    rows = read_csv(b'a,b\n"one\ntwo",2\n\n3,4\n')
    assert [line for line, _ in rows] == [2, 5]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "empty"),
        (b" \n\n", "empty"),
        (b"%PDF-1.7 ...", "another kind (PDF)"),
        (b"PK\x03\x04...", "XLSX"),
        (b"\x00\x01\x02binary", "not a text file"),
        (b"\xff\xfe\x00", "not a text file"),
        (b"a,b\n", "no rows"),
        (b"a,,b\n1,2,3\n", "a name of its own"),
        (b"a,a\n1,2\n", "a name of its own"),
        (b"a,b\n1,2,3\n", "Line 2 has 3 cells, but the header names 2 columns."),
        (b'a,b\n"1"x,2\n', "not a CSV file that can be read"),
        (b'a,b\n"1,2\n', "not a CSV file that can be read"),
        (b"a" * (25 * 1024 * 1024 + 1), "25.0 MB; at most 25 MB"),
        (b"\x81\x8d\n", "not a text file"),
    ],
)  # fmt: skip
def test_what_is_no_sheet_is_refused_with_a_sentence(content, words):
    with pytest.raises(Invalid) as refused:
        read_csv(content)
    assert words in str(refused.value)
