"""What helps most comes first: the formula of the queue."""

from __future__ import annotations

import pytest

from rqf.rules.priority import priority, uncertainty


def advice(*scores, **more):
    return {"suggestions": [{"level": n, "score": score} for n, score in enumerate(scores, 1)], **more}


@pytest.mark.parametrize(
    ("suggestion", "expected"),
    [
        (None, 1.0),
        (advice(), 1.0),
        (advice(90, abstained=True), 1.0),
        (advice(80, 80), 1.0),
        (advice(80, 65), 0.5),
        (advice(80, 50), 0.0),
        (advice(80, 10), 0.0),
        (advice(10, 80), 0.0),
        (advice(80, 10, conflict=True), 0.8),
    ],
)
def test_the_closer_the_two_best_levels_the_more_doubt(suggestion, expected):
    assert uncertainty(suggestion) == pytest.approx(expected)


def test_a_clear_case_that_nobody_asks_for_weighs_a_quarter():
    assert priority(0.0, 0, 0) == 0.25


def test_the_worked_example_of_the_documentation():
    assert priority(0.5, 3, 7) == pytest.approx((0.25 + 0.375) * 3 * 4)


def test_each_factor_raises_the_place():
    least = priority(0.2, 1, 1)
    assert priority(0.3, 1, 1) > least
    assert priority(0.2, 2, 1) > least
    assert priority(0.2, 1, 2) > least
