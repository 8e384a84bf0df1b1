"""Run as a program of its own: reads one sheet of a workbook and prints its rows as JSON, one a line.

The library that reads workbooks can be made to ask for any amount of memory, and then ends the process. So it
does it here, where that hurts nobody: with little memory, little time, and no way to write a file.
The first line is ``{"sheets": [...], "sheet": name}``, every other one ``[line, [cell, ...]]``.
"""

from __future__ import annotations

import json
import sys
from datetime import date, datetime, time, timedelta
from typing import Any

MEMORY = 1 << 30
SECONDS = 60


def main(path: str, wanted: str) -> None:
    """Print the rows of the sheet ``wanted``, or of the first one that holds something."""
    _limit()
    from python_calamine import CalamineWorkbook

    workbook = CalamineWorkbook.from_path(path)
    names = workbook.sheet_names
    if wanted and wanted not in names:
        print(json.dumps({"sheets": names, "sheet": None}))
        return
    name, sheet = _first_filled(workbook, [wanted] if wanted else names)
    print(json.dumps({"sheets": names, "sheet": name}))
    for number, cells in enumerate(sheet.iter_rows(), 1):
        print(json.dumps([number, [_text(cell) for cell in cells]], ensure_ascii=False))


def _first_filled(workbook: Any, names: list[str]) -> tuple[str, Any]:
    """Return the first sheet with more than one row, else the last."""
    for name in names:
        sheet = workbook.get_sheet_by_name(name)
        if sheet.height > 1:
            break
    return name, sheet


def _limit() -> None:
    import resource

    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _text(cell: Any) -> str:
    """Return a cell as a person reads it: whole numbers without a point, dates as YYYY-MM-DD."""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time() else cell.isoformat(" ")
    if isinstance(cell, date | time | timedelta):
        return str(cell)
    return "" if cell is None else str(cell)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2] if len(sys.argv) > 2 else "")
