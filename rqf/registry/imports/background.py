"""The steps of an import as doors ask for them: small ones are done at once, long ones by a worker."""

from __future__ import annotations

from sqlalchemy.orm import Session

from rqf.models import ImportBatch, Job, work
from rqf.people import Actor
from rqf.registry.imports.apply import apply, require_appliable
from rqf.registry.imports.batches import find_batch, require_idle, require_open, set_plan
from rqf.registry.imports.check import check
from rqf.registry.imports.plan import Plan, check_plan
from rqf.registry.imports.undo import require_undoable, undo
from rqf.rules.terms import BatchStatus

CHECK, APPLY, UNDO = "import.check", "import.apply", "import.undo"
#: More rows, or a larger file, take more than two seconds on a small machine.
ROWS_AT_ONCE = 1000
BYTES_AT_ONCE = 2_000_000


def start_check(session: Session, actor: Actor, uuid: str, plan: Plan | None = None) -> Job | None:
    """Check a batch now, or let a worker do it; return the job in that case. Errors: those of ``check``."""
    batch = find_batch(session, actor, uuid)
    require_open(batch)
    require_idle(session, batch)
    check_plan(plan or Plan.from_json(batch.plan))
    if plan:
        set_plan(session, actor, uuid, plan)
    if _is_small(batch):
        check(session, actor, uuid, plan)
        return None
    # What was found by an earlier plan is nothing to decide on.
    batch.status, batch.totals = BatchStatus.READ, {}
    return _enqueue(session, actor, batch, CHECK)


def start_apply(session: Session, actor: Actor, uuid: str, *, partial: bool = False) -> Job | None:
    """Apply a batch now, or let a worker do it; return the job in that case. Errors: those of ``apply``."""
    batch = find_batch(session, actor, uuid)
    require_idle(session, batch)
    if batch.status == BatchStatus.APPLIED:
        return None
    require_appliable(batch, partial)
    if _is_small(batch):
        apply(session, actor, uuid, partial=partial)
        return None
    return _enqueue(session, actor, batch, APPLY, partial=partial)


def start_undo(session: Session, actor: Actor, uuid: str) -> Job | None:
    """Undo a batch now, or let a worker do it; return the job in that case. Errors: those of ``undo``."""
    batch = find_batch(session, actor, uuid)
    require_idle(session, batch)
    require_undoable(batch)
    if _is_small(batch):
        undo(session, actor, uuid)
        return None
    return _enqueue(session, actor, batch, UNDO)


def work_on(session: Session, actor: Actor, uuid: str) -> Job | None:
    """Return the newest job for a batch: under way, failed, or done; None when there was none."""
    return work.last_job(session, find_batch(session, actor, uuid).uuid)


def cancel(session: Session, actor: Actor, uuid: str) -> ImportBatch:
    """Take back work on a batch that nobody has begun.

    :raises NotFound: there is none.
    :raises WrongState: a worker has begun it.
    """
    batch = find_batch(session, actor, uuid)
    work.cancel(session, batch.uuid)
    return batch


def _is_small(batch: ImportBatch) -> bool:
    rows, size = int(batch.reading["total"]), int(batch.reading.get("size", 0))
    return rows <= ROWS_AT_ONCE and size <= BYTES_AT_ONCE


def _enqueue(session: Session, actor: Actor, batch: ImportBatch, kind: str, **more: bool) -> Job:
    return work.enqueue(session, actor.account, kind, batch.uuid, {"batch": batch.uuid, **more})
