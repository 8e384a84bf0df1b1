"""The apply of a file with units and outcomes: record by record, through registering and revising."""

from __future__ import annotations

from array import array
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields
from decimal import Decimal
from itertools import islice
from typing import Any

from sqlalchemy import bindparam, delete, exists, func, select, update
from sqlalchemy.orm import Session, aliased

from rqf.errors import Changed, Invalid, Message
from rqf.models import (
    CatalogueChange,
    Country,
    ImportBatch,
    ImportRow,
    LearningOutcome,
    QualificationVersion,
    Unit,
    VersionUnit,
    audit,
)
from rqf.people import Actor
from rqf.registry.description import OutcomeData, UnitData, describe, describe_unit, differences
from rqf.registry.imports.batches import SINCE
from rqf.registry.imports.plan import Plan
from rqf.registry.imports.reading import Reader, ReadRow
from rqf.registry.imports.unit_check import READ, read_again
from rqf.registry.imports.unit_records import Found, Key, base_of, find_records, forget
from rqf.registry.imports.unit_rows import assemble
from rqf.registry.national_lists import Known
from rqf.registry.qualifications import register, revise
from rqf.rules.terms import OutcomeDomain, RowVerdict, VersionStatus

_RECORDS = 50
_AT_ONCE = 500
_TABLE: Any = ImportRow.__table__
_MARK = (
    update(_TABLE)
    .where(_TABLE.c.batch_id == bindparam("batch"), _TABLE.c.line == bindparam("of"))
    .values(qualification_id=bindparam("record"), done=bindparam("what"))
)


def apply_units(session: Session, actor: Actor, batch: ImportBatch, progress: Any) -> int:
    """Write the rows that are taken, and return how many records that made or changed."""
    return _Apply(session, actor, batch).run(progress)


class _Apply:
    def __init__(self, session: Session, actor: Actor, batch: ImportBatch) -> None:
        self.session, self.actor, self.batch = session, actor, batch
        self.home = session.get_one(Country, batch.country_code)
        systems = Known(session, batch.country_code).systems
        self.reader = Reader(Plan.from_json(batch.plan), self.home, systems)

    def run(self, progress: Any) -> int:
        """Write record after record."""
        groups = self._groups()
        keys = iter(groups)
        count = 0
        while chunk := list(islice(keys, _RECORDS)):
            rows = {key: list(self._rows(groups[key])) for key in chunk}
            every = [row for some in rows.values() for row in some]
            found = find_records(self.session, self.home, set(chunk), every)
            for key in chunk:
                self._write(key, rows[key], found)
                count += 1
            if progress:
                progress(count, len(groups))
            self.session.flush()
            forget(self.session, (*READ, audit.AuditEntry, CatalogueChange))
        return count

    def _groups(self) -> dict[Key, array[int]]:
        """Return record -> the lines about it that are taken."""
        groups: dict[Key, array[int]] = defaultdict(lambda: array("q"))
        rows = self.session.execute(
            select(ImportRow.line, ImportRow.data)
            .where(
                ImportRow.batch_id == self.batch.id,
                ImportRow.taken,
                ImportRow.verdict.in_((RowVerdict.NEW, RowVerdict.CHANGED)),
            )
            .order_by(ImportRow.line),
            execution_options={"yield_per": 1000},
        )
        for line, data in rows:
            groups[tuple(data["key"])].append(line)
        return groups

    def _rows(self, lines: array[int]) -> Iterator[ReadRow]:
        for start in range(0, len(lines), _AT_ONCE):
            yield from read_again(self.session, self.batch.id, lines[start : start + _AT_ONCE].tolist())

    def _write(self, key: Key, rows: list[ReadRow], found: Found) -> None:
        there = found.records(key)
        version = there[0] if len(there) == 1 else None
        self._refuse_changed(rows[0], version, key)
        base = base_of(version)
        done = assemble(self.reader, base, found.shared, rows)
        problems: dict[str, list[Message]] = {
            f"{row.line}.{one.field}": [one.what] for row in rows for one in row.problems
        }
        if problems:
            raise Invalid(problems)
        origin = {"import": self.batch.uuid, "line": rows[0].line}
        before = {link.unit_id for link in version.units} if version else set()
        if version is None:
            saved = register(self.session, self.actor, done.data, origin=origin)
            what: dict[str, Any] = {"added": "record"}
        else:
            draft = version.status == VersionStatus.DRAFT
            uuid = version.qualification.uuid
            saved = revise(self.session, self.actor, uuid, done.data, origin=origin)
            was, _ = differences(base, describe(saved)) if base else ({}, {})
            what = {"was": was} if draft else {"added": "version"}
        added = [link.unit_id for link in saved.units if link.unit_id not in before]
        # The next records of this file share the units that this one brought.
        found.shared.update(
            ((link.unit.code_system_code, link.unit.code), describe_unit(link.unit)) for link in saved.units
        )
        self._mark(rows, saved, {**what, "units": self._own(added)})

    def _own(self, units: list[int]) -> list[int]:
        """Return those of the units that no other version has: an undo takes them away."""
        shared = set(
            self.session.scalars(
                select(VersionUnit.unit_id)
                .where(VersionUnit.unit_id.in_(units))
                .group_by(VersionUnit.unit_id)
                .having(func.count() > 1)
            )
        )
        return [one for one in units if one not in shared]

    def _refuse_changed(self, head: ReadRow, version: QualificationVersion | None, key: Key) -> None:
        seen = self.session.scalar(
            select(ImportRow.seen).where(ImportRow.batch_id == self.batch.id, ImportRow.line == head.line)
        )
        if seen != ([version.number, version.revision] if version else None):
            raise Changed(SINCE, value=key[-1])

    def _mark(self, rows: list[ReadRow], saved: QualificationVersion, what: dict[str, Any]) -> None:
        """Keep with the first row what was done to the record, so that it can be undone."""
        done = {"version": saved.id, "revision": saved.revision, **what}
        self.session.connection().execute(
            _MARK,
            [
                {
                    "batch": self.batch.id, "of": row.line, "record": saved.qualification_id,
                    "what": done if row is rows[0] else None,
                }
                for row in rows
            ],
        )  # fmt: skip


def restore_units(stored: Iterable[Mapping[str, Any]]) -> tuple[UnitData, ...]:
    """Return units from JSON's values."""
    return tuple(_restore_unit(one) for one in stored)


def _restore_unit(stored: Mapping[str, Any]) -> UnitData:
    values = {one.name: stored[one.name] for one in fields(UnitData) if one.name in stored}
    values["hours"] = Decimal(values["hours"]) if values.get("hours") else None
    values["outcomes"] = tuple(
        OutcomeData(OutcomeDomain(one["domain"]), one["texts"], one["original_language"])
        for one in stored["outcomes"]
    )
    return UnitData(**values)


def drop_units(session: Session, ids: Iterable[int]) -> None:
    """Delete units that a batch added and that no version has any more."""
    copy = aliased(Unit)
    free = list(
        session.scalars(
            select(Unit.id).where(
                Unit.id.in_(sorted(ids)),
                ~exists().where(VersionUnit.unit_id == Unit.id),
                ~exists().where(copy.revised_from_id == Unit.id),
            )
        )
    )
    for table, column in ((LearningOutcome, LearningOutcome.unit_id), (Unit, Unit.id)):
        session.execute(delete(table).where(column.in_(free)))
