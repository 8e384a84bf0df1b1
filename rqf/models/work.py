"""Work that takes longer than a request: rows that a worker takes one by one, and none is lost.

A job is written in the transaction that asks for it. A worker takes it by a lease that it renews; when it
dies, the lease runs out and the next worker takes the job again. Whatever a worker writes for a job it writes
in transactions that renew the lease first: one that was only slow, and lost it, can write nothing more.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, and_, or_, select, text, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from rqf.errors import N_, Message, NotFound, WrongState, message
from rqf.models.people import Account
from rqf.models.qualifications import new_uuid
from rqf.models.tables import Model, now
from rqf.rules.terms import JobState

#: So long a job is its worker's without a sign of life.
LEASE = timedelta(seconds=30)
#: So often a job is begun before it is given up.
MOST_ATTEMPTS = 3
_OPEN = (JobState.QUEUED, JobState.RUNNING)
_IS_OPEN = text("state IN ('queued', 'running')")


class Job(Model):
    """One piece of work: its kind, the record that it is about, and how far it is."""

    __tablename__ = "job"

    id: Mapped[int] = mapped_column(primary_key=True)
    uuid: Mapped[str] = mapped_column(String(36), unique=True, default=new_uuid)
    kind: Mapped[str] = mapped_column(String(40))
    #: The UUID of what it works on. One job at a time may be open for it.
    subject: Mapped[str] = mapped_column(String(40), index=True)
    arguments: Mapped[dict[str, Any]]
    #: In whose name it works; nobody's for what people without an account ask.
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"), index=True)
    state: Mapped[JobState] = mapped_column(default=JobState.QUEUED)
    attempts: Mapped[int] = mapped_column(default=0)
    #: Not begun before.
    due_at: Mapped[datetime] = mapped_column(default=now)
    #: Who has it, and until when without a sign of life.
    worker: Mapped[str | None] = mapped_column(String(36))
    lease_until: Mapped[datetime | None]
    #: Parts done, of how many; 0 of 0 where that is not known.
    done: Mapped[int] = mapped_column(default=0)
    total: Mapped[int] = mapped_column(default=0)
    #: Why it failed: template and values of a sentence, and of those for each field.
    error: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    created_at: Mapped[datetime] = mapped_column(default=now)
    started_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]

    __table_args__ = (
        Index("uq_job_open", "subject", unique=True, sqlite_where=_IS_OPEN, postgresql_where=_IS_OPEN),
        Index(None, "state", "due_at"),
    )

    @property
    def is_open(self) -> bool:
        """Tell whether it still has to be done."""
        return self.state in _OPEN


class LeaseLost(Exception):
    """The job is somebody else's now, or nobody's."""


def enqueue(
    session: Session, account: Account | None, kind: str, subject: str, arguments: dict[str, Any]
) -> Job:
    """Ask for work in the transaction of ``session``.

    :raises WrongState: there is work under way for the subject.
    """
    refuse_busy(session, subject)
    job = Job(kind=kind, subject=subject, arguments=arguments, account_id=account.id if account else None)
    session.add(job)
    session.flush()
    return job


def refuse_busy(session: Session, subject: str) -> None:
    """Refuse a step on what a job is working on.

    :raises WrongState: there is an open job for it.
    """
    if (job := last_job(session, subject)) and job.is_open:
        raise WrongState(N_("Work on it is under way already. Wait until it has ended, or cancel it."))


def last_job(session: Session, subject: str) -> Job | None:
    """Return the newest job for a subject, or None."""
    return session.scalars(
        select(Job).where(Job.subject == subject).order_by(Job.id.desc()).limit(1)
    ).one_or_none()


def cancel(session: Session, subject: str) -> None:
    """Take back work that nobody has begun.

    :raises NotFound: there is none.
    :raises WrongState: a worker has begun it.
    """
    job = last_job(session, subject)
    if job is None or not job.is_open:
        raise NotFound(N_("There is no work that could be cancelled."))
    cancelled = session.execute(
        update(Job)
        .where(Job.id == job.id, Job.state == JobState.QUEUED)
        .values(state=JobState.CANCELLED, ended_at=now())
    )
    if not _one(cancelled):
        raise WrongState(N_("The work has begun and can no longer be cancelled."))


def waiting(session: Session) -> datetime | None:
    """Return since when the oldest job that could be taken has been waiting, or None."""
    return session.scalar(select(Job.due_at).where(_ready()).order_by(Job.due_at).limit(1))


def take(session: Session, worker: str, lease: timedelta = LEASE) -> Job | None:
    """Give the oldest job that is due or whose worker is dead to ``worker``, or None.

    On PostgreSQL a job in the hands of a living transaction is skipped; on SQLite there is one writer anyway.
    A job that was begun too often is given up.
    """
    job = session.scalars(
        select(Job).where(_ready()).order_by(Job.id).limit(1).with_for_update(skip_locked=True)
    ).one_or_none()
    if job is None:
        return None
    if job.attempts >= MOST_ATTEMPTS:
        job.state, job.ended_at = JobState.FAILED, now()
        job.error = job.error or said(message(_TOO_OFTEN, n=job.attempts))
        return None
    job.state, job.worker, job.lease_until = JobState.RUNNING, worker, now() + lease
    job.attempts, job.started_at, job.done = job.attempts + 1, now(), 0
    session.flush()
    return job


_TOO_OFTEN = N_("The work was begun %(n)s times and never came to its end. Tell who runs this site.")


def _ready() -> Any:
    moment = now()
    return or_(
        and_(Job.state == JobState.QUEUED, Job.due_at <= moment),
        and_(Job.state == JobState.RUNNING, Job.lease_until < moment),
    )


def hold(session: Session, id: int, worker: str, lease: timedelta = LEASE, **values: Any) -> None:
    """Renew the lease, and note ``values`` (done, total); locks the row until the transaction ends.

    :raises LeaseLost: the job is no longer this worker's.
    """
    _change(session, id, worker, lease_until=now() + lease, **values)


def finish(session: Session, id: int, worker: str) -> None:
    """Note that the job is done, in the transaction that did the last of it.

    :raises LeaseLost: the job is no longer this worker's.
    """
    _change(session, id, worker, state=JobState.DONE, ended_at=now(), error=None)


def fail(session: Session, id: int, worker: str, error: dict[str, Any]) -> None:
    """Give the job up, and keep why."""
    _change(session, id, worker, state=JobState.FAILED, ended_at=now(), error=error)


def put_back(
    session: Session, id: int, worker: str, after: timedelta, error: dict[str, Any] | None = None
) -> None:
    """Let any worker take the job again after a while. Without an ``error`` the attempt does not count."""
    values: dict[str, Any] = {"state": JobState.QUEUED, "due_at": now() + after, "error": error}
    if error is None:
        values["attempts"] = Job.attempts - 1
    _change(session, id, worker, **values)


def _change(session: Session, id: int, worker: str, **values: Any) -> None:
    changed = session.execute(
        update(Job)
        .where(Job.id == id, Job.worker == worker, Job.state == JobState.RUNNING)
        .values(**values)
        .execution_options(synchronize_session=False)
    )
    if not _one(changed):
        raise LeaseLost


def _one(result: Any) -> bool:
    return bool(result.rowcount == 1)


def said(what: Message, fields: dict[str, list[Message]] | None = None) -> dict[str, Any]:
    """Return an error in JSON's values, so that it can be said in any language later."""
    return {
        **_plain(what),
        "fields": {name: [_plain(one) for one in all_said] for name, all_said in (fields or {}).items()},
    }


def _plain(what: Message) -> dict[str, Any]:
    return {"template": what.template, "values": {name: str(one) for name, one in what.values.items()}}


def errors_of(job: Job) -> list[Message]:
    """Return why a job failed: the fields' sentences where there are any, else the one sentence."""
    if not job.error:
        return []
    of_fields = [Message(**one) for said in job.error["fields"].values() for one in said]
    return of_fields or [Message(job.error["template"], job.error["values"])]
