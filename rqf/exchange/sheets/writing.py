"""Tables written in the formats that are read, so that corrected rows go back where they came from."""

from __future__ import annotations

import csv
import json
import zipfile
from collections.abc import Iterable, Sequence
from itertools import chain
from pathlib import Path
from xml.sax.saxutils import escape

import xlsxwriter

#: Format -> media type.
MEDIA_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "ods": "application/vnd.oasis.opendocument.spreadsheet",
    "json": "application/json",
    "jsonl": "application/jsonl",
}
#: A spreadsheet runs cells that begin like this, unless an apostrophe stands before it.
_RUNS = ("=", "+", "-", "@", "\t", "\r")
_LONGEST_XLSX = 32_767


def write(
    path: Path, format: str, columns: Sequence[str], rows: Iterable[Sequence[str]], delimiter: str = ","
) -> None:
    """Write a table; ``format`` is one of MEDIA_TYPES. No cell of it is run by a spreadsheet."""
    _WRITERS[format](path, columns, rows, delimiter)


def harmless(text: str) -> str:
    """Return a cell of a CSV file that no spreadsheet runs. Numbers stay as they are."""
    if text.startswith(_RUNS) and not _is_number(text):
        return "'" + text
    return text


def _is_number(text: str) -> bool:
    return text[:1] in "+-" and text[1:].replace(".", "", 1).isdigit()


def _write_csv(path: Path, columns: Sequence[str], rows: Iterable[Sequence[str]], delimiter: str) -> None:
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, delimiter=delimiter)
        writer.writerow([harmless(one) for one in columns])
        writer.writerows([harmless(one) for one in cells] for cells in rows)


def _write_xlsx(path: Path, columns: Sequence[str], rows: Iterable[Sequence[str]], _: str) -> None:
    # Texts stay texts: no formula, link or number is made of what looks like one.
    with xlsxwriter.Workbook(
        str(path), {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    ) as book:
        sheet = book.add_worksheet()
        bold = book.add_format({"bold": True})
        for place, name in enumerate(columns):
            sheet.write_string(0, place, name, bold)
        for number, cells in enumerate(rows, 1):
            for place, cell in enumerate(cells):
                if cell:
                    sheet.write_string(number, place, cell[:_LONGEST_XLSX])


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
