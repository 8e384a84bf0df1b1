"""The server started by its commands, as a process of its own, on a real port."""

from __future__ import annotations

import os
import re
import signal
import socket
import stat
import subprocess
import sys
import time
import urllib.request
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest
from click.testing import CliRunner

from rqf.cli import main
from rqf.models import work
from rqf.models.database import Database
from rqf.registry import imports
from rqf.rules.terms import JobState
from tests import factories
from tests.conftest import SECRET, build_template


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextmanager
def running(folder: Path, *words: object, **settings: str):
    """Start ``rqf`` and give its address and what it prints; end it politely."""
    port = free_port()
    clean = {name: value for name, value in os.environ.items() if not name.startswith("RQF_")}
    with (folder / "printed.txt").open("w+") as printed:
        process = subprocess.Popen(
            [sys.executable, "-m", "rqf", *map(str, words), "--port", str(port)],
            stdout=printed, stderr=subprocess.STDOUT, env={**clean, **settings, "PYTHONUNBUFFERED": "1"},
        )  # fmt: skip
        try:
            address = f"http://127.0.0.1:{port}"
            wait_for(f"{address}/healthz", process, folder)
            yield address, (folder / "printed.txt").read_text()
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(60)


def wait_for(address: str, process: subprocess.Popen, folder: Path) -> None:
    for _ in range(600):
        assert process.poll() is None, (folder / "printed.txt").read_text()
        try:
            with urllib.request.urlopen(address, timeout=5):
                return
        except OSError:
            time.sleep(0.1)
    pytest.fail(f"nobody answers at {address}")


def get(address: str) -> str:
    with urllib.request.urlopen(address, timeout=20) as answer:
        return answer.read().decode()


def test_the_demonstration_serves_from_nothing_and_starts_again_in_seconds(tmp_path):
    data = tmp_path / "data"
    with running(tmp_path, "demo", "--data", data) as (address, printed):
        assert "<h1" in get(f"{address}/")
        assert get(f"{address}/readyz") == "ready\n"
        assert "oficial.cl@demo.example" in printed
        password = re.search(r"Password: (\S+)", printed)[1]
        assert "voladura" in get(f"{address}/api/v1/qualifications?q=tronadura&country=MX").lower()
    for name in ("secret_key", "password"):
        assert stat.S_IMODE((data / name).stat().st_mode) == 0o600
    assert (data / "password").read_text() == password
    started = time.monotonic()
    with running(tmp_path, "demo", "--data", data) as (address, printed):
        assert time.monotonic() - started < 10
        assert "Loading" not in printed
        assert f"Password: {password}" in printed
        assert "<h1" in get(f"{address}/")


def test_several_workers_serve_one_database(tmp_path):
    url = f"sqlite:///{tmp_path / 'rqf.sqlite'}"
    database = Database(url)
    database.upgrade()
    database.close()
    settings = {"RQF_DATABASE_URL": url, "RQF_SECRET_KEY": SECRET}
    with running(tmp_path, "serve", "--workers", 2, **settings) as (address, _):
        assert all(get(f"{address}/readyz") == "ready\n" for _ in range(10))


def test_a_port_that_is_taken_is_refused_with_the_way_out(tmp_path):
    url = f"sqlite:///{tmp_path / 'rqf.sqlite'}"
    database = Database(url)
    database.upgrade()
    database.close()
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        answer = CliRunner().invoke(
            main, ["serve", "--port", str(taken.getsockname()[1])],
            env={"RQF_DATABASE_URL": url, "RQF_SECRET_KEY": SECRET},
        )  # fmt: skip
    assert answer.exit_code == 1
    assert "--port" in answer.stderr


def children(process_name: str) -> list[psutil.Process]:
    found = psutil.Process().children(recursive=True)
    return [one for one in found if process_name in " ".join(one.cmdline())]


def wait_until(holds, what: str) -> None:
    for _ in range(600):
        if holds():
            return
        time.sleep(0.1)
    pytest.fail(what)


def test_the_server_brings_a_worker_and_a_new_one_when_that_is_killed(tmp_path):
    url = f"sqlite:///{tmp_path / 'rqf.sqlite'}"
    build_template(url)
    database = Database(url)
    sheet = tmp_path / "records.csv"
    rows = "".join(f"qualification,Oficio {number}\n" for number in range(1001))
    sheet.write_text("type,title\n" + rows, "utf-8")

    def ask() -> str:
        with database.transaction() as session:
            officer = factories.make_actor(session)
            batch, _ = imports.take_in(session, officer, "CL", sheet, "records.csv")
            assert imports.start_check(session, officer, batch.uuid)
        return batch.uuid

    def done(uuid: str) -> bool:
        with database.read() as session:
            return work.last_job(session, uuid).state == JobState.DONE

    first = ask()
    with running(tmp_path, "serve", RQF_DATABASE_URL=url, RQF_SECRET_KEY=SECRET):
        wait_until(lambda: done(first), "the job is not done")
        (worker,) = children("multiprocessing.spawn")
        worker.kill()
        second = ask()
        wait_until(lambda: done(second), "nobody took the dead worker's place")
    assert children("multiprocessing.spawn") == []
    database.close()
