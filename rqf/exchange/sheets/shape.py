"""What every kind of table has in common: named columns, rows with their line, and limits on both."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import NoReturn

from rqf.errors import N_, Invalid, Message, message

#: (line in the file, the cells as texts, one for each column)
Row = tuple[int, tuple[str, ...]]

MOST_COLUMNS = 200
MOST_ROWS = 200_000
#: Longest text in one cell; no record has one that comes near.
LONGEST_CELL = 100_000
#: Rows that are shown to a person, and looked at to guess what the columns mean.
SAMPLES = 50
#: Complaints about the shape of rows that are said at once.
_MOST_COMPLAINTS = 20


@dataclass(frozen=True)
class Reading:
    """How to read a file where the person knows better than the guess; None leaves it to the guess."""

    encoding: str | None = None
    delimiter: str | None = None
    sheet: str | None = None


@dataclass(frozen=True)
class Sheet:
    """A table that was looked through once. Iterating reads its rows again, never all at once."""

    format: str
    columns: tuple[str, ...]
    total: int
    samples: tuple[Row, ...]
    encoding: str | None = None
    delimiter: str | None = None
    sheet: str | None = None
    sheets: tuple[str, ...] = ()
    #: Lines above the header, such as the title of a report.
    above: tuple[str, ...] = ()
    _again: Callable[[], Iterator[Row]] = field(default=lambda: iter(()), repr=False)

    def __iter__(self) -> Iterator[Row]:
        return self._again()

    def __len__(self) -> int:
        return self.total


def refuse(template: str, **values: object) -> NoReturn:
    """Refuse the file with one sentence.

    :raises Invalid: always.
    """
    raise Invalid({"file": [message(template, **values)]})


def tabulate(rows: Callable[[], Iterator[Row]], **about: object) -> Sheet:
    """Return the table whose raw rows, header included, ``rows`` gives each time it is called.

    :raises Invalid: there is no header, no row, or too much of either.
    """
    source = _filled(rows())
    above, header = _header(source)
    columns = _names(header)
    samples: list[Row] = []
    complaints: list[Message] = []
    total = 0
    for line, cells in source:
        total += 1
        _check_row(line, cells, len(columns), total, complaints)
        if len(samples) < SAMPLES:
            samples.append((line, fitted(cells, len(columns))))
    if complaints:
        raise Invalid({"file": complaints[:_MOST_COMPLAINTS]})
    if not total:
        refuse(N_("The file has a header but no rows."))
    return Sheet(
        columns=columns, total=total, samples=tuple(samples), above=tuple(above),
        _again=lambda: _rows_below(rows, len(above), len(columns)), **about,  # type: ignore[arg-type]
    )  # fmt: skip


def fitted(cells: tuple[str, ...], width: int) -> tuple[str, ...]:
    """Return ``cells`` with one for every column; rows may end before the last columns."""
    return (cells + ("",) * (width - len(cells)))[:width]


def _filled(rows: Iterator[Row]) -> Iterator[Row]:
    return ((line, cells) for line, cells in rows if any(cell.strip() for cell in cells))


def _rows_below(rows: Callable[[], Iterator[Row]], above: int, width: int) -> Iterator[Row]:
    source = _filled(rows())
    for _ in range(above + 1):
        next(source, None)
    for line, cells in source:
        yield line, fitted(cells, width)


def _header(source: Iterator[Row]) -> tuple[list[str], tuple[str, ...]]:
    """Return the lines above the header and the header: the first row that names more than one column."""
    above: list[str] = []
    for _, cells in source:
        named = [cell.strip() for cell in cells if cell.strip()]
        if len(named) > 1:
            return above, cells
        above.append(named[0][:200])
        if len(above) > SAMPLES:
            break
    if not above:
        refuse(N_("The file is empty."))
    refuse(N_("No row names the columns: a table needs at least two columns with a name in one row."))


def _names(cells: Iterable[str]) -> tuple[str, ...]:
    names = [" ".join(cell.replace("\ufeff", "").split()) for cell in cells]
    while names and not names[-1]:
        names.pop()
    if len(names) > MOST_COLUMNS:
        refuse(N_("The file has %(n)s columns; at most %(most)s are accepted."),
               n=len(names), most=MOST_COLUMNS)  # fmt: skip
    if "" in names or len({name.casefold() for name in names}) < len(names):
        refuse(N_("Every column needs a name of its own in the first row. Found: %(names)s."),
               names=", ".join(f"“{name[:60]}”" for name in names))  # fmt: skip
    return tuple(names)


def _check_row(line: int, cells: tuple[str, ...], width: int, number: int, complaints: list[Message]) -> None:
    if number > MOST_ROWS:
        refuse(N_("The file has more than %(most)s rows. Divide it."), most=MOST_ROWS)
    if len(cells) > width and any(cell.strip() for cell in cells[width:]):
        found = N_("Line %(line)s has %(n)s cells, but the header names %(columns)s columns.")
        _complain(complaints, message(found, line=line, n=len(cells), columns=width))
    if any(len(cell) > LONGEST_CELL for cell in cells):
        found = N_("A cell in line %(line)s has more than %(most)s characters.")
        _complain(complaints, message(found, line=line, most=LONGEST_CELL))


def _complain(complaints: list[Message], said: Message) -> None:
    if len(complaints) < _MOST_COMPLAINTS:
        complaints.append(said)
