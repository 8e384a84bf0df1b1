"""A table to look up, as it came: which column holds what, and the rows."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from rqf import exchange
from rqf.errors import N_, Invalid, message
from rqf.matching.text import fold

#: Field -> headers that mean it, without case and accents. The first column that says so has it.
HEADERS: dict[str, tuple[str, ...]] = {
    "title": (
        "title", "titulo", "nombre", "denominacion", "name", "nome", "cualificacion", "qualification",
        "programa", "titulacion", "carrera", "curso", "nombre del titulo", "titre",
    ),
    "code": ("code", "codigo", "clave", "national code", "codigo nacional"),
    "country": ("country", "pais", "pays", "pais de origen", "country of origin", "origen"),
    "level": ("level", "nivel", "niveau", "national level", "nivel nacional"),
    "sector": ("sector", "setor", "secteur"),
    "awarding_body": (
        "awarding body", "organismo otorgante", "institucion", "institution", "instituicao", "entidad",
    ),
}  # fmt: skip
MOST_ROWS = 50_000
#: Longest cell that is kept; no title comes near.
LONGEST = 2000
#: Names of the columns that a download adds begin like this.
ADDED = "rqf_"


@dataclass(frozen=True)
class Table:
    """A table that was read: ``places`` is field -> place of its column."""

    format: str
    delimiter: str | None
    columns: tuple[str, ...]
    places: dict[str, int]
    rows: list[list[str]]


def read_file(path: Path) -> Table:
    """Return the table in a file. What an earlier download added is left out.

    :raises Invalid: it is no table, has too many rows, or no column of titles or codes.
    """
    sheet = exchange.open_sheet(path)
    kept = [place for place, name in enumerate(sheet.columns) if not name.lower().startswith(ADDED)]
    columns = tuple(sheet.columns[place] for place in kept)
    places = _places(columns)
    if not places.keys() & {"title", "code"}:
        said = N_("No column holds titles or codes. Name one “title” or “code”. Found: %(names)s.")
        raise Invalid({"file": [message(said, names=", ".join(columns)[:300])]})
    _check(sheet.total, "file")
    rows = [[cells[place][:LONGEST] for place in kept] for _, cells in sheet]
    return Table(sheet.format, sheet.delimiter, columns, places, rows)


def read_titles(text: str) -> Table:
    """Return pasted titles, one a line, as a table of one column; lines with tabs as the table they are.

    :raises Invalid: there is nothing, or too much.
    """
    lines = [line.strip() for line in text.replace("\0", " ").splitlines() if line.strip()]
    if not lines:
        raise Invalid({"titles": [message(N_("Choose a file or paste titles, one a line."))]})
    if "\t" in lines[0]:
        with tempfile.NamedTemporaryFile(prefix="rqf-batch-", suffix=".tsv") as kept:
            kept.write("\n".join(lines).encode())
            kept.flush()
            return read_file(Path(kept.name))
    _check(len(lines), "titles")
    return Table("csv", ",", ("title",), {"title": 0}, [[line[:LONGEST]] for line in lines])


def _places(columns: Sequence[str]) -> dict[str, int]:
    plain = [" ".join(fold(name).replace("_", " ").split()) for name in columns]
    found = {}
    for field, words in HEADERS.items():
        place = next((plain.index(word) for word in words if word in plain), None)
        if place is not None:
            found[field] = place
    return found


def _check(rows: int, field: str) -> None:
    if rows > MOST_ROWS:
        said = N_("There are %(n)s rows; at most %(most)s are looked up at once. Divide them.")
        raise Invalid({field: [message(said, n=rows, most=MOST_ROWS)]})
