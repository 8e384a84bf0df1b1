"""Measure the pages that people wait for, in a register of many records, beside the sample alone.

    python benchmarks/bench_pages.py [SIZE ...]

Each size is a fresh SQLite database with the sample, its demonstration, and so many published records of four
countries; titles from `corpus.py` (parts of real ones), units and outcomes are those of the sample.
A request goes through the whole application, but not over a network. The ratio is to the same page with the
sample alone, measured in the same run.
"""

from __future__ import annotations

import argparse
import logging
import random
import re
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any
from uuid import uuid4

import numpy as np
import structlog
from corpus import misspelt, real_titles, titles
from flask.testing import FlaskClient
from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from rqf import exchange, models
from rqf.app import serve
from rqf.matching.phrasing import phrase
from rqf.models import catalogue
from rqf.models.database import Database
from rqf.models.tables import now
from rqf.rules.terms import MappingStatus, QualificationType, Verification, VersionStatus

_COUNTRIES = ("CL", "CO", "MX", "PE")
_PASSWORD = "only for measuring, never kept"
_BATCH = 10_000
_TIMES = 60
#: The outcomes of the sample are soon all remembered; those of a real register are not.
_UNREAD = "the same, no outcome remembered"
Addresses = Mapping[str, Sequence[str]]


def fill(session: Session, size: int) -> None:
    """Put so many published records beside the sample."""
    sectors = list(session.scalars(select(models.Sector.code)))
    units = list(session.scalars(select(models.Unit.id).where(models.Unit.outcomes.any())))
    made = titles(size, real_titles())
    first = max(session.scalars(select(models.Qualification.id))) + 1
    version = max(session.scalars(select(models.QualificationVersion.id))) + 1
    for at in range(0, size, _BATCH):
        part = range(at, min(size, at + _BATCH))
        session.execute(insert(models.Qualification), [
            {"id": first + n, "uuid": str(uuid4()), "country_code": _COUNTRIES[n % 4],
             "type": QualificationType.QUALIFICATION} for n in part
        ])  # fmt: skip
        session.execute(insert(models.QualificationVersion), [
            {"id": version + n, "qualification_id": first + n, "number": 1, "revision": 1,
             "status": VersionStatus.PUBLISHED, "titles": {"es": made[n]}, "original_language": "es",
             "sector_code": sectors[n % len(sectors)], "source": "benchmark", "published_at": now(),
             "verified": Verification.NO} for n in part
        ])  # fmt: skip
        session.execute(insert(models.VersionUnit), [
            {"version_id": version + n, "unit_id": units[(n + 7 * place) % len(units)], "position": place}
            for n in part for place in (1, 2, 3)
        ])  # fmt: skip
        catalogue.note_changes(session, [first + n for n in part])


def pages(session: Session, size: int) -> dict[str, Addresses]:
    """Return, for each account (or none), the pages to ask for and their addresses."""
    dice = random.Random(2)
    asked = [misspelt(dice.choice(real_titles()), dice) for _ in range(_TIMES)]
    chilean, peruvian = _newest(session, "CL"), _newest(session, "PE")
    case = (
        session.scalars(
            select(models.LevelMapping.uuid).where(models.LevelMapping.status == MappingStatus.IN_REVIEW)
        ).all()
        or session.scalars(select(models.LevelMapping.uuid).limit(5)).all()
    )
    return {
        "": {
            "search": [f"/?q={one}" for one in asked],
            "record": [f"/qualifications/{one}" for one in chilean],
            "what is it worth there": [f"/qualifications/{one}/equivalents?country=PE" for one in chilean],
            _UNREAD: [f"/qualifications/{one}/equivalents?country=PE" for one in chilean],
            "compare": [f"/compare?a={a}&b={b}" for a, b in zip(chilean, peruvian, strict=False)],
            "suggest (API)": [f"/api/v1/qualifications/{one}/level-suggestions" for one in chilean],
        },
        "oficial.cl@demo.example": {
            "own records": ["/officer/"],
            "own record with advice": [f"/officer/qualifications/{one}" for one in chilean],
            "propose a level": [f"/officer/qualifications/{one}/level" for one in chilean],
            "likely duplicates while typing": [f"/officer/fragments/close?title={one}" for one in asked],
        },
        "revisora.pe@demo.example": {
            "queue": ["/reviewer/"],
            "a case": [f"/reviewer/mappings/{one}" for one in case],
        },
    }


def _newest(session: Session, country: str) -> Sequence[str]:
    return session.scalars(
        select(models.Qualification.uuid)
        .join(models.QualificationVersion)
        .where(
            models.Qualification.country_code == country,
            models.QualificationVersion.status == VersionStatus.PUBLISHED,
        )
        .order_by(models.Qualification.id.desc())
        .limit(_TIMES)
    ).all()


def measure(size: int) -> Iterator[tuple[str, float, float]]:
    """Give each page's name with its median and 95th percentile in milliseconds."""
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{Path(folder) / 'rqf.sqlite'}"
        database = Database(url)
        database.upgrade()
        with database.transaction() as session:
            exchange.load(session, "benchmark")
        with database.transaction() as session:
            exchange.load_demo(session, _PASSWORD)
        with database.transaction() as session:
            if size:
                fill(session, size)
        app = serve({"DATABASE_URL": url, "SECRET_KEY": _PASSWORD * 2, "SECURE_COOKIES": False, "DEMO": True})
        with database.transaction() as session:
            asked = pages(session, size)
        for email, some in asked.items():
            client = app.test_client()
            if email:
                _enter(client, email)
            for name, addresses in some.items():
                yield name, *_timed(client, addresses, phrase.cache_clear if name == _UNREAD else _nothing)
        database.close()
        app.extensions["rqf_database"].close()


def _enter(client: FlaskClient, email: str) -> None:
    form = client.get("/auth/sign-in").text
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', form)
    assert token
    fields: dict[str, Any] = {"csrf_token": token[1], "email": email, "password": _PASSWORD}
    answer = client.post("/auth/sign-in", data=fields)
    assert answer.status_code == 303, answer.text


def _nothing() -> None:
    pass


def _timed(
    client: FlaskClient, addresses: Sequence[str], before: Callable[[], object]
) -> tuple[float, float]:
    taken: list[float] = []
    get: Callable[[str], Any] = client.get
    assert get(addresses[0]).status_code == 200, addresses[0]
    for n in range(_TIMES):
        before()
        start = time.perf_counter()
        answer = get(addresses[n % len(addresses)])
        taken.append(1000 * (time.perf_counter() - start))
        assert answer.status_code == 200, addresses[n % len(addresses)]
    return float(np.percentile(taken, 50)), float(np.percentile(taken, 95))


def main() -> None:
    """Measure the sample alone, then each size asked for, and print a table of both."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("sizes", nargs="*", type=int, default=[100_000])
    options = parser.parse_args()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    alone = {name: p50 for name, p50, _ in measure(0)}
    for size in options.sizes:
        print(f"\n{size:,} records: p50 / p95 in ms, and the median's ratio to the sample alone")
        for name, p50, p95 in measure(size):
            print(f"{name:<32} {p50:>8.1f} / {p95:>8.1f}   {p50 / alone[name]:>5.1f} x", flush=True)


if __name__ == "__main__":
    main()
