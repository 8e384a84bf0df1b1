"""Many records at once: checked row by row without writing, then added as drafts, all or none."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from sqlalchemy.orm import Session

from rqf.errors import N_, Invalid, Message, NotFound, message
from rqf.models import Country, WebSession
from rqf.people import Actor, require
from rqf.registry.columns import BY_NAME, COLUMNS
from rqf.registry.description import QualificationData
from rqf.registry.qualifications import register
from rqf.registry.validation import check as check_description
from rqf.rules.terms import QualificationType, Role

#: (line in the file, column -> text)
ImportRow = tuple[int, Mapping[str, str]]
_DATES = frozenset({"valid_from", "valid_to", "last_enrolment", "last_award"})
_AMOUNTS = frozenset({"volume", "credits"})
_OWN = frozenset({"type", "title", "title_language", "title_en", "level"})


@dataclass(frozen=True)
class Problem:
    """A cell that cannot be taken: where, what it says, what is wrong, and what is allowed there."""

    line: int
    column: str
    value: str
    what: Message
    allowed: str


@dataclass(frozen=True)
class ImportReport:
    """What a check or an import found: how many rows are right, what is wrong, and what was added."""

    total: int
    problems: tuple[Problem, ...]
    created: tuple[str, ...] = ()

    @property
    def wrong_rows(self) -> int:
        """Return how many rows have a problem."""
        return len({problem.line for problem in self.problems})


def check(session: Session, actor: Actor, country: str, rows: Iterable[ImportRow]) -> ImportReport:
    """Return what would go wrong if ``rows`` were imported. Nothing is written.

    :raises NotAllowed: the actor is no officer of ``country``.
    """
    require(actor, Role.OFFICER, country)
    lines = list(rows)
    _, problems = _read(session, country, lines)
    return ImportReport(len(lines), tuple(problems))


def apply(session: Session, actor: Actor, country: str, rows: Iterable[ImportRow]) -> ImportReport:
    """Add all ``rows`` as drafts.

    :raises Invalid: a row is wrong (line and column say where); nothing is added then.
    """
    require(actor, Role.OFFICER, country)
    lines = list(rows)
    read, problems = _read(session, country, lines)
    if problems:
        raise Invalid({f"{one.line}.{one.column}": [one.what] for one in problems})
    created = [register(session, actor, data).qualification.uuid for _, data in read]
    return ImportReport(len(lines), (), tuple(created))


def keep(session: Session, actor: Actor, country: str, rows: Iterable[ImportRow]) -> str:
    """Keep checked rows on the server until the officer confirms them; return the token that opens them."""
    token = secrets.token_urlsafe(32)
    kept = [[line, dict(values)] for line, values in rows]
    session.add(
        WebSession(id_hash=_hashed(token), account_id=actor.id, data={"country": country, "rows": kept})
    )
    session.flush()
    return token


def kept(session: Session, actor: Actor, token: str) -> tuple[str, list[ImportRow]]:
    """Return the country and the rows that this officer kept under ``token``.

    :raises NotFound: there are none, they are somebody else's, or they have been imported.
    """
    row = session.get(WebSession, _hashed(token))
    if row is None or row.account_id != actor.id:
        raise NotFound(N_("These rows are no longer there. Upload the file again."))
    return row.data["country"], [(line, values) for line, values in row.data["rows"]]


def forget(session: Session, actor: Actor, token: str) -> None:
    """Delete the rows kept under ``token``."""
    kept(session, actor, token)
    session.delete(session.get_one(WebSession, _hashed(token)))
    session.flush()


def _hashed(token: str) -> str:
    # Apart from the identifiers of browsers: such a token opens no session.
    return hashlib.sha256(f"import:{token}".encode()).hexdigest()


def _read(
    session: Session, country: str, lines: list[ImportRow]
) -> tuple[list[tuple[int, QualificationData]], list[Problem]]:
    problems = _check_header(lines)
    if problems:
        return [], problems
    home = session.get_one(Country, country)
    read: list[tuple[int, QualificationData]] = []
    codes: dict[tuple[str | None, str], int] = {}
    for line, values in lines:
        cells = _Cells(line, {name: text.strip() for name, text in values.items()}, problems)
        data = cells.description(home)
        try:
            read.append((line, check_description(session, data).data))
        except Invalid as error:
            cells.add_all(error, data)
        if data.code:
            first = codes.setdefault((data.code_system, data.code), line)
            if first != line:
                cells.wrong("code", N_("The code %(value)s is in line %(line)s already."),
                            value=data.code, line=first)  # fmt: skip
    return read, problems


def _check_header(lines: list[ImportRow]) -> list[Problem]:
    names = list(lines[0][1]) if lines else []
    known = ", ".join(column.name for column in COLUMNS)
    unknown = [
        Problem(1, name, name, message(N_("There is no column “%(value)s”."), value=name), known)
        for name in names
        if name not in BY_NAME
    ]
    missing = [
        Problem(
            1, one.name, "", message(N_("The column “%(value)s” is missing."), value=one.name), one.accepts
        )
        for one in COLUMNS
        if one.required and one.name not in names
    ]
    return unknown + missing


class _Cells:
    """The cells of one row; what is wrong with them is noted."""

    def __init__(self, line: int, values: Mapping[str, str], problems: list[Problem]) -> None:
        self.line, self.values, self.problems = line, values, problems

    def wrong(self, column: str, template: str, **values: Any) -> None:
        """Note that a cell is wrong."""
        self._note(column, message(template, **values))

    def _note(self, column: str, what: Message) -> None:
        allowed = BY_NAME[column].accepts if column in BY_NAME else ""
        self.problems.append(Problem(self.line, column, self.values.get(column, ""), what, allowed))

    def add_all(self, error: Invalid, data: QualificationData) -> None:
        """Note what the check of the description found, in the columns of the file."""
        already = {one.column for one in self.problems if one.line == self.line}
        for place, said in error.fields.items():
            column = _column(place, data)
            if column not in already:
                for what in said:
                    self._note(column, what)

    def description(self, home: Country) -> QualificationData:
        """Return what the row says; a cell that cannot be read counts as empty and is noted."""
        language = self.values.get("title_language") or home.language
        titles = {"en": self.values.get("title_en", ""), language: self.values.get("title", "")}
        data = QualificationData(
            country=home.code,
            type=self._type(),
            titles=titles,
            original_language=language,
            level=self._level(),
        )
        rest = {name: self._cell(name) for name in self.values if name in BY_NAME and name not in _OWN}
        return replace(data, **rest)

    def _cell(self, name: str) -> Any:
        text = self.values[name] or None
        if text and name in _DATES:
            return self._date(name, text)
        if text and name in _AMOUNTS:
            return self._amount(name, text)
        return text

    def _type(self) -> QualificationType:
        text = self.values.get("type", "")
        try:
            return QualificationType(text)
        except ValueError:
            self.wrong("type", N_("“%(value)s” is not a kind of record."), value=text[:60])
            return QualificationType.QUALIFICATION

    def _level(self) -> int | None:
        text = self.values.get("level", "")
        if text and not (text.isascii() and text.isdigit() and len(text) < 4):
            self.wrong("level", N_("“%(value)s” is not a whole number."), value=text[:60])
            return None
        return int(text) if text else None

    def _amount(self, name: str, text: str) -> Decimal | None:
        try:
            return Decimal(text)
        except InvalidOperation:
            self.wrong(name, N_("“%(value)s” is not a number."), value=text[:60])
            return None

    def _date(self, name: str, text: str) -> date | None:
        try:
            return date.fromisoformat(text)
        except ValueError:
            self.wrong(name, N_("“%(value)s” is not a date. Write it as YYYY-MM-DD."), value=text[:60])
            return None


def _column(place: str, data: QualificationData) -> str:
    if not place.startswith("titles"):
        return "title_language" if place == "original_language" else place
    return "title" if place == f"titles.{data.original_language}" else "title_en"
