"""Titles to measure on: parts of real trade titles put together anew, as many as are wanted.

The parts are real (the records and classifications of ``fixtures/``); how they are combined, and so the
scale, is synthetic. The vocabulary stays small: the lists of the index are longer than in a real register.
"""

from __future__ import annotations

import csv
import random
from pathlib import Path

FIXTURES = Path(__file__).resolve().parent.parent / "fixtures"
_FILES = (
    ("qualifications.csv", "title"),
    ("classifications/isco_08.csv", "label_es"),
    ("classifications/isced_f.csv", "label_es"),
)


def real_titles(paths: list[Path] | None = None) -> list[str]:
    """Return the titles of the fixtures, and of files with one title a line, each once."""
    found = [row[column] for name, column in _FILES for row in _rows(FIXTURES / name)]
    found += [line.strip() for path in paths or [] for line in path.read_text().splitlines()]
    return list(dict.fromkeys(title for title in found if title))


def titles(count: int, real: list[str], seed: int = 1) -> list[str]:
    """Return so many different titles, the real ones first, always the same ones."""
    dice = random.Random(seed)
    made = dict.fromkeys(real[:count])
    while len(made) < count:
        head, tail = dice.choice(real).split(), dice.choice(real).split()
        words = head[: max(1, (len(head) + 1) // 2)] + tail[len(tail) // 2 :]
        if len(made) > 100_000:
            words += dice.choice(real).split()[-2:]
        made[" ".join(words)] = None
    return list(made)


def misspelt(title: str, dice: random.Random) -> str:
    """Return a title with one letter left out."""
    at = dice.randrange(1, len(title) - 1)
    return title[:at] + title[at + 1 :]


def _rows(path: Path) -> list[dict[str, str]]:
    with open(path, encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))
