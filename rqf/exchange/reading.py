"""Files of records, read with care: every complaint names file, row and field, and all are collected."""

from __future__ import annotations

import csv
import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from pathlib import Path
from typing import Any, TypeVar

from rqf.errors import N_, Invalid, Message, message
from rqf.models.tables import Texts

Choice = TypeVar("Choice", bound=StrEnum)


class Problems:
    """What is wrong with the files: ``file:row:field`` -> sentences."""

    def __init__(self) -> None:
        self.found: dict[str, list[Message]] = {}

    def add(self, place: str, template: str, **values: Any) -> None:
        """Note what is wrong at ``place``."""
        self.found.setdefault(place, []).append(message(template, **values))

    def refuse(self) -> None:
        """Refuse the files if anything is wrong with them.

        :raises Invalid: with everything that is.
        """
        if self.found:
            raise Invalid(self.found)


@dataclass
class Row:
    """One record of a file. Reading a field checks it; a wrong one is noted and reads as nothing."""

    place: str
    values: Mapping[str, Any]
    problems: Problems
    sound: bool = True
    _read: set[str] = field(default_factory=set)

    def wrong(self, name: str, template: str, **values: Any) -> None:
        """Note that a field is wrong: the record will not be used."""
        self.sound = False
        self.problems.add(f"{self.place}:{name}", template, **values)

    def value(self, name: str) -> Any:
        """Return a field as it stands, None when it is empty."""
        self._read.add(name)
        found = self.values.get(name)
        return None if isinstance(found, str) and not found.strip() else found

    def optional(self, name: str, longest: int | None = None) -> str | None:
        """Return a text or None."""
        found = self.value(name)
        if found is None:
            return None
        if not isinstance(found, str):
            self.wrong(name, N_("“%(value)s” is not a text."), value=found)
            return None
        found = found.strip()
        if longest and len(found) > longest:
            self.wrong(name, N_("The text is longer than %(n)s characters."), n=longest)
        return found

    def text(self, name: str, longest: int | None = None) -> str:
        """Return a text that has to be there."""
        found = self.optional(name, longest)
        if found is None and f"{self.place}:{name}" not in self.problems.found:
            self.wrong(name, N_("This field is empty. It is needed."))
        return found or ""

    def texts(self, name: str, required: bool = True) -> Texts:
        """Return a text per language."""
        found = self.value(name)
        if found is None and not required:
            return {}
        if (
            not isinstance(found, dict)
            or not found
            or not all(isinstance(one, str) for one in found.values())
        ):
            self.wrong(name, N_('A text per language is needed here, such as {"es": "…", "en": "…"}.'))
            return {}
        return {language: said.strip() for language, said in found.items()}

    def one_of(self, name: str, known: Collection[str], required: bool = True) -> str | None:
        """Return a text that is one of ``known``."""
        found = self.text(name) if required else self.optional(name)
        if not found:
            return None
        if found not in known:
            shown = ", ".join(sorted(known)[:20])
            self.wrong(name, N_("“%(value)s” is not known. Known: %(known)s."), value=found, known=shown)
            return None
        return found

    def choice(self, name: str, kind: type[Choice]) -> Choice:
        """Return a member of an enumeration; its first one stands in for a wrong value, which is noted."""
        found = self.one_of(name, {member.value for member in kind})
        return kind(found) if found else next(iter(kind))

    def number(self, name: str) -> Decimal | None:
        """Return a positive number or None."""
        found = self.value(name)
        if found is None:
            return None
        try:
            number = Decimal(str(found))
        except InvalidOperation:
            number = Decimal(0)
        if not number.is_finite() or number <= 0:
            self.wrong(name, N_("“%(value)s” is not a number above zero."), value=found)
            return None
        return number

    def whole(self, name: str, required: bool = True) -> int | None:
        """Return a positive whole number."""
        found = self.number(name)
        if found is None:
            if required and self.sound:
                self.wrong(name, N_("This field is empty. It is needed."))
            return None
        if found != int(found):
            self.wrong(name, N_("“%(value)s” is not a whole number."), value=found)
            return None
        return int(found)

    def day(self, name: str) -> date | None:
        """Return a day written as YYYY-MM-DD, or None."""
        found = self.optional(name)
        if found is None:
            return None
        try:
            return date.fromisoformat(found)
        except ValueError:
            self.wrong(name, N_("“%(value)s” is not a day. Write it as 2026-12-31."), value=found)
            return None

    def flag(self, name: str) -> bool:
        """Return yes or no."""
        found = self.value(name)
        if not isinstance(found, bool):
            self.wrong(name, N_("“%(value)s” is neither true nor false."), value=found)
        return bool(found)

    def list(self, name: str, separator: str) -> list[str]:
        """Return the parts of a text that ``separator`` divides."""
        return [part.strip() for part in (self.optional(name) or "").split(separator) if part.strip()]

    def rows(self, name: str) -> Iterator[Row]:
        """Give the records inside a field of this record."""
        found = self.value(name)
        if not isinstance(found, list) or not all(isinstance(one, dict) for one in found):
            self.wrong(name, N_("A list of records is needed here."))
            return
        for number, one in enumerate(found, 1):
            yield Row(f"{self.place}:{name}[{number}]", one, self.problems)

    def done(self, *unused: str) -> bool:
        """Note fields that nobody read, and tell whether the record can be used."""
        for name in self.values.keys() - self._read - set(unused):
            self.wrong(str(name), N_("There is no field of this name."))
        return self.sound


def json_rows(folder: Path, name: str, problems: Problems) -> Iterator[Row]:
    """Give the records of a JSON file that holds a list; a missing file holds none."""
    path = folder / name
    if not path.is_file():
        return
    found = _json(path, name, problems)
    if isinstance(found, list) and all(isinstance(one, dict) for one in found):
        for number, one in enumerate(found, 1):
            yield Row(f"{name}:{number}", one, problems)
    elif found is not None:
        problems.add(name, N_("A list of records is needed here."))


def json_row(folder: Path, name: str, problems: Problems) -> Row | None:
    """Return the one record of a JSON file."""
    found = _json(folder / name, name, problems)
    if isinstance(found, dict):
        return Row(name, found, problems)
    if found is not None:
        problems.add(name, N_("One record is needed here."))
    return None


def csv_rows(folder: Path, name: str, columns: Collection[str], problems: Problems) -> Iterator[Row]:
    """Give the records of a CSV file with these columns; a missing file holds none."""
    path = folder / name
    if not path.is_file():
        return
    try:
        text = path.read_text("utf-8-sig")
    except UnicodeDecodeError:
        problems.add(name, N_("The file is not UTF-8 text."))
        return
    reader = csv.DictReader(text.splitlines(keepends=True), strict=True)
    missing = set(columns) - set(reader.fieldnames or ())
    if missing:
        problems.add(name, N_("The file lacks the columns: %(names)s."), names=", ".join(sorted(missing)))
        return
    try:
        for row in reader:
            yield Row(f"{name}:{reader.line_num}", {k or "?": v for k, v in row.items()}, problems)
    except csv.Error as error:
        problems.add(
            f"{name}:{reader.reader.line_num}", N_("The row cannot be read: %(reason)s."), reason=str(error)
        )


def _json(path: Path, name: str, problems: Problems) -> Any:
    try:
        return json.loads(path.read_text("utf-8"))
    except (json.JSONDecodeError, UnicodeDecodeError) as error:
        problems.add(name, N_("The file is not JSON: %(reason)s."), reason=str(error))
        return None
