"""How far people agree on levels, corrected for chance, and how far suggestions can be relied on.

Levels are numbers; a range counts as its middle, so halves occur. Weighted kappa (two sides) is Cohen's of
1968 with the large-sample variance of Fleiss, Cohen and Everitt (Psychological Bulletin 72, 1969). Alpha (any
number of raters, gaps allowed) is Krippendorff's with the ordinal metric ("Computing Krippendorff's
Alpha-Reliability", 2011); its interval comes from resampling the cases with a fixed seed, so that the same
data give the same interval.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import accumulate

import numpy as np
import numpy.typing as npt

#: Of the normal distribution, for an interval of 95 %.
_Z = 1.959963984540054
_RESAMPLES = 1000
_SEED = 20110125

Matrix = npt.NDArray[np.float64]


class Weights(StrEnum):
    """How much a disagreement counts: its distance in levels, or the square of it."""

    LINEAR = "linear"
    QUADRATIC = "quadratic"


@dataclass(frozen=True)
class Estimate:
    """A figure with its interval of 95 % and the number of cases; None where the data do not give one."""

    value: float | None
    low: float | None
    high: float | None
    cases: int


@dataclass(frozen=True)
class Reliability:
    """How often suggestions scored ``low`` to ``high`` were endorsed as suggested; shares from 0 to 1."""

    low: int
    high: int
    share: Estimate


def kappa(pairs: Mapping[tuple[float, float], int], weights: Weights = Weights.QUADRATIC) -> Estimate:
    """Return Cohen's weighted kappa of two sides; ``pairs`` is (level of one, of the other) -> cases."""
    cases = sum(pairs.values())
    levels = sorted({level for pair in pairs for level in pair})
    if cases == 0 or len(levels) < 2:
        return Estimate(None, None, None, cases)
    place = {level: number for number, level in enumerate(levels)}
    seen = np.zeros((len(levels), len(levels)))
    for (one, other), count in pairs.items():
        seen[place[one], place[other]] += count
    value, error = _kappa(seen / cases, np.array(levels), 1 if weights == Weights.LINEAR else 2, cases)
    return Estimate(value, max(-1.0, value - _Z * error), min(1.0, value + _Z * error), cases)


def _kappa(shares: Matrix, levels: Matrix, power: int, cases: int) -> tuple[float, float]:
    """Return kappa and its standard error."""
    apart = np.abs(levels[:, None] - levels[None, :]) ** power
    agree = 1.0 - apart / apart.max()
    rows, columns = shares.sum(axis=1), shares.sum(axis=0)
    seen, chance = float((agree * shares).sum()), float(rows @ agree @ columns)
    if chance == 1.0:
        return 1.0, 0.0
    value = (seen - chance) / (1.0 - chance)
    means = (agree @ columns)[:, None] + (rows @ agree)[None, :]
    spread = float((shares * (agree - means * (1.0 - value)) ** 2).sum())
    variance = (spread - (value - chance * (1.0 - value)) ** 2) / (cases * (1.0 - chance) ** 2)
    return value, max(0.0, variance) ** 0.5


def alpha(cases: Mapping[tuple[float, ...], int]) -> Estimate:
    """Return Krippendorff's ordinal alpha; ``cases`` is the levels that one case was given -> how many such.

    The order of the levels of a case means nothing. Cases with a single level say nothing and do not count.
    """
    kept: Counter[tuple[float, ...]] = Counter()
    for levels, often in sorted(cases.items()):
        if len(levels) > 1:
            kept[tuple(sorted(levels))] += often
    count = sum(kept.values())
    values = sorted({level for levels in kept for level in levels})
    if count == 0 or len(values) < 2:
        return Estimate(None, None, None, count)
    met = np.stack([_coincidences(levels, values) for levels in kept])
    counts = np.array(list(kept.values()), np.float64)
    value = float(_alphas(counts[None, :], met)[0])
    drawn = np.random.default_rng(_SEED).multinomial(count, counts / count, size=_RESAMPLES)
    resampled = _alphas(drawn.astype(np.float64), met)
    low, high = np.nanquantile(resampled, [0.025, 0.975])
    return Estimate(value, float(low), float(high), count)


def _coincidences(levels: Sequence[float], values: Sequence[float]) -> Matrix:
    counts = np.array([levels.count(value) for value in values], np.float64)
    met: Matrix = np.asarray((np.outer(counts, counts) - np.diag(counts)) / (len(levels) - 1))
    return met


def _alphas(often: Matrix, met: Matrix) -> Matrix:
    """Return alpha for each row of ``often``: how many cases of each kind of ``met``. All alike gives 1."""
    seen = np.tensordot(often, met, axes=1)
    totals = seen.sum(axis=2)
    ends = np.cumsum(totals, axis=1)
    # Half of one's own total lies to each side: the metric is how many were ranked between two values.
    middle = ends - totals / 2
    apart = (middle[:, :, None] - middle[:, None, :]) ** 2
    expected = (totals[:, :, None] * totals[:, None, :] * apart).sum(axis=(1, 2))
    observed = (seen * apart).sum(axis=(1, 2)) * (totals.sum(axis=1) - 1.0)
    ratio: Matrix = np.divide(observed, expected, out=np.zeros_like(observed), where=expected > 0)
    return np.asarray(1.0 - ratio)


def wilson(hits: int, cases: int) -> Estimate:
    """Return a share with its interval by Wilson's score (JASA 22, 1927), which holds for few cases, too."""
    if cases == 0:
        return Estimate(None, None, None, 0)
    share, squared = hits / cases, _Z**2
    middle = (share + squared / (2 * cases)) / (1 + squared / cases)
    half = _Z / (1 + squared / cases) * (share * (1 - share) / cases + squared / (4 * cases**2)) ** 0.5
    return Estimate(share, max(0.0, middle - half), min(1.0, middle + half), cases)


#: Score (0-100) of a suggestion -> (how many were endorsed as suggested, how many were decided).
Scores = Mapping[int, tuple[int, int]]


def reliability(scores: Scores, width: int = 10) -> list[Reliability]:
    """Return the share endorsed as suggested by bands of scores; the last band holds 100."""
    bands = []
    for low in range(0, 100, width):
        high = 100 if low + width >= 100 else low + width - 1
        hits, cases = _sum(scores[one] for one in scores if low <= one <= high)
        bands.append(Reliability(low, high, wilson(hits, cases)))
    return bands


def accept_threshold(scores: Scores, share: float, fewest: int = 30) -> Reliability | None:
    """Return the lowest score from which on the data support accepting what is suggested, or None.

    Supported means: of the suggestions with that score or more, at least ``fewest`` were decided, and the
    lower end of the interval of the share endorsed as suggested reaches ``share``.
    """
    descending = sorted(scores, reverse=True)
    running = accumulate((scores[one] for one in descending), lambda a, b: (a[0] + b[0], a[1] + b[1]))
    found = None
    for score, (hits, cases) in zip(descending, running, strict=True):
        estimate = wilson(hits, cases)
        if cases >= fewest and estimate.low is not None and estimate.low >= share:
            found = Reliability(score, 100, estimate)
    return found


def _sum(pairs: Iterable[tuple[int, int]]) -> tuple[int, int]:
    hits = cases = 0
    for one, other in pairs:
        hits, cases = hits + one, cases + other
    return hits, cases
