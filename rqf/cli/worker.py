"""`rqf worker`: does what takes longer than a request. `rqf serve` and `rqf demo` bring one of their own."""

from __future__ import annotations

import multiprocessing
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing.connection import wait
from multiprocessing.process import BaseProcess

import click

from rqf.cli.site import ready_database
from rqf.work import Worker

#: A process of its own, begun afresh: a forked one would share the connections of the server.
_PROCESSES = multiprocessing.get_context("spawn")
#: Seconds that a worker gets to end its step, and before a dead one is replaced.
_PATIENCE = 10
_PAUSE = 2.0


@click.command()
@click.option("--once", is_flag=True, help="Do what is waiting, then end.")
def worker(once: bool) -> None:
    """Do jobs, such as long imports, until told to stop. Any number of workers may run, on any machine."""
    with ready_database() as database:
        mine = Worker(database)
        if once:
            while mine.do_one():
                pass
            return
        _stop_on_signals(mine)
        mine.run()


def _stop_on_signals(mine: Worker) -> None:
    for one in (signal.SIGINT, signal.SIGTERM):
        signal.signal(one, lambda *_: mine.stop())


@contextmanager
def beside() -> Iterator[None]:
    """Keep a worker running in a process beside this one while the block runs."""
    over = threading.Event()
    keeper = threading.Thread(target=_keep, args=(over,), name="rqf-worker", daemon=True)
    keeper.start()
    try:
        yield
    finally:
        over.set()
        keeper.join(_PATIENCE + 1)


def _keep(over: threading.Event) -> None:
    while not over.is_set():
        process = _PROCESSES.Process(target=_work, name="rqf-worker", daemon=True)
        process.start()
        while process.is_alive() and not over.wait(0.2):
            pass
        if over.is_set():
            _end(process)
        else:
            over.wait(_PAUSE)


def _end(process: BaseProcess) -> None:
    process.terminate()
    process.join(_PATIENCE)
    if process.is_alive():
        process.kill()


def _work() -> None:
    with ready_database() as database:
        mine = Worker(database)
        _stop_on_signals(mine)
        threading.Thread(target=_stop_with_parent, args=(mine,), daemon=True).start()
        mine.run()


def _stop_with_parent(mine: Worker) -> None:
    # A server that is killed cannot say so; its end can be waited for.
    parent = multiprocessing.parent_process()
    if parent:
        wait([parent.sentinel])
        mine.stop()
