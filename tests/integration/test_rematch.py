"""All candidates at once: the same to the byte from scratch, over changes, on every engine, after a death."""

import os
import random
import signal
import threading

import pytest

from rqf import lookup
from rqf.lookup import engines
from rqf.matching.candidates import Document, Index
from rqf.matching.pairs import Pairs, best_pairs, changed, published, touched
from rqf.matching.rarity import Statistics
from rqf.models import CatalogueChange, Qualification
from rqf.rules.terms import VersionStatus
from tests import factories

TITLES = (
    "Soldadura industrial", "Mantenimiento de maquinaria pesada", "Voladura de barrenos",
    "Operación de planta concentradora", "Electricidad de minas", "Supervisión de labores mineras",
    "Instalación de sistemas fotovoltaicos", "Perforación con equipo jumbo",
)  # fmt: skip
COUNTRIES = ("CL", "CO", "MX", "PE")


@pytest.fixture(autouse=True)
def cache(monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))


@pytest.fixture
def filled(session):
    """Eight trades in four countries, and a draft that nobody may see."""
    for country in COUNTRIES:
        for number, title in enumerate(TITLES):
            factories.make_qualification(session, f"{title} {country if number % 3 else ''}", country=country)
    factories.make_qualification(session, "Soldadura industrial", status=VersionStatus.DRAFT)
    session.commit()
    return session


def run(session, folder, **more) -> tuple[lookup.Rematch, bytes]:
    done = lookup.rematch(session, folder, workers=1, **more)
    session.rollback()
    return done, done.file.read_bytes()


def test_every_published_record_gets_candidates_of_other_countries_only(filled, tmp_path):
    done, text = run(filled, tmp_path / "out")
    assert (done.matched, done.kept, done.full) == (32, 0, True)
    countries = {one.uuid: one.country_code for one in filled.query(Qualification)}
    rows = [line.split(",") for line in text.decode().splitlines()[1:]]
    assert len({row[0] for row in rows}) == 32
    assert all(countries[one] != countries[other] for one, other, *_ in rows)
    assert all(float(score) <= 100 and 1 <= int(rank) <= 10 for _, _, rank, score, _ in rows)


def test_a_run_over_the_changes_gives_what_a_full_run_gives(filled, tmp_path):
    run(filled, tmp_path / "one")
    run(filled, tmp_path / "two")
    assert run(filled, tmp_path / "one")[0].matched == 0
    new = factories.make_qualification(filled, "Soldadura de estructuras", country="PE")
    gone = filled.query(Qualification).filter_by(country_code="MX").first()
    version = filled.query(type(new)).filter_by(qualification_id=gone.id).one()
    version.status = VersionStatus.RETIRED
    filled.add(CatalogueChange(qualification_id=gone.id))
    filled.commit()
    over_changes, partly = run(filled, tmp_path / "one")
    assert not over_changes.full
    assert 0 < over_changes.matched < 32
    # The same statistics, but no result to go on from.
    statistics = (tmp_path / "two" / "statistics.npz").read_bytes()
    whole = from_scratch(filled, tmp_path / "two", statistics)
    assert partly == whole
    assert new.qualification.uuid.encode() in partly
    assert gone.uuid.encode() not in partly


def from_scratch(session, folder, statistics: bytes) -> bytes:
    """Match everything anew by the statistics of an earlier run."""
    import numpy as np

    with np.load(folder / "pairs.npz") as saved:
        nothing = {name: saved[name][:0] for name in saved}
    np.savez(folder / "pairs.npz", **nothing)
    everyone = [one.id for one in session.query(Qualification)]
    for id in everyone:
        session.add(CatalogueChange(qualification_id=id))
    session.commit()
    state = (folder / "state.json").read_text()
    # An empty index as the one before: every record is new.
    import json

    from rqf.matching.sealing import merge, seal
    from rqf.models.shelf import Label, Shelf

    told = json.loads(state)
    empty = merge([seal([])])
    told["generation"] = Shelf(folder / "index").save(empty, Label(**told["label"]))
    (folder / "state.json").write_text(json.dumps(told))
    done, text = run(session, folder)
    assert not done.full
    assert done.kept == 0
    assert (folder / "statistics.npz").read_bytes() == statistics
    return text


