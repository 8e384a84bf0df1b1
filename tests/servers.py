"""Starts and stops the real PostgreSQL server that the tests run on."""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest


class PostgreSQL:
    """A running server."""

    def __init__(self, port: int) -> None:
        self.port = port

    def address(self, name: str) -> str:
        """Return the SQLAlchemy address of a database."""
        return f"postgresql+psycopg://rqf@127.0.0.1:{self.port}/{name}"

    def create(self, name: str, template: str = "template1") -> str:
        """Make a database as a copy of another and return its address."""
        self._run(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
        return self.address(name)

    def drop(self, name: str) -> None:
        """Delete a database, whoever is still connected to it."""
        self._run(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')

    def _run(self, statement: str) -> None:
        address = f"postgresql://rqf@127.0.0.1:{self.port}/postgres"
        with psycopg.connect(address, autocommit=True) as connection:
            connection.execute(statement)


def available() -> bool:
    """Tell whether PostgreSQL's server programs are installed here."""
    return bool(list(Path("/usr/lib/postgresql").glob("*/bin/initdb")) or shutil.which("initdb"))


def _programs() -> Path:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    if found:
        return found[-1].parent
    if on_path := shutil.which("initdb"):
        return Path(on_path).parent
    pytest.fail("PostgreSQL's server programs are missing: apt-get install postgresql", pytrace=False)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextmanager
def postgresql() -> Iterator[PostgreSQL]:
    """Run a private server in a temporary folder. It refuses to run as root, so root lends it a user."""
    programs, folder = _programs(), Path(tempfile.mkdtemp(prefix="rqf-postgresql-"))
    prefix: list[str] = []
    if os.geteuid() == 0:
        user = pwd.getpwnam("postgres")
        os.chown(folder, user.pw_uid, user.pw_gid)
        prefix = ["runuser", "-u", "postgres", "--"]
    data, port = folder / "data", _free_port()

    def run(*arguments: str) -> None:
        subprocess.run([*prefix, *arguments], check=True, cwd=folder, stdout=subprocess.DEVNULL)

    run(
        str(programs / "initdb"),
        "-D",
        str(data),
        "-U",
        "rqf",
        "--auth=trust",
        "-E",
        "UTF8",
        "--locale=C.UTF-8",
    )
    # Durability is off: the data lives only as long as the run.
    options = (
        f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={folder} "
        "-c fsync=off -c synchronous_commit=off -c full_page_writes=off -c max_connections=200"
    )
    run(str(programs / "pg_ctl"), "-D", str(data), "-w", "-l", str(folder / "log"), "-o", options, "start")
    try:
        yield PostgreSQL(port)
    finally:
        run(str(programs / "pg_ctl"), "-D", str(data), "-m", "immediate", "stop")
        shutil.rmtree(folder, ignore_errors=True)
