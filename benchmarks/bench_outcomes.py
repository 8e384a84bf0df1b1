"""Measure how well two learning outcomes are told to match, on pairs that were labelled by hand.

    python benchmarks/bench_outcomes.py [--kept]

Each pair is scored between all outcomes of its two records, as a comparison of the records does. Without
``--kept`` only the development half is used. Intervals: bootstrap over pairs (1,000 draws, a fixed seed).
The baselines take the threshold that is best for them on the development half.
"""

from __future__ import annotations

import argparse
import csv
import json
from collections import defaultdict
from collections.abc import Callable
from functools import cache
from pathlib import Path

import numpy as np
from rapidfuzz import fuzz

from rqf.exchange.ranking_files import shipped_synonyms
from rqf.matching.outcomes import MATCH, PARTIAL, likenesses
from rqf.matching.phrasing import phrase
from rqf.matching.text import fold

HERE = Path(__file__).resolve().parent
UNITS = HERE.parent / "fixtures" / "units"
SYNONYMS = shipped_synonyms()
Row = dict[str, str]


def pairs(half: str) -> list[Row]:
    """Return the labelled pairs of one half."""
    with open(HERE / "data" / "outcome_pairs.csv", encoding="utf-8", newline="") as file:
        return [row for row in csv.DictReader(file) if row["half"] == half]


@cache
def outcomes() -> dict[str, list[str]]:
    """Return record -> its learning outcomes."""
    found: dict[str, list[str]] = defaultdict(list)
    for path in sorted(UNITS.glob("*.json")):
        for unit in json.loads(path.read_text(encoding="utf-8")):
            for owner in unit["qualifications"]:
                found[owner["key"]] += [one["es"] for one in unit["outcomes"] if "es" in one]
    return found


def ours(row: Row) -> float:
    """Return the engine's likeness of a pair."""
    left, right = outcomes()[row["record_a"]], outcomes()[row["record_b"]]
    told = [[phrase(text, "es", SYNONYMS) for text in side] for side in (left, right)]
    table = likenesses(*told)
    return float(table[left.index(row["outcome_a"]), right.index(row["outcome_b"])])


def token_set(row: Row) -> float:
    """Return rapidfuzz's token_set_ratio of a pair without case and accents."""
    return fuzz.token_set_ratio(fold(row["outcome_a"]), fold(row["outcome_b"]))


def ratio(row: Row) -> float:
    """Return rapidfuzz's ratio of a pair without case and accents."""
    return fuzz.ratio(fold(row["outcome_a"]), fold(row["outcome_b"]))


def f1(found: np.ndarray, right: np.ndarray) -> tuple[float, float, float]:
    """Return precision, recall and F1."""
    both = float((found & right).sum())
    precision = both / max(1.0, float(found.sum()))
    recall = both / max(1.0, float(right.sum()))
    return precision, recall, 2 * precision * recall / max(1e-9, precision + recall)


def interval(found: np.ndarray, right: np.ndarray) -> tuple[float, float]:
    """Return the 95 % interval of F1."""
    dice = np.random.default_rng(20_260_101)
    draws = dice.integers(0, len(right), (1000, len(right)))
    low, high = np.percentile([f1(found[one], right[one])[2] for one in draws], [2.5, 97.5])
    return float(low), float(high)


def best_threshold(score: Callable[[Row], float], labels: set[str]) -> float:
    """Return the threshold with the best F1 on the development half."""
    rows = pairs("dev")
    scores, right = np.array([score(row) for row in rows]), np.array([row["label"] in labels for row in rows])
    return max(np.unique(scores), key=lambda one: f1(scores >= one, right)[2])


def measure(half: str) -> None:
    """Print the figures of one half."""
    rows = pairs(half)
    print(f"\n{half}: {len(rows)} pairs")
    for name, labels, threshold in (
        ("match", {"match"}, MATCH),
        ("match or partial", {"match", "partial"}, PARTIAL),
    ):
        right = np.array([row["label"] in labels for row in rows])
        print(f"  {name} ({int(right.sum())} pairs)")
        for label, score, cut in (
            ("engine", ours, threshold),
            ("token_set_ratio", token_set, best_threshold(token_set, labels)),
            ("ratio", ratio, best_threshold(ratio, labels)),
        ):
            found = np.array([score(row) >= cut for row in rows])
            precision, recall, both = f1(found, right)
            low, high = interval(found, right)
            print(
                f"    {label:<16} from {cut:5.1f}: precision {precision:.3f} recall {recall:.3f} "
                f"F1 {both:.3f} ({low:.3f} to {high:.3f})"
            )


def main() -> None:
    """Measure the development half, or also the kept one."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--kept", action="store_true", help="measure the kept half too")
    for half in ("dev", "kept") if parser.parse_args().kept else ("dev",):
        measure(half)


if __name__ == "__main__":
    main()
