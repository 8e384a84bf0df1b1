"""Tables in files: found out what they are, read row by row, refused when they are no table."""

from __future__ import annotations

import json
import zipfile

import pytest

from rqf.errors import Invalid
from rqf.exchange import sheets
from rqf.exchange.sheets import Reading, opening, shape, write
from rqf.exchange.sheets.writing import harmless

COLUMNS = ("código", "title", "note")
ROWS = [("0724", "Señalización", ""), ("EC0001", "Dos\nlíneas", "a;b,c")]


@pytest.fixture
def put(tmp_path):
    """``put(content)`` writes a file and returns where."""

    def to(content: bytes, name: str = "file"):
        path = tmp_path / name
        path.write_bytes(content)
        return path

    return to


@pytest.fixture
def book(tmp_path):
    """``book(part=text)`` is a workbook with these parts more, or other ones."""

    def make(kind: str = "xlsx", **parts: bytes):
        plain, path = tmp_path / f"plain.{kind}", tmp_path / f"book.{kind}"
        write(plain, kind, COLUMNS, ROWS)
        with zipfile.ZipFile(plain) as old, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
            for name in old.namelist():
                if name not in parts:
                    new.writestr(name, old.read(name))
            for name, content in parts.items():
                new.writestr(name, content)
        return path

    return make


def refusal(path, reading: Reading | None = None) -> str:
    with pytest.raises(Invalid) as refused:
        list(sheets.open_sheet(path, reading))
    assert list(refused.value.fields) == ["file"]
    return str(refused.value)


@pytest.mark.parametrize("format", ["csv", "xlsx", "ods", "json", "jsonl"])
def test_what_is_written_is_read_again(tmp_path, format):
    path = tmp_path / "any-name"
    write(path, format, COLUMNS, ROWS)
    sheet = sheets.open_sheet(path)
    assert (sheet.format, sheet.columns, sheet.total) == (format, COLUMNS, 2)
    assert [cells for _, cells in sheet] == ROWS
    assert list(sheet) == list(sheet.samples)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252", "mac_roman", "cp850"])
def test_encodings_are_found(put, encoding):
    text = "type;title\nqualification;Señalización y operación de camión, año 1\n"
    sheet = sheets.open_sheet(put(text.encode(encoding)))
    assert (sheet.encoding, sheet.samples[0][1][1]) == (encoding, "Señalización y operación de camión, año 1")


def test_a_guess_can_be_corrected(put):
    path = put("a;b|c\n1;2|3\n".encode("utf-16"))
    assert sheets.open_sheet(path).columns == ("a", "b|c")
    assert sheets.open_sheet(path, Reading(delimiter="|")).columns == ("a;b", "c")
    assert "not an encoding" in refusal(path, Reading(encoding="ebcdic"))
    assert "cannot divide" in refusal(path, Reading(delimiter="ab"))
    assert "not text in the encoding utf-8" in refusal(put("ñ,ó\n".encode("cp1252")), Reading("utf-8", ","))


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_delimiters_are_found(put, delimiter):
    sheet = sheets.open_sheet(put(f"type{delimiter}title\r\nqualification{delimiter}A\r\n".encode()))
    assert (sheet.delimiter, sheet.columns, len(sheet)) == (delimiter, ("type", "title"), 1)


def test_lines_are_counted_as_an_editor_does_even_with_breaks_inside_cells(put):
    sheet = sheets.open_sheet(put(b'a,b\n"one\ntwo",2\n\n3,4\n'))
    assert [line for line, _ in sheet] == [2, 5]


def test_the_title_of_a_report_above_the_header_is_no_header(put):
    sheet = sheets.open_sheet(put(b"Registro nacional,,\n,,\ncodigo,titulo,\nEC0001,A,\n"))
    assert (sheet.above, sheet.columns) == (("Registro nacional",), ("codigo", "titulo"))
    assert list(sheet) == [(4, ("EC0001", "A"))]


