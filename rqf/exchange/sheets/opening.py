"""Which kind of table a file is, told by what it holds and not by its name."""

from __future__ import annotations

import json
from pathlib import Path

from rqf.errors import N_
from rqf.exchange.sheets.delimited import read_delimited
from rqf.exchange.sheets.guard import kind_of
from rqf.exchange.sheets.json_rows import read_json, read_json_lines
from rqf.exchange.sheets.shape import Reading, Sheet, refuse
from rqf.exchange.sheets.workbook import read_workbook

#: Largest file that is read. What comes through the web has the lower limit of the settings.
LARGEST = 100 * 1024 * 1024
#: How files that are no table begin -> what they are.
_OTHER_KINDS = {
    b"%PDF": "PDF",
    b"\xd0\xcf\x11\xe0": "XLS, DOC",
    b"\x89PNG": "PNG",
    b"\xff\xd8\xff": "JPEG",
    b"GIF8": "GIF",
    b"{\\rtf": "RTF",
    b"\x1f\x8b": "GZIP",
    b"7z\xbc\xaf": "7Z",
    b"Rar!": "RAR",
    b"\x7fELF": "ELF",
    b"MZ\x90": "EXE",
    b"<?xml": "XML",
    b"<html": "HTML",
    b"<!DOCTYPE": "HTML",
}
_UNKNOWN = N_("This is no table that is read here but another kind (%(kind)s). Save it as XLSX, ODS or CSV.")


def open_sheet(path: Path, reading: Reading | None = None) -> Sheet:
    """Return the table in the file, looked through once.

    :raises Invalid: the file is empty, too large, of another kind, damaged or dangerous.
    """
    reading = reading or Reading()
    size = path.stat().st_size
    if size > LARGEST:
        refuse(N_("The file has %(size)s MB; at most %(largest)s MB are accepted."),
               size=round(size / 1024 / 1024, 1), largest=LARGEST // 1024 // 1024)  # fmt: skip
    with path.open("rb") as file:
        start = file.read(4096)
    if not start.strip(b"\xef\xbb\xbf \t\r\n"):
        refuse(N_("The file is empty."))
    _refuse_other_kinds(start)
    if start.startswith(b"PK"):
        kind = kind_of(path)
        if kind is None:
            refuse(_UNKNOWN, kind="ZIP, DOCX")
        return read_workbook(path, kind, reading)
    return _text(path, start, reading)


def _text(path: Path, start: bytes, reading: Reading) -> Sheet:
    plain = start.removeprefix(b"\xef\xbb\xbf").lstrip()
    if plain.startswith(b"["):
        return read_json(path)
    if plain.startswith(b"{"):
        return read_json_lines(path) if _is_record(plain) else read_json(path)
    return read_delimited(path, reading)


def _is_record(start: bytes) -> bool:
    """Tell whether the first line alone is a record, as in JSON Lines."""
    line = start.splitlines()[0].decode("utf-8", "replace")
    try:
        json.loads(line)
    except (json.JSONDecodeError, RecursionError):
        # Cut where reading stopped: so long a line is a record of JSON Lines.
        return len(line) > 4000
    return '": [{' not in line and '":[{' not in line


def _refuse_other_kinds(start: bytes) -> None:
    for mark, kind in _OTHER_KINDS.items():
        if start.lstrip()[: len(mark)].lower() == mark.lower():
            refuse(_UNKNOWN, kind=kind)
