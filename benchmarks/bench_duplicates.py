"""Measure the search for duplicates inside a country: real titles, and a noisy copy of each.

    python benchmarks/bench_duplicates.py [FILE.csv:COLUMN ...]

Titles come from CSV files, or else from the fixtures. The noise is synthetic: case, accents, slips, order,
stop words, abbreviations, suffixes, a lost last word; one or two kinds a title, with a fixed seed. The hard
negatives are real: titles of one register that differ in a category or a word (the fixtures also hold some
titles twice, under two codes). Baselines are rapidfuzz scorers over the stems of the same candidates.
"""

from __future__ import annotations

import argparse
import csv
import random
import unicodedata
from collections.abc import Callable, Sequence

import numpy as np
from corpus import real_titles
from rapidfuzz import fuzz

from rqf.matching import scoring
from rqf.matching.candidates import Document, Index
from rqf.matching.scoring import LOOK, SAME
from rqf.matching.text import normalise

SHORT = {
    "mantenimiento": "mtto", "técnico": "téc.", "administración": "admón.", "operación": "oper.",
    "instalación": "inst.", "servicios": "serv.", "maquinaria": "maq.", "equipo": "eq.",
}  # fmt: skip
SUFFIXES = (" (versión 2)", " - nivel nacional", ", en general", " EC")
KINDS = ("case", "accents", "slip", "order", "stop words", "short", "suffix", "lost")
#: A candidate below this is never shown; the curve begins here.
FLOOR = 40.0


def noisy(title: str, dice: random.Random) -> str:
    """Return a title as somebody else might have typed it."""
    for _ in range(dice.choice((1, 1, 2))):
        title = _changed(title, dice.choice(KINDS), dice)
    return title


def _changed(title: str, kind: str, dice: random.Random) -> str:
    words = title.split()
    if kind == "case":
        return title.upper()
    if kind == "accents":
        return "".join(one for one in unicodedata.normalize("NFD", title) if not unicodedata.combining(one))
    if kind == "slip" and len(title) > 6:
        at = dice.randrange(1, len(title) - 2)
        lost, turned = title[:at] + title[at + 1 :], title[:at] + title[at + 1] + title[at] + title[at + 2 :]
        return dice.choice((lost, turned, title[:at] + dice.choice("aeioslnr") + title[at:]))
    if kind == "order" and len(words) > 2:
        at = dice.randrange(1, len(words))
        return " ".join(words[at:] + words[:at])
    if kind == "stop words":
        return " ".join(one for one in words if len(one) > 3 or one[0].isupper() or one.isdigit()) or title
    if kind == "short":
        return " ".join(SHORT.get(one.lower(), one) for one in words)
    if kind == "suffix":
        return title + dice.choice(SUFFIXES)
    return " ".join(words[:-1]) if kind == "lost" and len(words) > 4 else title


def titles(files: Sequence[str]) -> list[str]:
    """Return the different titles of CSV files (``path:column``), or of the fixtures."""
    found: list[str] = []
    for one in files:
        path, _, column = one.rpartition(":")
        with open(path, encoding="utf-8-sig", newline="") as file:
            found += [row[column] for row in csv.DictReader(file)]
    kept: dict[str, str] = {}
    for title in found or real_titles():
        kept.setdefault(title.lower(), title)
    return list(kept.values())


def recall_at(precision: float, scores: np.ndarray, right: np.ndarray, total: int) -> tuple[float, float]:
    """Return the best recall at a precision, and the score from which it is had."""
    order = np.argsort(-scores, kind="stable")
    hits = np.cumsum(right[order])
    reached = hits / np.arange(1, len(order) + 1) >= precision
    last = np.append(scores[order][1:] < scores[order][:-1], True)
    places = np.flatnonzero(reached & last)
    return (hits[places[-1]] / total, scores[order][places[-1]]) if len(places) else (0.0, 100.0)


def main() -> None:
    """Print recall at precision .95 and .98 for the engine and single scorers, and the shipped thresholds."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("files", nargs="*", metavar="FILE.csv:COLUMN")
    real = titles(parser.parse_args().files)
    dice = random.Random(7)
    index = Index()
    index.put_all(Document(n, (("es", title),), None, "MX", "unit") for n, title in enumerate(real))
    engine, baseline = [], {"token_set_ratio": [], "WRatio": [], "token_sort_ratio": []}
    stems = [" ".join(normalise(title).stems) for title in real]
    right = []
    scoring.LOOK = FLOOR
    for number, title in enumerate(real):
        copy = noisy(title, dice)
        text = " ".join(normalise(copy).stems)
        for found in scoring.duplicates(Document(-1, (("es", copy),), None, "MX", "unit"), index):
            engine.append(found.score)
            right.append(found.id == number)
            for name, scores in baseline.items():
                scores.append(_scorer(name)(text, stems[found.id]))
    told, known = np.array(right), len(real)
    print(
        f"{known} titles and a noisy copy of each; candidates keep {told.sum() / known:.3f} of the true pairs"
    )
    for name, scores in {"engine": engine, **baseline}.items():
        at95, at98 = (recall_at(one, np.array(scores), told, known) for one in (0.95, 0.98))
        print(
            f"  {name:<18} recall at precision .95: {at95[0]:.3f} (from {at95[1]:.1f}), "
            f"at .98: {at98[0]:.3f} (from {at98[1]:.1f})"
        )
    for name, least in (("SAME", SAME), ("LOOK", LOOK)):
        chosen = told[np.array(engine) >= least]
        print(f"  {name} from {least}: precision {chosen.mean():.3f}, recall {chosen.sum() / known:.3f}")


def _scorer(name: str) -> Callable[[str, str], float]:
    scorer: Callable[[str, str], float] = getattr(fuzz, name)
    return scorer


if __name__ == "__main__":
    main()