def test_numbers_and_dates_of_a_workbook_read_as_a_person_reads_them(tmp_path):
    import datetime

    import xlsxwriter

    path = tmp_path / "book.xlsx"
    with xlsxwriter.Workbook(str(path)) as made:
        made.add_worksheet("Portada").write(0, 0, "Registro")
        sheet = made.add_worksheet("Datos")
        day = made.add_format({"num_format": "dd/mm/yyyy"})
        for place, name in enumerate(("code", "hours", "from", "ok")):
            sheet.write(0, place, name)
        sheet.write(2, 0, 54018)
        sheet.write(2, 1, 1.5)
        sheet.write_datetime(2, 2, datetime.datetime(2024, 1, 31), day)
        sheet.write_boolean(2, 3, True)
    sheet = sheets.open_sheet(path)
    assert (sheet.sheet, sheet.sheets) == ("Datos", ("Portada", "Datos"))
    assert list(sheet) == [(3, ("54018", "1.5", "2024-01-31", "true"))]
    assert "The workbook has: Portada, Datos" in refusal(path, Reading(sheet="Otra"))


def test_nested_json_becomes_columns(put):
    first, second = {"titles": {"es": "A"}, "tags": ["x", "y"]}, {"code": 7, "ok": True, "units": [{"a": 1}]}
    sheet = sheets.open_sheet(put(json.dumps({"version": 1, "records": [first, second]}).encode()))
    assert sheet.columns == ("titles.es", "tags", "code", "ok", "units")
    assert list(sheet) == [(1, ("A", "x; y", "", "", "")), (2, ("", "", "7", "true", '[{"a": 1}]'))]


def test_a_json_list_longer_than_what_is_read_at_once_comes_whole(put):
    records = [{"code": str(number), "title": "ñ" * 500} for number in range(500)]
    sheet = sheets.open_sheet(put(json.dumps(records, ensure_ascii=False).encode()))
    assert [cells[0] for _, cells in sheet] == [str(number) for number in range(500)]


def test_a_long_sheet_is_not_kept_whole(put):
    text = "a,b\n" + "".join(f"{number},x\n" for number in range(1000))
    sheet = sheets.open_sheet(put(text.encode()))
    assert (sheet.total, len(sheet.samples)) == (1000, shape.SAMPLES)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "empty"),
        (b" \n\n", "empty"),
        (b"%PDF-1.7 ...", "another kind (PDF)"),
        (b"PK\x03\x04...", "another kind (ZIP, DOCX)"),
        (b"<?xml version='1.0'?><a/>", "another kind (XML)"),
        (b"\xd0\xcf\x11\xe0", "another kind (XLS, DOC)"),
        (b"\x00\x01\x02binary", "not a text file"),
        (b"\xff\xfe\x00", "not text in the encoding utf-16"),
        (b"a,b\n", "no rows"),
        (b"one\ntwo\n", "two columns"),
        (b"a,,b\n1,2,3\n", "a name of its own"),
        (b"a,A\n1,2\n", "a name of its own"),
        (b"a,b\n1,2,3\n", "Line 2 has 3 cells, but the header names 2 columns."),
        (b'a,b\n"1"x,2\n', "not a CSV file that can be read"),
        (b'a,b\n"1,2\n', "not a CSV file that can be read"),
        (b",".join(b"c%d" % number for number in range(201)) + b"\n1,2\n", "201 columns; at most 200"),
        (b"a,b\n1," + b"x" * 100_001 + b"\n", "more than 100000 characters"),
        (b"a,b\n" + b"x" * 3_000_000, "too long for a row"),
        (b"[1, 2]", "not a record with named fields"),
        (b'[{"a": 1}, {"b": ', "not JSON"),
        (b'[{"a": 1}', "no end"),
        (b"[" * 100_000, "not JSON: too deep"),
        (b'{"a": {"a": {"a": {"a": {"a": {"a": 1}}}}}}\n', "too deep"),
        (b'{"a": 1}\n{"a": \n', "Line 2 is not JSON"),
        (b"[]", "holds no records"),
    ],
    ids=lambda value: str(value)[:20],
)
def test_what_is_no_table_is_refused_with_a_sentence(put, content, words):
    assert words in refusal(put(content))


