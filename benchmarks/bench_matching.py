"""Measure a search of the index, end to end with its explanation, beside what one would use instead.

    python benchmarks/bench_matching.py [SIZE ...] [--queries N] [--titles FILE]

In the same run: rapidfuzz ``process.extract`` (WRatio and token_set_ratio, over the same stems, top 10),
SQLite FTS5 with trigrams, and PostgreSQL pg_trgm where the server's programs are installed. Memory is that
of a fresh process that maps the index from disk and searches. Titles: see ``corpus.py``.
"""

from __future__ import annotations

import argparse
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import numpy as np
from corpus import misspelt, real_titles, titles
from rapidfuzz import fuzz, process, utils

from rqf.matching import gathering, scoring
from rqf.matching.candidates import Document, Filters, Index
from rqf.matching.rarity import Rarity
from rqf.matching.scoring import Found
from rqf.matching.sealing import merge
from rqf.matching.text import normalise
from rqf.models.database import sqlite_module
from rqf.models.shelf import Label, Shelf

TOP = 10
#: Ask the slow ones so often that a size takes minutes, not hours.
PATIENCE = 20.0
_COUNTRIES = ("CL", "CO", "MX", "PE")


def timed(call: Callable[[str], object], queries: Sequence[str]) -> tuple[float, float]:
    """Return the median and the 95th percentile in milliseconds."""
    call(queries[0])
    taken: list[float] = []
    for query in queries:
        start = time.perf_counter()
        call(query)
        taken.append(1000 * (time.perf_counter() - start))
        if sum(taken) > 1000 * PATIENCE and len(taken) >= 5:
            break
    return float(np.percentile(taken, 50)), float(np.percentile(taken, 95))


def stemmed(title: str) -> str:
    """Return the stems of a title as one text."""
    return " ".join(normalise(title).stems)


def build(corpus: Sequence[str]) -> tuple[Index, float]:
    """Return an index in one piece and how many seconds it took."""
    start = time.perf_counter()
    index = Index()
    index.put_all(
        Document(n, (("es", title),), None, _COUNTRIES[n % 4], "qualification")
        for n, title in enumerate(corpus)
    )
    whole = Index(parts=[merge(index.parts())])
    return whole, time.perf_counter() - start


def fts5(corpus: Sequence[str]) -> Callable[[str], object]:
    """Return a search of an FTS5 table with trigrams: any trigram, best rank first."""
    connection = sqlite_module().connect(":memory:")
    connection.execute(
        "CREATE VIRTUAL TABLE titles USING fts5(title, tokenize='trigram remove_diacritics 1')"
    )
    connection.executemany("INSERT INTO titles(title) VALUES (?)", ((title,) for title in corpus))

    def search(query: str) -> object:
        pieces = {query[at : at + 3].replace('"', "") for at in range(len(query) - 2)}
        words = " OR ".join(f'"{piece}"' for piece in sorted(pieces) if len(piece) == 3)
        return connection.execute(
            "SELECT rowid FROM titles WHERE titles MATCH ? ORDER BY rank LIMIT ?", (words, TOP)
        ).fetchall()

    return search


@contextmanager
def pg_trgm(corpus: Sequence[str]) -> Iterator[Callable[[str], object] | None]:
    """Give a search of a PostgreSQL table with a GiST trigram index, or None without PostgreSQL."""
    try:
        import psycopg

        from tests.servers import postgresql

        server = postgresql()
        running = server.__enter__()
    except BaseException as error:
        print(f"PostgreSQL is not measured: {error}")
        yield None
        return
    try:
        address = running.create("bench").replace("postgresql+psycopg", "postgresql")
        with psycopg.connect(address, autocommit=True) as connection:
            connection.execute("CREATE EXTENSION pg_trgm")
            connection.execute("CREATE TABLE titles (id int, title text)")
            with connection.cursor().copy("COPY titles FROM STDIN") as copy:
                for row in enumerate(corpus):
                    copy.write_row(row)
            connection.execute("CREATE INDEX ON titles USING gist (title gist_trgm_ops)")
            connection.execute("ANALYZE titles")
            yield lambda query: connection.execute(
                "SELECT id FROM titles ORDER BY title <-> %s LIMIT %s", (query, TOP)
            ).fetchall()
    finally:
        server.__exit__(None, None, None)


def kept_by_blocking(index: Index, queries: Sequence[str]) -> float:
    """Return how much of the best ten of all records, compared in full, a search finds."""
    shares = []
    for query in queries:
        asked, parts = index._read(query, "es")
        pool = []
        for part in parts:
            slots, gains = gathering.best(part, asked, Filters(), 1, always=range(len(part)))
            weights = sum(term.weight for term in asked.terms) or 1.0
            pool.append(Found(part, slots, gains / weights, gathering.exact(part, asked, Filters())))
        whole = {one.id for one in scoring.rank(asked, pool, Rarity(parts), index.synonyms, TOP)}
        found = {one.id for one in index.search(query, limit=TOP)}
        shares.append(len(whole & found) / max(1, len(whole)))
    return float(np.mean(shares))


