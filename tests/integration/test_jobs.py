"""Work in the background: taken once, taken again from the dead, given up in clear words, cancelled."""

from __future__ import annotations

import threading
from datetime import timedelta
from importlib import import_module

import pytest
from click.testing import CliRunner
from sqlalchemy import func, select, update

from rqf.cli import main
from rqf.errors import NotFound, WrongState
from rqf.models import Account, ImportBatch, Job, Qualification, work
from rqf.models.tables import now
from rqf.registry import imports
from rqf.registry.imports import Filter, background
from rqf.rules.terms import BatchStatus, JobState
from rqf.work import Worker, kinds
from tests import factories
from tests.conftest import SECRET

HEADER = "type,title,code_system,code\n"
ROWS = (
    HEADER + "qualification,Minería,CL-MINEDUC-ESPE,54018\nqualification,Metalurgia,CL-MINEDUC-ESPE,54019\n"
)
GONE = timedelta(seconds=-1)
#: By its name: the package offers the function `check` under the name of the module.
checking = import_module("rqf.registry.imports.check")


@pytest.fixture(autouse=True)
def long(monkeypatch):
    """Every import is long."""
    monkeypatch.setattr(background, "ROWS_AT_ONCE", 0)


@pytest.fixture
def officer(session):
    return factories.make_actor(session)


@pytest.fixture
def taken_in(session, officer, tmp_path):
    """``taken_in(text)`` gives a committed batch."""

    def go(text: str = ROWS) -> str:
        path = tmp_path / "records.csv"
        path.write_text(text, "utf-8")
        batch, _ = imports.take_in(session, officer, "CL", path, "records.csv")
        session.commit()
        return batch.uuid

    return go


@pytest.fixture
def asked(session, officer, taken_in):
    """A batch that waits to be checked."""
    uuid = taken_in()
    imports.start_check(session, officer, uuid)
    session.commit()
    return uuid


def job_of(database, uuid: str) -> Job:
    with database.read() as reader:
        return work.last_job(reader, uuid)


def status(database, uuid: str) -> BatchStatus:
    with database.read() as reader:
        return reader.scalar(select(ImportBatch.status).where(ImportBatch.uuid == uuid))


def records(database) -> int:
    with database.read() as reader:
        return reader.scalar(select(func.count(Qualification.id)))


def test_a_worker_checks_applies_and_undoes(session, officer, database, asked):
    worker = Worker(database)
    assert worker.do_one()
    assert not worker.do_one()
    job = job_of(database, asked)
    assert (job.state, job.attempts, job.done, job.total) == (JobState.DONE, 1, 2, 2)
    assert status(database, asked) == BatchStatus.CHECKED
    for start, after, count in (
        (imports.start_apply, BatchStatus.APPLIED, 2),
        (imports.start_undo, BatchStatus.UNDONE, 0),
    ):
        session.expire_all()
        assert start(session, officer, asked).state == JobState.QUEUED
        session.commit()
        assert worker.do_one()
        assert (status(database, asked), records(database)) == (after, count)


def test_work_that_is_asked_for_in_a_transaction_that_fails_is_never_done(
    session, officer, database, taken_in
):
    uuid = taken_in()
    imports.start_check(session, officer, uuid)
    session.rollback()
    assert not Worker(database).do_one()
    assert job_of(database, uuid) is None


