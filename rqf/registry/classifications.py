"""The international classifications that records are sorted by: ISCED-F 2013 fields, ISCO-08 occupations."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from typing import Literal

from rqf import paths
from rqf.models.tables import said
from rqf.registry.likeness import nearest, plain

Kind = Literal["isced_f", "isco_08"]

#: Only the finest grain classifies a record: detailed fields and unit groups have four digits.
_DIGITS = 4


@dataclass(frozen=True)
class Entry:
    """A code with its label per language."""

    code: str
    labels: dict[str, str]

    def label(self, language: str) -> str:
        """Return the label in ``language``, else in any."""
        return said(self.labels, language, "en")


@cache
def entries(kind: Kind) -> dict[str, Entry]:
    """Return code -> entry of a whole classification; it is read at the first use."""
    with (paths.FIXTURES / "classifications" / f"{kind}.csv").open(encoding="utf-8", newline="") as file:
        return {
            row["code"]: Entry(
                row["code"],
                {
                    name.removeprefix("label_"): text
                    for name, text in row.items()
                    if name.startswith("label_") and text
                },
            )
            for row in csv.DictReader(file)
        }


def find(kind: Kind, code: str | None) -> Entry | None:
    """Return the entry with this code if it may classify a record, else None."""
    return entries(kind).get(code) if code and len(code) == _DIGITS else None


def search(kind: Kind, query: str, language: str, limit: int = 12) -> list[Entry]:
    """Return the entries whose code begins with ``query`` or whose label reads like it, the nearest first."""
    wanted = plain(query)
    usable = [entry for entry in entries(kind).values() if len(entry.code) == _DIGITS]
    if wanted.isdigit():
        return [entry for entry in usable if entry.code.startswith(wanted)][:limit]
    found = nearest(wanted, ((entry.code, entry.label(language)) for entry in usable), limit)
    return [entries(kind)[code] for code in found]
