"""Sixty look-ups with the records that a person of the field expects, written before anything was measured.

Half of them (``held_out``) were never looked at while the search was being improved. A record is named by its
code or its title; where several are right, ``|`` stands between them.
"""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from rqf import lookup
from rqf.exchange import fixtures
from rqf.lookup import SearchQuery
from rqf.models.database import Database
from rqf.paths import FIXTURES

LOOKUPS = Path(__file__).parents[1] / "data" / "lookups.csv"


def read_lookups() -> list[dict[str, str]]:
    with LOOKUPS.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def sample(engine, tmp_path_factory, request):
    """A database with the sample that is shipped."""
    if engine == "sqlite":
        url = f"sqlite:///{tmp_path_factory.mktemp('lookups') / 'rqf.sqlite'}"
    else:
        url = request.getfixturevalue("postgresql").create("sixty_lookups")
    database = Database(url)
    database.upgrade()
    with database.transaction() as session:
        fixtures.load(session, "test")
    yield database
    database.close()


def rank_of(session, asked: dict[str, str]) -> int:
    """Return at which place the first expected record stands, 1 the first; 0 where it is late."""
    found = lookup.search(session, SearchQuery(text=asked["query"], language=asked["language"]))
    expected = set(asked["expected"].split("|"))
    names = [{hit.version.qualification.code, hit.version.title} for hit in found.hits]
    return next((place for place, name in enumerate(names, 1) if name & expected), 0)


def test_of_sixty_lookups_fifty_five_find_their_record_first_and_all_among_five(sample):
    asked = read_lookups()
    assert len(asked) == 60
    with sample.read() as session:
        ranks = {one["query"]: rank_of(session, one) for one in asked}
    late = {query: rank for query, rank in ranks.items() if rank not in range(1, 6)}
    assert late == {}
    assert sum(rank == 1 for rank in ranks.values()) >= 55, ranks


def test_half_of_the_lookups_are_held_out():
    sets = [one["set"] for one in read_lookups()]
    assert sets.count("held_out") == sets.count("tuning") == 30


def test_every_expected_record_is_in_the_sample():
    with (FIXTURES / "qualifications.csv").open(encoding="utf-8", newline="") as file:
        known = {name for row in csv.DictReader(file) for name in (row["code"], row["title"])}
    expected = {name for one in read_lookups() for name in one["expected"].split("|")}
    assert expected <= known
