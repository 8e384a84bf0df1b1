"""However a round is made up: nobody gets their own country's, nobody gets a card twice, the load is even."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from rqf.rules.dealing import Card, Dealer, deal

COUNTRIES = st.sampled_from(["CL", "CO", "MX", "PE"])
DEALERS = st.lists(st.frozensets(COUNTRIES, min_size=1, max_size=2), max_size=8).map(
    lambda all_countries: [Dealer(n, countries) for n, countries in enumerate(all_countries, 1)]
)
CARDS = st.lists(
    st.tuples(COUNTRIES, st.integers(1, 3), st.frozensets(st.integers(1, 8), max_size=3)), max_size=30
).map(lambda rows: [Card(n, *row) for n, row in enumerate(rows, 1)])


@given(CARDS, DEALERS)
def test_a_card_goes_to_distinct_people_who_may_have_it_and_to_as_many_as_there_are(cards, dealers):
    pairs = deal(cards, dealers)
    assert len(pairs) == len(set(pairs))
    people = {one.id: one for one in dealers}
    for card in cards:
        able = [one for one in dealers if card.country not in one.countries and one.id not in card.barred]
        holders = [people[who] for which, who in pairs if which == card.id]
        assert len(holders) == min(card.needed, len(able))
        assert all(one in able for one in holders)


@given(CARDS, DEALERS)
def test_the_same_round_is_dealt_the_same_way_twice(cards, dealers):
    assert deal(cards, dealers) == deal(cards, dealers)


@given(st.integers(0, 60), st.integers(1, 8))
def test_people_of_one_country_get_the_same_number_but_for_one(cards, people):
    pairs = deal(
        [Card(n, "CL", 1) for n in range(cards)], [Dealer(n, frozenset({"PE"})) for n in range(people)]
    )
    loads = [sum(who == n for _, who in pairs) for n in range(people)]
    assert max(loads) - min(loads) <= 1
