"""The check: what each row of a batch means for the register. The register itself stays as it is."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, fields, replace
from functools import cached_property
from itertools import islice
from typing import Any

from sqlalchemy import delete, insert, update
from sqlalchemy.orm import Session

from rqf import exchange
from rqf.errors import N_, Invalid
from rqf.models import Country, ImportBatch, ImportRow, catalogue
from rqf.models.tables import now
from rqf.people import Actor
from rqf.registry.description import QualificationData, as_json, differences
from rqf.registry.imports import afterwards
from rqf.registry.imports.batches import find_batch, reopened, require_open
from rqf.registry.imports.near import Title, Titles
from rqf.registry.imports.plan import Plan, check_plan
from rqf.registry.imports.reading import Reader, ReadRow
from rqf.registry.imports.registered import (
    KnownRows,
    Registered,
    decisions_on,
    find_codes,
    find_rows,
    find_untitled,
)
from rqf.registry.imports.unit_check import check_units
from rqf.registry.validation import check as check_description
from rqf.rules.lineage import earlier_editions
from rqf.rules.repairs import same_but_blanks
from rqf.rules.terms import BatchStatus, RowVerdict

#: Called with how many rows are done, and of how many.
Progress = Callable[[int, int], None]
#: Gives the session that the next few statements write with.
Writing = Callable[[], AbstractContextManager[Session]]

_AT_ONCE = 500
_ONCE = N_("each record in one line only")
_NAMES = tuple(one.name for one in fields(QualificationData))
#: Texts in which white space makes no difference.
_TEXTS = (
    "level_note", "volume_unit", "volume_note", "credit_scheme", "awarding_body", "entry_requirements",
    "entitlements", "legal_act", "source",
)  # fmt: skip


def check(
    session: Session,
    actor: Actor,
    uuid: str,
    plan: Plan | None = None,
    progress: Progress | None = None,
    writing: Writing | None = None,
) -> ImportBatch:
    """Say for every row of a batch what it means; what was said before is forgotten.

    ``session`` reads, and writes as well unless ``writing`` gives short transactions for that: then nobody
    waits while a long file is read and compared. Until the end the batch counts as unchecked.

    :raises Invalid: the plan cannot be used.
    :raises WrongState: the batch was applied already.
    """
    writing = writing or (lambda: nullcontext(session))
    batch = find_batch(session, actor, uuid)
    require_open(batch)
    plan = plan or Plan.from_json(batch.plan)
    check_plan(plan)
    with writing() as writer:
        _begin(writer, batch, plan)
    with reopened(session, batch) as sheet:
        if plan.has_units:
            repairs = check_units(session, batch, plan, sheet, progress, writing)
            more = None
        else:
            facts = _check_records(session, batch, plan, sheet, progress, writing)
            repairs, more = facts.counted(), afterwards.find(session, batch, facts)
    with writing() as writer:
        return _end(writer, batch, repairs, more)


def _begin(session: Session, batch: ImportBatch, plan: Plan) -> None:
    session.execute(
        update(ImportBatch)
        .where(ImportBatch.id == batch.id)
        .values(plan=plan.as_json(), status=BatchStatus.READ, totals={})
    )
    session.execute(delete(ImportRow).where(ImportRow.batch_id == batch.id))


def _end(
    session: Session, batch: ImportBatch, repairs: list[dict[str, Any]], more: afterwards.More | None
) -> ImportBatch:
    if more:
        afterwards.keep(session, batch, more)
    batch = session.get_one(ImportBatch, batch.id, populate_existing=True)
    batch.status, batch.checked_at = BatchStatus.CHECKED, now()
    batch.totals = afterwards.totals(session, batch, repairs)
    session.flush()
    return batch


def _check_records(
    session: Session,
    batch: ImportBatch,
    plan: Plan,
    sheet: exchange.Sheet,
    progress: Progress | None,
    writing: Writing,
) -> afterwards.Facts:
    found = _Check(session, batch, plan)
    done = 0
    rows = iter(sheet)
    while some := list(islice(rows, _AT_ONCE)):
        judged = found.judge(some)
        done += len(some)
        if progress:
            # Before the writing, which writes down how far a job is, too.
            progress(done, sheet.total)
        with writing() as writer:
            # The table itself: the mapper would write rows with other empty fields one by one.
            writer.execute(insert(ImportRow.__table__), judged)  # type: ignore[arg-type]
    return found.facts


class _Check:
    """Judges the rows, some hundred at a time."""

    def __init__(self, session: Session, batch: ImportBatch, plan: Plan) -> None:
        self.session, self.batch = session, batch
        self.home = session.get_one(Country, batch.country_code)
        self.known = KnownRows(session, self.home.code)
        self.reader = Reader(plan, self.home, self.known.systems)
        self.facts = afterwards.Facts(self.home.code, Titles(catalogue.read_synonyms(session)))

    @cached_property
    def untitled(self) -> dict[tuple[str, str], list[Registered]]:
        """Return the records without a code by kind and title; read when a row has none either."""
        return find_untitled(self.session, self.home.code)

    def judge(self, some: Iterable[tuple[int, tuple[str, ...]]]) -> list[dict[str, Any]]:
        """Return what was found about these rows, as it is stored."""
        rows = [self.reader.read(line, cells) for line, cells in some]
        there = find_rows(self.session, self.home.code, rows)
        by_uuid = {one.uuid: one for one in there}
        self.known.holders = {(one.data.code_system, one.data.code): one for one in there}
        judged = [self._judge(row, by_uuid) for row in rows]
        self._succeed([one for one in judged if one.verdict == RowVerdict.NEW])
        changed = [one.meant.id for one in judged if one.meant and one.verdict == RowVerdict.CHANGED]
        touched = decisions_on(self.session, changed)
        for one in judged:
            if one.meant and one.meant.id in touched:
                one.notes.append({"kind": "touches", **touched[one.meant.id]})
        return [one.stored(self.batch.id) for one in judged]

    def _judge(self, row: ReadRow, by_uuid: dict[str, Registered]) -> _Judged:
        meant, how = self._meant(row, by_uuid)
        data = self.reader.describe(row, meant.data if meant else None)
        if row.texts.get("id") and row.texts["id"] not in by_uuid:
            self.reader.wrong(row, "id", N_("There is no such record in your country's register."))
        if meant:
            data = _as_it_was(meant.data, data)
        checked = self._checked(row, data, meant)
        self._note_twice(row, meant)
        one = _Judged(row, meant, checked or data, RowVerdict.WRONG, {}, [])
        if how:
            one.notes.append({"kind": "matched", "by": how})
        if checked and not row.problems:
            one.verdict, one.changes = _compare(meant, checked)
            self.facts.titles.add(_title(row.line, checked))
        if holder := self.known.holders.get((one.data.code_system, one.data.code)):
            self.facts.met.add(holder.id)
        self.facts.note(one.data.code_system, one.data.code, meant.id if meant else None, row.repairs)
        return one

    def _meant(self, row: ReadRow, by_uuid: dict[str, Registered]) -> tuple[Registered | None, str | None]:
        """Return the record that the row is about and how that was seen: by id, code or title."""
        if row.texts.get("id"):
            return by_uuid.get(row.texts["id"]), "id"
        system, code = row.codes()
        if code:
            found = self.known.holders.get((system, code))
            return found, "code" if found else None
        alike = self.untitled.get((row.texts.get("type", ""), row.texts.get("title", "").casefold()), [])
        return (alike[0], "title") if len(alike) == 1 else (None, None)

    def _checked(
        self, row: ReadRow, data: QualificationData, meant: Registered | None
    ) -> QualificationData | None:
        try:
            own = meant.own if meant else None
            checked = check_description(self.session, data, own, self.known)
        except Invalid as error:
            self.reader.note_all(row, error, data)
            return None
        framework = checked.level.edition.framework.code if checked.level else None
        return replace(checked.data, framework=framework)

    def _note_twice(self, row: ReadRow, meant: Registered | None) -> None:
        system, code = row.codes()
        key = meant.id if meant else afterwards.code_key(system, code)
        if not meant and not code:
            return
        first = self.facts.lines.setdefault(key, row.line)
        if first != row.line:
            template = N_("The record “%(value)s” is in line %(line)s already.")
            if code:
                template = N_("The code %(value)s is in line %(line)s already.")
            said = code or row.texts.get("title", "")
            place = "code" if code else "title"
            self.reader.wrong(row, place, template, allowed=_ONCE, value=said, line=first)

    def _succeed(self, new: list[_Judged]) -> None:
        """Note which registered records the new rows replace: named by the row, or earlier editions."""
        earlier = {code for one in new if one.data.code for code in earlier_editions(one.data.code)}
        named = {code for one in new for code in one.row.replaces()}
        there = {
            (one.data.code_system, one.data.code): one
            for one in find_codes(self.session, self.home.code, earlier | named)
        }
        for one in new:
            codes = one.row.replaces() or list(earlier_editions(one.data.code or ""))
            replaced = [there[key] for code in codes if (key := (one.data.code_system, code)) in there]
            missing = [code for code in one.row.replaces() if (one.data.code_system, code) not in there]
            if missing:
                one.notes.append({"kind": "replaces_unknown", "codes": missing})
            if replaced:
                old = [(item.id, item.data.code or "") for item in replaced]
                self.facts.successions[one.row.line] = one.data.code or "", old


@dataclass
class _Judged:
    """A row with what was found about it."""

    row: ReadRow
    meant: Registered | None
    data: QualificationData
    verdict: RowVerdict
    changes: dict[str, Any]
    notes: list[dict[str, Any]]

    def stored(self, batch_id: int) -> dict[str, Any]:
        """Return the values of the stored row."""
        right = self.verdict != RowVerdict.WRONG
        title = self.data.titles.get(self.data.original_language, "")
        return {
            "batch_id": batch_id, "line": self.row.line, "verdict": self.verdict,
            "taken": self.verdict in (RowVerdict.NEW, RowVerdict.CHANGED), "fate": None, "reason": None,
            "repaired": bool(self.row.repairs), "doubtful": False, "succeeds": False,
            "code": (self.data.code or "")[:60] or None, "title": title[:500],
            "qualification_id": self.meant.id if self.meant else None, "cells": list(self.row.cells),
            "data": _said(self.data) if right and self.verdict != RowVerdict.UNCHANGED else None,
            "problems": [one.as_json() for one in self.row.problems], "repairs": self.row.repairs,
            "changes": self.changes, "notes": self.notes,
            "seen": [self.meant.number, self.meant.revision] if self.meant else None, "done": None,
        }  # fmt: skip


def _said(data: QualificationData) -> dict[str, Any]:
    """Return what the data says in JSON's values; what is left out says nothing."""
    stated = {name: value for name in _NAMES if (value := getattr(data, name)) not in (None, ())}
    return {name: as_json(value) for name, value in stated.items()}


def _title(line: int, data: QualificationData) -> Title:
    return Title(line, data.titles.get(data.original_language, ""), data.original_language, data.type.value)


def _as_it_was(before: QualificationData, data: QualificationData) -> QualificationData:
    """Return the data in which texts that differ in white space only are as they were."""
    kept = {
        name: getattr(before, name)
        for name in _TEXTS
        if getattr(data, name)
        and getattr(before, name)
        and same_but_blanks(getattr(data, name), getattr(before, name))
    }
    return replace(data, **kept)


def _compare(meant: Registered | None, data: QualificationData) -> tuple[RowVerdict, dict[str, Any]]:
    if meant is None:
        return RowVerdict.NEW, {}
    was, became = differences(meant.data, data)
    changes = {name: [was[name], became[name]] for name in was}
    if not changes:
        return RowVerdict.UNCHANGED, {}
    return RowVerdict.CHANGED, changes
