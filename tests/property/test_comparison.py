"""Laws of comparing, whatever the records."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from rqf.rules.comparison import Overlap, Side, Standing, compare, is_certificate
from rqf.rules.terms import Conclusion, Difference, Element, QualificationType, Verification

standings = st.builds(
    lambda low, more, decided: Standing(low, min(low + more, 8), decided),
    st.integers(1, 8),
    st.integers(0, 3),
    st.booleans(),
)
sides = st.builds(
    Side,
    type=st.sampled_from(QualificationType),
    level=st.none() | standings,
    hours=st.none() | st.floats(1, 10_000),
    credits=st.none() | st.floats(1, 400),
    credit_scheme=st.none() | st.sampled_from(["SCT-Chile", "SATCA"]),
    isced_f=st.none() | st.sampled_from(["0724", "0721", "0713", "0413"]),
    sector=st.none() | st.sampled_from(["mining", "energy"]),
    awarding_body=st.booleans(),
    verified=st.sampled_from(Verification),
    outcomes=st.integers(0, 40),
)
shares = st.floats(0, 100)
overlaps = st.none() | st.builds(Overlap, shares, shares)


@given(sides)
def test_a_record_compared_with_itself_has_no_known_difference(one):
    result = compare(one, one, Overlap(100, 100) if one.outcomes else None)
    # What is missing or doubtful on both sides is not known; it is never a difference.
    assert {element.difference for element in result.elements} <= {Difference.NONE, Difference.UNKNOWN}


@given(sides, sides, overlaps)
def test_the_mirror_image_has_the_same_differences(a, b, overlap):
    back = Overlap(overlap.b_of_a, overlap.a_of_b) if overlap else None
    there = {one.element: one.difference for one in compare(a, b, overlap).elements}
    assert there == {one.element: one.difference for one in compare(b, a, back).elements}


@given(sides, sides, overlaps)
def test_a_certificate_is_never_worth_a_whole_qualification_in_full(a, b, overlap):
    if is_certificate(a.type) != is_certificate(b.type):
        assert compare(a, b, overlap).indication not in (Conclusion.FULL, Conclusion.CONDITIONAL)


@given(sides, sides, overlaps)
def test_all_five_elements_are_always_named_with_a_reason(a, b, overlap):
    result = compare(a, b, overlap)
    assert [one.element for one in result.elements] == list(Element)
    assert all(str(one.reason) for one in result.elements)
    assert str(result.reason)
