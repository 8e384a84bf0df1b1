"""A row of a file read by a plan: texts repaired, fields read, what cannot be read noted."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any, Literal

from rqf.errors import N_, Invalid, Message, message
from rqf.models import CodeSystem, Country
from rqf.registry import classifications
from rqf.registry.columns import TITLE, UNIT_FIELDS, Column, find
from rqf.registry.description import QualificationData
from rqf.registry.imports.plan import Plan
from rqf.rules.repairs import (
    Repair,
    repair_amount,
    repair_code,
    repair_date,
    repair_digits,
    repair_text,
    same_but_blanks,
)
from rqf.rules.terms import QualificationType

#: Fields that say which record is meant, or become part of another field.
_SPECIAL = frozenset({"id", "replaces", "title", "title_language", "type", "level"})
_CLASSES: dict[str, Literal["isced_f", "isco_08"]] = {"isced_f": "isced_f", "isco_08": "isco_08"}
#: In ``values``: any other text of the file.
_ANY = "*"


@dataclass(frozen=True)
class Problem:
    """A cell that cannot be taken: the field, the file's column, what it says, what is wrong and allowed."""

    field: str
    column: str
    value: str
    what: Message
    allowed: str

    def as_json(self) -> dict[str, Any]:
        """Return the problem in JSON's values."""
        values = {name: str(value) for name, value in self.what.values.items()}
        return {
            "field": self.field, "column": self.column, "value": self.value[:300],
            "template": self.what.template, "values": values, "allowed": self.allowed,
        }  # fmt: skip


@dataclass
class ReadRow:
    """What a row says: field -> text, repaired; and what was repaired or cannot be read."""

    line: int
    cells: tuple[str, ...]
    texts: dict[str, str] = field(default_factory=dict)
    repairs: list[dict[str, str]] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    def codes(self) -> tuple[str | None, str | None]:
        """Return the code system and the code."""
        return self.texts.get("code_system") or None, self.texts.get("code") or None

    def replaces(self) -> list[str]:
        """Return the codes that the row says it replaces."""
        return [one.strip() for one in self.texts.get("replaces", "").split(";") if one.strip()]


