"""Laws of the matching engine, whatever the texts."""

import random

from hypothesis import example, given, settings
from hypothesis import strategies as st

from rqf.matching.candidates import Document, Filters, Index
from rqf.matching.levels import Descriptor, Profile, suggest
from rqf.matching.outcomes import Outcome, Pair, align, likenesses
from rqf.matching.phrasing import phrase
from rqf.matching.rarity import Statistics
from rqf.matching.scoring import score_titles
from rqf.matching.text import Synonyms, fold, normalise


def _words(text):
    return text.split()


PARTS = _words(
    "operador operadora técnico mantenimiento equipos maquinaria pesada voladura barrenos tronadura "
    "de en y la soldadura planta eléctrica minas categoría nivel 1 2 II A avanzado/a instalación "
    "fotovoltaica sistemas el verifica repara diagnostica según normativa vigente "
)
# A guard word and what follows it belong together, so these alone may change places.
WORDS = [word for word in PARTS if len(word) > 4 and word not in ("nivel", "categoría")]
# What follows "según" is circumstance, so it does not change places with an object.
OBJECTS = [word for word in WORDS if word != "según"]
titles = st.lists(st.sampled_from(PARTS), min_size=1, max_size=8).map(" ".join)
anything = st.one_of(titles, st.text(max_size=60))
SYNONYMS = Synonyms.from_groups([["tronadura", "voladura de barrenos"]])


def document(id, title):
    return Document(id, (("es", title),), None, "CL", "qualification")


@given(anything, anything)
def test_a_score_is_between_0_and_100(a, b):
    found = score_titles(normalise(a), normalise(b))
    assert 0.0 <= found.score <= 100.0
    assert all(0.0 <= value <= 100.0 for value in found.features.values())


@given(anything)
def test_a_title_is_100_like_itself(title):
    assert score_titles(normalise(title), normalise(title)).score == 100.0


@given(titles)
def test_case_and_accents_do_not_matter(title):
    # A capital letter at the end would be a category: "Soldador A".
    title += " planta"
    written = [title, title.lower(), title.upper(), title.title(), fold(title)]
    assert len({(normalise(one).plain, normalise(one).guards) for one in written}) == 1


@given(st.lists(st.sampled_from(WORDS), min_size=1, max_size=6), st.randoms(use_true_random=False))
def test_the_order_of_words_does_not_matter(words, dice):
    shuffled = dice.sample(words, len(words))
    assert score_titles(normalise(" ".join(words)), normalise(" ".join(shuffled))).score == 100.0


@settings(max_examples=60, deadline=None)
@given(st.lists(titles, min_size=1, max_size=12))
def test_a_record_is_found_first_by_its_own_title(corpus):
    index = Index(SYNONYMS)
    index.put_all(document(n, title) for n, title in enumerate(corpus))
    for n, title in enumerate(corpus):
        found = index.search(title)
        assert found[0].score == 100.0
        assert n in [one.id for one in found if one.score == 100.0]
        assert all(0.0 <= one.score <= 100.0 for one in found)
        assert set(index.ids(title)) >= {n}


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 8), st.one_of(st.none(), titles), st.booleans()), max_size=25),
    titles,
)
def test_an_index_that_changed_answers_like_a_new_one(steps, query):
    changed, kept = Index(SYNONYMS), {}
    for id, title, look in steps:
        if title is None:
            changed.drop(id)
            kept.pop(id, None)
        else:
            changed.put(document(id, title))
            kept[id] = title
        if look:
            changed.search(query)
    new = Index(SYNONYMS)
    new.put_all(document(id, title) for id, title in random.Random(1).sample(sorted(kept.items()), len(kept)))
    assert len(changed) == len(new) == len(kept)
    assert changed.search(query) == new.search(query)
    assert changed.ids(query) == new.ids(query)
    assert changed.search(query, filters=Filters(exclude=frozenset({1}))) == new.search(
        query, filters=Filters(exclude=frozenset({1}))
    )


@settings(max_examples=40, deadline=None)
@given(st.lists(titles, min_size=1, max_size=10), titles)
@example(["operador", "operador", "operador", "técnico"], "operador operadora técnico")
def test_an_unrelated_record_changes_no_score_but_by_the_statistics(corpus, query):
    documents = [document(n, title) for n, title in enumerate(corpus)]
    index = Index(SYNONYMS)
    index.put_all(documents)
    fixed = Index(SYNONYMS, statistics=Statistics.of(index.parts()))
    fixed.put_all(documents)
    before = fixed.search(query)
    fixed.put(document(99, "Xylofonista kwyjibo"))
    assert fixed.search(query) == before
    # Without fixed statistics the weights of words change, and only they: fixed at what they are then, an
    # index of the same records answers the same.
    index.put(document(99, "Xylofonista kwyjibo"))
    again = Index(SYNONYMS, statistics=Statistics.of(index.parts()))
    again.put_all([*documents, document(99, "Xylofonista kwyjibo")])
    assert index.search(query) == again.search(query)
    assert index.ids(query) == again.ids(query)
    assert all(index.weigh(word) >= fixed.weigh(word) for word in ("soldadur", "mantenimient"))