def test_other_statistics_or_a_damaged_state_mean_a_full_run(filled, tmp_path):
    run(filled, tmp_path / "out")
    (tmp_path / "out" / "pairs.npz").write_bytes(b"cut off")
    assert run(filled, tmp_path / "out")[0].full
    for number in range(8):
        factories.make_qualification(filled, f"Oficio nuevo {number}", country="PE")
    filled.commit()
    assert run(filled, tmp_path / "out")[0].full


def test_a_worker_that_is_killed_costs_nothing_but_time(filled, tmp_path, monkeypatch):
    _, whole = run(filled, tmp_path / "whole")
    monkeypatch.setattr(lookup.rematching, "CHUNK", 4)
    monkeypatch.setenv("RQF_TEST_DIE_ONCE", str(tmp_path / "died"))
    monkeypatch.setattr(engines, "match_chunk", dying_chunk)
    done, text = run(filled, tmp_path / "hurt")
    assert (tmp_path / "died").exists()
    assert done.matched == 32
    assert text == whole


def dying_chunk(task, ids):
    """Do the work, but kill the worker the first time that any of them is asked."""
    from pathlib import Path

    mark = Path(os.environ["RQF_TEST_DIE_ONCE"])
    if not mark.exists():
        mark.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return best_pairs(engines._index(task), ids)


def test_a_dask_cluster_gives_the_same_although_a_worker_is_killed(filled, tmp_path, monkeypatch):
    from distributed import LocalCluster

    _, here = run(filled, tmp_path / "here")
    monkeypatch.setattr(lookup.rematching, "CHUNK", 2)
    with LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as cluster:
        victim = next(iter(cluster.workers.values())).pid
        threading.Timer(0.3, os.kill, (victim, signal.SIGKILL)).start()
        done, there = run(filled, tmp_path / "there", scheduler=cluster.scheduler_address)
    assert done.matched == 32
    assert there == here


def test_a_scheduler_that_does_not_answer_is_said(filled, tmp_path):
    from rqf.errors import RqfError

    with pytest.raises(RqfError, match="No Dask scheduler answers"):
        lookup.rematch(filled, tmp_path, scheduler="tcp://127.0.0.1:9")


@pytest.mark.parametrize("seed", range(6))
def test_only_touched_records_can_change(seed):
    dice = random.Random(seed)
    words = ["soldador", "soldadura", "soldar", "mina", "minero", "mineria", "equipo", "equipos", "planta"]

    def document(id):
        title = " ".join(dice.choices(words, k=dice.randint(1, 4)))
        status = dice.choice(["published", "published", "retired"])
        return Document(id, (("es", title),), None, dice.choice(COUNTRIES), "unit", status=status)

    before = {id: document(id) for id in range(40)}
    after = dict(before) | {id: document(id) for id in dice.sample(range(48), 3)}
    after.pop(dice.choice(list(after)))
    old = Index()
    old.put_all(before.values())
    statistics = Statistics.of(old.parts())
    fixed_old, new = Index(statistics=statistics), Index(statistics=statistics)
    fixed_old.put_all(before.values())
    new.put_all(after.values())
    asked = changed(old, new, range(50))
    again = touched(old, new, asked)
    first = best_pairs(fixed_old, published(fixed_old))
    stays = first.only([int(id) in set(published(new).tolist()) - set(again.tolist()) for id in first.ids])
    merged = Pairs.join([stays, best_pairs(new, again)])
    whole = best_pairs(new, published(new))
    assert merged.ids.tolist() == whole.ids.tolist()
    assert merged.others.tolist() == whole.others.tolist()
    assert merged.scores.tolist() == whole.scores.tolist()
