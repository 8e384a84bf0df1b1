"""What every test may ask for: a migrated database on both engines, sessions, clients, signed-in people."""

from __future__ import annotations

import itertools
import os
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from jinja2 import FileSystemBytecodeCache
from sqlalchemy import text
from sqlalchemy.orm import Session

from rqf.app import create_app
from rqf.models.database import Database
from tests import factories, servers

SECRET = "only for tests, but long enough to be accepted"
_counter = itertools.count()
#: The pages most looked at, and those on which people decide against each other, go over both databases.
ON_BOTH = ("test_public.py", "test_reviewer.py", "test_guards.py")


def pytest_addoption(parser):
    parser.addoption(
        "--engines", default="sqlite,postgresql", help="which databases the tests run on, comma-separated"
    )


def pytest_generate_tests(metafunc):
    if "engine" not in metafunc.fixturenames:
        return
    engines = metafunc.config.getoption("--engines").split(",")
    # What a page asks of the database, the tests of the use cases ask on both; a page adds no question.
    file = metafunc.definition.path
    if file.parent.name == "web" and file.name not in ON_BOTH and "sqlite" in engines:
        engines = ["sqlite"]
    metafunc.parametrize("engine", engines, scope="session")


def pytest_collection_modifyitems(items):
    """Leave coverage to the twin on SQLite of what runs on PostgreSQL: tracing costs a third of the time."""
    for item in items:
        if "[postgresql" in item.nodeid or "browser" in item.path.parts:
            item.add_marker(pytest.mark.no_cover)


@pytest.fixture(scope="session")
def postgresql() -> Iterator[servers.PostgreSQL]:
    """A private PostgreSQL server, gone after the run."""
    with servers.postgresql() as server:
        yield server


@pytest.fixture(scope="session")
def templates() -> dict[str, str]:
    """Engine -> the address of its template: each is built once, whatever the order of the tests."""
    return {}


@pytest.fixture(scope="session")
def template(engine, templates, tmp_path_factory, request) -> str:
    """An empty database made once by the migrations, with the reference data; tests get copies of it."""
    if engine not in templates:
        if engine == "sqlite":
            url = f"sqlite:///{tmp_path_factory.mktemp('template') / 'template.sqlite'}"
        else:
            url = request.getfixturevalue("postgresql").create(f"template_{os.getpid()}")
        build_template(url)
        templates[engine] = url
    return templates[engine]


def build_template(url: str) -> None:
    """Make the schema by the migrations, and put in what every test stands on."""
    database = Database(url)
    database.upgrade()
    with database.transaction() as session:
        factories.make_region(session)
    if url.startswith("sqlite"):
        with database.engine.connect() as connection:
            connection.execute(text("PRAGMA wal_checkpoint(TRUNCATE)"))
    database.close()


@pytest.fixture
def database_url(engine, template, tmp_path, request) -> Iterator[str]:
    """The address of this test's own copy of the template."""
    if engine == "sqlite":
        copy = tmp_path / "rqf.sqlite"
        shutil.copy(Path(template.removeprefix("sqlite:///")), copy)
        yield f"sqlite:///{copy}"
        return
    server = request.getfixturevalue("postgresql")
    name = f"test_{os.getpid()}_{next(_counter)}"
    yield server.create(name, template=template.rsplit("/", 1)[1])
    server.drop(name)


@pytest.fixture
def database(database_url) -> Iterator[Database]:
    """This test's database."""
    database = Database(database_url)
    yield database
    database.close()


@pytest.fixture
def session(database) -> Iterator[Session]:
    """A writing session on this test's database; commit in the test if another session has to see it."""
    with database.write() as session:
        yield session


@pytest.fixture(scope="session")
def compiled(tmp_path_factory) -> FileSystemBytecodeCache:
    """The templates as compiled once, and not for every test's application anew."""
    return FileSystemBytecodeCache(str(tmp_path_factory.mktemp("templates")))


@pytest.fixture
def app(database_url, tmp_path, compiled):
    """The application on this test's database."""
    app = create_app(
        {
            "DATABASE_URL": database_url,
            "SECRET_KEY": SECRET,
            "SIGNING_KEY_FILE": str(tmp_path / "signing-key.json"),
            "SECURE_COOKIES": False,
            "TESTING": True,
        }
    )
    app.jinja_env.bytecode_cache = compiled
    yield app
    app.extensions["rqf_database"].close()


@pytest.fixture
def client(app):
    """A browser without scripts that speaks English, so that tests read like the code."""
    client = app.test_client()
    client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    return client


@pytest.fixture
def sign_in(client, session) -> Callable[..., None]:
    """``sign_in(account)`` lets a person of tests/factories.py in through the real door."""

    def enter(account) -> None:
        session.commit()
        answer = post(client, "/auth/sign-in", email=account.email, password=factories.PASSWORD)
        assert answer.status_code == 303, answer.text

    return enter


@pytest.fixture(name="post")
def post_fixture(client) -> Callable:
    """``post(url, field=value)`` loads the page, takes its CSRF token and sends the form back."""

    def send(url: str, page: str | None = None, **fields):
        return post(client, url, page, **fields)

    return send


def post(client, url: str, page: str | None = None, **fields):
    """Send a form as a browser does: with the token of the page it stands on."""
    found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', client.get(page or url).text)
    assert found, f"{page or url} shows no form"
    return client.post(url, data={"csrf_token": found[1], **fields})
