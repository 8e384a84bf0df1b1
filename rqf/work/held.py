"""A job in the hands of a worker: what it reads with, and the transactions in which it writes."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from rqf import people
from rqf.errors import N_, NotAllowed
from rqf.models import Job, work
from rqf.models.database import Database
from rqf.people import Actor


class Stopped(Exception):
    """The worker was told to stop; somebody else goes on with the job."""


class Held:
    """A job and the lease on it. Every write of the job happens under the lease or not at all."""

    def __init__(
        self, database: Database, job: Job, worker: str, lease: timedelta, stopping: threading.Event
    ) -> None:
        self.database, self.worker, self.lease, self.stopping = database, worker, lease, stopping
        self.id, self.kind, self.arguments = job.id, job.kind, job.arguments
        self._account_id = job.account_id
        self._progress: dict[str, int] = {}

    def actor(self, session: Session) -> Actor:
        """Return in whose name the job is done.

        :raises NotAllowed: the account was switched off since.
        """
        found = people.find_actor(session, self._account_id) if self._account_id is not None else None
        if found is None:
            raise NotAllowed(N_("The account that asked for this work has been switched off."))
        return found

    def note(self, done: int, total: int) -> None:
        """Remember how far the job is; the next step writes it down."""
        self._progress = {"done": done, "total": total}

    @contextmanager
    def step(self) -> Iterator[Session]:
        """Give a short transaction in which part of the job is written.

        :raises LeaseLost: the job is somebody else's now.
        :raises Stopped: the worker is to stop.
        """
        if self.stopping.is_set():
            raise Stopped
        with self.database.transaction() as session:
            work.hold(session, self.id, self.worker, self.lease, **self._progress)
            yield session

    @contextmanager
    def last_step(self) -> Iterator[Session]:
        """Give the transaction that ends the job: what it writes and that the job is done are one."""
        with self.step() as session:
            yield session
            work.finish(session, self.id, self.worker)

    @contextmanager
    def kept_alive(self) -> Iterator[None]:
        """Renew the lease from time to time while the block runs, also where it writes nothing."""
        over = threading.Event()
        thread = threading.Thread(target=self._renew, args=(over,), name="rqf-lease", daemon=True)
        thread.start()
        try:
            yield
        finally:
            over.set()

    def _renew(self, over: threading.Event) -> None:
        while not over.wait(self.lease.total_seconds() / 3):
            try:
                with self.database.transaction() as session:
                    work.hold(session, self.id, self.worker, self.lease, **self._progress)
            except work.LeaseLost:
                return
            except DBAPIError:
                # A long step of this very job has the writer's place, so nobody can take the job either.
                continue

    def end(self, how: Any, *values: Any) -> None:
        """Write how the job ended (``work.fail``, ``work.put_back``), if it is still this worker's."""
        with self.database.transaction() as session:
            how(session, self.id, self.worker, *values)
