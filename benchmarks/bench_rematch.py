"""Measure matching a whole register at once: every record against those of the other countries.

    python benchmarks/bench_rematch.py [SIZE ...] [--workers N]

The same chunks go through the same engine as in `rqf rematch`, without the database. Titles: `corpus.py`.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from pathlib import Path

import numpy as np
from corpus import real_titles, titles

from rqf.lookup.engines import Task, run_local
from rqf.lookup.rematching import CHUNK
from rqf.matching.candidates import Document, Index
from rqf.matching.pairs import Pairs, published
from rqf.matching.rarity import Statistics
from rqf.matching.sealing import merge
from rqf.models.shelf import Label, Shelf

_COUNTRIES = ("CL", "CO", "MX", "PE")


def measure(size: int, workers: int) -> None:
    """Print how long all pairs of one size take."""
    index = Index()
    index.put_all(
        Document(n, (("es", title),), None, _COUNTRIES[n % 4], "unit")
        for n, title in enumerate(titles(size, real_titles()))
    )
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        generation = Shelf(place / "index").save(merge(index.parts()), Label(1, "", ""))
        told = Statistics.of(index.parts())
        np.savez(place / "statistics.npz", size=told.size, keys=told.keys, held=told.held)
        ids = published(index)
        chunks = [ids[at : at + CHUNK].tolist() for at in range(0, len(ids), CHUNK)]
        start = time.perf_counter()
        pairs = Pairs.join(run_local(Task.of(place, generation, index.synonyms), chunks, workers))
        taken = time.perf_counter() - start
    found = int((pairs.others >= 0).sum())
    print(
        f"{size:,} against {size:,}: {taken:.1f} s with {workers} workers, "
        f"{1000 * taken * workers / size:.2f} ms a record and core, {found:,} pairs"
    )


def main() -> None:
    """Measure each size asked for."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("sizes", nargs="*", type=int, default=[10_000, 100_000])
    parser.add_argument("--workers", type=int, default=2)
    options = parser.parse_args()
    for size in options.sizes:
        measure(size, options.workers)


if __name__ == "__main__":
    main()