def outcomes(prefix):
    return st.lists(titles, max_size=7).map(
        lambda texts: [Outcome(f"{prefix}{n}", text) for n, text in enumerate(texts)]
    )


def turned(pair):
    return Pair(pair.b, pair.a, pair.score, pair.verdict, pair.matched_words_b, pair.matched_words)


@settings(max_examples=80, deadline=None)
@given(outcomes("a"), outcomes("b"))
def test_alignment_mirrors(a, b):
    here, back = align(a, b, SYNONYMS), align(b, a, SYNONYMS)
    assert back.pairs == tuple(turned(pair) for pair in here.pairs)
    assert back.partial == tuple(turned(pair) for pair in here.partial)
    assert (back.missing, back.extra) == (here.extra, here.missing)
    assert (back.coverage_a_of_b, back.coverage_b_of_a) == (here.coverage_b_of_a, here.coverage_a_of_b)
    assert 0.0 <= here.coverage_a_of_b <= 100.0


@given(anything, anything)
def test_the_likeness_of_outcomes_keeps_its_bounds_and_is_the_same_both_ways(a, b):
    left, right = [phrase(a)], [phrase(b)]
    here = float(likenesses(left, right)[0, 0])
    assert 0.0 <= here <= 100.0
    assert here == float(likenesses(right, left)[0, 0])
    assert float(likenesses(left, left)[0, 0]) == 100.0


@given(titles, titles)
def test_case_and_accents_of_an_outcome_do_not_matter(a, b):
    # A capital letter at the end would be a category: "Soldador A".
    a, b = f"{a} planta", f"{b} equipo"
    written = [a, a.lower(), a.upper(), fold(a)]
    assert len({float(likenesses([phrase(one)], [phrase(b)])[0, 0]) for one in written}) == 1


@given(st.lists(st.sampled_from(OBJECTS), min_size=1, max_size=6), st.randoms(use_true_random=False))
def test_the_order_of_objects_of_an_outcome_does_not_matter(words, dice):
    turned_round = dice.sample(words, len(words))
    a, b = (phrase("Revisa " + " ".join(one)) for one in (words, turned_round))
    assert float(likenesses([a], [b])[0, 0]) >= 99.9


@settings(max_examples=60, deadline=None)
@given(outcomes("a"), outcomes("b"))
def test_every_outcome_is_matched_once_at_most_and_accounted_for(a, b):
    found = align(a, b, SYNONYMS)
    for side, ids, left in (("a", a, found.extra), ("b", b, found.missing)):
        matched = [getattr(pair, side) for pair in found.pairs]
        told = {getattr(pair, side) for pair in (*found.pairs, *found.partial)}
        assert len(matched) == len(set(matched))
        assert told | set(left) == {one.id for one in ids}
        assert told.isdisjoint(left)


@settings(max_examples=60, deadline=None)
@given(outcomes("a"), outcomes("b"), st.randoms(use_true_random=False))
def test_the_order_of_outcomes_does_not_matter(a, b, dice):
    here = align(a, b)
    there = align(dice.sample(a, len(a)), dice.sample(b, len(b)))
    assert (there.pairs, there.partial) == (here.pairs, here.partial)
    assert set(there.missing) == set(here.missing)


@given(outcomes("a"))
def test_a_list_covers_itself(a):
    alignment = align(a, a)
    assert alignment.coverage_a_of_b == (100.0 if a else 0.0)


@settings(max_examples=40, deadline=None)
@given(titles, outcomes("a"), st.randoms(use_true_random=False))
def test_advice_does_not_depend_on_the_order_of_outcomes(title, told, dice):
    descriptors = [Descriptor(n, "skills", f"{PARTS[n]} {PARTS[-n]}") for n in range(1, 6)]
    here = suggest(Profile(title, outcomes=tuple(told)), descriptors)
    there = suggest(Profile(title, outcomes=tuple(dice.sample(told, len(told)))), descriptors)
    assert here == there
    assert all(0.0 <= one.score <= 100.0 for one in here.suggestions)
