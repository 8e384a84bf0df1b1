"""The migrations build what the models say, and every one of them goes up and down on both databases."""

from __future__ import annotations

import itertools

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import inspect, text

from rqf import exchange, paths
from rqf.models import Model
from rqf.models.database import Database

_numbers = itertools.count()


@pytest.fixture
def empty(engine, tmp_path, request):
    """An empty database."""
    if engine == "sqlite":
        url, server = f"sqlite:///{tmp_path / 'empty.sqlite'}", None
    else:
        server, name = request.getfixturevalue("postgresql"), f"empty_{next(_numbers)}"
        url = server.create(name)
    database = Database(url)
    yield database
    database.close()
    if server:
        server.drop(name)


def tables(database) -> set[str]:
    return set(inspect(database.engine).get_table_names()) - {"alembic_version"}


def test_the_migrations_build_exactly_the_models(empty):
    empty.upgrade()
    with empty.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Model.metadata) == []


def test_there_is_one_newest_migration():
    assert len(ScriptDirectory(str(paths.MIGRATIONS)).get_heads()) == 1


def test_every_migration_goes_down_and_up_again(empty):
    revisions = [one.revision for one in ScriptDirectory(str(paths.MIGRATIONS)).walk_revisions()]
    empty.upgrade()
    whole = tables(empty)
    assert whole == set(Model.metadata.tables)
    for revision in [*revisions[1:], "base"]:
        empty.downgrade(revision)
    assert tables(empty) == set()
    assert empty.revision() is None
    for revision in reversed(revisions):
        empty.upgrade(revision)
    assert tables(empty) == whole
    assert empty.is_current()


def test_a_filled_database_survives_the_newest_migration_going_down_and_up(empty):
    empty.upgrade()
    with empty.transaction() as session:
        exchange.load(session, "test")
    if len(list(ScriptDirectory(str(paths.MIGRATIONS)).walk_revisions())) > 1:
        empty.downgrade("-1")
        empty.upgrade()
    with empty.engine.connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM qualification")) > 250
