"""The check of a file that goes below the record, to units and outcomes: what each row would change."""

from __future__ import annotations

from array import array
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any

from sqlalchemy import bindparam, insert, select, update
from sqlalchemy.orm import Session

from rqf import exchange
from rqf.errors import N_, Invalid, Message
from rqf.models import (
    Country,
    ImportBatch,
    ImportRow,
    LearningOutcome,
    Qualification,
    QualificationVersion,
    Unit,
    VersionUnit,
)
from rqf.models.tables import said
from rqf.registry.columns import UNIT_FIELDS
from rqf.registry.description import QualificationData, UnitData
from rqf.registry.imports.plan import Plan
from rqf.registry.imports.reading import Problem, Reader, ReadRow
from rqf.registry.imports.unit_records import Found, Key, base_of, find_records, forget, identify, key_of
from rqf.registry.imports.unit_rows import Assembled, assemble, states_unit
from rqf.registry.national_lists import Known
from rqf.registry.validation import check as check_description
from rqf.rules.repairs import Repair
from rqf.rules.terms import RowVerdict

_AT_ONCE = 500
#: Records whose rows are put together at once.
_RECORDS = 50
READ = (Qualification, QualificationVersion, VersionUnit, Unit, LearningOutcome)
_TABLE: Any = ImportRow.__table__
_JUDGED = (
    "verdict", "taken", "doubtful", "code", "title", "qualification_id", "data", "problems", "changes",
    "notes", "seen",
)  # fmt: skip
_HELD = N_("Line %(line)s, which this one belongs to, has an error.")


def check_units(
    session: Session, batch: ImportBatch, plan: Plan, sheet: exchange.Sheet, progress: Any, writing: Any
) -> list[dict[str, Any]]:
    """Say for every row what it means, and return the repairs that were made, counted.

    ``session`` reads; ``writing`` gives the sessions that write.
    """
    return _Check(session, batch, plan, writing).run(sheet, progress)


class _Check:
    def __init__(self, session: Session, batch: ImportBatch, plan: Plan, writing: Any) -> None:
        self.session, self.batch, self.plan, self.writing = session, batch, plan, writing
        self.home = session.get_one(Country, batch.country_code)
        self.known = Known(session, self.home.code)
        self.reader = Reader(plan, self.home, self.known.systems)
        self.filler = Filler(plan)
        self.lines: dict[Key, array[int]] = defaultdict(lambda: array("q"))
        self.repairs: Counter[tuple[str, str]] = Counter()

    def run(self, sheet: exchange.Sheet, progress: Any) -> list[dict[str, Any]]:
        """Read all rows, then judge them record by record."""
        rows = iter(sheet)
        while some := list(islice(rows, _AT_ONCE)):
            self._read([self.reader.read(line, cells) for line, cells in some])
        self._resolve()
        keys = iter(self.lines)
        done = 0
        while chunk := list(islice(keys, _RECORDS)):
            self._judge(chunk)
            done += sum(len(self.lines[key]) for key in chunk)
            if progress:
                progress(done, sheet.total)
        return [
            {"column": column, "kind": kind, "count": count}
            for (column, kind), count in sorted(self.repairs.items())
        ]

    def _read(self, rows: list[ReadRow]) -> None:
        """Keep the rows as they are read, with what was repaired."""
        for row in rows:
            self.filler.fill(row)
            if (key := key_of(row)) is None:
                self.reader.wrong(row, "code", N_("Nothing says which record the row belongs to."))
            else:
                self.lines[key].append(row.line)
            self.repairs.update((one["column"], one["kind"]) for one in row.repairs)
        with self.writing() as writer:
            writer.execute(insert(_TABLE), [_stored(self.batch.id, row) for row in rows])

    def _resolve(self) -> None:
        """Bring rows together that name one record in different ways, by its code and by its units."""
        keys = iter(dict(self.lines))
        while some := list(islice(keys, _AT_ONCE)):
            for key, record in identify(self.session, self.home, set(some)).items():
                if record != key:
                    self.lines[record].extend(self.lines.pop(key))
        for key, lines in self.lines.items():
            self.lines[key] = array("q", sorted(lines))

    def _judge(self, keys: list[Key]) -> None:
        rows = dict(self._again(keys))
        found = find_records(
            self.session, self.home, set(keys), [one for some in rows.values() for one in some]
        )
        judged: list[dict[str, Any]] = []
        for key in keys:
            judged += _Record(self, key, rows[key], found).judged()
        gone = [one for one in judged if one["line"] is None]
        there = [one for one in judged if one["line"] is not None]
        with self.writing() as writer:
            writer.connection().execute(_JUDGE, [_changed(one) for one in there])
            if gone:
                writer.execute(insert(_TABLE), gone)
        forget(self.session, READ)

    def _again(self, keys: list[Key]) -> Iterator[tuple[Key, list[ReadRow]]]:
        for key in keys:
            read: list[ReadRow] = []
            lines = self.lines[key]
            for start in range(0, len(lines), _AT_ONCE):
                read += read_again(self.session, self.batch.id, lines[start : start + _AT_ONCE].tolist())
            yield key, read