def memory(index: Index, queries: Sequence[str]) -> None:
    """Print how much memory a worker takes that maps the index from disk."""
    with tempfile.TemporaryDirectory() as folder:
        shelf = Shelf(Path(folder))
        name = shelf.save(index.parts()[0], Label(1, "", ""))
        size = sum(one.stat().st_size for one in (Path(folder) / name).iterdir())
        told = subprocess.run(
            [sys.executable, __file__, "--worker", folder, name], input="\n".join(queries),
            capture_output=True, text=True, check=True,
        )  # fmt: skip
    shared, private = told.stdout.split()
    print(
        f"on disk {size / 1e6:.0f} MB with the texts; a worker after {len(queries)} searches: "
        f"{float(shared):.0f} MB of it touched and shared, {float(private):.0f} MB its own"
    )


def worker(folder: str, name: str) -> None:
    """Map an index, search it, and say what that took: shared and private megabytes."""
    Index()
    normalise("Soldador")
    before = _smaps()
    opened = Shelf(Path(folder)).open(name)
    assert opened is not None
    index = Index(parts=[opened[0]])
    for query in sys.stdin.read().splitlines():
        index.search(query, limit=TOP)
    after = _smaps()
    print(*(f"{(new - old) / 1024:.1f}" for new, old in zip(after, before, strict=True)))


def _smaps() -> tuple[int, int]:
    """Return (mapped from files, anonymous) kilobytes in use."""
    values = {
        line.split(":")[0]: int(line.split()[1])
        for line in Path("/proc/self/smaps_rollup").read_text().splitlines()[1:]
    }
    return values["Rss"] - values["Anonymous"], values["Anonymous"]


def measure(size: int, count: int, real: list[str], *, alone: bool) -> None:
    """Print the figures for one size."""
    corpus = titles(size, real)
    dice = random.Random(2)
    asked = [misspelt(title, dice) for title in dice.sample(corpus, count)]
    index, seconds = build(corpus)
    start = time.perf_counter()
    index.put(Document(size, (("es", "Registro recién publicado"),), None, "CL", "qualification"))
    assert index.search("registro recién publicado", limit=1)[0].id == size
    fresh = 1000 * (time.perf_counter() - start)
    index.drop(size)
    rows = [("index: best 10 of all, explained", timed(lambda query: index.search(query, limit=TOP), asked))]
    only = Filters(countries=frozenset({"PE"}))
    rows.append(
        (
            "index: best 10 of a country",
            timed(lambda query: index.search(query, filters=only, limit=TOP), asked),
        )
    )
    if not alone:
        rows += baselines(corpus, asked)
    print(f"\n{size:,} titles: built in {seconds:.1f} s; put and found again in {fresh:.1f} ms")
    print(f"{'':42}{'p50 ms':>10}{'p95 ms':>10}{'p50 / index':>13}")
    for name, (middle, late) in rows:
        print(f"{name:42}{middle:10.1f}{late:10.1f}{middle / rows[0][1][0]:12.1f}x")
    if size <= 30_000:
        print(f"blocking keeps {kept_by_blocking(index, asked[:50]):.3f} of the exhaustive best 10")
    memory(index, asked)


def baselines(corpus: Sequence[str], asked: Sequence[str]) -> list[tuple[str, tuple[float, float]]]:
    """Measure what one would use instead, on the same queries."""
    stems = [stemmed(title) for title in corpus]

    def extract(scorer: Callable[..., float]) -> tuple[float, float]:
        return timed(lambda query: process.extract(stemmed(query), stems, scorer=scorer, limit=TOP), asked)

    def naive(query: str) -> object:
        return process.extract(query, corpus, scorer=fuzz.WRatio, processor=utils.default_process, limit=TOP)

    rows = [
        ("rapidfuzz extract WRatio, as it comes", timed(naive, asked)),
        ("rapidfuzz extract WRatio, over stems", extract(fuzz.WRatio)),
        ("rapidfuzz extract token_set, over stems", extract(fuzz.token_set_ratio)),
        ("SQLite FTS5 trigram", timed(fts5(corpus), asked)),
    ]
    with pg_trgm(corpus) as search:
        if search is not None:
            rows.append(("PostgreSQL pg_trgm (GiST)", timed(search, asked)))
    return rows


def main() -> None:
    """Measure each size asked for."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("sizes", nargs="*", type=int, default=[10_000, 100_000, 1_000_000])
    parser.add_argument("--queries", type=int, default=200)
    parser.add_argument("--titles", type=Path, action="append", help="a file with one more real title a line")
    parser.add_argument("--alone", action="store_true", help="measure the index only")
    parser.add_argument("--worker", nargs=2, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.worker:
        worker(*options.worker)
        return
    real = real_titles(options.titles)
    for size in options.sizes:
        measure(size, options.queries, real, alone=options.alone)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(f"\nbuilding and comparing took {peak / 1024:.0f} MB at most")


if __name__ == "__main__":
    main()
