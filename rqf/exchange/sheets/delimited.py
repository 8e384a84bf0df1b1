"""Tables as text (CSV): the encoding and the delimiter are guessed, shown, and can be said instead."""

from __future__ import annotations

import codecs
import csv
import io
from collections import Counter
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import IO

from rqf.errors import N_
from rqf.exchange.sheets.shape import LONGEST_CELL, Reading, Row, Sheet, refuse, tabulate

DELIMITERS = (",", ";", "\t", "|")
ENCODINGS = ("utf-8", "utf-8-sig", "utf-16", "cp1252", "mac_roman", "cp850")
_MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
#: Old encodings of this region, the most likely first.
_OLD = ("cp1252", "mac_roman", "cp850")
#: What Spanish, Portuguese and English write outside ASCII.
_LETTERS = frozenset("áéíóúüñÁÉÍÓÚÜÑàâãçêôõÀÂÃÇÊÔÕ")
_MARKS_USED = frozenset("¿¡ºª°«»“”‘’–—…•·€\xa0")
_CHUNK = 1 << 20


def read_delimited(path: Path, reading: Reading) -> Sheet:
    """Return the table in a text file.

    :raises Invalid: it is no text, or no table.
    """
    encoding = reading.encoding or _encoding(path)
    if encoding not in ENCODINGS:
        refuse(N_("“%(value)s” is not an encoding that is read here. Known: %(known)s."),
               value=encoding, known=", ".join(ENCODINGS))  # fmt: skip
    delimiter = reading.delimiter or _delimiter(path, encoding)
    if len(delimiter) != 1 or delimiter in "\r\n\"'":
        refuse(N_("“%(value)s” cannot divide columns. Give one sign, such as a comma."), value=delimiter)
    rows = partial(_rows, path, encoding, delimiter)
    return tabulate(rows, format="csv", encoding=encoding, delimiter=delimiter)


def _encoding(path: Path) -> str:
    """Return the encoding. What is not UTF-8 is a guess by the letters that come out."""
    with path.open("rb") as file:
        start = file.read(4)
    for mark, encoding in _MARKS:
        if start.startswith(mark):
            return encoding
    if _is_utf8(path):
        return "utf-8"
    return _old_encoding(path)


def _is_utf8(path: Path) -> bool:
    decoder = codecs.getincrementaldecoder("utf-8")()
    with path.open("rb") as file:
        try:
            for chunk in iter(partial(file.read, _CHUNK), b""):
                if b"\x00" in chunk:
                    refuse(N_("The file is not a text file."))
                decoder.decode(chunk)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return False
    return True


def _old_encoding(path: Path) -> str:
    """Return the old encoding in which the file's high bytes read most like letters of the region."""
    high: Counter[int] = Counter()
    with path.open("rb") as file:
        for chunk in iter(partial(file.read, _CHUNK), b""):
            if b"\x00" in chunk:
                refuse(N_("The file is not a text file."))
            high.update(chunk.translate(None, bytes(range(128))))
    scores = {encoding: _usual_share(high, encoding) for encoding in _OLD}
    best = max(_OLD, key=lambda encoding: scores[encoding])
    if scores[best] < 0:
        refuse(N_("The file is not a text file."))
    return best


def _usual_share(high: Counter[int], encoding: str) -> float:
    usual = 0.0
    for byte, count in high.items():
        try:
            sign = bytes([byte]).decode(encoding)
        except UnicodeDecodeError:
            return -1
        usual += count * (1 if sign in _LETTERS else 0.4 if sign in _MARKS_USED else 0)
    return usual / max(1, high.total())


def _text(path: Path, encoding: str) -> IO[str]:
    return io.TextIOWrapper(path.open("rb"), encoding=encoding, newline="")


def _delimiter(path: Path, encoding: str) -> str:
    """Return the sign that splits the first lines into the most columns, the same number in each."""
    try:
        with _text(path, encoding) as text:
            lines = [line for line in (text.readline(LONGEST_CELL) for _ in range(20)) if line.strip()]
    except UnicodeError:
        refuse(N_("The file is not text in the encoding %(value)s."), value=encoding)
    return max(DELIMITERS, key=lambda sign: _steadiness(lines, sign))


def _steadiness(lines: list[str], sign: str) -> tuple[int, int]:
    widths = [len(next(csv.reader([line], delimiter=sign), [])) for line in lines]
    wide = [width for width in widths if width > 1]
    if not wide:
        return (0, 0)
    width, count = Counter(wide).most_common(1)[0]
    # The header has no text in it that could hold the sign by chance: it counts first.
    return (max(widths[:1], default=0) or width, count)


def _rows(path: Path, encoding: str, delimiter: str) -> Iterator[Row]:
    try:
        with _text(path, encoding) as text:
            reader = csv.reader(_guarded(text), delimiter=delimiter, strict=True)
            begins = 1
            for cells in reader:
                yield begins, tuple(cells)
                begins = reader.line_num + 1
    except csv.Error as error:
        refuse(N_("The file is not a CSV file that can be read: %(reason)s."), reason=str(error))
    except UnicodeError:
        refuse(N_("The file is not text in the encoding %(value)s."), value=encoding)


def _guarded(text: IO[str]) -> Iterator[str]:
    """Give the lines, none so long that it could fill the memory."""
    for number, line in enumerate(iter(lambda: text.readline(20 * LONGEST_CELL), ""), 1):
        if len(line) == 20 * LONGEST_CELL:
            refuse(N_("Line %(line)s is too long for a row of a table."), line=number)
        if "\x00" in line:
            refuse(N_("The file is not a text file."))
        yield line
