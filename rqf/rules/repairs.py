"""Repairs of a cell that cannot change what it says; each is named, so that it can be counted and listed."""

from __future__ import annotations

import re
import unicodedata
from enum import StrEnum


class Repair(StrEnum):
    """What was repaired."""

    APOSTROPHE = "apostrophe"
    ENCODING = "encoding"
    HARD_BLANK = "hard_blank"
    LINE_BREAK = "line_break"
    BLANKS_AROUND = "blanks_around"
    DOUBLE_BLANK = "double_blank"
    COMPOSED = "composed"
    CASE = "case"
    DATE = "date"
    DECIMAL_COMMA = "decimal_comma"
    LEADING_ZERO = "leading_zero"
    FROM_ABOVE = "from_above"


#: Spaces that look like a blank, and marks that look like nothing.
_HARD = re.compile("[\u00a0\u2007\u202f\u2000-\u200a\u3000]")
_NOTHING = re.compile("[\u200b\u2060\ufeff\u00ad]")
_BREAK = re.compile(r"[ \t]*(?:\r\n|\r|\n|\v|\f|\u2028|\u0085)[ \t]*")
#: What a spreadsheet or our own export put before a text that would run or be taken for a number.
_APOSTROPHE = re.compile(r"'+[=+\-@\d＝＋－＠]", re.ASCII)
_DOUBLE = re.compile(r"[ \t]{2,}|\t")
#: UTF-8 that somebody read as Windows-1252: "Ã³" for "ó".
_TWICE = re.compile("[\u00c2\u00c3][\u0080-\u00bf\u0152-\u0178\u0192\u02c6\u02dc\u2013-\u203a\u20ac\u2122]")
_DAY_FIRST = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})(?: 0?0:00(?::00)?)?")
_WITH_COMMA = re.compile(r"[+-]?(?:\d+|\d{1,3}(?:\.\d{3})+),\d{1,2}")
#: Texts with nothing to repair: words of ASCII and composed Latin letters, one blank between them.
_SIGN = "[!-~\u00a1-\u00ac\u00ae-\u00c1\u00c4-\u017f]"
_PLAIN = re.compile(f"{_SIGN}*(?: {_SIGN}+)*")


def repair_text(text: str, *, long: bool = False) -> tuple[str, tuple[Repair, ...]]:
    """Return the text as it was meant, and what was repaired; a ``long`` text keeps its line breaks."""
    if _PLAIN.fullmatch(text) and not text.startswith("'"):
        return text, ()
    done: list[Repair] = []
    steps = (
        (Repair.APOSTROPHE, _without_apostrophe),
        (Repair.ENCODING, _decoded_once),
        (Repair.HARD_BLANK, lambda said: _NOTHING.sub("", _HARD.sub(" ", said))),
        (Repair.LINE_BREAK, _with_plain_breaks if long else lambda said: _BREAK.sub(" ", said.strip())),
        (Repair.BLANKS_AROUND, str.strip),
        (Repair.DOUBLE_BLANK, lambda said: _DOUBLE.sub(" ", said)),
        (Repair.COMPOSED, lambda said: unicodedata.normalize("NFC", said)),
    )
    for kind, step in steps:
        became = step(text)
        # Line breaks around the text go with the blanks around it.
        if became != text and (kind != Repair.LINE_BREAK or long or became != text.strip()):
            done.append(kind)
            text = became
    return text, tuple(done)


def repair_code(text: str, pattern: str | None) -> tuple[str, tuple[Repair, ...]]:
    """Return the code without blanks in it and in the case that its pattern asks for."""
    bare = re.sub(r"\s", "", text)
    for said in (bare.upper(), bare.lower()):
        if pattern and not re.fullmatch(pattern, bare) and re.fullmatch(pattern, said):
            return said, (Repair.CASE,)
    if bare != text and pattern and re.fullmatch(pattern, bare):
        return bare, (Repair.DOUBLE_BLANK,)
    return text, ()


def repair_date(text: str) -> tuple[str, tuple[Repair, ...]]:
    """Return a date written day first (31/12/2026) as 2026-12-31; midnight after a date is no time."""
    if found := _DAY_FIRST.fullmatch(text):
        day, month, year = found.groups()
        return f"{year}-{month:0>2}-{day:0>2}", (Repair.DATE,)
    if found := re.fullmatch(r"(\d{4}-\d\d-\d\d)[T ]00:00(?::00(?:\.0+)?)?Z?", text):
        return found[1], (Repair.DATE,)
    return text, ()


def repair_amount(text: str) -> tuple[str, tuple[Repair, ...]]:
    """Return 1.234,5 as 1234.5. What could be read in two ways (1,234) stays as it is."""
    if _WITH_COMMA.fullmatch(text):
        return text.replace(".", "").replace(",", "."), (Repair.DECIMAL_COMMA,)
    return text, ()


def repair_digits(text: str, length: int) -> tuple[str, tuple[Repair, ...]]:
    """Return digits with the zero in front that a spreadsheet took away: 724 for 0724."""
    if text.isascii() and text.isdigit() and len(text) == length - 1:
        return "0" + text, (Repair.LEADING_ZERO,)
    return text, ()


def same_but_blanks(one: str, other: str) -> bool:
    """Tell whether two texts differ in white space at most."""
    return _folded(one) == _folded(other)


def _folded(text: str) -> str:
    return " ".join(_NOTHING.sub("", _HARD.sub(" ", text)).split())


def _without_apostrophe(text: str) -> str:
    return text[1:] if _APOSTROPHE.match(text) else text


def _decoded_once(text: str) -> str:
    if not _TWICE.search(text):
        return text
    try:
        return text.encode("cp1252").decode("utf-8")
    except UnicodeError:
        return text


def _with_plain_breaks(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")
