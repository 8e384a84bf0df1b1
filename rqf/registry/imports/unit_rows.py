"""Rows that go below the record, put together: what a record says with the units and outcomes they state.

Check and apply put the same rows together in the same way; the database has no part in it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal, InvalidOperation
from typing import Any

from rqf.errors import N_
from rqf.models.tables import said
from rqf.registry.columns import UNIT_FIELDS
from rqf.registry.description import OutcomeData, QualificationData, UnitData, as_json, differences
from rqf.registry.imports.reading import Reader, ReadRow
from rqf.rules.repairs import same_but_blanks
from rqf.rules.terms import OutcomeDomain

#: (code system, code)
Code = tuple[str | None, str | None]
_YES = {"yes", "sí", "si", "sim", "true", "1", "x", "obligatorio", "obligatoria", "mandatory"}
_NO = {"no", "não", "false", "0", "electivo", "electiva", "optativo", "optativa", "elective"}
_CONTRADICTS = N_("“%(value)s” contradicts line %(line)s, which says “%(other)s”.")


@dataclass
class Effect:
    """What a row does: something new, or changes (field -> [old, new])."""

    new: bool = False
    changes: dict[str, list[Any]] = field(default_factory=dict)


@dataclass
class Assembled:
    """A record as its rows have it. ``effects``: line -> what that row does.

    ``units`` and ``outcomes`` are (place of the unit) and (place of the unit, place in it) -> the line that
    states it.
    """

    data: QualificationData
    effects: dict[int, Effect] = field(default_factory=dict)
    units: dict[int, int] = field(default_factory=dict)
    outcomes: dict[tuple[int, int], int] = field(default_factory=dict)
    #: line -> the place of its unit
    unit_of: dict[int, int] = field(default_factory=dict)

    def line_of(self, place: str) -> int | None:
        """Return the line that a complaint about ``units.3.outcomes.0.texts`` belongs to."""
        found = re.match(r"units\.(\d+)(?:\.outcomes\.(\d+))?", place)
        if not found:
            return None
        unit = int(found[1])
        line = self.outcomes.get((unit, int(found[2]))) if found[2] else None
        return line or self.units.get(unit)


def states_unit(row: ReadRow) -> bool:
    """Tell whether a row names a unit."""
    return bool(row.texts.get("unit_code") or row.texts.get("unit_title"))


def unit_code(row: ReadRow) -> Code:
    """Return the code system and code of the unit that a row names."""
    return row.texts.get("unit_code_system") or None, row.texts.get("unit_code") or None


def assemble(
    reader: Reader,
    base: QualificationData | None,
    shared: Mapping[Code, UnitData],
    rows: Sequence[ReadRow],
) -> Assembled:
    """Return the record that the rows are about as they have it; problems are noted with the rows.

    ``base`` is what is registered; ``shared`` are units of the country that other records have, by code.
    """
    head = rows[0]
    if base and not head.texts.get("title"):
        head.texts["title"] = base.titles.get(base.original_language, "")
    described = reader.describe(head, base)
    found = Assembled(replace(described, units=base.units if base else ()))
    effect = found.effects[head.line] = Effect(new=base is None)
    if base:
        was, became = differences(base, found.data)
        effect.changes |= {name: [was[name], became[name]] for name in was}
    _Assembly(reader, found, shared, rows).run()
    return found


class _Assembly:
    """Goes through the rows of one record."""

    def __init__(
        self, reader: Reader, found: Assembled, shared: Mapping[Code, UnitData], rows: Sequence[ReadRow]
    ) -> None:
        self.reader, self.found, self.shared, self.rows = reader, found, shared, rows
        self.units = list(found.data.units)
        self.known = len(self.units)
        self.language = found.data.original_language
        #: (place of the unit or None for the record, field) -> the row that stated it first
        self.stated: dict[tuple[int | None, str], ReadRow] = {}

    def run(self) -> None:
        """Take every row into account."""
        for row in self.rows:
            effect = self.found.effects.setdefault(row.line, Effect())
            names = {name for name in row.texts if name not in UNIT_FIELDS}
            if self._contradicts(row, None, names) or not states_unit(row):
                continue
            place = self._place(row)
            if place is None:
                self.reader.wrong(
                    row, "unit_code", N_("There is no unit “%(value)s”, and no title for a new one."),
                    value=row.texts.get("unit_code", ""),
                )  # fmt: skip
                continue
            self._say_unit(row, place, effect)
            if row.texts.get("outcome"):
                self._say_outcome(row, place, effect)
        self.found.data = replace(self.found.data, units=tuple(self.units))

    def _place(self, row: ReadRow) -> int | None:
        """Return where the unit of a row stands, adding it if it is new; None if it cannot be."""
        code, title = unit_code(row), row.texts.get("unit_title", "")
        for place, unit in enumerate(self.units):
            if (unit.code_system, unit.code) == code if code[1] else self._title(unit, title):
                return place
        if code[1] and code in self.shared:
            self.units.append(self.shared[code])
        elif title:
            system, own = code if code[1] else (None, None)
            self.units.append(
                UnitData(
                    {self.language: title}, code_system=system, code=own, original_language=self.language
                )
            )
        else:
            return None
        self.found.effects[row.line].new = True
        return len(self.units) - 1

    @staticmethod
    def _title(unit: UnitData, title: str) -> bool:
        own = said(unit.titles, unit.original_language or "")
        return same_but_blanks(own.casefold(), title.casefold())

    def _say_unit(self, row: ReadRow, place: int, effect: Effect) -> None:
        self.found.units.setdefault(place, row.line)
        self.found.unit_of[row.line] = place
        names = {name for name in UNIT_FIELDS if name.startswith("unit_") and row.texts.get(name)}
        if self._contradicts(row, place, names):
            return
        before = self.units[place]
        after = replace(before, **self._unit_values(row, before))
        for name in ("titles", "hours", "mandatory", "source"):
            was, became = getattr(before, name), getattr(after, name)
            if was != became and not effect.new:
                field_name = "unit_title" if name == "titles" else f"unit_{name}"
                effect.changes[field_name] = [as_json(was), as_json(became)]
        self.units[place] = after

    def _unit_values(self, row: ReadRow, unit: UnitData) -> dict[str, Any]:
        values: dict[str, Any] = {}
        language = unit.original_language or self.language
        title, old = row.texts.get("unit_title"), unit.titles.get(language, "")
        if title and not same_but_blanks(title, old):
            values["titles"] = {**unit.titles, language: title}
        if source := row.texts.get("unit_source"):
            values["source"] = source
        if hours := row.texts.get("unit_hours"):
            values["hours"] = self._hours(row, hours)
        if (mandatory := row.texts.get("unit_mandatory", "").casefold()) in _YES | _NO:
            values["mandatory"] = mandatory in _YES
        elif mandatory:
            self.reader.wrong(
                row, "unit_mandatory", N_("“%(value)s” is neither yes nor no."), value=mandatory
            )
        return values

    def _hours(self, row: ReadRow, text: str) -> Decimal | None:
        try:
            return Decimal(text)
        except InvalidOperation:
            self.reader.wrong(row, "unit_hours", N_("“%(value)s” is not a number."), value=text[:60])
            return None

    def _say_outcome(self, row: ReadRow, unit: int, effect: Effect) -> None:
        domain = self._domain(row)
        known = self.found.data.units[unit].outcomes if unit < self.known else ()
        outcomes = list(self.units[unit].outcomes)
        place = self._outcome_place(row, unit, outcomes)
        if place is None:
            return
        text = row.texts["outcome"]
        if place == len(outcomes):
            language = self.units[unit].original_language or self.language
            outcomes.append(OutcomeData(domain or OutcomeDomain.SKILLS, {language: text}, language))
            effect.new = True
        else:
            # What only new outcomes take is left to people afterwards.
            kept = place < len(known) and "outcome_domain" in self.reader.plan.initial
            stated = None if kept else domain
            outcomes[place] = _revised(outcomes[place], text, stated, self.language, effect)
        self.found.outcomes[unit, place] = row.line
        self.units[unit] = replace(self.units[unit], outcomes=tuple(outcomes))

    def _domain(self, row: ReadRow) -> OutcomeDomain | None:
        text = row.texts.get("outcome_domain", "")
        try:
            return OutcomeDomain(text) if text else None
        except ValueError:
            self.reader.wrong(row, "outcome_domain", N_("“%(value)s” is not a domain."), value=text[:60])
            return None

    def _outcome_place(self, row: ReadRow, unit: int, outcomes: list[OutcomeData]) -> int | None:
        """Return where the outcome stands: that of the same text, else that of its number, else the end."""
        taken = {place for of, place in self.found.outcomes if of == unit}
        number = len(taken) + 1
        if label := row.texts.get("outcome_number"):
            digits = re.search(r"\d{1,4}$", label)
            if not digits:
                self.reader.wrong(
                    row, "outcome_number", N_("“%(value)s” does not end in a number."), value=said
                )
                return None
            number = int(digits[0])
            if (first := self.stated.setdefault((unit, f"outcome {number}"), row)) is not row:
                other = first.texts["outcome"]
                self.reader.wrong(
                    row, "outcome_number", _CONTRADICTS, value=label, line=first.line, other=other[:200]
                )
                return None
        for place, one in enumerate(outcomes):
            same = any(same_but_blanks(text, row.texts["outcome"]) for text in one.texts.values())
            if same and place not in taken:
                return place
        free = number - 1 < len(outcomes) and number - 1 not in taken
        return number - 1 if free else len(outcomes)

    def _contradicts(self, row: ReadRow, place: int | None, names: set[str]) -> bool:
        """Note where a row says of its record or unit something else than a line above."""
        wrong = False
        for name in sorted(names):
            text = row.texts[name]
            first = self.stated.setdefault((place, name), row) if text else row
            other = first.texts[name]
            if not same_but_blanks(text, other):
                self.reader.wrong(
                    row, name, _CONTRADICTS, value=text[:200], line=first.line, other=other[:200]
                )
                wrong = True
        return wrong


def _revised(
    before: OutcomeData, text: str, domain: OutcomeDomain | None, language: str, effect: Effect
) -> OutcomeData:
    own = before.original_language or language
    texts = dict(before.texts)
    if not any(same_but_blanks(text, one) for one in texts.values()):
        effect.changes["outcome"] = [texts.get(own, ""), text]
        texts[own] = text
    if domain and domain != before.domain:
        effect.changes["outcome_domain"] = [before.domain.value, domain.value]
    return replace(before, texts=texts, domain=domain or before.domain)
