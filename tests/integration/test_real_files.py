"""The registers of the countries as they are published: in, out, and in again without a loss.

The files are not part of the project. They are expected in the folder that RQF_TEST_REAL_FILES names:
``renec_2025-07.csv`` (CONOCER), ``chile_emtp_modules.csv`` and ``chile_emtp_outcomes.csv`` (MINEDUC).
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest
from sqlalchemy import func, select

from rqf import exchange, paths
from rqf.exchange import record_tables
from rqf.exchange.sheets import writing
from rqf.models import VersionQuality
from rqf.registry import imports
from rqf.rules.terms import Role
from tests import factories
from tests.integration.test_exports import archive, elsewhere, empty, pages, said, verdicts

FOLDER = os.environ.get("RQF_TEST_REAL_FILES")
#: Country -> its files, in the order in which one imports them, and how many records they come to.
FILES = {
    "MX": (("renec_2025-07.csv",), 1485),
    "CL": (("chile_emtp_modules.csv", "chile_emtp_outcomes.csv"), 35),
}

pytestmark = pytest.mark.skipif(
    not FOLDER, reason="RQF_TEST_REAL_FILES names no folder with the files of the countries"
)


def taken_in(session, country: str, path: Path, apply: bool = True, **how) -> dict[str, int]:
    """Import a file and return how many rows came to which verdict."""
    officer = factories.make_actor(session, Role.OFFICER, country)
    batch, _ = imports.take_in(session, officer, country, path, path.name, **how)
    found = verdicts(imports.check(session, officer, batch.uuid))
    if apply:
        imports.apply(session, officer, batch.uuid)
    session.expire_all()
    return found


@pytest.fixture(params=FILES)
def country(request, session, tmp_path) -> str:
    """A country whose register has been imported, and nothing else; return its code."""
    without = shutil.ignore_patterns("qualifications.csv", "units", "demo")
    shutil.copytree(paths.FIXTURES, tmp_path / "fixtures", ignore=without)
    exchange.load(session, "test", tmp_path / "fixtures")
    names, records = FILES[request.param]
    for name in names:
        taken_in(session, request.param, Path(FOLDER or "") / name)
    assert session.scalar(select(func.count(VersionQuality.version_id))) == records
    return request.param


def test_the_export_of_a_real_register_changes_nothing_in_it(session, country, tmp_path):
    book = tmp_path / "all.xlsx"
    writing.write_book(book, record_tables.tables(session, pages(session)))
    archive(session, tmp_path)
    for name in ("records", "units", "outcomes"):
        if len((tmp_path / f"{name}.csv").read_bytes().splitlines()) == 1:
            continue
        for path in (book, tmp_path / f"{name}.csv"):
            how = {"reading": exchange.Reading(sheet=name)} if path == book else {}
            assert set(taken_in(session, country, path, apply=False, **how)) == {"unchanged"}, path


def test_a_real_register_goes_into_an_empty_one_as_it_was(session, country, tmp_path):
    before = said(session)
    archive(session, tmp_path)
    empty(session)
    for name in ("records", "units", "outcomes"):
        if len((tmp_path / f"{name}.csv").read_bytes().splitlines()) > 1:
            taken_in(session, country, elsewhere(tmp_path / f"{name}.csv"))
    assert said(session) == before
