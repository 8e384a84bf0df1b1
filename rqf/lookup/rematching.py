"""All cross-country candidates of the register at once: from scratch, or only where something changed.

The result lies in a folder: ``candidates.csv`` for people and programs, and what the next run starts from
(``pairs.npz``, the index it was made with, the statistics of the corpus). Statistics are fixed by a full run,
so that a run over the changes gives, byte for byte, what a full run with the same statistics gives; once the
register has grown or shrunk by a tenth they are taken anew.
"""

from __future__ import annotations

import csv
import json
import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from sqlalchemy import select
from sqlalchemy.orm import Session

from rqf.lookup.engines import Task, read_statistics, run_dask, run_local
from rqf.matching.candidates import Index
from rqf.matching.pairs import Pairs, changed, published, touched
from rqf.matching.rarity import Statistics
from rqf.matching.scoring import METHOD_VERSION
from rqf.matching.sealing import merge
from rqf.models import Qualification, catalogue
from rqf.models.shelf import Label, Shelf

#: Records in a unit of work, and rows of the result that are written at a time.
CHUNK = 200
_AT_ONCE = 500
#: Statistics are taken anew when the register's size has changed by this share.
_DRIFT = 0.1
#: Says how many of how many records are done.
Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Rematch:
    """What a run did: how many records it matched anew and how many it kept, and where the result lies."""

    matched: int
    kept: int
    full: bool
    file: Path


@dataclass(frozen=True)
class _State:
    """Where the run before stopped."""

    label: Label
    pairs: Pairs
    index: Index
    statistics: Statistics


def rematch(
    session: Session,
    folder: Path,
    *,
    full: bool = False,
    scheduler: str | None = None,
    workers: int | None = None,
    progress: Progress = lambda done, all: None,
) -> Rematch:
    """Compute the best candidates of every published record in the other countries.

    Only what changed since the last run in ``folder`` is matched, unless ``full``. With the address of a Dask
    ``scheduler`` the cluster does the work, else the cores of this machine.
    """
    folder.mkdir(parents=True, exist_ok=True)
    index, label = catalogue.snapshot(session)
    state = None if full else _read_state(session, folder, index, label)
    if state is None:
        statistics = Statistics.of(index.parts())
        wanted, kept = published(index), Pairs.none()
    else:
        statistics = state.statistics
        wanted, kept = _what_changed(session, state, index, label)
    chunks = [wanted[at : at + CHUNK].tolist() for at in range(0, len(wanted), CHUNK)]
    task = _prepare(folder, index, label, statistics)
    done: list[Pairs] = []
    running = run_dask(task, chunks, scheduler) if scheduler else run_local(task, chunks, workers)
    for part in running:
        done.append(part)
        progress(sum(len(one.ids) for one in done), len(wanted))
    pairs = Pairs.join([kept, *done])
    _write(session, folder, pairs, label)
    return Rematch(len(wanted), len(kept.ids), state is None, folder / "candidates.csv")


def _what_changed(
    session: Session, state: _State, index: Index, label: Label
) -> tuple[np.ndarray[Any, np.dtype[np.int64]], Pairs]:
    """Return the records to match anew, and the pairs that stay."""
    told = catalogue.changed_since(session, state.label, label)
    wanted = touched(state.index, index, changed(state.index, index, told))
    stays = np.isin(state.pairs.ids, published(index)) & ~np.isin(state.pairs.ids, wanted)
    return wanted, state.pairs.only(stays)


def _read_state(session: Session, folder: Path, index: Index, label: Label) -> _State | None:
    """Return where the last run stopped, if one can go on from there."""
    try:
        told = json.loads((folder / "state.json").read_text())
        before = Label(**told["label"])
        with np.load(folder / "pairs.npz") as saved:
            pairs = Pairs(saved["ids"], saved["others"], saved["scores"])
        statistics = read_statistics(folder / "statistics.npz")
    except (OSError, ValueError, KeyError, TypeError):
        return None
    opened = Shelf(folder / "index").open(told["generation"])
    rightful = (
        told["method"] == METHOD_VERSION
        and before.synonyms == label.synonyms
        and before.witness == catalogue.witness(session, before.watermark)
        and abs(len(index) - statistics.size) <= _DRIFT * max(1, statistics.size)
    )
    if opened is None or not rightful:
        return None
    return _State(before, pairs, Index(index.synonyms, [opened[0]]), statistics)


def _prepare(folder: Path, index: Index, label: Label, statistics: Statistics) -> Task:
    """Put the index and its statistics where every worker finds them."""
    generation = Shelf(folder / "index").save(merge(index.parts()), label)
    with open(folder / "statistics.part", "wb") as file:
        np.savez(file, size=statistics.size, keys=statistics.keys, held=statistics.held)
    os.replace(folder / "statistics.part", folder / "statistics.npz")
    return Task.of(folder, generation, index.synonyms)


def _write(session: Session, folder: Path, pairs: Pairs, label: Label) -> None:
    """Write the result and what the next run starts from; who dies before leaves the last one whole."""
    with open(folder / "candidates.part", "w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["qualification", "candidate", "rank", "score", "method"])
        for at in range(0, len(pairs.ids), _AT_ONCE):
            writer.writerows(_rows(session, pairs, slice(at, at + _AT_ONCE)))
    with open(folder / "pairs.part", "wb") as file:
        np.savez(file, ids=pairs.ids, others=pairs.others, scores=pairs.scores)
    generation = Shelf(folder / "index").current()
    told = {"method": METHOD_VERSION, "generation": generation, "label": vars(label)}
    (folder / "state.part").write_text(json.dumps(told))
    (folder / "state.json").unlink(missing_ok=True)
    for name, ending in (("candidates", "csv"), ("pairs", "npz"), ("state", "json")):
        os.replace(folder / f"{name}.part", folder / f"{name}.{ending}")


def _rows(session: Session, pairs: Pairs, cut: slice) -> Iterator[Sequence[Any]]:
    ids, others, scores = pairs.ids[cut], pairs.others[cut], pairs.scores[cut]
    wanted = {int(one) for one in (*ids.tolist(), *others.ravel().tolist()) if one >= 0}
    uuids = _uuids(session, sorted(wanted))
    for id, row, points in zip(ids.tolist(), others.tolist(), scores.tolist(), strict=True):
        for rank, (other, score) in enumerate(zip(row, points, strict=True), 1):
            if other >= 0:
                yield uuids[id], uuids[other], rank, f"{score / 10:.1f}", METHOD_VERSION


def _uuids(session: Session, ids: Sequence[int]) -> dict[int, str]:
    found: dict[int, str] = {}
    for at in range(0, len(ids), _AT_ONCE):
        some = ids[at : at + _AT_ONCE]
        query = select(Qualification.id, Qualification.uuid).where(Qualification.id.in_(some))
        found |= {row.id: row.uuid for row in session.execute(query)}
    return found
