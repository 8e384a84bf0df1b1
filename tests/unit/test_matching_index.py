"""The index finds records by words, typos, synonyms, codes and weaker fields, within its filters."""

from threading import Thread

import pytest

from rqf.matching.candidates import Document, Filters, Index
from rqf.matching.text import Synonyms

RECORDS = [
    ("MX", "EC0364", "Barrenación con equipo jumbo"),
    ("MX", "EC1129", "Voladura de barrenos en minas subterráneas"),
    ("MX", "EC0586.01", "Instalación de sistemas fotovoltaicos en residencia, comercio e industria"),
    ("PE", "PE-001", "Mantenimiento de maquinaria pesada"),
    ("PE", "PE-002", "Electricidad industrial"),
    ("CL", "CL-001", "Operador/a de camión de extracción"),
    ("CL", "CL-002", "Soldador categoría 1"),
    ("CL", "CL-003", "Soldador categoría 2"),
    ("CO", "CO-001", "Supervisión de labores mineras"),
]
SYNONYMS = Synonyms.from_groups([["tronadura", "voladura de barrenos", "voladura"]])


def document(id, country, code, title, **more):
    return Document(id, (("es", title),), code, country, more.pop("kind", "qualification"), **more)


@pytest.fixture
def index():
    index = Index(SYNONYMS)
    index.put_all(document(n, *record) for n, record in enumerate(RECORDS, 1))
    return index


def best(index, query, **more):
    return index.search(query, **more)[0]


def test_accents_case_and_order_do_not_matter(index):
    scores = {
        best(index, query).score
        for query in ("mantenimiento de maquinaria pesada", "MAQUINARIA PESADA, MANTENIMIENTO")
    }
    assert scores == {100.0}
    assert best(index, "operadora de camion de extraccion").id == 6


def test_misspelt_words_still_find_and_say_so(index):
    found = best(index, "mantenimento maquinria pesda")
    assert found.id == 4
    assert {one.query_word: one.how for one in found.matched} == {
        "mantenimento": "typo",
        "maquinria": "typo",
        "pesda": "typo",
    }


def test_a_synonym_finds_the_other_countrys_word(index):
    found = best(index, "tronadura")
    assert found.id == 2
    assert [(one.document_word, one.how) for one in found.matched] == [("voladura barrenos", "synonym")]
    assert 2 in index.ids("barrenos")


def test_an_unfinished_last_word_is_completed(index):
    assert best(index, "maqui").id == 4
    assert best(index, "sistemas fotovol").id == 3
    assert index.search("maqui ") == []


def test_a_code_comes_first_however_it_is_written(index):
    for query in ("EC1129", "ec 1129", "ec1129", "estándar EC1129"):
        found = best(index, query)
        assert (found.id, found.score) == (2, 100.0)
        assert found.matched[0].how == "code"


def test_the_code_of_a_standard_finds_its_edition(index):
    assert best(index, "EC0586").id == best(index, "EC0586.01").id == 3


def test_a_misspelt_term_of_several_words_keeps_its_meaning():
    index = Index(Synonyms.from_groups([["maquinaria pesada", "equipo pesado"]]))
    index.put(document(1, "PE", None, "Mantenimiento de maquinaria pesada"))
    index.put(document(2, "CL", None, "Mantenimiento de equipo pesado"))
    first, second = index.search("mantenimento maquinria pesda")
    assert {first.id, second.id} == {1, 2}
    assert min(first.score, second.score) > 80
    assert first.missing == second.missing == ()


def test_a_word_of_a_term_meets_the_term(index):
    found = next(one for one in index.search("barreno") if one.id == 2)
    assert [(one.document_word, one.how) for one in found.matched] == [("voladura barrenos", "stem")]


def test_weaker_fields_find_a_record_below_its_title(index):
    index.put(document(20, "PE", None, "Explotación minera", other=("Perforación y jumbo",)))
    ranked = index.search("jumbo")
    assert [one.id for one in ranked] == [1, 20]
    assert ranked[1].matched[0].document_word == "jumbo"


def test_words_that_found_nothing_are_named(index):
    assert best(index, "electricidad submarina").missing == ("submarina",)


