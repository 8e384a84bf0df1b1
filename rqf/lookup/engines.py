"""Where the work of a rematch runs: on all cores of this machine, or on a Dask cluster that is there.

Each worker maps the same index from disk, so a cluster's machines have to see the folder under the same path.
A chunk gives the same result wherever and however often it runs; a worker that dies costs its chunks only.
"""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np

from rqf.errors import N_, RqfError
from rqf.matching.candidates import Index
from rqf.matching.pairs import Pairs, best_pairs
from rqf.matching.rarity import Statistics
from rqf.matching.text import Synonyms
from rqf.models.shelf import Shelf

ENGINES = ("local", "dask")
#: So often may workers die before the run is given up: something else is wrong then.
_RESTARTS = 5


@dataclass(frozen=True)
class Task:
    """What a worker needs: where the index and its statistics lie, and the synonyms."""

    folder: str
    generation: str
    synonyms: tuple[tuple[tuple[str, ...], str], ...]
    longest: int

    @classmethod
    def of(cls, folder: Path, generation: str, synonyms: Synonyms) -> Task:
        """Describe a task by the folder of a shelf and the generation to use."""
        return cls(str(folder), generation, tuple(sorted(synonyms.terms.items())), synonyms.longest)


def read_statistics(path: Path) -> Statistics:
    """Read statistics that were saved beside an index."""
    with np.load(path) as saved:
        return Statistics(int(saved["size"]), saved["keys"], saved["held"])


@lru_cache(maxsize=1)
def _index(task: Task) -> Index:
    folder = Path(task.folder)
    opened = Shelf(folder / "index").open(task.generation)
    if opened is None:
        raise RqfError(N_("The index in %(folder)s cannot be read by this worker."), folder=task.folder)
    synonyms = Synonyms(dict(task.synonyms), task.longest)
    return Index(synonyms, [opened[0]], read_statistics(folder / "statistics.npz"))


def match_chunk(task: Task, ids: Sequence[int]) -> Pairs:
    """Find the candidates of some records: the unit of work of every engine."""
    return best_pairs(_index(task), ids)


def run_local(task: Task, chunks: Sequence[Sequence[int]], workers: int | None = None) -> Iterator[Pairs]:
    """Work on this machine with a process a core; give each chunk's result as it comes."""
    left = dict(enumerate(chunks))
    for _ in range(_RESTARTS + 1):
        if not left:
            return
        try:
            yield from _run_pool(task, left, workers or os.cpu_count() or 1)
        except BrokenProcessPool:
            continue
    if left:
        raise RqfError(N_("The workers died %(times)s times; nothing was changed."), times=_RESTARTS + 1)


def _run_pool(task: Task, left: dict[int, Sequence[int]], workers: int) -> Iterator[Pairs]:
    # Spawned, not forked: a fork would copy threads and connections of the process that asks.
    with ProcessPoolExecutor(workers, multiprocessing.get_context("spawn")) as pool:
        numbers = {pool.submit(match_chunk, task, ids): number for number, ids in left.items()}
        for done in as_completed(numbers):
            result = done.result()
            del left[numbers[done]]
            yield result


def run_dask(task: Task, chunks: Sequence[Sequence[int]], scheduler: str) -> Iterator[Pairs]:
    """Work on the Dask cluster behind a scheduler's address; lost chunks are given to other workers.

    :raises RqfError: the extra is not installed or the scheduler does not answer.
    """
    try:
        from distributed import Client
        from distributed import as_completed as dask_completed
    except ImportError as error:
        raise RqfError(N_("Dask is not installed. Install it with: pip install rqf[scale]")) from error
    try:
        client = Client(scheduler, timeout=10)  # type: ignore[no-untyped-call]
    except OSError as error:
        raise RqfError(N_("No Dask scheduler answers at %(address)s."), address=scheduler) from error
    with client:
        futures = [client.submit(match_chunk, task, list(ids), pure=False, retries=3) for ids in chunks]
        for _, result in dask_completed(futures, with_results=True):  # type: ignore[no-untyped-call]
            yield result
