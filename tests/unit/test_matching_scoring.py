"""Scores of pairs, and duplicates at home."""

from rqf.matching.candidates import Document, Index
from rqf.matching.scoring import LOOK, SAME, duplicates, score_titles
from rqf.matching.text import normalise


def score(a, b):
    return score_titles(normalise(a), normalise(b))


def document(id, title, country="MX"):
    return Document(id, (("es", title),), None, country, "occupational_standard")


def test_what_says_the_same_scores_100():
    assert score("Operador de grúa", "OPERADORA DE GRUA").score == 99.9
    assert score("Operador de grúa", "GRUA, OPERADOR").score == 100.0
    assert score("Operador de grúa", "Cocina").score < 10


def test_a_title_inside_another_is_not_the_same():
    inside = score("Mantenimiento", "Mantenimiento de redes eléctricas de media tensión en zonas rurales")
    assert inside.features["token_set"] == 100.0
    assert inside.score < 70


def test_a_pair_says_what_matched_and_what_did_not():
    found = score("Soldadura de estructuras categoría 1", "Soldador de tuberías categoría 2")
    assert [(one.query_word, one.document_word, one.how) for one in found.matched] == [
        ("soldadura", "soldador", "stem")
    ]
    assert found.missing == ("estructuras",)
    assert found.guards_differ == ("categoria 1", "categoria 2")
    assert found.band == "weak"


def test_a_noisy_copy_is_the_same_and_another_category_is_not_even_looked_at():
    index = Index()
    index.put_all(
        document(n, title)
        for n, title in enumerate(
            [
                "Manejo de explosivos en minería, categoría 1",
                "Manejo de explosivos en minería, categoría 2",
                "Mantenimiento a equipos de bombeo",
            ]
        )
    )
    found = duplicates(document(99, "MANEJO DE EXPLOSIVOS EN LA MINERIA CATEGORIA 1"), index)
    assert [(one.id, one.score >= SAME, one.band) for one in found] == [(0, True, "strong")]
    assert duplicates(document(98, "Manejo de explosivo en minería, categoría 3"), index) == []


def test_duplicates_stay_in_the_country_and_leave_out_the_record_itself():
    index = Index()
    index.put_all([document(1, "Topografía minera"), document(2, "Topografía minera", "CL")])
    assert duplicates(document(1, "Topografía minera"), index) == []
    found = duplicates(document(3, "Topografía de minas"), index)
    assert all(one.id == 1 and one.score >= LOOK for one in found)