_JUDGE = (
    update(_TABLE)
    .where(_TABLE.c.batch_id == bindparam("batch"), _TABLE.c.line == bindparam("of"))
    .values({name: bindparam(f"new_{name}") for name in _JUDGED})
)


def _changed(values: dict[str, Any]) -> dict[str, Any]:
    named = {f"new_{name}": values[name] for name in _JUDGED}
    return {"batch": values["batch_id"], "of": values["line"], **named}


def read_again(session: Session, batch_id: int, lines: Sequence[int]) -> list[ReadRow]:
    """Return rows as they were read, in their order."""
    rows = session.execute(
        select(ImportRow.line, ImportRow.cells, ImportRow.data)
        .where(ImportRow.batch_id == batch_id, ImportRow.line.in_(lines))
        .order_by(ImportRow.line)
    )
    return [ReadRow(row.line, tuple(row.cells), dict(row.data["texts"])) for row in rows]


def _stored(batch_id: int, row: ReadRow) -> dict[str, Any]:
    return {
        "batch_id": batch_id, "line": row.line, "verdict": RowVerdict.WRONG, "taken": False,
        "repaired": bool(row.repairs), "doubtful": False, "succeeds": False, "code": None,
        "title": (row.texts.get("title") or row.texts.get("unit_title") or "")[:500],
        "qualification_id": None,
        "cells": list(row.cells), "data": {"texts": row.texts},
        "problems": [one.as_json() for one in row.problems], "repairs": row.repairs, "changes": {},
        "notes": [], "seen": None, "done": None,
    }  # fmt: skip


class Filler:
    """Fills cells that are left blank because they stand above already."""

    def __init__(self, plan: Plan) -> None:
        columns = [name for name in plan.columns.values() if name]
        self.record = [name for name in columns if name not in UNIT_FIELDS]
        self.unit = [name for name in columns if name.startswith("unit_")]
        self.header = plan.header_of
        self.above: ReadRow | None = None

    def fill(self, row: ReadRow) -> None:
        """Take from the row above what this one leaves blank: its record, or its record and unit."""
        above, texts = self.above, row.texts
        below = states_unit(row) or texts.get("outcome")
        same = True
        if above and below and not any(texts.get(name) for name in self.record):
            self._take(row, above, (*self.record, "code_system", "type"))
        elif above:
            same = all(texts.get(name) == above.texts.get(name) for name in self.record)
        if above and same and texts.get("outcome") and not states_unit(row):
            self._take(row, above, (*self.unit, "unit_code_system"))
        self.above = row

    def _take(self, row: ReadRow, above: ReadRow, names: tuple[str, ...]) -> None:
        for name in names:
            if above.texts.get(name) and not row.texts.get(name):
                row.texts[name] = above.texts[name]
                if name in (*self.record, *self.unit):
                    row.repairs.append(
                        {
                            "column": self.header(name), "kind": Repair.FROM_ABOVE.value, "before": "",
                            "after": above.texts[name][:300],
                        }
                    )  # fmt: skip


