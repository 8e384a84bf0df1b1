"""Records that the file no longer has: their fate is chosen, carried out by an apply, undone by an undo."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Literal

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from rqf.errors import N_, Changed, Invalid, Message, message
from rqf.models import ImportBatch, ImportRow, QualificationVersion, audit
from rqf.models.audit import Entry
from rqf.people import Actor
from rqf.registry.imports.batches import SINCE, find_batch, require_idle, require_open
from rqf.registry.imports.preview import Filter, where_of
from rqf.registry.leaving import Leaving, leave_force, look_again
from rqf.rules.terms import GoneFate, VersionStatus
from rqf.rules.texts import tidy

_AT_ONCE = 400
_LONGEST_REASON = 2000
#: Fates that an officer chooses; that a record is superseded is seen by the check.
CHOICES = (GoneFate.ASK, GoneFate.KEEP, GoneFate.RETIRE)
#: Fate -> the status that a record has after it.
_STATUS: dict[GoneFate, Literal[VersionStatus.RETIRED, VersionStatus.SUPERSEDED]] = {
    GoneFate.RETIRE: VersionStatus.RETIRED,
    GoneFate.SUPERSEDE: VersionStatus.SUPERSEDED,
}


def choose_fate(
    session: Session,
    actor: Actor,
    uuid: str,
    fate: GoneFate,
    wanted: Filter,
    ids: Sequence[int] = (),
    reason: str = "",
) -> int:
    """Choose what becomes of records that the file no longer has; return of how many.

    ``ids`` are rows; without them it is all rows of the filter, across its pages, but those that another
    record replaces: they are chosen one by one. Retiring names the legal act or another reason.

    :raises Invalid: the fate cannot be chosen, or the reason is missing or too long.
    :raises WrongState: the batch was applied, or a worker is at it.
    """
    batch = find_batch(session, actor, uuid)
    require_open(batch)
    require_idle(session, batch)
    _check_choice(fate, reason := tidy(reason))
    # A unit or outcome that a file no longer has stays with its record; it has no fate.
    where = [*where_of(batch, wanted), ImportRow.fate.is_not(None)]
    where.append(ImportRow.id.in_(ids) if ids else ImportRow.fate != GoneFate.SUPERSEDE)
    kept = reason if fate == GoneFate.RETIRE else None
    changed = session.execute(update(ImportRow).where(*where).values(fate=fate, reason=kept))
    return int(changed.rowcount)  # type: ignore[attr-defined]


def _check_choice(fate: GoneFate, reason: str) -> None:
    if fate not in CHOICES:
        said = N_("“%(value)s” cannot be chosen. Allowed: %(allowed)s.")
        raise Invalid({"fate": [message(said, value=fate, allowed=", ".join(CHOICES))]})
    if fate == GoneFate.RETIRE and not reason:
        raise Invalid(
            {"reason": [message(N_("Name the legal act by which they are retired, or the reason."))]}
        )
    if len(reason) > _LONGEST_REASON:
        said = N_("The reason has %(n)s characters; at most %(most)s are allowed.")
        raise Invalid({"reason": [message(said, n=len(reason), most=_LONGEST_REASON)]})


def fates(session: Session, batch: ImportBatch) -> dict[GoneFate, int]:
    """Return how many records that disappeared have which fate."""
    found = session.execute(
        select(ImportRow.fate, func.count())
        .where(ImportRow.batch_id == batch.id, ImportRow.fate.is_not(None))
        .group_by(ImportRow.fate)
    )
    counted = {fate: count for fate, count in found if fate}
    return {fate: counted.get(fate, 0) for fate in GoneFate}


def apply_fates(session: Session, actor: Actor, batch: ImportBatch, replaced: Mapping[int, str]) -> list[int]:
    """Retire and supersede as the rows say; return the ids of the records that left force.

    ``replaced``: record id -> the code of the new record that takes its place; one whose successor was left
    out stays in force.

    :raises Changed: somebody changed a record since the check.
    """
    groups: dict[tuple[GoneFate, str | None], list[ImportRow]] = defaultdict(list)
    for row in session.scalars(
        select(ImportRow)
        .where(ImportRow.batch_id == batch.id, ImportRow.fate.in_(_STATUS))
        .order_by(ImportRow.id)
    ):
        if row.fate and (row.fate == GoneFate.RETIRE or row.qualification_id in replaced):
            groups[row.fate, row.reason].append(row)
    _refuse_changed(session, [row for rows in groups.values() for row in rows])
    left: list[int] = []
    for (fate, reason), rows in groups.items():
        left += _leave(session, actor, batch, fate, reason, rows, replaced)
    return left


def _leave(
    session: Session,
    actor: Actor,
    batch: ImportBatch,
    fate: GoneFate,
    reason: str | None,
    rows: Sequence[ImportRow],
    replaced: Mapping[int, str],
) -> list[int]:
    records = []
    for row in rows:
        if id := row.qualification_id:
            by = {"replaced_by": replaced[id]} if fate == GoneFate.SUPERSEDE else {}
            records.append(Leaving(id, {"import": batch.uuid, **by}))
    versions = leave_force(session, actor, batch.country_code, _STATUS[fate], records, reason)
    for row in rows:
        if version := versions.get(row.qualification_id or 0):
            row.done = {"version": version.id, "revision": version.revision, "left": version.status}
    session.flush()
    return list(versions)


def _refuse_changed(session: Session, rows: Sequence[ImportRow]) -> None:
    for start in range(0, len(rows), _AT_ONCE):
        some = {row.qualification_id: row for row in rows[start : start + _AT_ONCE]}
        found = session.execute(
            select(
                QualificationVersion.qualification_id,
                QualificationVersion.number,
                QualificationVersion.revision,
            )
            .where(QualificationVersion.qualification_id.in_(some))
            .order_by(QualificationVersion.number)
        )
        newest = {id: [number, revision] for id, number, revision in found}
        for id, row in some.items():
            if newest.get(id or 0) != row.seen:
                raise Changed(SINCE, value=row.code or row.title)


def reasons_against(
    rows: Sequence[ImportRow], versions: Mapping[int, QualificationVersion]
) -> Iterator[Message]:
    """Give why records cannot come back into force: somebody changed them since."""
    for row in rows:
        done: dict[str, Any] = row.done or {}
        version = versions.get(done["version"])
        if version is None or [version.status, version.revision] != [done["left"], done["revision"]]:
            yield message(N_("%(value)s: its state was changed since."), value=row.code or row.title)


def bring_back(
    session: Session,
    actor: Actor,
    batch: ImportBatch,
    rows: Sequence[ImportRow],
    versions: Mapping[int, QualificationVersion],
) -> list[int]:
    """Put records back into force that the batch took out of it; return their ids."""
    entries = []
    for row in rows:
        version = versions[(row.done or {})["version"]]
        entries.append(
            Entry(
                version.qualification.uuid,
                {"import": batch.uuid, "version": version.number, "before": {"status": version.status},
                 "after": {"status": "published"}},
            )
        )  # fmt: skip
        version.status, row.done = VersionStatus.PUBLISHED, None
    session.flush()
    audit.record_all(session, actor.account, "qualification.take_back", "qualification", entries,
                     country=batch.country_code)  # fmt: skip
    ids = [row.qualification_id for row in rows if row.qualification_id]
    look_again(session, ids)
    return ids
