"""Spreadsheets as text (CSV), read without judgement: encoding and delimiter are found, cells stay."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NoReturn

from rqf.errors import N_, Invalid, message

#: Largest file that is read.
LARGEST = 25 * 1024 * 1024
_DELIMITERS = (",", ";", "\t", "|")
#: How files that are no text begin -> what they are.
_OTHER_KINDS = {
    b"%PDF": "PDF",
    b"PK\x03\x04": "XLSX, ODS, ZIP",
    b"\xd0\xcf\x11\xe0": "XLS, DOC",
    b"\x89PNG": "PNG",
    b"\xff\xd8\xff": "JPEG",
    b"GIF8": "GIF",
    b"{\\rtf": "RTF",
}
#: Complaints about the shape of rows that are said at once.
_MOST_COMPLAINTS = 20


@dataclass(frozen=True)
class Rows:
    """The rows of a sheet. Iterating gives (line in the file, column -> text)."""

    columns: tuple[str, ...]
    rows: tuple[tuple[int, dict[str, str]], ...]
    encoding: str
    delimiter: str

    def __iter__(self) -> Iterator[tuple[int, dict[str, str]]]:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)


def read_csv(content: bytes) -> Rows:
    """Return the rows of a CSV file whose first row names the columns.

    :raises Invalid: it is empty, too large, no text, or rows do not fit the header.
    """
    _refuse_other_kinds(content)
    text, encoding = _decode(content)
    delimiter = _delimiter(text)
    try:
        lines = _lines(text, delimiter)
    except csv.Error as error:
        _refuse(N_("The file is not a CSV file that can be read: %(reason)s."), reason=str(error))
    if not lines:
        _refuse(N_("The file is empty."))
    columns = _columns(lines[0][1])
    _check_shape(lines[1:], columns)
    if len(lines) == 1:
        _refuse(N_("The file has a header but no rows."))
    rows = tuple((number, _named(columns, cells)) for number, cells in lines[1:])
    return Rows(columns, rows, encoding, delimiter)


def _refuse(template: str, **values: object) -> NoReturn:
    raise Invalid({"file": [message(template, **values)]})


def _refuse_other_kinds(content: bytes) -> None:
    if not content.strip():
        _refuse(N_("The file is empty."))
    if len(content) > LARGEST:
        _refuse(N_("The file has %(size)s MB; at most %(largest)s MB are accepted."),
                size=round(len(content) / 1024 / 1024, 1), largest=LARGEST // 1024 // 1024)  # fmt: skip
    for mark, kind in _OTHER_KINDS.items():
        if content.startswith(mark):
            _refuse(N_("This is not a CSV file but another kind (%(kind)s). Save the sheet as CSV (UTF-8)."),
                    kind=kind)  # fmt: skip


def _decode(content: bytes) -> tuple[str, str]:
    """Return the text and its encoding. Only Windows-1252 is a guess: it is what old spreadsheets write."""
    for mark, encoding in ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if content.startswith(mark):
            return _decoded(content, encoding), encoding
    if b"\x00" in content:
        _refuse(N_("The file is not a text file. Save the sheet as CSV (UTF-8)."))
    try:
        return content.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        return _decoded(content, "cp1252"), "cp1252"


def _decoded(content: bytes, encoding: str) -> str:
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError:
        _refuse(N_("The file is not a text file. Save the sheet as CSV (UTF-8)."))
    if "\x00" in text:
        _refuse(N_("The file is not a text file. Save the sheet as CSV (UTF-8)."))
    return text


def _delimiter(text: str) -> str:
    """Return the sign that splits the first line into the most columns."""
    first = text.lstrip("\r\n").splitlines()[0]
    return max(_DELIMITERS, key=lambda sign: len(next(csv.reader([first], delimiter=sign), [])))


def _lines(text: str, delimiter: str) -> list[tuple[int, list[str]]]:
    """Return (line, cells) of the rows that say something."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    lines = []
    begins = 1
    for cells in reader:
        if any(cell.strip() for cell in cells):
            lines.append((begins, cells))
        begins = reader.line_num + 1
    return lines


def _columns(cells: list[str]) -> tuple[str, ...]:
    names = tuple(cell.strip().lower() for cell in cells)
    while names and not names[-1]:
        names = names[:-1]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice or "" in names:
        _refuse(N_("Every column needs a name of its own in the first row. Found: %(names)s."),
                names=", ".join(f"“{name}”" for name in names))  # fmt: skip
    return names


def _check_shape(lines: list[tuple[int, list[str]]], columns: tuple[str, ...]) -> None:
    wide = [
        message(N_("Line %(line)s has %(n)s cells, but the header names %(columns)s columns."),
                line=number, n=len(cells), columns=len(columns))
        for number, cells in lines
        if any(cell.strip() for cell in cells[len(columns) :])
    ]  # fmt: skip
    if wide:
        raise Invalid({"file": wide[:_MOST_COMPLAINTS]})


def _named(columns: tuple[str, ...], cells: list[str]) -> dict[str, str]:
    padded = cells + [""] * (len(columns) - len(cells))
    return dict(zip(columns, padded, strict=False))
