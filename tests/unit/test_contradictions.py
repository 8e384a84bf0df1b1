"""Which equivalences and levels contradict each other."""

from __future__ import annotations

import pytest

from rqf.rules.contradictions import Edge, drifting, triangles


def edge(id, one, other, same=True, purpose="work"):
    return Edge(id, one, other, purpose, same)


def test_two_equivalences_and_a_decision_against_the_third_contradict():
    sides = edge(1, 10, 20), edge(2, 30, 20), edge(3, 30, 10, same=False)
    (found,) = triangles(sides)
    assert [one.id for one in found] == [2, 1, 3] or [one.id for one in found] == [1, 2, 3]


@pytest.mark.parametrize(
    "edges",
    [
        [edge(1, 10, 20), edge(2, 20, 30)],
        [edge(1, 10, 20), edge(2, 20, 30), edge(3, 10, 30)],
        [edge(1, 10, 20), edge(2, 20, 30, same=False), edge(3, 10, 30, same=False)],
        [edge(1, 10, 20), edge(2, 20, 30, purpose="study"), edge(3, 10, 30, same=False)],
        [edge(1, 10, 20), edge(2, 20, 40), edge(3, 10, 30, same=False)],
    ],
)
def test_what_closes_or_says_nothing_of_the_third_is_no_contradiction(edges):
    assert list(triangles(edges)) == []


def test_three_versions_are_told_once_whatever_was_decided_twice():
    edges = [
        edge(1, 1, 2),
        edge(2, 2, 1),
        edge(3, 2, 3),
        edge(4, 1, 3, same=False),
        edge(5, 3, 1, same=False),
    ]
    assert [[one.id for one in found] for found in triangles(edges)] == [[1, 3, 4]]


@pytest.mark.parametrize(
    ("spans", "ends"),
    [
        ({"CL": (4, 4), "PE": (6, 6)}, ("CL", "PE")),
        ({"CL": (6, 6), "PE": (4, 4), "MX": (5, 5)}, ("PE", "CL")),
        ({"CL": (4, 4), "PE": (5, 5)}, None),
        ({"CL": (4, 9)}, None),
        ({}, None),
    ],
)
def test_a_title_drifts_when_two_countries_are_two_levels_apart(spans, ends):
    assert drifting(spans) == ends
