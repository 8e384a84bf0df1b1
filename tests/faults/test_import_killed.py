"""A process that is killed in the middle of an apply leaves all of it or nothing."""

from __future__ import annotations

import signal
import subprocess
import sys

import pytest
from sqlalchemy import event, func, select

from rqf import people
from rqf.models import ImportBatch, Qualification, audit
from rqf.models.database import Database
from rqf.registry import imports
from rqf.rules.terms import BatchStatus
from tests import factories

ROWS = 40
#: Applies the batch, and kills itself before the statement with this number ("commit": before committing).
CHILD = """
import os, signal, sys
from sqlalchemy import event
from rqf import people
from rqf.models.database import Database
from rqf.registry import imports

url, email, batch, point = sys.argv[1:]
database, count = Database(url), 0

def die(*_):
    os.kill(os.getpid(), signal.SIGKILL)

def step(*_):
    global count
    count += 1
    if point.isdecimal() and count == int(point):
        die()

event.listen(database.engine, "before_cursor_execute", step)
if point == "commit":
    event.listen(database.engine, "commit", die)
with database.transaction() as session:
    imports.apply(session, people.officer(session, "CL", email), batch)
if point == "committed":
    die()
"""


@pytest.fixture
def batch(session, tmp_path):
    """A checked batch with new and changed rows; gives the officer's address and the batch's identifier."""
    officer = factories.make_actor(session)
    path = tmp_path / "records.csv"
    rows = "".join(
        f"qualification,Oficio {number},CL-MINEDUC-ESPE,{54000 + number}\n" for number in range(ROWS)
    )
    path.write_text("type,title,code_system,code\n" + rows, "utf-8")
    factories.make_qualification(session, "Antes", code_system="CL-MINEDUC-ESPE", code="54000")
    taken, _ = imports.take_in(session, officer, "CL", path, "records.csv")
    imports.check(session, officer, taken.uuid)
    assert taken.totals["verdicts"]["changed"] == 1
    session.commit()
    return officer.account.email, taken.uuid


def state(url: str) -> tuple[int, BatchStatus, int | None]:
    """Return how many records there are, where the batch stands, and where the trail is broken."""
    database = Database(url)
    with database.read() as session:
        found = session.scalars(select(ImportBatch)).one()
        seen = session.scalar(select(func.count(Qualification.id))), found.status, audit.verify(session)
    database.close()
    return seen


def apply_in_child(url: str, email: str, uuid: str, point: str) -> int:
    command = [sys.executable, "-c", CHILD, url, email, uuid, point]
    return subprocess.run(command, capture_output=True, timeout=120).returncode


def statements(session, email: str, uuid: str) -> int:
    """Return how many statements an apply needs; it is rolled back."""
    count = 0

    def step(*_):
        nonlocal count
        count += 1

    engine = session.get_bind()
    event.listen(engine, "before_cursor_execute", step)
    imports.apply(session, people.officer(session, "CL", email), uuid)
    session.rollback()
    event.remove(engine, "before_cursor_execute", step)
    return count


def test_a_killed_apply_leaves_all_or_nothing(session, database_url, batch):
    email, uuid = batch
    needed = statements(session, email, uuid)
    session.close()
    assert needed > 12
    points = sorted({1 + round(step * (needed - 2) / 9) for step in range(10)})
    for point in [*map(str, points), "commit"]:
        assert apply_in_child(database_url, email, uuid, point) == -signal.SIGKILL, point
        assert state(database_url) == (1, BatchStatus.CHECKED, None), point
    assert apply_in_child(database_url, email, uuid, "committed") == -signal.SIGKILL
    assert state(database_url) == (ROWS, BatchStatus.APPLIED, None)
    assert apply_in_child(database_url, email, uuid, "none") == 0
    assert state(database_url) == (ROWS, BatchStatus.APPLIED, None)
