"""A large index is built once on disk, shared by processes, renewed while they search, and never trusted."""

import os
import signal
import subprocess
import sys
import time

import pytest
from sqlalchemy import update

from rqf.models import CatalogueChange, catalogue
from rqf.models.database import Database
from rqf.models.frameworks import Synonym
from rqf.models.shelf import Shelf
from rqf.models.tables import now
from tests import factories

#: Another process: says what it finds for each title it is asked.
SEARCHER = """
import sys
from rqf.models import catalogue
from rqf.models.database import Database
catalogue.SHARED_FROM = 1
database = Database(sys.argv[1])
print("ready", flush=True)
for line in sys.stdin:
    with database.read() as session:
        found = catalogue.index(session).search(line.strip(), limit=1)
    print(f"{found[0].id} {found[0].score:.0f}" if found else "nothing", flush=True)
"""


@pytest.fixture(autouse=True)
def shared(monkeypatch, tmp_path):
    monkeypatch.setattr(catalogue, "SHARED_FROM", 1)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))


@pytest.fixture
def filled(session):
    """A register with a few records, committed."""
    for title in ("Soldadura industrial", "Mantenimiento de maquinaria pesada", "Voladura de barrenos"):
        factories.make_qualification(session, title=title)
    session.commit()
    return session


@pytest.fixture
def searcher(database_url):
    """``searcher()`` starts another process; it gives a function that asks it for a title."""
    started = []

    def start():
        process = subprocess.Popen(
            [sys.executable, "-c", SEARCHER, database_url],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        started.append(process)
        assert process.stdout.readline() == "ready\n"

        def ask(title: str) -> str:
            process.stdin.write(title + "\n")
            process.stdin.flush()
            return process.stdout.readline().strip()

        return ask

    yield start
    for process in started:
        process.communicate(timeout=10)


def _register(session, title: str) -> int:
    version = factories.make_qualification(session, title=title)
    session.commit()
    return version.qualification_id


def _first(session, title: str):
    found = catalogue.index(session).search(title, limit=1)
    return found[0].id if found and found[0].score == 100.0 else None


def _shelf(session) -> Shelf:
    return Shelf.beside(session.get_bind().url)


def _wait_for_another(shelf: Shelf, before: str) -> None:
    """Wait until the shelf's generation is no longer the one before."""
    until = time.monotonic() + 20
    while shelf.current() == before and time.monotonic() < until:
        time.sleep(0.02)
    assert shelf.current() != before


def test_what_one_process_publishes_another_finds_at_once(filled, searcher):
    one, two = searcher(), searcher()
    assert one("soldadura industrial").endswith(" 100")
    assert two("soldadura industrial") == one("soldadura industrial")
    assert _shelf(filled).current()
    for title in ("Perforación con jumbo", "Operación de molinos"):
        id = _register(filled, title)
        assert one(title) == two(title) == f"{id} 100"


def test_a_change_that_is_not_committed_is_not_found(filled, searcher):
    ask = searcher()
    factories.make_qualification(filled, title="Perforación con jumbo")
    assert not ask("perforación con jumbo").endswith(" 100")
    filled.rollback()


def test_an_index_is_renewed_while_another_process_searches(filled, searcher):
    ask = searcher()
    assert ask("soldadura industrial").endswith(" 100")
    assert _first(filled, "soldadura industrial")
    before = _shelf(filled).current()
    _register(filled, "Perforación con jumbo")
    # This process finds that much has changed and renews the shelf; the other one has to take it up.
    assert _first(filled, "perforación con jumbo")
    _wait_for_another(_shelf(filled), before)
    assert ask("voladura de barrenos").endswith(" 100")
    id = _register(filled, "Operación de molinos")
    assert ask("operación de molinos") == f"{id} 100"


def test_many_changes_renew_the_shelf_in_the_background(filled, monkeypatch):
    assert _first(filled, "soldadura industrial")
    before = _shelf(filled).current()
    id = _register(filled, "Operación de molinos")
    assert _first(filled, "operación de molinos") == id
    _wait_for_another(_shelf(filled), before)
    assert _first(filled, "operación de molinos") == id
    assert _first(filled, "soldadura industrial")


def test_a_shelf_of_another_database_is_not_used(filled):
    assert _first(filled, "soldadura industrial")
    # The same address and the same numbers, but other records behind them: a backup was put back.
    filled.execute(update(CatalogueChange).values(at=now()))
    filled.commit()
    before = _shelf(filled).current()
    catalogue._kept.clear()
    assert _first(filled, "soldadura industrial")
    assert _shelf(filled).current() != before


def test_a_damaged_shelf_is_built_anew(filled):
    assert _first(filled, "soldadura industrial")
    shelf = _shelf(filled)
    before = shelf.current()
    (shelf._folder / before / "impacts.npy").write_bytes(b"cut off")
    catalogue._kept.clear()
    assert _first(filled, "soldadura industrial")
    assert shelf.current() != before


def test_a_process_killed_while_building_leaves_a_register_that_works(filled, database_url):
    killer = f"""
import os, signal
import numpy
from rqf.models import catalogue
from rqf.models.database import Database
catalogue.SHARED_FROM = 1
saved, count = numpy.save, [0]
def save(*args, **more):
    count[0] += 1
    if count[0] == 7:
        os.kill(os.getpid(), signal.SIGKILL)
    saved(*args, **more)
numpy.save = save
with Database({database_url!r}).read() as session:
    catalogue.index(session)
"""
    done = subprocess.run([sys.executable, "-c", killer], env=os.environ, timeout=60)
    assert done.returncode == -signal.SIGKILL
    shelf = _shelf(filled)
    assert shelf.current() is None
    assert _first(filled, "soldadura industrial")
    assert [one.name for one in shelf._folder.iterdir() if one.is_dir()] == [shelf.current()]


def test_new_synonyms_make_a_new_index(filled):
    assert catalogue.index(filled).search("tronadura") == []
    for term in ("tronadura", "voladura de barrenos"):
        filled.add(Synonym(concept="voladura", term=term, countries="CL", source="test", language="es"))
    filled.commit()
    catalogue.forget(filled)
    assert len(catalogue.index(filled).search("tronadura")) == 1


def test_an_embedded_database_in_memory_has_no_shelf():
    assert Shelf.beside(Database("sqlite://").url) is None
