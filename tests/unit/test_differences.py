"""Texts compared word by word, lists member by member."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from rqf.rules.differences import Kind, in_order, pair, word_by_word

TEXTS = st.text(alphabet="ab ,.ñ\n", max_size=40)


def shown(before, after):
    signs = {Kind.SAME: "{}", Kind.REMOVED: "[-{}-]", Kind.ADDED: "[+{}+]"}
    return "".join(signs[one.kind].format(one.text) for one in word_by_word(before, after))


def test_what_changed_is_shown_as_phrases():
    assert shown("Opera la bomba manual.", "Opera la bomba manual.") == "Opera la bomba manual."
    assert shown("Opera la bomba.", "Opera y limpia la bomba.") == "Opera [+y limpia +]la bomba."
    assert shown("Con su jefe directo, mide.", "Con otra persona, mide.") == (
        "Con [-su jefe directo-][+otra persona+], mide."
    )
    assert shown("", "Nuevo") == "[+Nuevo+]"


@given(TEXTS, TEXTS)
@settings(max_examples=60, deadline=None)
def test_the_pieces_make_both_texts(before, after):
    pieces = word_by_word(before, after)
    assert "".join(one.text for one in pieces if one.kind != Kind.ADDED) == before
    assert "".join(one.text for one in pieces if one.kind != Kind.REMOVED) == after


def test_members_of_lists_are_paired_by_being_equal_then_alike():
    before = ["Mide la presión.", "Cambia sellos.", "Limpia el taller."]
    after = ["Cambia sellos.", "Mide la presión y la temperatura.", "Redacta informes técnicos."]
    assert pair(before, after) == [(1, 0), (2, None), (0, 1), (None, 2)]
    assert not in_order([1, 0])


@given(st.lists(TEXTS, max_size=6), st.lists(TEXTS, max_size=6))
@settings(max_examples=60, deadline=None)
def test_every_member_stands_in_exactly_one_pair(before, after):
    rows = pair(before, after)
    assert sorted(i for i, _ in rows if i is not None) == list(range(len(before)))
    assert [j for _, j in rows if j is not None] == list(range(len(after)))
