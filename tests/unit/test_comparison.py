"""The five elements: one example per rule."""

from __future__ import annotations

import pytest

from rqf.rules.comparison import Overlap, Side, Standing, compare
from rqf.rules.terms import Conclusion, Difference, Element, QualificationType, Verification

WHOLE = QualificationType.QUALIFICATION
STANDARD = QualificationType.OCCUPATIONAL_STANDARD


def side(**changes) -> Side:
    facts = {
        "type": WHOLE, "level": Standing(4, 5, True), "hours": 1600.0, "isced_f": "0724", "sector": "mining",
        "awarding_body": True, "verified": Verification.YES, "outcomes": 10,
    }  # fmt: skip
    return Side(**{**facts, **changes})


def difference(element: Element, a: Side, b: Side, overlap=Overlap(90, 90)) -> Difference:  # noqa: B008
    return compare(a, b, overlap).of(element).difference


@pytest.mark.parametrize(
    ("other", "expected"),
    [
        (Standing(5, 6, True), Difference.NONE),
        (Standing(6, 6, True), Difference.MINOR),
        (Standing(3, 3, False), Difference.MINOR),
        (Standing(7, 8, True), Difference.SUBSTANTIAL),
        (None, Difference.UNKNOWN),
    ],
)
def test_levels_differ_by_the_distance_of_their_ranges(other, expected):
    assert difference(Element.LEVEL, side(), side(level=other)) == expected


@pytest.mark.parametrize(
    ("hours", "expected"),
    [
        (1300.0, Difference.NONE),
        (1000.0, Difference.MINOR),
        (400.0, Difference.SUBSTANTIAL),
        (None, Difference.UNKNOWN),
    ],
)
def test_workload_differs_by_the_share_of_the_longer(hours, expected):
    assert difference(Element.WORKLOAD, side(), side(hours=hours)) == expected


@pytest.mark.parametrize(
    ("other", "expected"),
    [
        ({"credits": 200.0, "credit_scheme": "SCT-Chile"}, Difference.NONE),
        ({"credits": 150.0, "credit_scheme": "SCT-Chile"}, Difference.MINOR),
        ({"credits": 60.0, "credit_scheme": "SCT-Chile"}, Difference.SUBSTANTIAL),
        ({"credits": 240.0, "credit_scheme": "SATCA"}, Difference.UNKNOWN),
        ({"hours": 1600.0}, Difference.UNKNOWN),
    ],
)
def test_credits_count_only_within_one_scheme(other, expected):
    one = side(hours=None, credits=240.0, credit_scheme="SCT-Chile")
    assert difference(Element.WORKLOAD, one, side(**{"hours": None, **other})) == expected


def test_records_that_are_both_half_confirmed_are_not_called_different():
    half = side(verified=Verification.PARTIAL)
    assert difference(Element.QUALITY, half, half) == Difference.UNKNOWN


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, Difference.NONE),
        ({"verified": Verification.PARTIAL}, Difference.MINOR),
        ({"verified": Verification.NO}, Difference.UNKNOWN),
        ({"awarding_body": False}, Difference.UNKNOWN),
    ],
)
def test_quality_is_what_the_sources_confirm(changes, expected):
    assert difference(Element.QUALITY, side(), side(**changes)) == expected


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, Difference.NONE),
        ({"isced_f": "0721"}, Difference.MINOR),
        ({"isced_f": "0413", "sector": "trade"}, Difference.SUBSTANTIAL),
        ({"isced_f": None}, Difference.UNKNOWN),
        ({"type": QualificationType.TRAINING_PROGRAMME}, Difference.MINOR),
        (
            {"type": QualificationType.TRAINING_PROGRAMME, "isced_f": "0413", "sector": "trade"},
            Difference.SUBSTANTIAL,
        ),
        ({"isced_f": None, "sector": None}, Difference.UNKNOWN),
        ({"type": STANDARD}, Difference.SUBSTANTIAL),
    ],
)
def test_the_profile_is_type_and_field(changes, expected):
    assert difference(Element.PROFILE, side(), side(**changes)) == expected


@pytest.mark.parametrize(
    ("overlap", "expected"),
    [
        (Overlap(100, 100), Difference.NONE),
        (Overlap(85, 90), Difference.MINOR),
        (Overlap(65, 95), Difference.MINOR),
        (Overlap(30, 95), Difference.SUBSTANTIAL),
        (None, Difference.UNKNOWN),
    ],
)
def test_outcomes_differ_by_the_weaker_direction(overlap, expected):
    assert difference(Element.OUTCOMES, side(), side(), overlap) == expected


@pytest.mark.parametrize(
    ("a", "b", "overlap", "expected"),
    [
        (side(), side(), Overlap(95, 95), Conclusion.FULL),
        (side(), side(), Overlap(65, 90), Conclusion.CONDITIONAL),
        (side(), side(), Overlap(45, 90), Conclusion.PARTIAL),
        (side(), side(), Overlap(10, 90), Conclusion.NONE),
        (side(), side(), None, Conclusion.UNDETERMINED),
        (side(), side(level=None), Overlap(95, 95), Conclusion.UNDETERMINED),
        (side(), side(hours=100.0), Overlap(95, 95), Conclusion.PARTIAL),
        (side(type=STANDARD), side(), Overlap(100, 100), Conclusion.PARTIAL),
        (side(), side(type=STANDARD), Overlap(100, 100), Conclusion.PARTIAL),
        (side(type=STANDARD), side(type=STANDARD), Overlap(100, 100), Conclusion.FULL),
    ],
)
def test_what_a_comparison_indicates(a, b, overlap, expected):
    assert compare(a, b, overlap).indication == expected


def test_every_reason_can_be_said():
    result = compare(side(type=STANDARD), side(hours=10.0, level=Standing(8, 8, False)), Overlap(12.4, 80))
    said = [str(one.reason) for one in result.elements] + [str(result.reason)]
    assert "The regional levels are 3 apart." in said
    assert all("%(" not in text and text.endswith(".") for text in said)