class _Record:
    """The rows of one record."""

    def __init__(self, check: _Check, key: Key, rows: list[ReadRow], found: Found) -> None:
        self.check, self.key, self.rows, self.reader = check, key, rows, check.reader
        self.found = found
        there = found.records(key)
        self.version = there[0] if len(there) == 1 else None
        self.several = len(there)
        self.base = base_of(self.version)
        self.notes: dict[int, list[dict[str, Any]]] = defaultdict(list)

    def judged(self) -> list[dict[str, Any]]:
        """Return the values of the rows, and of rows for what the file no longer has."""
        if unknown := self._unknown():
            for row in self.rows:
                self.reader.wrong(row, *unknown, n=self.several)
            return [self._values(row, None) for row in self.rows]
        done = assemble(self.reader, self.base, self.found.shared, self.rows)
        self._complain(done)
        self._hold(done)
        self._note_gaps(done)
        return [*(self._values(row, done) for row in self.rows), *self._gone(done)]

    def _unknown(self) -> tuple[str, str] | None:
        """Return the field and the sentence if nothing can be said of the record."""
        kind = self.key[0]
        if self.several > 1 and kind == "unit":
            return "unit_code", N_("%(n)s records have this unit. Add a column that names the record.")
        if self.several > 1:
            return "title", N_("%(n)s records have this title. Add a column with their code.")
        if self.base:
            return None
        if kind == "unit":
            return "unit_code", N_("No record of your country's register has this unit.")
        if kind == "id":
            return "id", N_("There is no such record in your country's register.")
        fields = self.check.plan.fields
        if not {"type", "title"} <= fields or not self.rows[0].texts.get("title"):
            return "code", N_("There is no record with this code in your country's register.")
        return None

    def _complain(self, done: Assembled) -> None:
        """Check what came out, and note complaints with the rows that they are about."""
        try:
            own = self.version.qualification if self.version else None
            checked = check_description(self.check.session, done.data, own, self.check.known)
        except Invalid as error:
            rows = {row.line: row for row in self.rows}
            for place, messages in error.fields.items():
                row = rows.get(done.line_of(place) or 0, self.rows[0])
                self._place(row, place, messages, done.data)
        else:
            done.data = checked.data

    def _place(self, row: ReadRow, place: str, messages: Sequence[Message], data: QualificationData) -> None:
        if not place.startswith("units."):
            self.reader.note_all(row, Invalid({place: list(messages)}), data)
            return
        name = "outcome" if ".outcomes." in place else "unit_title"
        for one in ("code_system", "code", "hours", "source"):
            name = f"unit_{one}" if place.endswith(f".{one}") else name
        self.reader.note_all(row, Invalid({name: list(messages)}), data)

    def _hold(self, done: Assembled) -> None:
        """Hold back the rows below a record or unit whose own row is wrong."""
        fields = {row.line: {one.field for one in row.problems} for row in self.rows}
        head = self.rows[0].line
        record_wrong = self.base is None and not fields[head] <= UNIT_FIELDS
        for row in self.rows:
            unit = done.unit_of.get(row.line)
            above = head if record_wrong else None
            if unit is not None and any(name.startswith("unit_") for name in fields[done.units[unit]]):
                above = done.units[unit]
            if above is not None and not fields[row.line]:
                self.reader.wrong(row, "unit_title" if states_unit(row) else "title", _HELD, line=above)

    def _note_gaps(self, done: Assembled) -> None:
        if not done.data.units:
            self.notes[self.rows[0].line].append({"kind": "no_units"})
        if "outcome" in self.check.plan.fields:
            for place, line in done.units.items():
                if not done.data.units[place].outcomes:
                    self.notes[line].append({"kind": "no_outcomes"})

    def _values(self, row: ReadRow, done: Assembled | None) -> dict[str, Any]:
        effect = done.effects.get(row.line) if done else None
        verdict = RowVerdict.UNCHANGED
        if row.problems or effect is None:
            verdict = RowVerdict.WRONG
        elif effect.new:
            verdict = RowVerdict.NEW
        elif effect.changes:
            verdict = RowVerdict.CHANGED
        place = done.unit_of.get(row.line) if done else None
        unit = done.data.units[place] if done and place is not None else None
        title = row.texts.get("outcome") or (_title(unit) if unit else "") or row.texts.get("title", "")
        notes = self.notes[row.line]
        right = verdict != RowVerdict.WRONG and effect is not None
        return {
            "batch_id": self.check.batch.id, "line": row.line, "verdict": verdict,
            "taken": verdict in (RowVerdict.NEW, RowVerdict.CHANGED), "doubtful": bool(notes),
            "code": (row.texts.get("unit_code") or row.texts.get("code") or "")[:60] or None,
            "title": title[:500], "qualification_id": self._id,
            "data": {"texts": row.texts, "key": list(self.key)},
            "problems": [one.as_json() for one in _once(row.problems)],
            "changes": effect.changes if right and effect else {},
            "notes": [*self._within(row, unit), *notes], "seen": self._seen,
        }  # fmt: skip

    @property
    def _id(self) -> int | None:
        return self.version.qualification_id if self.version else None

    @property
    def _seen(self) -> list[int] | None:
        return [self.version.number, self.version.revision] if self.version else None

    def _within(self, row: ReadRow | None, unit: UnitData | None) -> list[dict[str, Any]]:
        if unit is None:
            return []
        title = self.base.titles.get(self.base.original_language, "") if self.base else None
        record = title or self.rows[0].texts.get("title") or self.rows[0].texts.get("code") or ""
        above = [record, _title(unit)] if row is None or row.texts.get("outcome") else [record]
        return [{"kind": "within", "codes": above}]

    def _gone(self, done: Assembled) -> Iterator[dict[str, Any]]:
        """Give what is registered below this record but is not in the file; it stays."""
        known = len(self.base.units) if self.base else 0
        for place, unit in enumerate(done.data.units[:known]):
            if place not in done.units:
                if done.units:
                    yield self._gone_row(unit, _title(unit), None)
                continue
            stated = {one for of, one in done.outcomes if of == place}
            before = self.base.units[place].outcomes if self.base else ()
            for number, outcome in enumerate(before):
                if stated and number not in stated:
                    text = said(outcome.texts, outcome.original_language or "")
                    yield self._gone_row(unit, text, unit)

    def _gone_row(self, unit: UnitData, title: str, within: UnitData | None) -> dict[str, Any]:
        notes = self._within(None, within) if within else self._within(ReadRow(0, ()), unit)
        return {
            "batch_id": self.check.batch.id, "line": None, "verdict": RowVerdict.DISAPPEARED, "taken": False,
            "repaired": False, "doubtful": False, "succeeds": False, "code": unit.code, "title": title[:500],
            "qualification_id": self._id, "cells": None, "data": None, "problems": [], "repairs": [],
            "changes": {}, "notes": notes, "seen": self._seen, "done": None,
        }  # fmt: skip


def _title(unit: UnitData) -> str:
    return said(unit.titles, unit.original_language or "")


def _once(problems: Sequence[Problem]) -> list[Problem]:
    return list({(one.field, str(one.what)): one for one in problems}.values())
