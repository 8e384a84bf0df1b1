"""A score is taken apart without a rest, and what would raise it is named."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rqf.matching.candidates import Document, Index
from rqf.matching.points import tally, would_change

TITLES = (
    "Soldador categoría 1",
    "Soldador categoría 2",
    "Mantenimiento de bombas y molinos de planta",
    "Operador",
)


@pytest.fixture(scope="module")
def index():
    index = Index()
    index.put_all(Document(n, (("es", one),), None, "CL", "unit") for n, one in enumerate(TITLES))
    return index


def first(index, query):
    return index.search(query, limit=1)[0]


@given(
    st.sampled_from(("soldador", "soldadura categoría 3", "bombas", "mantenimiento bombs planta", "operador"))
)
def test_points_add_up_to_the_score(index, query):
    for found in index.search(query):
        total = sum(part.points for part in tally(found.features))
        assert found.score == pytest.approx(min(100.0, max(0.0, total)), abs=0.11)
        assert all(part.points <= part.most for part in tally(found.features))


def test_an_exact_match_has_one_part(index):
    assert [(one.signal, one.points) for one in tally(first(index, "operador").features)] == [
        ("exact", 100.0)
    ]
    assert would_change(first(index, "operador").features, (), ()) is None


def test_a_number_that_contradicts_is_named(index):
    found = first(index, "soldador categoría 3")
    said = would_change(found.features, found.missing, found.guards_differ)
    assert str(said).startswith("20 points are taken")
    assert "categoria 3" in str(said)


def test_a_word_that_is_not_told_is_named(index):
    found = first(index, "soldador submarino")
    assert "submarino" in str(would_change(found.features, found.missing, found.guards_differ))


def test_a_title_that_says_much_more_is_named(index):
    found = first(index, "bombas")
    assert "beyond what was asked" in str(would_change(found.features, found.missing, found.guards_differ))