def test_another_category_is_a_visible_penalty(index):
    first, second = index.search("soldador categoría 2", limit=2)
    assert (first.id, first.guards_differ) == (8, ())
    assert (second.id, second.guards_differ) == (7, ("categoria 2", "categoria 1"))
    assert second.features["guard"] == 100.0
    assert second.score <= first.score - 20


def test_filters_apply_before_ranking(index):
    for n in range(100, 400):
        index.put(document(n, "MX", None, "Mantenimiento de maquinaria pesada"))
    index.put(document(500, "CO", None, "Mantenimiento general de maquinaria", level=4, sector="mining"))
    only = Filters(countries=frozenset({"CO"}))
    assert best(index, "mantenimiento de maquinaria pesada", filters=only).id == 500
    assert index.ids("maquinaria", Filters(levels=frozenset({4}), sectors=frozenset({"mining"}))) == [500]
    assert index.ids("maquinaria", Filters(kinds=frozenset({"unit"}))) == []
    assert index.ids("maquinaria", Filters(statuses=frozenset({"retired"}))) == []
    assert 4 not in index.ids("maquinaria", Filters(exclude=frozenset({4})))


def test_ids_hold_the_query_and_search_can_keep_to_them(index):
    assert index.ids("") == list(range(1, 10))
    assert index.ids("maquinaria pesada") == [4]
    assert index.ids("?") == []
    assert index.ids("", limit=2) == [1, 2]
    loose = index.search("mantenimiento de labores mineras")
    strict = index.search("mantenimiento de labores mineras", matching_only=True)
    assert {one.id for one in strict} < {one.id for one in loose}
    assert [one.id for one in strict] == index.ids("mantenimiento de labores mineras")


def test_a_record_is_replaced_and_dropped(index):
    index.search("electricidad")
    index.put(document(5, "PE", "PE-002", "Electrónica industrial"))
    assert len(index) == 9
    assert index.ids("electricidad") == index.ids("electrónica") == [5]
    assert best(index, "electrónica industrial").score == 100.0
    index.drop(5)
    index.drop(5)
    index.drop(12345)
    assert len(index) == 8
    assert index.ids("electrónica industrial") == []
    assert 5 not in [one.id for one in index.search("PE-002")]


def test_a_record_read_otherwise_than_when_it_was_put_is_dropped_all_the_same():
    index = Index()
    index.put_all([document(1, "CL", None, "Tronadura"), document(2, "MX", None, "Voladura de barrenos")])
    known = {word: index.weigh(word) for word in ("volad", "barren", "nada")}
    index.synonyms = SYNONYMS
    index.drop(1)
    assert index.ids("") == [2]
    alone = Index()
    alone.put(document(2, "MX", None, "Voladura de barrenos"))
    assert {word: index.weigh(word) for word in known} == {word: alone.weigh(word) for word in known}


def test_the_shorter_title_wins_a_tie_and_then_the_lower_id():
    index = Index()
    index.put_all(document(n, "CL", None, "Montaje industrial") for n in (3, 1, 2))
    assert [one.id for one in index.search("montaje industrial")] == [1, 2, 3]


def test_the_best_of_a_records_titles_counts(index):
    index.put(Document(30, (("es", "Soldadura"), ("en", "Welding")), None, "CO", "qualification"))
    found = best(index, "welding", language="en")
    assert (found.id, found.score) == (30, 100.0)


def test_parts_of_the_score_add_up(index):
    from rqf.matching.scoring import GUARD_POINTS, WEIGHTS

    for found in index.search("mantenimiento eléctrico de minas 2"):
        parts = sum(share * found.features[name] for name, share in WEIGHTS.items())
        parts -= GUARD_POINTS * found.features["guard"] / 100
        assert found.score == pytest.approx(max(0.0, parts), abs=0.06)


def test_reading_while_another_thread_writes_is_safe(index):
    failures = []

    def write():
        for n in range(1000, 1300):
            index.put(document(n, "CL", None, f"Mantenimiento de bombas serie {n}"))
            if n % 3 == 0:
                index.drop(n)

    def read():
        try:
            for _ in range(60):
                assert best(index, "mantenimiento de maquinaria pesada").id == 4
        except Exception as error:
            failures.append(error)

    threads = [Thread(target=write), Thread(target=read), Thread(target=read)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert len(index) == 9 + 200
