"""The undo: a batch is taken back, unless somebody has decided something on its records since."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from sqlalchemy import Column, delete, select, update
from sqlalchemy.orm import Session, selectinload

from rqf.errors import N_, Changed, Invalid, Message, WrongState, message
from rqf.models import (
    ImportBatch,
    ImportRow,
    Model,
    Qualification,
    QualificationVersion,
    Replacement,
    Unit,
    VersionUnit,
    audit,
    catalogue,
)
from rqf.models.audit import Entry
from rqf.models.tables import now
from rqf.people import Actor
from rqf.registry import quality
from rqf.registry.description import QualificationData, as_json, describe
from rqf.registry.imports import leaving
from rqf.registry.imports.apply import bodies_of, levels_of, restore, say
from rqf.registry.imports.batches import claim, find_batch
from rqf.registry.imports.unit_apply import drop_units, restore_units
from rqf.registry.national_lists import Known
from rqf.registry.soundness import completeness_of
from rqf.registry.units import put_units
from rqf.registry.validation import Checked
from rqf.rules.terms import BatchStatus, RowVerdict, VersionStatus

_AT_ONCE = 400
#: Reasons that are said at once.
_MOST = 50
#: Tables whose rows belong to a version or record and go with it.
_PARTS = frozenset(
    {
        "version_unit", "version_quality", "import_row", "replacement", "qualification_version",
        "catalogue_change",
    }
)  # fmt: skip


def undo(session: Session, actor: Actor, uuid: str) -> ImportBatch:
    """Take back what a batch put into the register.

    :raises WrongState: the batch is not applied.
    :raises Invalid: something rests on its records since, which it says.
    """
    batch = find_batch(session, actor, uuid)
    require_undoable(batch)
    audit.lock(session)
    done = session.scalars(
        select(ImportRow)
        .where(ImportRow.batch_id == batch.id, ImportRow.done.is_not(None))
        # The apply writes past the mapper.
        .execution_options(populate_existing=True)
    ).all()
    versions = _versions(session, [row.done["version"] for row in done if row.done])
    rows = [row for row in done if row.verdict != RowVerdict.DISAPPEARED]
    left = [row for row in done if row.verdict == RowVerdict.DISAPPEARED]
    _refuse_decided(session, rows, versions, leaving.reasons_against(left, versions))
    touched = _take_back(session, batch, rows, versions)
    back = leaving.bring_back(session, actor, batch, left, versions)
    if not claim(session, batch, BatchStatus.APPLIED, status=BatchStatus.UNDONE, undone_at=now()):
        raise Changed(N_("Somebody undid this import at the same moment."))
    catalogue.note_changes(session, [*(id for id, _ in touched), *back])
    _note(session, actor, batch, [record for _, record in touched])
    session.refresh(batch)
    return batch


def require_undoable(batch: ImportBatch) -> None:
    """Refuse a batch that is not applied.

    :raises WrongState: it is not.
    """
    if batch.status != BatchStatus.APPLIED:
        raise WrongState(
            N_("This import is %(status)s; only an applied one can be undone."), status=batch.status
        )


def _versions(session: Session, ids: list[int]) -> dict[int, QualificationVersion]:
    found: dict[int, QualificationVersion] = {}
    for start in range(0, len(ids), _AT_ONCE):
        rows = session.scalars(
            select(QualificationVersion)
            .where(QualificationVersion.id.in_(ids[start : start + _AT_ONCE]))
            .options(
                selectinload(QualificationVersion.qualification),
                selectinload(QualificationVersion.awarding_body),
                selectinload(QualificationVersion.units).selectinload(VersionUnit.unit),
            )
        )
        found |= {row.id: row for row in rows}
    return found


def _refuse_decided(
    session: Session,
    rows: list[ImportRow],
    versions: dict[int, QualificationVersion],
    others: Iterable[Message],
) -> None:
    resting = _resting(session, "qualification_version", [row.done["version"] for row in rows if row.done])
    added = [row.qualification_id for row in rows if row.done and row.done.get("added") == "record"]
    on_record = _resting(session, "qualification", [id for id in added if id])
    reasons: list[Message] = list(others)
    for row in rows:
        done = row.done or {}
        version = versions.get(done["version"])
        name = row.code or row.title
        if version is None:
            reasons.append(message(N_("%(value)s: the draft is gone."), value=name))
        elif version.status != VersionStatus.DRAFT:
            reasons.append(message(N_("%(value)s: it was published since."), value=name))
        elif version.revision != done["revision"]:
            reasons.append(message(N_("%(value)s: somebody edited it since."), value=name))
        for table in resting.get(done["version"], ()) or on_record.get(row.qualification_id or 0, ()):
            said = N_("%(value)s: something rests on it since (%(what)s).")
            reasons.append(message(said, value=name, what=table.replace("_", " ")))
    if reasons:
        more = len(reasons) - _MOST
        rest = [message(N_("%(n)s more are not shown."), n=more)] if more > 0 else []
        raise Invalid({"batch": [*reasons[:_MOST], *rest]})


def _resting(session: Session, table: str, ids: list[int]) -> dict[int, list[str]]:
    """Return id -> the tables with rows that point to it, whichever tables there are."""
    found: dict[int, list[str]] = {}
    for column in _pointing_to(table):
        for start in range(0, len(ids), _AT_ONCE):
            rows = session.scalars(select(column).where(column.in_(ids[start : start + _AT_ONCE])).distinct())
            for id in rows:
                found.setdefault(id, []).append(column.table.name)
    return found


def _pointing_to(table: str) -> list[Column[Any]]:
    return [
        key.parent
        for other in Model.metadata.sorted_tables
        if other.name not in _PARTS
        for key in other.foreign_keys
        if key.column.table.name == table
    ]


def _take_back(
    session: Session, batch: ImportBatch, rows: list[ImportRow], versions: dict[int, QualificationVersion]
) -> list[tuple[int, Entry]]:
    """Take back each row; return the records that were touched, with what is said of them."""
    known = Known(session, batch.country_code)
    levels, bodies = levels_of(known), bodies_of(session, batch.country_code)
    touched, gone = [], []
    #: Drafts that read as they did before -> their revision then.
    as_before: dict[int, int] = {}
    gone_versions = [row.done["version"] for row in rows if row.done and "was" not in row.done]
    quality.forget(session, gone_versions)
    units = [id for row in rows if row.done for id in row.done.get("units", ())]
    for row in rows:
        done = row.done or {}
        version = versions[done["version"]]
        uuid, id = version.qualification.uuid, version.qualification_id
        details: dict[str, Any] = {"import": batch.uuid, "line": row.line, "version": version.number}
        if "was" in done:
            was = {**as_json(describe(version)), **done["was"]}
            say(version, (data := restore(was)), levels, bodies.get(data.awarding_body or ""))
            if "units" in done["was"]:
                _put_back_units(session, version, data, done["was"]["units"])
            version.completeness = completeness_of(version)
            as_before[version.id] = (row.seen or (0, 0))[1]
            details["after"] = done["was"]
        else:
            session.delete(version)
            gone += [id] if done["added"] == "record" else []
        row.done = None
        if id in gone:
            row.qualification_id = None
        touched.append((id, Entry(uuid, details)))
    session.flush()
    _let_earlier_ones_undo(session, versions, as_before)
    for start in range(0, len(gone), _AT_ONCE):
        some = gone[start : start + _AT_ONCE]
        session.execute(
            update(ImportRow).where(ImportRow.qualification_id.in_(some)).values(qualification_id=None)
        )
        session.execute(delete(Replacement).where(Replacement.successor_id.in_(some)))
        session.execute(delete(Qualification).where(Qualification.id.in_(some)))
    for start in range(0, len(units), _AT_ONCE):
        drop_units(session, units[start : start + _AT_ONCE])
    quality.keep(session, {id for id, _ in touched} - set(gone))
    return touched


def _let_earlier_ones_undo(
    session: Session, versions: dict[int, QualificationVersion], as_before: dict[int, int]
) -> None:
    """Tell the imports before this one that their drafts read as they left them: nobody edited those."""
    ids = sorted(versions[id].qualification_id for id in as_before)
    for start in range(0, len(ids), _AT_ONCE):
        earlier = session.scalars(
            select(ImportRow).where(
                ImportRow.qualification_id.in_(ids[start : start + _AT_ONCE]), ImportRow.done.is_not(None)
            )
        )
        for row in earlier:
            done = row.done or {}
            if as_before.get(done["version"]) == done["revision"]:
                row.done = {**done, "revision": versions[done["version"]].revision}


def _put_back_units(
    session: Session, version: QualificationVersion, data: QualificationData, stored: list[dict[str, Any]]
) -> None:
    units = restore_units(stored)
    there = session.scalars(
        select(Unit).where(Unit.uuid.in_([one.uuid for one in units])).options(selectinload(Unit.outcomes))
    )
    put_units(
        session, version, Checked(replace(data, units=units), version.level, {one.uuid: one for one in there})
    )


def _note(session: Session, actor: Actor, batch: ImportBatch, records: list[Entry]) -> None:
    audit.record_all(session, actor.account, "qualification.take_back", "qualification", records,
                     country=batch.country_code)  # fmt: skip
    audit.record(session, actor.account, "import.undo", "import_batch", batch.uuid,
                 country=batch.country_code, records=len(records), file=batch.file_name)  # fmt: skip
