"""Agreement and reliability agree with what was published, to four digits."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rqf.rules.agreement import Weights, accept_threshold, alpha, kappa, reliability, wilson


def cells(table) -> dict[tuple[float, float], int]:
    return {
        (row, column): count for row, counts in enumerate(table, 1) for column, count in enumerate(counts, 1)
    }


#: (table, weights, kappa, standard error): where it was published.
PUBLISHED = [
    # J. Uebersax, "Kappa in SAS": simple and weighted kappa of a 3 x 3 table, SAS PROC FREQ.
    ([[0, 0, 0], [5, 16, 3], [8, 12, 28]], Weights.LINEAR, 0.2895, 0.0756),
    # statsmodels, stats/tests/test_inter_rater.py, "comparison to printout of a SAS example".
    ([[0, 4, 1], [0, 8, 0], [0, 1, 5]], Weights.LINEAR, 0.4701, 0.1457),
    # Hout, Duncan and Sobel 1987, "SexualFun" in R's vcd: weights equal-spacing and Fleiss-Cohen.
    ([[7, 7, 2, 3], [2, 8, 3, 7], [1, 5, 4, 9], [2, 8, 9, 14]], Weights.LINEAR, 0.2374, 0.0783),
    ([[7, 7, 2, 3], [2, 8, 3, 7], [1, 5, 4, 9], [2, 8, 9, 14]], Weights.QUADRATIC, 0.3320, 0.0973),
]  # fmt: skip


@pytest.mark.parametrize(("table", "weights", "value", "error"), PUBLISHED)
def test_weighted_kappa_and_its_interval_agree_with_published_examples(table, weights, value, error):
    found = kappa(cells(table), weights)
    assert found.value == pytest.approx(value, abs=0.00005)
    assert (found.high - found.low) / 2 / 1.959964 == pytest.approx(error, abs=0.00005)
    assert found.cases == sum(map(sum, table))


#: Krippendorff 2011, "Computing Krippendorff's Alpha-Reliability", section C: four observers, twelve units.
OBSERVERS = (
    "1 2 3 3 2 1 4 1 2 . . .",
    "1 2 3 3 2 2 4 1 2 5 . 3",
    ". 3 3 3 2 3 4 2 2 5 1 .",
    "1 2 3 3 2 4 4 1 2 5 1 .",
)


def test_alpha_agrees_with_krippendorffs_example():
    columns = zip(*(row.split() for row in OBSERVERS), strict=True)
    units = Counter(tuple(float(one) for one in column if one != ".") for column in columns)
    found = alpha(units)
    # .815 in the paper; .8154 by the author's own program and by R's irr::kripp.alpha.
    assert found.value == pytest.approx(0.8154, abs=0.00005)
    assert found.cases == 11
    assert 0.4 < found.low < found.value < found.high <= 1


def test_alpha_is_the_same_every_time():
    units = {(4.0, 5.0): 9, (5.0, 5.0, 6.0): 7, (3.0, 3.0): 8}
    assert alpha(units) == alpha(dict(reversed(units.items())))


@pytest.mark.parametrize("figure", [kappa, alpha])
def test_without_cases_or_with_a_single_level_there_is_no_figure(figure):
    assert figure({}).value is None
    assert figure({(4.0, 4.0): 12}).value is None
    assert figure({(4.0, 4.0): 12}).cases == 12


LEVELS = st.integers(2, 16).map(lambda half: half / 2)
PAIRS = st.dictionaries(st.tuples(LEVELS, LEVELS), st.integers(1, 20), min_size=1, max_size=20)


@given(PAIRS, st.sampled_from(Weights))
def test_kappa_does_not_care_which_side_is_which(pairs, weights):
    one, other = kappa(pairs, weights), kappa({(b, a): count for (a, b), count in pairs.items()}, weights)
    assert one.value == pytest.approx(other.value)
    if one.value is not None:
        assert -1 <= one.low <= one.value <= one.high <= 1 + 1e-9


@given(st.dictionaries(LEVELS, st.integers(1, 20), min_size=2))
def test_perfect_agreement_is_one(levels):
    same = {(level, level): count for level, count in levels.items()}
    for found in (kappa(same), kappa(same, Weights.LINEAR), alpha(same)):
        assert found.value == pytest.approx(1.0)


@given(PAIRS)
def test_alpha_and_kappa_tell_chance_from_agreement_alike(pairs):
    # Both weigh by squares; with many cases they differ by ranks against levels only.
    one, other = alpha(pairs), kappa(pairs)
    assert (one.value is None) == (other.value is None)
    if one.value is not None:
        assert one.value <= 1 + 1e-9


@pytest.mark.parametrize(
    ("hits", "cases", "low", "high"),
    [
        # Newcombe 1998 (Statistics in Medicine 17, 857-872), table I, method 3.
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0000, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ],
)
def test_the_interval_of_a_share_agrees_with_published_examples(hits, cases, low, high):
    found = wilson(hits, cases)
    assert (found.low, found.high) == (pytest.approx(low, abs=0.00005), pytest.approx(high, abs=0.00005))


def test_scores_fall_into_bands_and_the_last_holds_a_hundred():
    bands = reliability({0: (0, 1), 79: (1, 2), 80: (5, 7), 89: (5, 7), 100: (3, 3)})
    assert [(one.low, one.high, one.share.cases) for one in bands if one.share.cases] == [
        (0, 9, 1), (70, 79, 2), (80, 89, 14), (90, 100, 3),
    ]  # fmt: skip
    assert bands[8].share.value == pytest.approx(10 / 14)


def test_the_threshold_is_the_lowest_score_that_the_data_support():
    scores = {95: (60, 60), 85: (50, 52), 75: (20, 60)}
    found = accept_threshold(scores, 0.9)
    assert (found.low, found.share.cases) == (85, 112)
    assert accept_threshold(scores, 0.99) is None
    assert accept_threshold({95: (29, 29)}, 0.5) is None
    assert accept_threshold({}, 0.5) is None
