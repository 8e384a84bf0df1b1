"""The database: engines, sessions, how each engine begins a transaction, and the migrations."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from platformdirs import user_data_path
from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session, sessionmaker

from rqf import paths

#: SQLite before this release can corrupt a database in WAL mode when several connections write.
SAFE_WAL = (3, 51, 3)
#: Seconds after which a connection to SQLite is opened anew.
_RECYCLED = 3600


def default_url() -> str:
    """Return the address of the embedded database in the user's data directory."""
    return f"sqlite:///{user_data_path('rqf', appauthor=False) / 'rqf.sqlite'}"


def sqlite_module() -> ModuleType:
    """Return the SQLite library to use: the bundled recent one where it is installed."""
    try:
        return import_module("pysqlite3.dbapi2")
    except ImportError:
        return sqlite3


class Database:
    """A database with two ways in: ``read`` for looking, ``write`` for changing."""

    def __init__(self, url: str, *, echo: bool = False, encoder: str = "") -> None:
        self.url = make_url(url)
        self.engine = _engine(url, echo)
        # The catalogue is kept by engine, so what it is made with travels with the engine.
        self.engine.update_execution_options(rqf_encoder=encoder)
        # On SQLite a writer says so when it begins: a reader that wants to write later would fail at once.
        self.write = sessionmaker(
            self.engine.execution_options(rqf_begin="IMMEDIATE"), expire_on_commit=False
        )
        self.read = sessionmaker(self.engine, expire_on_commit=False)

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        """Give a session that is committed when the block ends well and rolled back when it does not."""
        with self.write() as session, session.begin():
            yield session

    def upgrade(self, revision: str = "head") -> None:
        """Bring the schema to ``revision`` by the migrations."""
        with self.engine.connect() as connection:
            command.upgrade(_alembic(connection), revision)

    def downgrade(self, revision: str) -> None:
        """Take the schema back to ``revision``."""
        with self.engine.connect() as connection:
            command.downgrade(_alembic(connection), revision)

    def revision(self) -> str | None:
        """Return the migration that the schema stands at, or None for an empty database."""
        with self.engine.connect() as connection:
            return MigrationContext.configure(connection).get_current_revision()

    def is_current(self) -> bool:
        """Tell whether every migration has been applied."""
        return self.revision() == ScriptDirectory(str(paths.MIGRATIONS)).get_current_head()

    def refresh_statistics(self) -> None:
        """Let SQLite look at how its tables have grown; PostgreSQL does so by itself.

        Without it SQLite takes "published" for a rare word and reads all published versions to find a few.
        """
        if self.url.get_backend_name() != "sqlite":
            return
        # Where somebody writes for long, the next time will do.
        with (
            suppress(OperationalError),
            self.engine.execution_options(rqf_begin="IMMEDIATE").begin() as connection,
        ):
            # All tables, a sample of each: https://sqlite.org/pragma.html#pragma_optimize
            connection.exec_driver_sql("PRAGMA optimize=0x10002")

    def close(self) -> None:
        """Close all connections."""
        self.engine.dispose()


def in_steps(
    session: Session, transaction: Callable[[], AbstractContextManager[Session]]
) -> Callable[[], AbstractContextManager[Session]]:
    """Return ``transaction`` with the reading of ``session`` ended before each one begins.

    Where SQLite runs without write-ahead logging, an open read would keep the writer waiting for ever.
    """

    @contextmanager
    def step() -> Iterator[Session]:
        session.commit()
        with transaction() as writer:
            yield writer

    return step


def _alembic(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(paths.MIGRATIONS))
    config.attributes["connection"] = connection
    return config


def _engine(url: str, echo: bool) -> Engine:
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite":
        return create_engine(parsed, echo=echo, pool_pre_ping=True)
    if parsed.database and parsed.database != ":memory:":
        Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
    # A connection reads the statistics when it is opened, so none stays open for ever.
    engine = create_engine(parsed, echo=echo, module=sqlite_module(), pool_recycle=_RECYCLED)
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: Any, record: Any) -> None:
    # The driver's own idea of when to begin a transaction is switched off; _begin_sqlite says it.
    connection.isolation_level = None
    safe = sqlite_module().sqlite_version_info >= SAFE_WAL
    connection.execute(f"PRAGMA journal_mode={'WAL' if safe else 'DELETE'}")
    connection.execute("PRAGMA foreign_keys=ON")
    connection.execute("PRAGMA busy_timeout=10000")
    connection.execute("PRAGMA synchronous=FULL")
    # Identifiers come in no order: an import of many rows writes all over the indexes. In KB when negative.
    connection.execute("PRAGMA cache_size=-32768")


def _begin_sqlite(connection: Connection) -> None:
    how = connection.get_execution_options().get("rqf_begin", "DEFERRED")
    connection.exec_driver_sql(f"BEGIN {how}")
