"""What shows only when all rows are read: likely duplicates, replaced editions, records that disappeared."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import func, insert, select, update
from sqlalchemy.orm import Session

from rqf.models import ImportBatch, ImportRow, Qualification, QualificationVersion
from rqf.registry.imports.near import Title, Titles
from rqf.registry.imports.registered import decisions_on
from rqf.rules.terms import GoneFate, RowVerdict, VersionStatus

_AT_ONCE = 400
#: Near titles that are shown for one row.
_MOST_NEAR = 5
#: A record that is out of force already cannot disappear.
_LIVING = (VersionStatus.DRAFT, VersionStatus.PUBLISHED)


@dataclass
class Facts:
    """What the check remembers of all rows: little for each."""

    country: str
    titles: Titles
    #: record, or hash of code system and code -> the first line about it
    lines: dict[int, int] = field(default_factory=dict)
    systems: set[str] = field(default_factory=set)
    #: Records that a row is about, or whose code a row has.
    met: set[int] = field(default_factory=set)
    repairs: Counter[tuple[str, str]] = field(default_factory=Counter)
    #: line -> its code, and (id, code) of the records that it replaces
    successions: dict[int, tuple[str, list[tuple[int, str]]]] = field(default_factory=dict)

    def note(
        self, system: str | None, code: str | None, id: int | None, repairs: Iterable[dict[str, str]]
    ) -> None:
        """Remember a row."""
        if code and system:
            self.systems.add(system)
        if id:
            self.met.add(id)
        self.repairs.update((one["column"], one["kind"]) for one in repairs)

    def counted(self) -> list[dict[str, Any]]:
        """Return the repairs by column and kind."""
        return [
            {"column": column, "kind": kind, "count": count}
            for (column, kind), count in sorted(self.repairs.items())
        ]


def code_key(system: str | None, code: str | None) -> int:
    """Return a number for a code, negative so that it is no record's: texts would fill the memory."""
    return -abs(hash((system, code)))


@dataclass(frozen=True)
class More:
    """What only all rows together show: line -> notes, and the rows of records that disappeared."""

    notes: dict[int, list[dict[str, Any]]]
    disappeared: list[dict[str, Any]]


def find(session: Session, batch: ImportBatch, facts: Facts) -> More:
    """Return what only all rows of a batch together show. Nothing is written."""
    notes: dict[int, list[dict[str, Any]]] = defaultdict(list)
    successors = _note_successions(facts, notes)
    _note_near(session, batch, facts, notes)
    return More(notes, _find_disappeared(session, batch, facts, successors))


def keep(session: Session, batch: ImportBatch, more: More) -> None:
    """Write it to the rows of the batch."""
    _write_notes(session, batch, more.notes)
    if more.disappeared:
        session.execute(insert(ImportRow), more.disappeared)


def _note_successions(facts: Facts, notes: dict[int, list[dict[str, Any]]]) -> dict[int, list[str]]:
    """Return record id -> the codes that replace it. What stands in the file itself is not replaced."""
    successors: dict[int, list[str]] = defaultdict(list)
    for line, (own, replaced) in facts.successions.items():
        gone = [(id, code) for id, code in replaced if id not in facts.met]
        both = [code for id, code in replaced if id in facts.met]
        if gone:
            notes[line].append(
                {"kind": "replaces", "ids": [id for id, _ in gone], "codes": [code for _, code in gone]}
            )
        if both:
            notes[line].append({"kind": "both_editions", "codes": both})
        for id, _ in gone:
            successors[id].append(own)
    return successors


def _note_near(
    session: Session, batch: ImportBatch, facts: Facts, notes: dict[int, list[dict[str, Any]]]
) -> None:
    for row in _registered_titles(session, facts.country):
        if row.id not in facts.met:
            text = row.titles.get(row.original_language, "")
            facts.titles.add(Title(-row.id, text, row.original_language, row.type.value))
    read = _Near(session, batch)
    for line, other, score in facts.titles.pairs(read.texts):
        if other > 0:
            for one, two in ((line, other), (other, line)):
                title = read.titles[two]
                notes[one].append({"kind": "near_row", "line": two, "title": title, "score": score})
        elif -other not in {id for id, _ in facts.successions.get(line, ("", []))[1]}:
            code, uuid = read.records[-other]
            notes[line].append({"kind": "near_record", "uuid": uuid, "code": code,
                                "title": read.titles[other], "score": score})  # fmt: skip


class _Near:
    """Reads the titles that are compared, of rows by line and of records by their negative id."""

    def __init__(self, session: Session, batch: ImportBatch) -> None:
        self.session, self.batch = session, batch
        self.titles: dict[int, str] = {}
        #: record id -> code, uuid
        self.records: dict[int, tuple[str | None, str]] = {}

    def texts(self, places: Collection[int]) -> dict[int, str]:
        """Return the titles at these places; those before are forgotten."""
        self.titles = {}
        self.records = {}
        lines, ids = sorted(one for one in places if one > 0), sorted(-one for one in places if one < 0)
        for start in range(0, len(lines), _AT_ONCE):
            found = self.session.execute(
                select(ImportRow.line, ImportRow.title).where(
                    ImportRow.batch_id == self.batch.id, ImportRow.line.in_(lines[start : start + _AT_ONCE])
                )
            )
            self.titles |= {row.line: row.title for row in found}
        for start in range(0, len(ids), _AT_ONCE):
            self._read_records(ids[start : start + _AT_ONCE])
        return self.titles

    def _read_records(self, ids: Sequence[int]) -> None:
        for row in self.session.execute(_TITLES.where(Qualification.id.in_(ids))):
            self.titles[-row.id] = row.titles.get(row.original_language, "")
            self.records[row.id] = row.code, row.uuid