def test_one_job_is_done_by_one_of_many_workers(database, asked, monkeypatch):
    begun = []
    monkeypatch.setitem(kinds.KINDS, imports.CHECK, lambda held: begun.append(held.id))
    gate = threading.Barrier(4)

    def compete():
        worker = Worker(database)
        gate.wait()
        worker.do_one()

    threads = [threading.Thread(target=compete) for _ in range(4)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert len(begun) == 1


def test_the_job_of_a_dead_worker_is_taken_again(database, asked):
    with database.transaction() as session:
        assert work.take(session, "dead", GONE).attempts == 1
    assert Worker(database).do_one()
    assert job_of(database, asked).attempts == 2
    assert status(database, asked) == BatchStatus.CHECKED


def test_a_living_lease_keeps_others_away_and_can_be_renewed(database, asked):
    with database.transaction() as session:
        job = work.take(session, "mine")
    assert not Worker(database).do_one()
    with database.transaction() as session:
        work.hold(session, job.id, "mine", done=1)
    with database.transaction() as session, pytest.raises(work.LeaseLost):
        work.hold(session, job.id, "somebody else's")


def test_a_worker_that_lost_its_lease_writes_nothing_more(session, database, asked, monkeypatch):
    """It was only slow; another has begun the job in the meantime and is not disturbed."""
    judge = checking._Check.judge

    def slow(self, some):
        with database.transaction() as other:
            other.execute(update(Job).values(worker="another"))
        return judge(self, some)

    monkeypatch.setattr(checking._Check, "judge", slow)
    assert Worker(database).do_one()
    job = job_of(database, asked)
    assert (job.state, job.worker) == (JobState.RUNNING, "another")
    assert status(database, asked) == BatchStatus.READ
    with database.read() as reader:
        batch = reader.scalars(select(ImportBatch)).one()
        assert imports.rows_of(reader, factories.actor_of(batch.author), asked, Filter()).total == 0


def test_others_write_while_a_long_file_is_checked(database, asked, monkeypatch):
    judge, written = checking._Check.judge, []

    def judging(self, some):
        with database.transaction() as other:
            written.append(factories.make_account(other).id)
        return judge(self, some)

    monkeypatch.setattr(checking._Check, "judge", judging)
    assert Worker(database).do_one()
    assert len(written) == 1
    assert status(database, asked) == BatchStatus.CHECKED


def test_a_job_that_kills_its_workers_is_given_up_in_clear_words(database, asked):
    for _ in range(work.MOST_ATTEMPTS):
        with database.transaction() as session:
            assert work.take(session, "dead", GONE)
    assert not Worker(database).do_one()
    job = job_of(database, asked)
    assert job.state == JobState.FAILED
    assert str(work.errors_of(job)[0]).startswith("The work was begun 3 times and never came to its end.")


def test_a_fault_is_tried_again_later_and_then_told(database, asked, monkeypatch):
    def broken(held):
        raise ZeroDivisionError

    monkeypatch.setitem(kinds.KINDS, imports.CHECK, broken)
    for attempt in range(1, work.MOST_ATTEMPTS + 1):
        assert Worker(database).do_one()
        job = job_of(database, asked)
        assert (job.state, job.attempts) == (JobState.QUEUED, attempt)
        assert job.due_at > now()
        with database.transaction() as session:
            session.execute(update(Job).values(due_at=now()))
    Worker(database).do_one()
    job = job_of(database, asked)
    assert job.state == JobState.FAILED
    assert "Something went wrong on our side (ZeroDivisionError)" in str(work.errors_of(job)[0])


def test_a_refusal_ends_the_job_with_its_reason(session, officer, database, taken_in):
    uuid = taken_in()
    imports.check(session, officer, uuid)
    imports.start_apply(session, officer, uuid)
    factories.make_qualification(session, "Antes", code_system="CL-MINEDUC-ESPE", code="54018")
    session.commit()
    assert Worker(database).do_one()
    job = job_of(database, uuid)
    assert (job.state, job.attempts) == (JobState.FAILED, 1)
    assert "“54018” was changed in the register since" in str(work.errors_of(job)[0])
    assert (status(database, uuid), records(database)) == (BatchStatus.CHECKED, 1)


def test_a_worker_that_is_told_to_stop_leaves_the_job_to_the_next(database, asked, monkeypatch):
    stopped, judge = Worker(database), checking._Check.judge

    def judging(self, some):
        stopped.stop()
        return judge(self, some)

    monkeypatch.setattr(checking._Check, "judge", judging)
    assert stopped.do_one()
    job = job_of(database, asked)
    assert (job.state, job.attempts) == (JobState.QUEUED, 0)
    monkeypatch.undo()
    assert Worker(database).do_one()
    assert status(database, asked) == BatchStatus.CHECKED


def test_nothing_is_done_for_an_account_that_was_switched_off(session, database, asked):
    session.execute(update(Account).values(active=False))
    session.commit()
    assert Worker(database).do_one()
    assert "has been switched off" in str(work.errors_of(job_of(database, asked))[0])


def test_what_a_worker_is_at_is_not_changed_by_anybody_else(session, officer, asked):
    plan = imports.Plan.from_json(imports.find_batch(session, officer, asked).plan)
    for step in (
        lambda: imports.start_check(session, officer, asked),
        lambda: imports.start_apply(session, officer, asked),
        lambda: imports.set_plan(session, officer, asked, plan),
        lambda: imports.choose(session, officer, asked, False, Filter()),
    ):
        with pytest.raises(WrongState, match="under way"):
            step()


def test_work_is_cancelled_as_long_as_nobody_has_begun_it(session, officer, database, asked):
    imports.cancel(session, officer, asked)
    session.commit()
    assert not Worker(database).do_one()
    with pytest.raises(NotFound):
        imports.cancel(session, officer, asked)
    imports.start_check(session, officer, asked)
    work.take(session, "mine")
    with pytest.raises(WrongState, match="has begun"):
        imports.cancel(session, officer, asked)


def test_the_command_does_what_is_waiting(database, database_url, asked):
    settings = {"RQF_DATABASE_URL": database_url, "RQF_SECRET_KEY": SECRET}
    answer = CliRunner().invoke(main, ["worker", "--once"], env=settings)
    assert answer.exit_code == 0, answer.output
    assert status(database, asked) == BatchStatus.CHECKED


def test_the_check_of_an_installation_says_that_nobody_does_the_work(database, database_url, asked):
    settings = {"RQF_DATABASE_URL": database_url, "RQF_SECRET_KEY": SECRET}
    assert "none is waiting for long" in CliRunner().invoke(main, ["check"], env=settings).stdout
    with database.transaction() as session:
        session.execute(update(Job).values(due_at=now() - timedelta(hours=1)))
    answer = CliRunner().invoke(main, ["check"], env=settings)
    assert (answer.exit_code, "run: rqf worker" in answer.stdout) == (1, True)


def test_small_imports_are_done_at_once(session, officer, database, taken_in, monkeypatch):
    monkeypatch.setattr(background, "ROWS_AT_ONCE", 2)
    uuid = taken_in()
    assert imports.start_check(session, officer, uuid) is None
    assert imports.start_apply(session, officer, uuid) is None
    assert imports.start_undo(session, officer, uuid) is None
    session.commit()
    assert status(database, uuid) == BatchStatus.UNDONE
