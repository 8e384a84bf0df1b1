"""How well levels are read from texts whose level is known, in random folds and with issuers left out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from rqf.matching.evaluation import Figure, figure
from rqf.matching.learned import LevelReader, Opinion, folds

PARTS = 5
#: Folds are dealt anew so often, and the figures are means over all of them.
REPEATS = 3
_CONFIDENT = 0.3
_BINS = 10


@dataclass(frozen=True)
class LevelFigures:
    """Shares from 0 to 1; ``kappa`` is weighted by squared distance, ``calibration_error`` the expected one.

    ``precision_confident`` is that of the 30 % that the reader is surest of; ``majority`` and ``median`` are
    what always answering these levels of the training texts would get. That an answer is "within one level"
    is not reported: always answering the median gets nearly everything by that measure.
    """

    exact: Figure
    macro_f1: float
    kappa: float
    precision_confident: float
    in_best_two: float
    abstained: float
    calibration_error: float
    majority: float
    median: float


@dataclass(frozen=True)
class LevelQuality:
    """The figures by random folds, and with whole groups left out."""

    texts: int
    levels: Sequence[int]
    groups: int
    random: LevelFigures
    #: None without groups, or when too little is left to learn from with one of them left out.
    grouped: LevelFigures | None


def evaluate_levels(
    texts: Sequence[str], levels: Sequence[int], groups: Sequence[str] | None, language: str = "es"
) -> LevelQuality | None:
    """Read every text's level by the example of the others; None when they are too few to learn from."""
    random = _figures(texts, levels, None, language)
    if random is None:
        return None
    grouped = None
    if groups is not None and len(set(groups)) >= PARTS:
        grouped = _figures(texts, levels, groups, language)
    return LevelQuality(len(texts), sorted(set(levels)), len(set(groups or ())), random, grouped)


def _figures(
    texts: Sequence[str], levels: Sequence[int], groups: Sequence[str] | None, language: str
) -> LevelFigures | None:
    right = np.array(levels)
    runs = []
    for seed in range(1, REPEATS + 1):
        run = _run(texts, right, groups, language, seed)
        if run is None:
            return None
        runs.append(run)
    answers = np.concatenate([run.answers for run in runs])
    sure = np.concatenate([run.sure for run in runs])
    everything = np.tile(right, REPEATS)
    hit = answers == everything
    # The same text stands once in every repeat: the interval is over texts, not over answers.
    exact = figure(hit.reshape(REPEATS, -1).mean(axis=0))
    confident = np.argsort(-sure, kind="stable")[: max(1, int(_CONFIDENT * len(sure)))]
    return LevelFigures(
        exact=exact,
        macro_f1=_macro_f1(everything, answers),
        kappa=weighted_kappa(everything.tolist(), answers.tolist()),
        precision_confident=_rounded(hit[confident].mean()),
        in_best_two=_rounded(np.concatenate([run.in_best_two for run in runs]).mean()),
        abstained=_rounded(np.concatenate([run.abstained for run in runs]).mean()),
        calibration_error=_calibration_error(hit, sure),
        majority=_rounded(np.mean([run.majority for run in runs])),
        median=_rounded(np.mean([run.median for run in runs])),
    )


class _Run(NamedTuple):
    """What one dealing of folds gave: values per text, and the shares that the baselines get right."""

    answers: npt.NDArray[np.int64]
    sure: npt.NDArray[np.float64]
    in_best_two: npt.NDArray[np.bool_]
    abstained: npt.NDArray[np.bool_]
    majority: float
    median: float


def _run(
    texts: Sequence[str], right: npt.NDArray[np.int64], groups: Sequence[str] | None, language: str, seed: int
) -> _Run | None:
    fold = folds(len(texts), PARTS, groups, seed)
    opinions: list[Opinion | None] = [None] * len(texts)
    majority = median = 0.0
    for number in range(PARTS):
        inside, out = np.flatnonzero(fold != number).tolist(), np.flatnonzero(fold == number).tolist()
        known = right[inside]
        reader = LevelReader.learn(
            [texts[n] for n in inside],
            known.tolist(),
            [groups[n] for n in inside] if groups is not None else None,
            language,
        )
        if reader is None:
            return None
        for place, opinion in zip(out, reader.read([texts[n] for n in out]), strict=True):
            opinions[place] = opinion
        values, counts = np.unique(known, return_counts=True)
        majority += float((right[out] == values[counts.argmax()]).sum())
        median += float((right[out] == int(np.median(known))).sum())
    read = [one for one in opinions if one is not None]
    return _Run(
        np.array([one.level for one in read]),
        np.array([one.confidence for one in read]),
        np.array([level in _best_two(one) for one, level in zip(read, right.tolist(), strict=True)]),
        np.array([one.abstained for one in read]),
        majority / len(texts),
        median / len(texts),
    )


def _best_two(opinion: Opinion) -> list[int]:
    return sorted(opinion.shares, key=lambda level: -opinion.shares[level])[:2]


def _macro_f1(right: npt.NDArray[np.int64], answers: npt.NDArray[np.int64]) -> float:
    scores = []
    for level in np.unique(right):
        both = float(((right == level) & (answers == level)).sum())
        scores.append(2.0 * both / float((right == level).sum() + (answers == level).sum()))
    return _rounded(np.mean(scores))


def weighted_kappa(a: Sequence[int], b: Sequence[int]) -> float:
    """Return Cohen's kappa with quadratic weights (Cohen 1968): 1 is agreement, 0 is chance."""
    levels = sorted(set(a) | set(b))
    place = {level: number for number, level in enumerate(levels)}
    seen = np.zeros((len(levels), len(levels)))
    for one, other in zip(a, b, strict=True):
        seen[place[one], place[other]] += 1.0
    values = np.array(levels, np.float64)
    weights = (values[:, None] - values[None, :]) ** 2
    by_chance = np.outer(seen.sum(axis=1), seen.sum(axis=0)) / seen.sum()
    expected = float((weights * by_chance).sum())
    return _rounded(1.0 - float((weights * seen).sum()) / expected) if expected > 0 else 1.0


def _calibration_error(hit: npt.NDArray[np.bool_], sure: npt.NDArray[np.float64]) -> float:
    bins = np.minimum((sure * _BINS).astype(int), _BINS - 1)
    gaps = [
        abs(float(hit[bins == one].mean()) - float(sure[bins == one].mean())) * float((bins == one).mean())
        for one in np.unique(bins)
    ]
    return _rounded(sum(gaps))


def _rounded(value: float | np.floating) -> float:
    return round(float(value), 4)
