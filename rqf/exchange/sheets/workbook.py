"""Workbooks (XLSX, ODS): looked through first, then read by a child process with little memory."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import IO, Any

from rqf.errors import N_
from rqf.exchange.sheets import workbook_child
from rqf.exchange.sheets.guard import check_workbook
from rqf.exchange.sheets.shape import Reading, Row, Sheet, refuse, tabulate


def read_workbook(path: Path, kind: str, reading: Reading) -> Sheet:
    """Return the table in a sheet of a workbook: the named one, else the first that holds something.

    :raises Invalid: the workbook is damaged or dangerous, or the sheet is no table.
    """
    check_workbook(path)
    with _child(path, reading.sheet) as lines:
        about = _about(lines)
    if about["sheet"] is None:
        refuse(N_("There is no sheet “%(value)s”. The workbook has: %(known)s."),
               value=reading.sheet, known=", ".join(about["sheets"]))  # fmt: skip
    rows = partial(_rows, path, about["sheet"])
    return tabulate(rows, format=kind, sheet=about["sheet"], sheets=tuple(about["sheets"]))


def _rows(path: Path, sheet: str) -> Iterator[Row]:
    with _child(path, sheet) as lines:
        _about(lines)
        for line in lines:
            number, cells = json.loads(line)
            yield number, tuple(cells)


def _about(lines: IO[str]) -> dict[str, Any]:
    """Return what the child says first; one that could not read the workbook says nothing."""
    return json.loads(lines.readline() or '{"sheets": [], "sheet": null}')  # type: ignore[no-any-return]


@contextmanager
def _child(path: Path, sheet: str | None) -> Iterator[IO[str]]:
    """Give what the child prints; it is ended when the block ends.

    :raises Invalid: the child could not read the workbook.
    """
    command = [sys.executable, "-P", workbook_child.__file__, str(path), sheet or ""]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, stdin=subprocess.DEVNULL, encoding="utf-8"
    ) as child:
        assert child.stdout
        try:
            yield child.stdout
            ended = not child.stdout.read(1)
        except BaseException:
            child.kill()
            raise
        if not ended:
            child.kill()
        elif child.wait() != 0:
            refuse(N_("The workbook cannot be read: it is damaged, or made to fill the memory."))
