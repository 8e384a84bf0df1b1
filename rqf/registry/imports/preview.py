"""The preview of a batch: its rows page by page under a filter, and the choice which of them are taken."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, func, or_, select, update
from sqlalchemy.orm import Session

from rqf.models import ImportBatch, ImportRow, Qualification
from rqf.people import Actor
from rqf.registry.imports.batches import find_batch, require_idle, require_open
from rqf.rules.terms import RowVerdict
from rqf.rules.texts import searchable

PER_PAGE = 50
#: Flags of a row by which a person may filter.
FLAGS = ("repaired", "doubtful", "succeeds")
#: Verdicts whose rows an apply can take.
CHOSEN_AMONG = (RowVerdict.NEW, RowVerdict.CHANGED)


@dataclass(frozen=True)
class Filter:
    """Which rows: of a verdict, with a flag, whose code or title holds a text; None and "" ask for all."""

    verdict: RowVerdict | None = None
    flag: str | None = None
    text: str = ""


@dataclass(frozen=True)
class RowPage:
    """One page of rows."""

    rows: Sequence[ImportRow]
    total: int
    page: int

    @property
    def pages(self) -> int:
        """Return how many pages there are."""
        return max(1, -(-self.total // PER_PAGE))


def rows_of(session: Session, actor: Actor, uuid: str, wanted: Filter, page: int = 1) -> RowPage:
    """Return a page of the rows of a batch, those of the file first."""
    batch = find_batch(session, actor, uuid)
    where = where_of(batch, wanted)
    total = session.scalar(select(func.count()).where(*where)) or 0
    page = min(max(1, page), max(1, -(-total // PER_PAGE)))
    rows = session.scalars(
        select(ImportRow).where(*where).order_by(ImportRow.id).offset((page - 1) * PER_PAGE).limit(PER_PAGE)
    )
    return RowPage(rows.all(), total, page)


def choose(
    session: Session, actor: Actor, uuid: str, take: bool, wanted: Filter, lines: Sequence[int] = ()
) -> int:
    """Take or leave the rows with these lines, or all rows of a filter across its pages; return how many."""
    batch = find_batch(session, actor, uuid)
    require_open(batch)
    require_idle(session, batch)
    where = where_of(batch, wanted)
    if lines:
        where.append(ImportRow.line.in_(lines))
    changed = session.execute(
        update(ImportRow)
        .where(*where, ImportRow.verdict.in_(CHOSEN_AMONG), ImportRow.taken.is_(not take))
        .values(taken=take)
    )
    return int(changed.rowcount)  # type: ignore[attr-defined]


def taken(session: Session, batch: ImportBatch) -> int:
    """Return how many rows an apply would take."""
    return (
        session.scalar(
            select(func.count()).where(
                ImportRow.batch_id == batch.id, ImportRow.taken, ImportRow.verdict.in_(CHOSEN_AMONG)
            )
        )
        or 0
    )


def where_of(batch: ImportBatch, wanted: Filter) -> list[ColumnElement[bool]]:
    """Return the conditions by which the rows of a filter are found."""
    where: list[ColumnElement[bool]] = [ImportRow.batch_id == batch.id]
    if wanted.verdict:
        where.append(ImportRow.verdict == wanted.verdict)
    if wanted.flag in FLAGS:
        where.append(getattr(ImportRow, wanted.flag).is_(True))
    if text := searchable(wanted.text):
        where.append(
            or_(
                ImportRow.title.icontains(text, autoescape=True),
                ImportRow.code.icontains(text, autoescape=True),
            )
        )
    return where


def created(session: Session, batch: ImportBatch) -> list[str]:
    """Return the identifiers of the records that an applied batch added."""
    rows = session.scalars(
        select(Qualification.uuid)
        .join(ImportRow, ImportRow.qualification_id == Qualification.id)
        .where(
            ImportRow.batch_id == batch.id,
            # What was not seen at the check was not there.
            ImportRow.seen.is_(None),
            ImportRow.done.is_not(None),
        )
        .order_by(ImportRow.id)
    )
    return list(rows)


def every_row(session: Session, batch: ImportBatch, *verdicts: RowVerdict) -> Iterator[ImportRow]:
    """Give the rows of a batch with these verdicts, without holding them all."""
    yield from session.scalars(
        select(ImportRow)
        .where(ImportRow.batch_id == batch.id, ImportRow.verdict.in_(verdicts))
        .order_by(ImportRow.id)
        .execution_options(yield_per=500)
    )


def rest(session: Session, actor: Actor, uuid: str) -> tuple[ImportBatch, list[str], Iterator[list[str]]]:
    """Return the batch, its columns and the rows with errors as the file should have them.

    What could be repaired is repaired; what is wrong stands as it came, for a person to correct.
    """
    batch = find_batch(session, actor, uuid)
    columns = list(batch.reading["columns"])
    return batch, columns, (_repaired(row, columns) for row in every_row(session, batch, RowVerdict.WRONG))


def _repaired(row: ImportRow, columns: list[str]) -> list[str]:
    cells = list(row.cells or ())
    for repair in row.repairs:
        # Long cells are kept short in the list of repairs, so those stay as they came.
        if len(repair["after"]) < 300:
            cells[columns.index(repair["column"])] = repair["after"]
    return cells


def problems_of(
    session: Session, batch: ImportBatch, page: int, per_page: int
) -> tuple[int, list[dict[str, Any]]]:
    """Return how many rows have errors, and what is wrong with the cells of a page of those rows."""
    where = (ImportRow.batch_id == batch.id, ImportRow.verdict == RowVerdict.WRONG)
    total = session.scalar(select(func.count()).where(*where)) or 0
    rows = session.scalars(
        select(ImportRow).where(*where).order_by(ImportRow.id).offset((page - 1) * per_page).limit(per_page)
    )
    return total, [{"line": row.line, **one} for row in rows for one in row.problems]


def reasons(session: Session, actor: Actor, uuid: str) -> Iterator[dict[str, Any]]:
    """Give what is wrong, cell by cell: line, column, value, template and values of the sentence, allowed."""
    batch = find_batch(session, actor, uuid)
    for row in every_row(session, batch, RowVerdict.WRONG):
        for one in row.problems:
            yield {"line": row.line, **one}