class Reader:
    """Reads the rows of one file."""

    def __init__(self, plan: Plan, home: Country, systems: Mapping[str, CodeSystem]) -> None:
        self.plan, self.home = plan, home
        self.systems = systems
        self._places = {header: place for place, header in enumerate(plan.columns)}
        self._columns = [
            (place, header, column)
            for place, (header, name) in enumerate(plan.columns.items())
            if name and (column := find(name))
        ]
        self._fields = plan.fields - UNIT_FIELDS
        self._kept = self._fields - frozenset(plan.initial)
        self._values = {
            name: {_key(said): meant for said, meant in values.items()}
            for name, values in plan.values.items()
        }

    def read(self, line: int, cells: tuple[str, ...]) -> ReadRow:
        """Return what the row says."""
        row = ReadRow(line, cells, dict(self.plan.constants))
        for place, header, column in self._columns:
            text, done = repair_text(cells[place], long=column.kind == "long")
            more: tuple[Repair, ...] = ()
            if column.name not in ("code", "unit_code"):
                text, more = self._repair_kind(column, text)
            self._note_repairs(row, header, cells[place], text, (*done, *more))
            row.texts[column.name] = self._meant(column.name, text)
        self._repair_code(row, "code")
        self._repair_code(row, "unit_code")
        return row

    def _repair_kind(self, column: Column, text: str) -> tuple[str, tuple[Repair, ...]]:
        if column.kind == "date":
            return repair_date(text)
        if column.kind == "amount":
            return repair_amount(text)
        if column.name in _CLASSES:
            longer, done = repair_digits(text, 4)
            there = done and classifications.find(_CLASSES[column.name], longer)
            return (longer, done) if there else (text, ())
        if column.kind == "type" and text.lower() in set(QualificationType):
            return text.lower(), (Repair.CASE,) if text != text.lower() else ()
        return text, ()

    def _repair_code(self, row: ReadRow, name: str) -> None:
        if name not in row.texts:
            return
        of = f"{name}_system"
        system = self.systems.get(row.texts.get(of, ""))
        text, done = repair_code(row.texts[name], system.pattern if system else None)
        self._note_repairs(row, self.plan.header_of(name), row.texts[name], text, done)
        row.texts[name] = text
        if not text and row.texts.get(of) == self.plan.constants.get(of):
            # The system holds for all rows that have a code; this one has none.
            row.texts[of] = ""

    @staticmethod
    def _note_repairs(row: ReadRow, header: str, was: str, became: str, kinds: Iterable[Repair]) -> None:
        for kind in kinds:
            row.repairs.append(
                {"column": header, "kind": kind.value, "before": was[:300], "after": became[:300]}
            )

    def _meant(self, name: str, text: str) -> str:
        values = self._values.get(name)
        if values is not None:
            text = values.get(_key(text), values.get(_ANY, text))
        template = self.plan.templates.get(name)
        if template and text:
            # "De la Cámara" and "de la Cámara": inside a sentence both begin small.
            text = template.replace("{}", re.sub(r"^(De|Del|Para)\b", lambda found: found[1].lower(), text))
        return text

    def describe(self, row: ReadRow, before: QualificationData | None) -> QualificationData:
        """Return what the record says with this row; ``before`` is what is registered. Problems are noted."""
        fields = self.stated(before)
        base = before or QualificationData(
            self.home.code, QualificationType.QUALIFICATION, {}, self.home.language
        )
        language = row.texts.get("title_language") or base.original_language
        values: dict[str, Any] = {"titles": self._titles(row, base, language), "original_language": language}
        if "type" in fields:
            values["type"] = self._type(row)
        if "level" in fields:
            values["level"] = self._level(row)
        for name in fields - _SPECIAL:
            if not TITLE.fullmatch(name):
                was = getattr(base, name)
                values[name] = self._unrepaired(row, name, was) or self._value(row, name)
        return replace(base, **values)

    def stated(self, before: QualificationData | None) -> frozenset[str]:
        """Return the fields that rows state: what only new records take is left out for registered ones."""
        return self._kept if before else self._fields

    def _titles(self, row: ReadRow, base: QualificationData, language: str) -> dict[str, str]:
        titles = dict(base.titles)
        for name, text in row.texts.items():
            if found := TITLE.fullmatch(name):
                titles[found[1]] = text
        titles[language] = row.texts.get("title", "")
        for code, was in base.titles.items():
            name = "title" if code == language else f"title_{code}"
            titles[code] = self._unrepaired(row, name, was) or titles[code]
        return {
            code: self._as_it_was(text, base.titles.get(code))
            for code, text in titles.items()
            if text or code == language
        }

    @staticmethod
    def _as_it_was(text: str, before: str | None) -> str:
        # What differs in white space only is no change.
        return before if before is not None and same_but_blanks(text, before) else text

    def _unrepaired(self, row: ReadRow, name: str, was: Any) -> str | None:
        """Return what is registered if the cell says exactly that, although it would be repaired."""
        if not isinstance(was, str) or name in self.plan.templates or name in self._values:
            return None
        place = self._places.get(self.plan.header_of(name))
        said = row.cells[place] if place is not None else None
        return was if said is not None and said in (was, "'" + was) else None

    def _type(self, row: ReadRow) -> QualificationType:
        text = row.texts.get("type", "")
        try:
            return QualificationType(text)
        except ValueError:
            self.wrong(row, "type", N_("“%(value)s” is not a kind of record."), value=text[:60])
            return QualificationType.QUALIFICATION

    def _level(self, row: ReadRow) -> int | None:
        text = row.texts.get("level", "")
        if text and not (text.isascii() and text.isdigit() and len(text) < 4):
            self.wrong(row, "level", N_("“%(value)s” is not a whole number."), value=text[:60])
            return None
        return int(text) if text else None

    def _value(self, row: ReadRow, name: str) -> Any:
        text, column = row.texts.get(name) or None, find(name)
        if text and column and column.kind == "date":
            return self._date(row, name, text)
        if text and column and column.kind == "amount":
            return self._amount(row, name, text)
        return text

    def _amount(self, row: ReadRow, name: str, text: str) -> Decimal | None:
        try:
            return Decimal(text)
        except InvalidOperation:
            self.wrong(row, name, N_("“%(value)s” is not a number."), value=text[:60])
            return None

    def _date(self, row: ReadRow, name: str, text: str) -> date | None:
        try:
            return date.fromisoformat(text)
        except ValueError:
            self.wrong(row, name, N_("“%(value)s” is not a date. Write it as YYYY-MM-DD."), value=text[:60])
            return None

    def wrong(
        self, row: ReadRow, name: str, template: str, *, allowed: str | None = None, **values: Any
    ) -> None:
        """Note what is wrong with a field of the row, and what is allowed if not what the column accepts."""
        self._note(row, name, message(template, **values), allowed)

    def note_all(self, row: ReadRow, error: Invalid, data: QualificationData) -> None:
        """Note what the check of the description found, but not twice for one field."""
        already = {one.field for one in row.problems}
        for place, said in error.fields.items():
            name = _field(place, data)
            if name not in already:
                for what in said:
                    self._note(row, name, what)

    def _note(self, row: ReadRow, name: str, what: Message, allowed: str | None = None) -> None:
        column = find(name)
        if allowed is None:
            allowed = column.accepts if column else ""
        header = self.plan.header_of(name)
        headers = list(self.plan.columns)
        value = row.cells[headers.index(header)] if header in headers else row.texts.get(name, "")
        row.problems.append(Problem(name, header, value, what, allowed))


def _key(text: str) -> str:
    return " ".join(text.split()).casefold()


def _field(place: str, data: QualificationData) -> str:
    if not place.startswith("titles"):
        return "title_language" if place == "original_language" else place
    language = place.partition(".")[2]
    return "title" if language in ("", data.original_language) else f"title_{language}"
