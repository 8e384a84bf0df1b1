"""Measure an import against the same rows put in bare: time as a ratio, and the peak of memory.

    python benchmarks/bench_imports.py [SIZE ...] [--engines sqlite,postgresql]

The rows are synthetic: titles are parts of real ones put together anew (`corpus.py`), codes are counted.
One row in eight is dirty: hard and double blanks, decimal commas, dates written day first, titles with a
letter lost that read like another row, levels that do not exist. The import runs whole, as `rqf import
--partial` does: reading, every check, the search for duplicates, the stored preview, the apply with its
audit trail, the commit.

The floor is what the import left behind, read back and put into an empty copy of the database by bare bulk
inserts of SQLAlchemy, one a table, the rows already in memory. *Everything* is all the tables that an
import has to write (qualifications, versions, their quality, audit trail, notices to the index, the rows of
the batch); *records* is qualifications and versions alone. The better of two runs counts. Each run is a
process of its own, so that memory is its own too.
"""

from __future__ import annotations

import argparse
import csv
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import sqlalchemy as sa
from corpus import misspelt, real_titles, titles
from sqlalchemy.orm import Session

from rqf import exchange, people
from rqf.models import (
    AwardingBody,
    CatalogueChange,
    ImportBatch,
    ImportFile,
    ImportRow,
    Qualification,
    QualificationVersion,
    VersionQuality,
    audit,
)
from rqf.models.database import Database
from rqf.registry import imports
from tests import servers

SIZES = (1_500, 15_000, 150_000)
#: The tables whose rows an import writes, parents first.
EVERYTHING = (
    AwardingBody, Qualification, QualificationVersion, VersionQuality, ImportBatch, ImportFile, ImportRow,
    audit.AuditEntry, CatalogueChange,
)  # fmt: skip
RECORDS = (AwardingBody, Qualification, QualificationVersion)
HEADER = (
    "type", "title", "code_system", "code", "framework", "level", "level_note", "volume", "volume_unit",
    "awarding_body", "sector", "isced_f", "source", "valid_from",
)  # fmt: skip


def write_rows(path: Path, size: int) -> None:
    """Write a file of so many rows, always the same ones."""
    dice = random.Random(7)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(HEADER)
        last = "Operación de equipos"
        for number, title in enumerate(titles(size, real_titles())):
            row = [
                "training_programme", title[:400], "CO-SENA-PROGRAM", f"{100_000 + number}", "CO-MNC",
                str(1 + number % 7), "técnico", str(40 + number % 2000), "hours",
                f"Centro de formación {number % 120}", ("mining", "construction", "energy", "")[number % 4],
                "0724", "SENA, catálogo de programas", f"20{10 + number % 14}-0{1 + number % 9}-15",
            ]  # fmt: skip
            writer.writerow(_dirty(row, last, dice) if number % 8 == 3 else row)
            last = title


def _dirty(row: list[str], other: str, dice: random.Random) -> list[str]:
    kind = dice.randrange(6)
    if kind == 0:
        row[1] = f" {row[1]}\xa0"
    elif kind == 1:
        row[1] = row[1].replace(" ", "  ", 1)
    elif kind == 2:
        row[7] += ",5"
    elif kind == 3:
        year, month, day = row[13].split("-")
        row[13] = f"{day}/{month}/{year}"
    elif kind == 4 and len(other) > 8:
        row[1] = misspelt(other, dice)
    else:
        row[5] = "12" if dice.random() < 0.3 else row[5]
    return row


def run_import(url: str, file: str) -> None:
    """Import a file, and print seconds by step and the peak of memory."""
    database = Database(url)
    before = _peak()
    marks = [time.perf_counter()]
    with database.transaction() as session:
        officer = people.officer(session, "CO", None)
        batch, _ = imports.take_in(session, officer, "CO", Path(file), "bench.csv")
        marks.append(time.perf_counter())
        imports.check(session, officer, batch.uuid)
        marks.append(time.perf_counter())
        imports.apply(session, officer, batch.uuid, partial=True)
        marks.append(time.perf_counter())
    marks.append(time.perf_counter())
    steps = [f"{one - other:.3f}" for one, other in zip(marks[1:], marks, strict=False)]
    print(*steps, before, _peak())


