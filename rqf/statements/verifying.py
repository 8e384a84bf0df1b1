"""Is this file what the register issued? Compared byte by byte with what was kept."""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy.orm import Session

from rqf.models import Statement
from rqf.rules.numbers import read_number
from rqf.statements.keys import signed_text
from rqf.statements.reading import as_json, as_pdf, document, find_number, find_print

#: No statement is larger: what is, was not issued here.
LARGEST = 5 * 1024 * 1024
_NUMBER = re.compile(rb"RQF-\d{4}-\d{6}-\d{2}")
_SHOWN = 12
_LONGEST_SHOWN = 200
#: In the place of a member that one of two objects lacks; null is a value.
_ABSENT = object()


class FileKind(StrEnum):
    """What was handed in."""

    PDF = "pdf"
    JSON = "json"
    JWS = "jws"


class Verdict(StrEnum):
    """Genuine: byte for byte what was issued. Altered: not so. Unknown: it names no statement of ours."""

    GENUINE = "genuine"
    ALTERED = "altered"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Tampered:
    """A place in the document where a file says something else than what was issued."""

    place: str
    issued: str
    in_file: str


@dataclass(frozen=True)
class Examination:
    """What came out of comparing a file with the register."""

    verdict: Verdict
    kind: FileKind
    statement: Statement | None = None
    places: tuple[Tampered, ...] = ()
    #: Whether what a program reads in it, signature included, is what was issued; None when it can't be told.
    content_intact: bool | None = None


def examine(session: Session, data: bytes, number: str | None = None) -> Examination:
    """Compare a PDF, JSON or JWS file with what was issued; ``number`` is the statement it should be.

    A file that is kept as another statement's, or names one, is compared with that one.
    """
    kind = _kind(data)
    if len(data) > LARGEST:
        return Examination(Verdict.UNKNOWN, kind)
    statement = _statement(session, data, kind, number)
    if statement is None:
        return Examination(Verdict.UNKNOWN, kind)
    if data == _issued(session, statement, kind):
        return Examination(Verdict.GENUINE, kind, statement, content_intact=True)
    if kind == FileKind.PDF:
        return Examination(Verdict.ALTERED, kind, statement)
    places, intact = _compare(statement, data, kind)
    return Examination(Verdict.ALTERED, kind, statement, places, intact)


def is_signed(statement: Statement) -> bool:
    """Tell whether the signature that is kept fits the document that is kept."""
    return signed_text(statement.jws, statement.key.public) == statement.document


def _kind(data: bytes) -> FileKind:
    if data.lstrip()[:5] == b"%PDF-":
        return FileKind.PDF
    return FileKind.JWS if data.lstrip()[:3] == b"eyJ" else FileKind.JSON


def _issued(session: Session, statement: Statement, kind: FileKind) -> bytes | None:
    if kind == FileKind.PDF:
        return as_pdf(session, statement)
    return (as_json(statement) if kind == FileKind.JSON else statement.jws).encode()


def _statement(session: Session, data: bytes, kind: FileKind, number: str | None) -> Statement | None:
    if kind == FileKind.PDF:
        kept = find_print(session, hashlib.sha256(data).hexdigest())
        if kept is not None:
            return kept
    text = (_payload(data) or b"") if kind == FileKind.JWS else data
    for found in dict.fromkeys([*_NUMBER.findall(text)[:50], *([number.encode()] if number else [])]):
        sound = read_number(found.decode())
        statement = find_number(session, sound) if sound else None
        if statement is not None:
            return statement
    return None


def _compare(statement: Statement, data: bytes, kind: FileKind) -> tuple[tuple[Tampered, ...], bool | None]:
    """Return where a JSON or JWS file departs, and whether its content is intact nevertheless."""
    try:
        read = json.loads((_payload(data) or b"") if kind == FileKind.JWS else data)
        said = read if kind == FileKind.JWS else read["statement"]
        signature = data.decode().strip() if kind == FileKind.JWS else read["jws"]
    except (ValueError, KeyError, TypeError, RecursionError):
        return (), None
    places = []
    for place in _departures(document(statement), said):
        places.append(place)
        if len(places) == _SHOWN:
            break
    return tuple(places), not places and signature == statement.jws


def _payload(data: bytes) -> bytes | None:
    """Return what a compact JWS carries, whether or not its signature fits."""
    part = data.strip().split(b".")[1:2]
    try:
        return base64.urlsafe_b64decode(part[0] + b"=" * (-len(part[0]) % 4)) if part else None
    except (binascii.Error, ValueError):
        return None


def _departures(issued: Any, found: Any, place: str = "") -> Iterator[Tampered]:
    if isinstance(issued, dict) and isinstance(found, dict):
        for name in dict.fromkeys([*issued, *found]):
            yield from _departures(
                issued.get(name, _ABSENT), found.get(name, _ABSENT), f"{place}.{name}" if place else str(name)
            )
    elif isinstance(issued, list) and isinstance(found, list) and len(issued) == len(found):
        for number, (one, other) in enumerate(zip(issued, found, strict=True), 1):
            yield from _departures(one, other, f"{place}.{number}")
    elif issued != found:
        yield Tampered(place, _shown(issued), _shown(found))


def _shown(value: Any) -> str:
    if value is _ABSENT:
        return ""
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= _LONGEST_SHOWN else text[: _LONGEST_SHOWN - 1] + "…"