_TITLES = (
    select(
        Qualification.id, Qualification.uuid, Qualification.code, Qualification.type,
        QualificationVersion.titles, QualificationVersion.original_language,
    )
    .join(Qualification)
    .where(QualificationVersion.status.in_(_LIVING))
    .order_by(QualificationVersion.number)
)  # fmt: skip


def _registered_titles(session: Session, country: str) -> Iterable[Any]:
    return session.execute(
        _TITLES.where(Qualification.country_code == country), execution_options={"yield_per": 1000}
    )


def _write_notes(session: Session, batch: ImportBatch, notes: dict[int, list[dict[str, Any]]]) -> None:
    lines = sorted(notes)
    for start in range(0, len(lines), _AT_ONCE):
        rows = session.execute(
            select(ImportRow.id, ImportRow.line, ImportRow.notes).where(
                ImportRow.batch_id == batch.id, ImportRow.line.in_(lines[start : start + _AT_ONCE])
            )
        ).all()
        session.execute(update(ImportRow), [_noted(row.id, [*row.notes, *notes[row.line]]) for row in rows])


def _noted(id: int, notes: list[dict[str, Any]]) -> dict[str, Any]:
    near = sorted((one for one in notes if "score" in one), key=lambda one: -one["score"])[:_MOST_NEAR]
    plain = [one for one in notes if "score" not in one]
    kinds = {one["kind"] for one in plain}
    return {
        "id": id, "notes": [*plain, *near], "succeeds": "replaces" in kinds,
        "doubtful": bool(near) or "both_editions" in kinds,
    }  # fmt: skip


def _find_disappeared(
    session: Session, batch: ImportBatch, facts: Facts, successors: dict[int, list[str]]
) -> list[dict[str, Any]]:
    """Return rows for the records whose code system is in the file, but not their code."""
    gone = list(_gone(session, facts))
    touched = decisions_on(session, [row.id for row in gone])
    return [_disappeared(batch.id, row, touched.get(row.id), successors.get(row.id)) for row in gone]


def _gone(session: Session, facts: Facts) -> Iterator[Any]:
    newest = (
        select(QualificationVersion.qualification_id, func.max(QualificationVersion.number).label("number"))
        .group_by(QualificationVersion.qualification_id)
        .subquery()
    )
    there = session.execute(
        select(
            Qualification.id, Qualification.code, Qualification.code_system_code,
            QualificationVersion.titles, QualificationVersion.original_language,
            QualificationVersion.number, QualificationVersion.revision, QualificationVersion.status,
        )
        .join(newest, newest.c.qualification_id == Qualification.id)
        .join(
            QualificationVersion,
            (QualificationVersion.qualification_id == Qualification.id)
            & (QualificationVersion.number == newest.c.number),
        )
        .where(
            Qualification.country_code == facts.country,
            Qualification.code_system_code.in_(sorted(facts.systems)),
            QualificationVersion.status.in_(_LIVING),
        )
        .order_by(Qualification.code),
        execution_options={"yield_per": 1000},
    )  # fmt: skip
    for row in there:
        if row.id not in facts.met:
            yield row


def _disappeared(
    batch_id: int, row: Any, touched: dict[str, int] | None, successors: Sequence[str] | None
) -> dict[str, Any]:
    notes: list[dict[str, Any]] = [{"kind": "touches", **touched}] if touched else []
    if successors:
        notes.append({"kind": "replaced_by", "codes": list(successors)})
    if row.status == VersionStatus.DRAFT and row.number == 1:
        notes.append({"kind": "unpublished"})
    return {
        "batch_id": batch_id, "line": None, "verdict": RowVerdict.DISAPPEARED, "taken": False,
        "fate": GoneFate.SUPERSEDE if successors else GoneFate.ASK, "reason": None,
        "repaired": False, "doubtful": False, "succeeds": False, "code": row.code,
        "title": row.titles.get(row.original_language, "")[:500], "qualification_id": row.id, "cells": None,
        "data": None, "problems": [], "repairs": [], "changes": {}, "notes": notes,
        "seen": [row.number, row.revision], "done": None,
    }  # fmt: skip


def totals(session: Session, batch: ImportBatch, repairs: list[dict[str, Any]]) -> dict[str, Any]:
    """Return what was counted: rows by verdict, rows with a flag, and the repairs."""
    verdicts = dict.fromkeys((one.value for one in RowVerdict), 0)
    counted = session.execute(
        select(ImportRow.verdict, func.count())
        .where(ImportRow.batch_id == batch.id)
        .group_by(ImportRow.verdict)
    )
    verdicts |= {verdict.value: count for verdict, count in counted}
    flags = {}
    for name in ("repaired", "doubtful", "succeeds"):
        flags[name] = session.scalar(
            select(func.count()).where(ImportRow.batch_id == batch.id, getattr(ImportRow, name).is_(True))
        )
    return {"verdicts": verdicts, "flags": flags, "repairs": repairs}
