"""Tables written in the formats that are read, so that corrected rows go back where they came from."""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from xml.sax.saxutils import escape

import xlsxwriter

from rqf.errors import N_
from rqf.exchange.sheets.shape import refuse

#: Format -> media type.
MEDIA_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "ods": "application/vnd.oasis.opendocument.spreadsheet",
    "json": "application/json",
    "jsonl": "application/jsonl",
}
#: A spreadsheet runs cells that begin like this, unless an apostrophe stands before it.
_RUNS = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
#: A reader takes the apostrophe off what begins like this, so it needs one more to come back as it was.
_TAKEN_OFF = re.compile(r"'+[=+\-@\d＝＋－＠]", re.ASCII)
_LONGEST_XLSX = 32_767
_MOST_XLSX = 1_048_575
_PIECE = 1 << 16


@dataclass(frozen=True)
class Table:
    """A table to be written: its name, its columns, and its rows, given once."""

    name: str
    columns: Sequence[str]
    rows: Iterable[Sequence[str]]


def write(
    path: Path, format: str, columns: Sequence[str], rows: Iterable[Sequence[str]], delimiter: str = ","
) -> None:
    """Write a table; ``format`` is one of MEDIA_TYPES. No cell of it is run by a spreadsheet."""
    _WRITERS[format](path, columns, rows, delimiter)


def harmless(text: str) -> str:
    """Return a cell of a CSV file that no spreadsheet runs. Numbers stay as they are."""
    if text.startswith(_RUNS) and not _is_number(text):
        return "'" + text
    return kept(text)


def kept(text: str) -> str:
    """Return a cell that an import reads as ``text``, its own apostrophe included."""
    return "'" + text if _TAKEN_OFF.match(text) else text


def _is_number(text: str) -> bool:
    return text[:1] in "+-" and text[1:].replace(".", "", 1).isdigit()


def _write_csv(path: Path, columns: Sequence[str], rows: Iterable[Sequence[str]], delimiter: str) -> None:
    with path.open("wb") as file:
        file.writelines(csv_lines(columns, rows, delimiter))


def _write_xlsx(path: Path, columns: Sequence[str], rows: Iterable[Sequence[str]], _: str) -> None:
    write_book(path, [Table("rqf", columns, rows)])


def write_book(path: Path, tables: Iterable[Table]) -> None:
    """Write a workbook with a sheet for each table, row by row: its size does not matter.

    :raises Invalid: a table has more rows than a sheet can hold.
    """
    # Texts stay texts: no formula, link or number is made of what looks like one.
    with xlsxwriter.Workbook(
        str(path), {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    ) as book:
        bold = book.add_format({"bold": True})
        for table in tables:
            sheet = book.add_worksheet(table.name)
            sheet.freeze_panes(1, 0)
            for place, name in enumerate(table.columns):
                sheet.write_string(0, place, name, bold)
            for number, cells in enumerate(table.rows, 1):
                if number > _MOST_XLSX:
                    refuse(N_("A sheet holds at most %(most)s rows. Take CSV, or fewer records."),
                           most=_MOST_XLSX)  # fmt: skip
                for place, cell in enumerate(cells):
                    if cell:
                        sheet.write_string(number, place, _fitting(kept(cell)))


def _fitting(text: str) -> str:
    # Only decisions, told one after the other, become so long; an import does not read them.
    return text if len(text) <= _LONGEST_XLSX else text[: _LONGEST_XLSX - 1] + "…"


def write_table(path: Path, table: Table) -> None:
    """Write a table as a CSV file."""
    _write_csv(path, table.columns, table.rows, ",")


def write_archive(path: Path, tables: Iterable[Table]) -> None:
    """Write a ZIP archive with a CSV file for each table."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        for table in tables:
            with packed.open(f"{table.name}.csv", "w", force_zip64=True) as file:
                for line in csv_lines(table.columns, table.rows):
                    file.write(line)


def csv_lines(columns: Sequence[str], rows: Iterable[Sequence[str]], delimiter: str = ",") -> Iterator[bytes]:
    """Give a CSV file in pieces, so that it can be sent while it is made."""
    written = io.StringIO()
    writer = csv.writer(written, delimiter=delimiter)
    written.write("\ufeff")
    for cells in chain([columns], rows):
        writer.writerow([harmless(one) for one in cells])
        if written.tell() > _PIECE:
            yield written.getvalue().encode()
            written.seek(0)
            written.truncate()
    yield written.getvalue().encode()


def _write_json(path: Path, columns: Sequence[str], rows: Iterable[Sequence[str]], _: str) -> None:
    with path.open("w", encoding="utf-8") as file:
        file.write("[")
        for number, cells in enumerate(rows):
            file.write(",\n" if number else "\n")
            file.write(json.dumps(dict(zip(columns, cells, strict=False)), ensure_ascii=False))
        file.write("\n]\n")


def _write_json_lines(path: Path, columns: Sequence[str], rows: Iterable[Sequence[str]], _: str) -> None:
    with path.open("w", encoding="utf-8") as file:
        for cells in rows:
            file.write(json.dumps(dict(zip(columns, cells, strict=False)), ensure_ascii=False) + "\n")


_ODS_MANIFEST = (
    '<?xml version="1.0" encoding="UTF-8"?><manifest:manifest xmlns:manifest="urn:oasis:names:tc:'
    'opendocument:xmlns:manifest:1.0" manifest:version="1.3"><manifest:file-entry manifest:full-path="/" '
    'manifest:media-type="application/vnd.oasis.opendocument.spreadsheet"/><manifest:file-entry '
    'manifest:full-path="content.xml" manifest:media-type="text/xml"/></manifest:manifest>'
)
_ODS_START = (
    '<?xml version="1.0" encoding="UTF-8"?><office:document-content '
    'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" office:version="1.3">'
    '<office:body><office:spreadsheet><table:table table:name="rqf">'
)
_ODS_END = "</table:table></office:spreadsheet></office:body></office:document-content>"


def _write_ods(path: Path, columns: Sequence[str], rows: Iterable[Sequence[str]], _: str) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        kind = zipfile.ZipInfo("mimetype")
        packed.writestr(kind, MEDIA_TYPES["ods"])
        packed.writestr("META-INF/manifest.xml", _ODS_MANIFEST)
        with packed.open("content.xml", "w") as content:
            content.write(_ODS_START.encode())
            for cells in chain([columns], rows):
                content.write(_ods_row(cells).encode())
            content.write(_ODS_END.encode())


def _ods_row(cells: Sequence[str]) -> str:
    return f"<table:table-row>{''.join(_ods_cell(cell) for cell in cells)}</table:table-row>"


def _ods_cell(cell: str) -> str:
    if not cell:
        return "<table:table-cell/>"
    lines = "".join(f"<text:p>{escape(line)}</text:p>" for line in cell.split("\n"))
    return f'<table:table-cell office:value-type="string">{lines}</table:table-cell>'


_WRITERS = {
    "csv": _write_csv,
    "xlsx": _write_xlsx,
    "ods": _write_ods,
    "json": _write_json,
    "jsonl": _write_json_lines,
}