def test_files_above_the_limits_are_refused(put, monkeypatch):
    monkeypatch.setattr(opening, "LARGEST", 10)
    assert "0.0 MB; at most 0 MB" in refusal(put(b"a,b\n" + b"1,2\n" * 10))
    monkeypatch.undo()
    monkeypatch.setattr(shape, "MOST_ROWS", 3)
    assert "more than 3 rows" in refusal(put(b"a,b\n" + b"1,2\n" * 4))


SHEET = "xl/worksheets/sheet1.xml"
_START = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
_END = b"</sheetData></worksheet>"


def cells(inner: bytes) -> dict[str, bytes]:
    return {SHEET: _START + inner + _END}


@pytest.mark.parametrize(
    ("parts", "words"),
    [
        (cells(b'<row r="1"><c r="A1"/><c r="XFD1048576"><v>1</v></c></row>'), "too far for a table"),
        (cells(b'<row r="7"><c r="D7"><f>1+1</f><v>2</v></c></row>'), "formulas (D7)"),
        (cells(b" " * 3_000_000), "more than 200 times its size"),
        ({SHEET: b'<!DOCTYPE x [<!ENTITY a "ha">]>' + _START + _END}, "a document type"),
        ({SHEET: (_START + _END).decode().encode("utf-16")}, "not UTF-8 text"),
        ({"xl/externalLinks/externalLink1.xml": b"<externalLink/>"}, "links to other files"),
        ({"xl/vbaProject.bin": b"x"}, "macros"),
        ({"xl/x.xml": b"<ddeLink/>"}, "a link to another program"),
        ({f"xl/{number}.xml": b"" for number in range(2001)}, "parts; at most 2000"),
        ({SHEET: b"<worksheet"}, "cannot be read"),
    ],
    ids=["extent", "formula", "bomb", "entities", "utf-16", "external", "macros", "dde", "parts", "broken"],
)  # fmt: skip
def test_a_hostile_workbook_is_refused_before_it_is_opened(book, parts, words):
    assert words in refusal(book(**parts))


@pytest.mark.parametrize(
    ("inner", "words"),
    [
        (b'<table:table-row><table:table-cell table:formula="of:=1+1"/></table:table-row>', "formulas"),
        (b'<table:table-source xlink:href="file:///etc/passwd"/>', "a link to another file"),
        (b'<table:table-row table:number-rows-repeated="900000"><table:table-cell '
         b'table:number-columns-repeated="16000" office:value-type="string"><text:p>x</text:p>'
         b"</table:table-cell></table:table-row>", "repeats"),
    ],
    ids=["formula", "external", "repeated"],
)  # fmt: skip
def test_a_hostile_ods_is_refused(book, inner, words):
    start, end = sheets.writing._ODS_START.encode(), sheets.writing._ODS_END.encode()
    assert words in refusal(book("ods", **{"content.xml": start + inner + end}))


def test_a_workbook_that_ends_its_reader_is_refused(book, monkeypatch):
    # Whatever the look beforehand misses, the child has only so much memory.
    monkeypatch.setattr("rqf.exchange.sheets.workbook.check_workbook", lambda path: None)
    sparse = cells(
        b'<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    )
    assert "made to fill the memory" in refusal(book(**sparse))


def test_a_damaged_workbook_is_refused(book, put):
    whole = book().read_bytes()
    assert "damaged" in refusal(put(whole[:200] + bytes([whole[200] ^ 255]) * 50 + whole[250:]))


@pytest.mark.parametrize(
    ("cell", "written"),
    [("=1+1", "'=1+1"), ("@x", "'@x"), ("-5.2", "-5.2"), ("+cmd|x", "'+cmd|x"), ("EC0001", "EC0001")],
)
def test_cells_that_a_spreadsheet_would_run_are_written_as_texts(cell, written):
    assert harmless(cell) == written


def test_a_workbook_is_written_without_formulas(tmp_path):
    path = tmp_path / "out.xlsx"
    write(path, "xlsx", ("a", "b"), [("=1+1", "http://x.example")])
    with zipfile.ZipFile(path) as packed:
        assert b"<f>" not in packed.read(SHEET)
    assert list(sheets.open_sheet(path)) == [(2, ("=1+1", "http://x.example"))]
