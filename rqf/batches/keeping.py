"""A batch: kept under an address that nobody guesses, read, corrected and taken away again."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import delete, func, insert, or_, select
from sqlalchemy.orm import Session, aliased, joinedload

from rqf import exchange
from rqf.batches.matching import close_there, match_rows
from rqf.batches.reading import ADDED, Table
from rqf.errors import N_, Invalid, NotFound, WrongState, message
from rqf.lookup import countries, in_force, published, standings
from rqf.matching.scoring import band
from rqf.models import BatchLookup, BatchRow, Equivalence, Job, QualificationVersion, catalogue, work
from rqf.models.standing import regional_edition
from rqf.models.tables import now
from rqf.rules.comparison import Standing

MATCH = "batch.match"
#: More rows than that are looked up by a worker.
ROWS_AT_ONCE = 500
ROWS_ON_A_PAGE = 50
#: Rows that are looked up, or written into a file, at a time.
_CHUNK = 250
_COLUMNS = (
    "found", "title", "code", "country", "id", "score", "confidence", "regional_level",
    "regional_level_status", "decided_there", "suggested_there",
)  # fmt: skip


@dataclass(frozen=True)
class BatchLine:
    """A row with what stands for it today: record, score, level, and its worth elsewhere."""

    number: int
    asked: str
    chosen: QualificationVersion | None
    score: float | None
    band: str | None
    level: Standing | None
    options: Sequence[tuple[QualificationVersion, float]]
    decided: Sequence[tuple[Equivalence, QualificationVersion]]
    suggested: Sequence[tuple[QualificationVersion, float]]
    country_unknown: bool


@dataclass(frozen=True)
class BatchPage:
    """Some rows of a batch."""

    lines: Sequence[BatchLine]
    page: int
    pages: int
    #: How many rows have a record.
    found: int


def look_up(session: Session, table: Table, country: str | None, target: str) -> list[dict[str, Any]] | None:
    """Return what is found for each row of a short table; None for one that a worker has to look up.

    :raises Invalid: a country is not one of the register.
    """
    _check_countries(session, country, target)
    if len(table.rows) > ROWS_AT_ONCE:
        return None
    return match_rows(session, table.rows, table.places, country, target)


def keep(
    session: Session,
    table: Table,
    name: str,
    country: str | None,
    target: str,
    found: Sequence[dict[str, Any]] | None,
) -> BatchLookup:
    """Keep a table with what :func:`look_up` found, or ask a worker for it, for seven days."""
    purge(session)
    reading = {
        "format": table.format, "delimiter": table.delimiter, "columns": list(table.columns),
        "places": table.places,
    }  # fmt: skip
    batch = BatchLookup(
        country_code=country, target_code=target, file_name=name[:300], reading=reading, total=len(table.rows)
    )
    session.add(batch)
    session.flush()
    matched = found or [None] * len(table.rows)
    rows = [
        {"batch_id": batch.id, "number": number, "cells": cells, "found": one}
        for number, (cells, one) in enumerate(zip(table.rows, matched, strict=True), 1)
    ]
    if rows:
        session.execute(insert(BatchRow), rows)
    if found is None:
        work.enqueue(session, None, MATCH, batch.token, {"batch": batch.token})
    return batch


def match_kept(
    session: Session,
    token: str,
    writing: Callable[[], AbstractContextManager[Session]],
    progress: Callable[[int, int], None],
) -> None:
    """Look up the rows of a batch that still wait: read with ``session``, write in short steps."""
    batch = find_batch(session, token)
    id, total, places = batch.id, batch.total, batch.reading["places"]
    country, target = batch.country_code, batch.target_code
    for start in range(0, total, _CHUNK):
        rows = _rows(session, id, start, start + _CHUNK)
        waiting = [(row.id, row.cells) for row in rows if row.found is None]
        found = match_rows(session, [cells for _, cells in waiting], places, country, target)
        session.expunge_all()
        progress(min(start + _CHUNK, total), total)
        values = [{"id": row, "found": one} for (row, _), one in zip(waiting, found, strict=True)]
        with writing() as writer:
            writer.bulk_update_mappings(BatchRow.__mapper__, values)


def find_batch(session: Session, token: str) -> BatchLookup:
    """Return the batch with this address.

    :raises NotFound: there is none, or its seven days are over.
    """
    found = session.scalars(
        select(BatchLookup).where(BatchLookup.token == token, BatchLookup.expires_at > now())
    ).one_or_none()
    if found is None:
        raise NotFound(N_("There is no such batch. A batch is deleted seven days after it was sent."))
    return found


def work_on(session: Session, batch: BatchLookup) -> Job | None:
    """Return the work on a batch, or None when it was looked up at once."""
    return work.last_job(session, batch.token)


def batch_page(session: Session, batch: BatchLookup, page: int) -> BatchPage:
    """Return a page of a batch; the last one when there are fewer."""
    pages = max(1, -(-batch.total // ROWS_ON_A_PAGE))
    page = min(max(page, 1), pages)
    start = (page - 1) * ROWS_ON_A_PAGE
    lines = _lines(session, batch, _rows(session, batch.id, start, start + ROWS_ON_A_PAGE))
    return BatchPage(lines, page, pages, _count_found(session, batch))


def choose(session: Session, token: str, number: int, qualification_id: int | None) -> None:
    """Take another of the records offered for a row, or none.

    :raises NotFound: there is no such row.
    :raises Invalid: the record was not offered.
    """
    batch = find_batch(session, token)
    row = session.scalars(
        select(BatchRow).where(BatchRow.batch_id == batch.id, BatchRow.number == number)
    ).one_or_none()
    if row is None:
        raise NotFound(N_("The batch has no row %(value)s."), value=number)
    if row.found is None:
        raise WrongState(N_("The row has not been looked up yet."))
    offered = {id for id, _ in row.found["options"]}
    if qualification_id is not None and qualification_id not in offered:
        wrong = message(N_("Choose one of the records that are offered for the row."))
        raise Invalid({"choice": [wrong]})
    there: list[tuple[int, float]] = []
    if qualification_id is not None:
        version = published(session, [qualification_id]).get(qualification_id)
        if version is not None:
            there = close_there(catalogue.index(session), version, batch.target_code)
    row.found = {**row.found, "chosen": qualification_id, "there": there}
    session.flush()


def forget_batch(session: Session, token: str) -> None:
    """Delete a batch before its time."""
    batch = find_batch(session, token)
    session.execute(delete(BatchRow).where(BatchRow.batch_id == batch.id))
    session.delete(batch)
    session.flush()


def purge(session: Session) -> None:
    """Delete the batches whose seven days are over."""
    over = select(BatchLookup.id).where(BatchLookup.expires_at <= now())
    session.execute(delete(BatchRow).where(BatchRow.batch_id.in_(over)))
    session.execute(delete(BatchLookup).where(BatchLookup.expires_at <= now()))


def write_batch(session: Session, batch: BatchLookup, path: Path) -> None:
    """Write the table as it came, with what was found in columns added. No cell is run by a spreadsheet."""
    reading = batch.reading
    columns = [*reading["columns"], *(ADDED + name for name in _COLUMNS)]
    exchange.write(path, reading["format"], columns, _cells(session, batch), reading["delimiter"] or ",")


def _cells(session: Session, batch: BatchLookup) -> Iterator[list[str]]:
    for start in range(0, batch.total, _CHUNK):
        rows = _rows(session, batch.id, start, start + _CHUNK)
        for row, line in zip(rows, _lines(session, batch, rows), strict=True):
            yield [*row.cells, *_added(line)]


def _added(line: BatchLine) -> list[str]:
    version, level = line.chosen, line.level
    if version is None:
        return ["not found", *[""] * (len(_COLUMNS) - 1)]
    rungs = (
        "" if level is None else f"{level.low}" if level.low == level.high else f"{level.low}–{level.high}"
    )
    status = "" if level is None else "decided" if level.decided else "suggested"
    return [
        "found", version.title, version.code or "", version.country_code, version.qualification.uuid,
        f"{line.score:.1f}" if line.score is not None else "", line.band or "", rungs, status,
        "; ".join(f"{_named(other)} – {one.conclusion.value} ({one.number})" for one, other in line.decided),
        "; ".join(f"{_named(other)} – {score:.0f}/100" for other, score in line.suggested),
    ]  # fmt: skip


def _named(version: QualificationVersion) -> str:
    return f"{version.code} {version.title}" if version.code else version.title


def _rows(session: Session, batch_id: int, start: int, end: int) -> Sequence[BatchRow]:
    return session.scalars(
        select(BatchRow)
        .where(BatchRow.batch_id == batch_id, BatchRow.number > start, BatchRow.number <= end)
        .order_by(BatchRow.number)
    ).all()


def _lines(session: Session, batch: BatchLookup, rows: Sequence[BatchRow]) -> list[BatchLine]:
    found = [row.found or {"options": [], "chosen": None, "there": []} for row in rows]
    chosen = {one["chosen"] for one in found} - {None}
    decided = _decided(session, chosen, batch.target_code)
    ids = {id for one in found for id, _ in (*one["options"], *one["there"])} | chosen
    ids |= {other for pairs in decided.values() for _, other in pairs}
    versions = published(session, sorted(ids))
    own = [versions[id] for id in sorted(chosen & versions.keys())]
    levels = standings(session, own, regional_edition(session)) if own else {}
    place = next(
        batch.reading["places"][name] for name in ("title", "code") if name in batch.reading["places"]
    )
    return [
        _line(row, one, row.cells[place], versions, decided, levels)
        for row, one in zip(rows, found, strict=True)
    ]


def _line(
    row: BatchRow,
    found: dict[str, Any],
    asked: str,
    versions: dict[int, QualificationVersion],
    decided: dict[int, list[tuple[Equivalence, int]]],
    levels: dict[int, Standing],
) -> BatchLine:
    chosen = versions.get(found["chosen"] or 0)
    score = next((score for id, score in found["options"] if id == found["chosen"]), None)
    pairs = decided.get(found["chosen"] or 0, [])
    known = {other for _, other in pairs}
    return BatchLine(
        number=row.number,
        asked=asked,
        chosen=chosen,
        score=score,
        band=band(score) if score is not None else None,
        level=levels.get(chosen.id) if chosen else None,
        options=[(versions[id], score) for id, score in found["options"] if id in versions],
        decided=[(one, versions[other]) for one, other in pairs if other in versions],
        suggested=[
            (versions[id], score) for id, score in found["there"] if id in versions and id not in known
        ],
        country_unknown=bool(found.get("country_unknown")),
    )


def _decided(session: Session, ids: set[int], target: str) -> dict[int, list[tuple[Equivalence, int]]]:
    """Return record -> the decisions between it and a record of the country, each with that record."""
    if not ids:
        return {}
    a, b = aliased(QualificationVersion), aliased(QualificationVersion)
    rows = session.scalars(
        select(Equivalence)
        .join(a, Equivalence.from_version_id == a.id)
        .join(b, Equivalence.to_version_id == b.id)
        .where(*in_force(), or_(a.qualification_id.in_(ids), b.qualification_id.in_(ids)))
        .options(
            joinedload(Equivalence.from_version).joinedload(QualificationVersion.qualification),
            joinedload(Equivalence.to_version).joinedload(QualificationVersion.qualification),
        )
        .order_by(Equivalence.id)
    ).all()
    found: dict[int, list[tuple[Equivalence, int]]] = {}
    for one in rows:
        for own, other in ((one.from_version, one.to_version), (one.to_version, one.from_version)):
            if own.qualification_id in ids and other.country_code == target:
                found.setdefault(own.qualification_id, []).append((one, other.qualification_id))
    return found


def _count_found(session: Session, batch: BatchLookup) -> int:
    # "chosen" is a number for a row that has a record.
    count = session.scalar(
        select(func.count())
        .select_from(BatchRow)
        .where(BatchRow.batch_id == batch.id, BatchRow.found["chosen"].as_integer().is_not(None))
    )
    return count or 0


def _check_countries(session: Session, country: str | None, target: str) -> None:
    known = countries(session)
    for field, value in (("country", country), ("target", target)):
        if value is not None and value not in known:
            said = N_("“%(value)s” is not a country of this register. Choose one of: %(known)s.")
            raise Invalid({field: [message(said, value=value[:20], known=", ".join(known))]})
