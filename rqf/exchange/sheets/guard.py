"""What is looked at before a workbook is opened: it may have been made to fill the memory or to reach out."""

from __future__ import annotations

import re
import zipfile
import zlib
from pathlib import Path
from typing import IO

from rqf.errors import N_
from rqf.exchange.sheets.shape import MOST_COLUMNS, refuse

MOST_UNPACKED = 400 * 1024 * 1024
MOST_PARTS = 2000
#: Honest sheets shrink to a tenth or twentieth; only parts above a megabyte are held to it.
MOST_SHRUNK = 200
MOST_CELLS = 5_000_000
_CHUNK = 1 << 18
#: Kept from one chunk to the next, so that nothing hides on the seam.
_SEAM = 200
_CELL = re.compile(rb'\br="([A-Z]{1,3})(\d{1,7})"')
#: An empty stretch may be repeated to the end of the sheet; a stretch of texts that long is a bomb.
_REPEATED = re.compile(
    rb'number-(?:rows|columns)-repeated="(\d+)"[^>]*(?<!/)>(?=\s*<(?:text:p|table:table-cell[^>]*value-type))'
)
_MOST_REPEATED = 5000
_FORMULA = re.compile(rb"<(?:\w+:)?f[ >/]|(?:table:|\s)formula=")
#: Pieces of a part that reach outside the file or run something -> what is said then.
_REACHING = (
    (
        re.compile(rb"<!DOCTYPE|<!ENTITY", re.IGNORECASE),
        N_("A part of the workbook (%(name)s) declares a document type with entities. Save it anew."),
    ),
    (
        re.compile(rb"<(?:\w+:)?ddeLink|<table:dde-link|<(?:\w+:)?oleLink"),
        N_("The workbook has a link to another program (%(name)s). Save it without."),
    ),
    (
        re.compile(rb"<table:table-source|<(?:\w+:)?externalBook"),
        N_("The workbook has a link to another file (%(name)s). Save it without."),
    ),
)
_OUTSIDE = re.compile(r"externalLinks/|vbaProject|^Basic/|^Scripts/|macrosheets/", re.IGNORECASE)


def check_workbook(path: Path) -> None:
    """Look through a packed workbook without opening it.

    :raises Invalid: it is damaged, unpacks to too much, has formulas, or reaches outside.
    """
    try:
        with zipfile.ZipFile(path) as packed:
            _check_parts(packed)
            for part in packed.infolist():
                if part.filename.endswith((".xml", ".rels")):
                    with packed.open(part) as stream:
                        _Scan(part.filename).read(stream)
    except (zipfile.BadZipFile, OSError, NotImplementedError, EOFError, zlib.error) as error:
        refuse(N_("The workbook is damaged: %(reason)s."), reason=str(error))


def kind_of(path: Path) -> str | None:
    """Return "xlsx" or "ods" by what the package holds, or None."""
    try:
        with zipfile.ZipFile(path) as packed:
            names = set(packed.namelist())
            if "xl/workbook.xml" in names:
                return "xlsx"
            if "mimetype" in names and packed.getinfo("mimetype").file_size < 200:
                return "ods" if b"opendocument.spreadsheet" in packed.read("mimetype") else None
    except (zipfile.BadZipFile, OSError, NotImplementedError, RuntimeError, EOFError):
        pass
    return None


def _check_parts(packed: zipfile.ZipFile) -> None:
    parts = packed.infolist()
    if len(parts) > MOST_PARTS:
        refuse(N_("The workbook has %(n)s parts; at most %(most)s are accepted."),
               n=len(parts), most=MOST_PARTS)  # fmt: skip
    unpacked = sum(part.file_size for part in parts)
    if unpacked > MOST_UNPACKED:
        refuse(N_("The workbook unpacks to %(n)s MB; at most %(most)s MB are accepted."),
               n=unpacked >> 20, most=MOST_UNPACKED >> 20)  # fmt: skip
    for part in parts:
        if part.flag_bits & 1:
            refuse(N_("The workbook is protected by a password. Save it without one."))
        if part.file_size > 1 << 20 and part.file_size > MOST_SHRUNK * part.compress_size:
            refuse(N_("A part of the workbook (%(name)s) unpacks to more than %(most)s times its size."),
                   name=part.filename, most=MOST_SHRUNK)  # fmt: skip
        if _OUTSIDE.search(part.filename):
            refuse(N_("The workbook holds macros or links to other files (%(name)s). Save it without them."),
                   name=part.filename)  # fmt: skip


class _Scan:
    """Reads one part of the package, piece by piece."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.is_sheet = "worksheets/" in name or name == "content.xml"
        self.widest = self.lowest = 0

    def read(self, stream: IO[bytes]) -> None:
        """Look at every piece."""
        seam = b""
        while chunk := stream.read(_CHUNK):
            if b"\x00" in chunk:
                refuse(N_("A part of the workbook (%(name)s) is not UTF-8 text."), name=self.name)
            self._look(seam + chunk)
            seam = chunk[-_SEAM:]

    def _look(self, piece: bytes) -> None:
        for pattern, said in _REACHING:
            if pattern.search(piece):
                refuse(said, name=self.name)
        if self.is_sheet:
            self._look_at_cells(piece)

    def _look_at_cells(self, piece: bytes) -> None:
        if found := _FORMULA.search(piece):
            refuse(N_("The workbook has formulas (%(where)s). Copy the cells, paste them as values, and "
                      "save."), where=_where(piece, found.start()))  # fmt: skip
        if any(int(times) > _MOST_REPEATED for times in _REPEATED.findall(piece)):
            refuse(N_("The sheet repeats a cell more than %(most)s times."), most=_MOST_REPEATED)
        for letters, number in _CELL.findall(piece):
            self.widest = max(self.widest, _column(letters))
            self.lowest = max(self.lowest, int(number))
        if self.widest > 4 * MOST_COLUMNS or self.widest * self.lowest > MOST_CELLS:
            refuse(N_("The sheet reaches to column %(column)s and row %(row)s, too far for a table. Delete "
                      "what stands outside it."), column=self.widest, row=self.lowest)  # fmt: skip


def _where(piece: bytes, at: int) -> str:
    cells = _CELL.findall(piece[max(0, at - 400) : at + 40])
    return (cells[-1][0] + cells[-1][1]).decode() if cells else "?"


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number
