"""The audit chain shows every change of one entry, wherever it stands."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rqf.errors import Invalid
from rqf.rules.chain import GENESIS, Fault, Head, Link, digest, first_break, read_head

DETAILS = st.dictionaries(st.text(max_size=2), st.text(max_size=2), max_size=2)
VALUES = st.one_of(st.none(), st.text(max_size=5), st.integers(-5, 5), DETAILS)
ENTRIES = st.lists(st.lists(VALUES, min_size=2, max_size=3), min_size=2, max_size=8)


def chained(said, previous=GENESIS) -> list[Link]:
    links = []
    for number, one in enumerate(said, 1):
        links.append(Link(number, one, previous, digest(previous, one)))
        previous = links[-1].hash
    return links


def head(links) -> Head:
    return Head(len(links), links[-1].id, links[-1].hash, "2026-11-23T00:00:00+00:00")


@given(ENTRIES, st.data())
def test_a_whole_chain_fits_every_head_it_ever_had(said, data):
    links = chained(said)
    heads = [head(links[:end]) for end in data.draw(st.lists(st.integers(1, len(links))))]
    assert first_break(links, [*heads, Head(0, 0, GENESIS, "")]) is None


@given(ENTRIES, st.data())
def test_a_changed_entry_is_named(said, data):
    links = chained(said)
    place = data.draw(st.integers(0, len(links) - 1))
    other = data.draw(st.lists(VALUES, min_size=2, max_size=3).filter(lambda one: one != said[place]))
    links[place] = replace(links[place], said=other)
    broken = first_break(links)
    assert (broken.fault, broken.entry) == (Fault.ALTERED, place + 1)


@given(ENTRIES, st.data())
def test_an_entry_changed_together_with_its_hash_is_found_where_the_next_stands(said, data):
    links = chained(said)
    place = data.draw(st.integers(0, len(links) - 1))
    other = data.draw(st.lists(VALUES, min_size=4, max_size=4))
    previous = links[place].previous_hash
    links[place] = replace(links[place], said=other, hash=digest(previous, other))
    if place < len(links) - 1:
        broken = first_break(links)
        assert (broken.fault, broken.entry) == (Fault.UNLINKED, place + 2)
    else:
        assert first_break(links, [head(chained(said))]).fault == Fault.REWRITTEN


@given(ENTRIES, st.data())
def test_a_missing_entry_is_found_where_the_next_stands_or_by_a_head(said, data):
    links = chained(said)
    place = data.draw(st.integers(0, len(links) - 1))
    kept = head(links)
    rest = links[:place] + links[place + 1 :]
    broken = first_break(rest, [kept])
    wanted = (Fault.CUT_OFF, len(links)) if place == len(links) - 1 else (Fault.UNLINKED, place + 2)
    assert (broken.fault, broken.entry) == wanted


@given(ENTRIES, st.data())
def test_a_tail_that_was_cut_off_is_shown_by_a_head(said, data):
    links = chained(said)
    left = data.draw(st.integers(0, len(links) - 1))
    assert first_break(links[:left]) is None
    broken = first_break(links[:left], [head(links)])
    assert (broken.fault, broken.entry) == (Fault.CUT_OFF, len(links))


@given(ENTRIES, st.data())
def test_two_entries_that_changed_places_are_found(said, data):
    links = chained(said)
    one = data.draw(st.integers(0, len(links) - 2))
    other = data.draw(st.integers(one + 1, len(links) - 1))
    links[one], links[other] = links[other], links[one]
    assert first_break(links).fault == Fault.UNLINKED


@given(ENTRIES, st.data())
def test_an_entry_put_in_later_is_found(said, data):
    links = chained(said)
    place = data.draw(st.integers(0, len(links) - 1))
    previous = links[place].previous_hash
    forged = Link(99, ["forged"], previous, digest(previous, ["forged"]))
    broken = first_break([*links[:place], forged, *links[place:]])
    assert (broken.fault, broken.entry) == (Fault.UNLINKED, links[place].id)


@given(ENTRIES, st.data())
def test_a_chain_written_anew_from_some_entry_on_is_shown_by_a_head(said, data):
    links = chained(said)
    place = data.draw(st.integers(0, len(links) - 1))
    anew = chained([*said[:place], [*said[place], "more"], *said[place + 1 :]])
    assert first_break(anew) is None
    assert first_break(anew, [head(links)]).fault == Fault.REWRITTEN


@given(ENTRIES)
def test_a_head_survives_its_file(said):
    kept = head(chained(said))
    assert read_head(kept.stored()) == kept


@pytest.mark.parametrize(
    "change", [{"hash": "x"}, {"hash": 5}, {"entries": -1}, {"entries": True}, {"entry": "1"}]
)
def test_what_is_no_head_is_refused(change):
    with pytest.raises(Invalid, match="no head of an audit trail"):
        read_head({**head(chained([["a"], ["b"]])).stored(), **change})
