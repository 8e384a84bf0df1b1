"""A worker: takes jobs one by one and does them, until it is told to stop."""

from __future__ import annotations

import threading
from datetime import timedelta
from time import monotonic
from uuid import uuid4

import structlog
from sqlalchemy.exc import DBAPIError

from rqf import batches
from rqf.errors import N_, Invalid, RqfError, message
from rqf.models import work
from rqf.models.database import Database
from rqf.work.held import Held, Stopped
from rqf.work.kinds import KINDS

log = structlog.get_logger("rqf.work")

#: Seconds between two looks when there was nothing to do.
POLL = 1.0
#: What failed for no fault of its own is tried again after so long.
_AGAIN = timedelta(seconds=5)
_AT_ONCE = timedelta(0)
#: Seconds between two times of tidying up.
_TIDY_EVERY = 3600.0


class Worker:
    """Does jobs of a database. Any number of workers may do so, in any processes and on any machines."""

    def __init__(self, database: Database, lease: timedelta = work.LEASE, poll: float = POLL) -> None:
        self.database, self.lease, self.poll = database, lease, poll
        self.name = str(uuid4())
        self.stopping = threading.Event()
        self._tidy_at = 0.0

    def run(self) -> None:
        """Do jobs until told to stop. A database that is away for a while is waited for."""
        while not self.stopping.is_set():
            try:
                done = self.do_one()
            except DBAPIError as error:
                log.warning("job.database", reason=str(error.orig))
                done = False
            if not done:
                self._tidy()
                self.stopping.wait(self.poll)

    def _tidy(self) -> None:
        """Delete once an hour what was only to be kept for a while; look at how the tables have grown."""
        if monotonic() < self._tidy_at:
            return
        self._tidy_at = monotonic() + _TIDY_EVERY
        with self.database.transaction() as session:
            batches.purge(session)
        self.database.refresh_statistics()

    def stop(self) -> None:
        """End after the step at hand; the job, if it is not done then, waits for the next worker."""
        self.stopping.set()

    def do_one(self) -> bool:
        """Take a job and do it; return whether there was one."""
        held = self._take()
        if held is None:
            return False
        log.info("job.begin", job=held.id, kind=held.kind)
        try:
            with held.kept_alive():
                self._do(held)
        except work.LeaseLost:
            log.warning("job.lost", job=held.id, kind=held.kind)
        return True

    def _take(self) -> Held | None:
        # Looked first: to take one is to write, and on SQLite that would push in between other writers.
        with self.database.read() as session:
            if work.waiting(session) is None:
                return None
        with self.database.transaction() as session:
            job = work.take(session, self.name, self.lease)
            return Held(self.database, job, self.name, self.lease, self.stopping) if job else None

    def _do(self, held: Held) -> None:
        try:
            KINDS[held.kind](held)
        except work.LeaseLost:
            raise
        except Stopped:
            held.end(work.put_back, _AT_ONCE)
        except RqfError as error:
            fields = error.fields if isinstance(error, Invalid) else None
            held.end(work.fail, work.said(error.message, fields))
            log.info("job.refused", job=held.id, kind=held.kind, reason=str(error))
        except Exception as error:
            log.exception("job.broken", job=held.id, kind=held.kind)
            held.end(work.put_back, _AGAIN, work.said(message(_BROKEN, kind=type(error).__name__)))
        else:
            log.info("job.end", job=held.id, kind=held.kind)


_BROKEN = N_("Something went wrong on our side (%(kind)s). If it happens again, tell who runs this site.")
