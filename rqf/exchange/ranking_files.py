"""Reads a ranking task in the layout of MELO: queries, the labels to rank, and the right answers.

``queries.tsv`` (id, text), ``corpus_elements.tsv`` (id, text) and ``annotations.tsv`` (query, 0, label,
relevance), all without header, tab-separated. ``C000007_es_000`` names the language of its label.
Source of the layout: Retyk et al., MELO, RecSys in HR 2024.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

from rqf import paths
from rqf.errors import N_, RqfError
from rqf.exchange.reading import Problems, csv_rows
from rqf.matching import encoders
from rqf.matching.evaluation import Task, evaluate_ranking
from rqf.matching.text import Synonyms

_LANGUAGE = re.compile(r"_([a-z]{2})_\d+$")


def evaluate_folder(folder: Path, encoder: str | None = None) -> dict[str, Any]:
    """Return the quality of the shipped configuration on a folder, as JSON's values.

    :raises RqfError: a file is missing or not in the layout, or the encoder is not there.
    """
    task = read_task(folder)
    return asdict(evaluate_ranking(task, shipped_synonyms(), encoders.load(encoder) if encoder else None))


def read_task(folder: Path) -> Task:
    """Read a task from a folder.

    :raises RqfError: a file is missing or not in the layout.
    """
    queries = {row[0]: row[1] for row in _rows(folder / "queries.tsv", 2)}
    labels = {row[0]: row[1] for row in _rows(folder / "corpus_elements.tsv", 2)}
    right: dict[str, set[str]] = defaultdict(set)
    for query, _, label, relevance in _rows(folder / "annotations.tsv", 4):
        if relevance.strip() not in ("", "0"):
            right[query].add(label)
    told = ((name, _LANGUAGE.search(name)) for name in labels)
    return Task(
        queries,
        labels,
        {query: frozenset(answers) for query, answers in right.items()},
        {name: found[1] for name, found in told if found},
    )


def shipped_synonyms() -> Synonyms:
    """Return the national synonyms as they are shipped."""
    groups: dict[str, list[str]] = defaultdict(list)
    problems = Problems()
    for row in csv_rows(paths.FIXTURES, "synonyms.csv", ("group", "term"), problems):
        groups[row.text("group", 60) or ""].append(row.text("term", 120) or "")
    problems.refuse()
    return Synonyms.from_groups(groups.values())


def _rows(path: Path, least: int) -> Iterator[list[str]]:
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise RqfError(N_("%(path)s cannot be read: %(why)s"), path=str(path), why=str(error)) from error
    for number, line in enumerate(lines, 1):
        row = line.split("\t")
        if line.strip() and len(row) < least:
            raise RqfError(
                N_("%(path)s, line %(line)s: %(least)s columns are expected, separated by tabs."),
                path=str(path), line=number, least=least,
            )  # fmt: skip
        if line.strip():
            yield row[:least]
