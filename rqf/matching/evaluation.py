"""How well the matching engine ranks: reciprocal rank, accuracy and recall against given answers.

Ranks are those of ``trec_eval``: by falling score, ties by falling identifier. Intervals are percentile
bootstrap over queries (1,000 draws, a fixed seed).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from rqf.matching.candidates import POOL, Document, Index
from rqf.matching.encoders import Encoder
from rqf.matching.languages import recognise
from rqf.matching.scoring import METHOD_VERSION
from rqf.matching.text import Synonyms

_DRAWS = 1000
_SEED = 20_260_101


@dataclass(frozen=True)
class Task:
    """Queries (id -> text), the labels to rank (id -> text), and for each query the right labels.

    ``languages`` has the language of a label where it is known; where it is not, it is recognised.
    """

    queries: Mapping[str, str]
    labels: Mapping[str, str]
    right: Mapping[str, frozenset[str]]
    languages: Mapping[str, str]


@dataclass(frozen=True)
class Figure:
    """A mean over queries with its 95 % interval."""

    value: float
    low: float
    high: float


@dataclass(frozen=True)
class Ranking:
    """What came out: means from 0 to 1; recall is the share of a query's right labels among the first."""

    method: str
    queries: int
    labels: int
    query_language: str
    label_languages: Sequence[str]
    mrr: Figure
    accuracy_at_1: Figure
    accuracy_at_10: Figure
    recall_at_10: Figure
    recall_at_200: Figure


def evaluate_ranking(task: Task, synonyms: Synonyms, encoder: Encoder | None = None) -> Ranking:
    """Rank the labels for every query that has a right one, as a search of the register does."""
    asked = [query for query in task.queries if task.right.get(query)]
    names = sorted(task.labels)
    languages = _languages(task)
    index = Index(synonyms, encoder=encoder)
    index.put_all(
        Document(number, ((languages[name], task.labels[name]),), None, "", "label")
        for number, name in enumerate(names)
    )
    language = recognise((task.queries[query] for query in asked), default="")
    rows = np.array([_row(index, names, task, query, language) for query in asked]).reshape(-1, 5)
    figures = [figure(column) for column in rows.T]
    shown = sorted(set(languages.values()))
    method = f"{METHOD_VERSION}+{encoder.name}" if encoder else METHOD_VERSION
    return Ranking(method, len(asked), len(names), language, shown, *figures)


def _languages(task: Task) -> dict[str, str]:
    """Return the language of every label; labels without one are taken to share one."""
    unknown = [text for name, text in task.labels.items() if name not in task.languages]
    common = recognise(unknown, default="") if unknown else ""
    return {name: task.languages.get(name, common) for name in task.labels}


def _row(index: Index, names: Sequence[str], task: Task, query: str, language: str) -> list[float]:
    """Return reciprocal rank, accuracy at 1 and 10, recall at 10 and 200 of one query."""
    found = index.search(task.queries[query], language=language, limit=POOL)
    ranked = sorted(((one.score, names[one.id]) for one in found), reverse=True)
    right = task.right[query]
    hits = np.array([name in right for _, name in ranked] or [False])
    rank = int(hits.argmax()) + 1 if hits.any() else 0
    return [
        1.0 / rank if rank else 0.0,
        float(rank == 1),
        float(0 < rank <= 10),
        float(hits[:10].sum()) / len(right),
        float(hits.sum()) / len(right),
    ]


def figure(values: npt.NDArray[np.float64]) -> Figure:
    """Return the mean of some values with its 95 % interval."""
    if len(values) == 0:
        return Figure(0.0, 0.0, 0.0)
    dice = np.random.default_rng(_SEED)
    means = values[dice.integers(0, len(values), (_DRAWS, len(values)))].mean(axis=1)
    low, high = np.percentile(means, [2.5, 97.5])
    return Figure(*(round(float(one), 4) for one in (values.mean(), low, high)))