def run_floor(url: str, source: str, which: str) -> None:
    """Put the rows of the source into the empty copy bare, and print the seconds."""
    models = EVERYTHING if which == "everything" else RECORDS
    rows = {}
    with Session(Database(source).engine) as session:
        for model in models:
            already = _newest(url, model)
            columns = model.__table__.columns
            found = session.execute(sa.select(*columns).where(*_since(model, already))).mappings()
            rows[model] = [dict(one) for one in found]
    database = Database(url)
    start = time.perf_counter()
    with database.transaction() as session:
        for model in models:
            if rows[model]:
                session.connection().execute(sa.insert(model.__table__), rows[model])
    print(f"{time.perf_counter() - start:.3f}")


def _newest(url: str, model: type) -> int:
    key = next(iter(model.__table__.primary_key.columns))
    with Session(Database(url).engine) as session:
        return session.scalar(sa.select(sa.func.max(key))) or 0


def _since(model: type, already: int) -> list[sa.ColumnElement[bool]]:
    return [next(iter(model.__table__.primary_key.columns)) > already]


def _peak() -> int:
    """Return the peak of memory of this process in MB. (``ru_maxrss`` would begin with the parent's.)"""
    said = Path("/proc/self/status").read_text("ascii")
    return int(re.search(r"VmHWM:\s+(\d+)", said)[1]) >> 10


def _child(*arguments: str) -> list[float]:
    command = [sys.executable, __file__, "--child", *arguments]
    answer = subprocess.run(command, capture_output=True, text=True, check=False)
    if answer.returncode:
        sys.exit(answer.stderr)
    return [float(one) for one in answer.stdout.split()]


class Embedded:
    """Databases in files of a folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def create(self, name: str, template: str = "") -> str:
        """Make a database, as a copy of another if one is named, and return its address."""
        path = self.folder / name
        if template:
            shutil.copy(self.folder / template, path)
        return f"sqlite:///{path}"

    def drop(self, name: str) -> None:
        """Delete a database."""
        for path in self.folder.glob(f"{name}*"):
            path.unlink() if path.is_file() else shutil.rmtree(path)


@contextmanager
def server(engine: str) -> Iterator[Embedded | servers.PostgreSQL]:
    """Give what makes databases of an engine."""
    with ExitStack() as stack:
        if engine == "sqlite":
            yield Embedded(Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="rqf-bench-"))))
        else:
            yield stack.enter_context(servers.postgresql())


def measure(engine: str, sizes: list[int]) -> None:
    """Print a line for each size on one engine."""
    with server(engine) as made, tempfile.TemporaryDirectory(prefix="rqf-bench-") as folder:
        database = Database(made.create("empty"))
        database.upgrade()
        with database.transaction() as session:
            exchange.load(session, "benchmark")
            people.officer(session, "CO", None)
        with database.engine.connect() as connection:
            if engine == "sqlite":
                connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        database.close()
        for size in sizes:
            path = Path(folder) / f"{size}.csv"
            write_rows(path, size)
            _line(engine, made, size, path)


def _line(engine: str, made: Embedded | servers.PostgreSQL, size: int, path: Path) -> None:
    imported = made.create("imported", template="empty")
    read, check, apply, commit, before, peak = _child("import", imported, str(path))
    total = read + check + apply + commit
    floors = []
    for which in ("everything", "records"):
        runs = []
        for _ in range(2):
            runs += _child("floor", made.create("floor", template="empty"), imported, which)
            made.drop("floor")
        floors.append(min(runs))
    made.drop("imported")
    everything, records = floors
    print(
        f"{engine:<11}{size:>8,} rows {total:>7.1f} s (read {read:.1f}, check {check:.1f}, "
        f"apply {apply:.1f}, commit {commit:.1f}), {size / total:>6,.0f} rows/s; "
        f"floor: everything {everything:.2f} s = {total / everything:.1f} times, "
        f"records {records:.2f} s = {total / records:.1f} times; "
        f"peak {peak:.0f} MB ({before:.0f} before)",
        flush=True,
    )


def main() -> None:
    """Measure each size asked for on each engine that is there."""
    if sys.argv[1:2] == ["--child"]:
        {"import": run_import, "floor": run_floor}[sys.argv[2]](*sys.argv[3:])
        return
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("sizes", nargs="*", type=int, default=list(SIZES))
    parser.add_argument("--engines", default="sqlite,postgresql")
    options = parser.parse_args()
    os.environ.setdefault("PYTHONPATH", str(Path(__file__).resolve().parent.parent))
    for engine in options.engines.split(","):
        if engine == "postgresql" and not servers.available():
            print("postgresql: no server programs here")
            continue
        measure(engine, options.sizes)


if __name__ == "__main__":
    main()
