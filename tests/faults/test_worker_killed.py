"""A worker that is killed in the middle of a job: the next one does all of it, once."""

from __future__ import annotations

import signal
import subprocess
import sys

import pytest
from sqlalchemy import func, select, update

from rqf.models import ImportBatch, ImportRow, Job, Qualification, audit, work
from rqf.models.database import Database
from rqf.models.tables import now
from rqf.registry import imports
from rqf.registry.imports import background
from rqf.rules.terms import BatchStatus, JobState
from rqf.work import Worker
from tests import factories

ROWS = 1200
#: Does one job, and kills itself before the statement with this number.
CHILD = """
import os, signal, sys
from sqlalchemy import event
from rqf.models.database import Database
from rqf.work import Worker

url, point = sys.argv[1:]
database, count = Database(url), 0

def step(*_):
    global count
    count += 1
    if count == int(point):
        os.kill(os.getpid(), signal.SIGKILL)

event.listen(database.engine, "before_cursor_execute", step)
Worker(database).do_one()
print(count)
"""


def work_in_child(url: str, point: int) -> subprocess.CompletedProcess:
    command = [sys.executable, "-c", CHILD, url, str(point)]
    return subprocess.run(command, capture_output=True, text=True, timeout=120)


@pytest.fixture
def asked(session, tmp_path, monkeypatch):
    """A batch that waits to be checked; gives its identifier and the officer."""
    monkeypatch.setattr(background, "ROWS_AT_ONCE", 0)
    officer = factories.make_actor(session)
    path = tmp_path / "records.csv"
    rows = (f"qualification,Oficio {n},CL-MINEDUC-ESPE,{50000 + n}\n" for n in range(ROWS))
    path.write_text("type,title,code_system,code\n" + "".join(rows), "utf-8")
    batch, _ = imports.take_in(session, officer, "CL", path, "records.csv")
    imports.start_check(session, officer, batch.uuid)
    session.commit()
    return batch.uuid, officer


def state(url: str) -> tuple[BatchStatus, int, int | None]:
    """Return where the batch stands, how many records there are, and where the trail is broken."""
    database = Database(url)
    with database.read() as session:
        batch = session.scalars(select(ImportBatch)).one()
        seen = batch.status, session.scalar(select(func.count(Qualification.id))), audit.verify(session)
    database.close()
    return seen


def let_the_lease_run_out(session) -> None:
    session.execute(update(Job).values(lease_until=now(), attempts=0))
    session.commit()


def kill_at(session, url: str, points: list[int], expected: BatchStatus) -> None:
    for point in points:
        assert work_in_child(url, point).returncode == -signal.SIGKILL, point
        assert state(url) == (expected, 0, None), point
        job = session.scalars(select(Job).order_by(Job.id.desc()).limit(1)).one()
        session.commit()
        assert job.is_open
        let_the_lease_run_out(session)


def spread(count: int, first: int = 4) -> list[int]:
    """Return five points between the taking of the job and its end."""
    return sorted({first + round(step * (count - first) / 4) for step in range(5)})


def test_a_check_that_is_killed_is_done_again_from_the_beginning(session, database_url, database, asked):
    uuid, officer = asked
    points = spread(21)
    kill_at(session, database_url, points, BatchStatus.READ)
    assert Worker(database).do_one()
    assert state(database_url) == (BatchStatus.CHECKED, 0, None)
    with database.read() as reader:
        assert reader.scalar(select(func.count(ImportRow.id))) == ROWS
        assert work.last_job(reader, uuid).state == JobState.DONE


def test_an_apply_that_is_killed_is_done_once(session, database_url, database, asked):
    uuid, officer = asked
    assert Worker(database).do_one()
    session.expire_all()
    imports.start_apply(session, officer, uuid)
    session.commit()
    kill_at(session, database_url, spread(25), BatchStatus.CHECKED)
    done = work_in_child(database_url, 10**9)
    assert (done.returncode, int(done.stdout.splitlines()[-1]) > 25) == (0, True), done.stderr
    assert state(database_url) == (BatchStatus.APPLIED, ROWS, None)
    assert not Worker(database).do_one()
    assert state(database_url) == (BatchStatus.APPLIED, ROWS, None)
