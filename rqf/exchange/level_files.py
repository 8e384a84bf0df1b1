"""Reads texts whose level is known from a CSV file, to measure how well levels are read."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from rqf.errors import N_, RqfError
from rqf.matching.languages import recognise
from rqf.matching.learned import LEAST
from rqf.matching.level_evaluation import PARTS, evaluate_levels

#: Folds leave out a fifth; what is left has to be enough to learn from.
_LEAST = LEAST * PARTS // (PARTS - 1)


def evaluate_level_file(path: Path, text: Sequence[str], level: str, group: str | None) -> dict[str, Any]:
    """Return how well levels are read from the columns ``text`` of a file, as JSON's values.

    ``group`` names the column of the issuer or family; rows without a level are left out and counted.

    :raises RqfError: the file or a column is missing, a level is no whole number, or rows are too few.
    """
    rows = _rows(path, [*text, level, *([group] if group else [])])
    known = [(number, row) for number, row in rows if (row[level] or "").strip()]
    levels = [_level(path, number, row[level]) for number, row in known]
    texts = [" ".join(row[column] or "" for column in text) for _, row in known]
    groups = [row[group] or "" for _, row in known] if group else None
    quality = evaluate_levels(texts, levels, groups, recognise(texts)) if len(known) >= _LEAST else None
    if quality is None:
        raise RqfError(
            N_("%(path)s has %(count)s rows with a level; %(least)s of at least two levels are needed."),
            path=str(path), count=len(known), least=_LEAST,
        )  # fmt: skip
    return asdict(quality) | {"without_level": len(rows) - len(known)}


def _rows(path: Path, columns: Sequence[str]) -> list[tuple[int, dict[str, str | None]]]:
    try:
        with open(path, encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file)
            names = list(reader.fieldnames or ())
            rows: list[tuple[int, dict[str, str | None]]] = [(reader.line_num, dict(row)) for row in reader]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise RqfError(N_("%(path)s cannot be read: %(why)s"), path=str(path), why=str(error)) from error
    for column in columns:
        if column not in names:
            raise RqfError(
                N_("%(path)s has no column “%(column)s”. Its columns: %(known)s."),
                path=str(path), column=column, known=", ".join(names),
            )  # fmt: skip
    return rows


def _level(path: Path, number: int, value: str | None) -> int:
    try:
        return int((value or "").strip())
    except ValueError as error:
        raise RqfError(
            N_("%(path)s, line %(line)s: “%(value)s” is not a level; levels are whole numbers."),
            path=str(path), line=number, value=value,
        ) from error  # fmt: skip
