"""What a page shows, as a file: the same filter, all columns."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO

from flask import Response, abort

from rqf.errors import N_, Invalid, message
from rqf.exchange.sheets.writing import MEDIA_TYPES, Table, write_archive, write_book, write_table

#: A desk takes this many records at once; `rqf export` takes any number.
MOST_AT_A_DESK = 50_000
_PIECE = 1 << 16
_WRITERS: dict[str, Callable[[Path, tuple[Table, ...]], None]] = {
    "csv": lambda path, tables: write_table(path, tables[0]),
    "xlsx": write_book,
    "zip": write_archive,
}


def send(format: str, name: str, tables: tuple[Table, ...]) -> Response:
    """Answer with the tables: CSV (the first one), a ZIP of CSV files, or XLSX.

    The file is whole before it is sent: a refusal is still a page, and the database is asked no more while a
    slow line takes its time. Neither needs memory for more than some hundred records.
    """
    if format not in _WRITERS:
        abort(404)
    with tempfile.TemporaryDirectory(prefix="rqf-") as folder:
        path = Path(folder) / "export"
        _WRITERS[format](path, tables)
        size = path.stat().st_size
        # Open, it outlives its folder, and is gone with the last reader.
        file = path.open("rb")
    answer = Response(_pieces(file), mimetype=MEDIA_TYPES.get(format, "application/zip"))
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}.{format}"'
    answer.content_length = size
    answer.call_on_close(file.close)
    return answer


def refuse_more(total: int, most: int) -> None:
    """Refuse a file of more records than a page gives out.

    :raises Invalid: there are more.
    """
    if total > most:
        said = N_("These are %(n)s records; a file has at most %(most)s. Narrow the filter.")
        raise Invalid({"file": [message(said, n=total, most=most)]})


def _pieces(file: BinaryIO) -> Iterator[bytes]:
    with file:
        while piece := file.read(_PIECE):
            yield piece
