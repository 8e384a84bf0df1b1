"""Ranking quality is counted as trec_eval counts it, and languages are told by their little words."""

import pytest

from rqf.matching.evaluation import Task, evaluate_ranking
from rqf.matching.languages import recognise
from rqf.matching.text import NO_SYNONYMS, Synonyms

LABELS = {
    "a1": "Soldador de estructuras metálicas",
    "b2": "Mecánico de maquinaria pesada",
    "c3": "Operador de planta concentradora",
    "d4": "Operador de planta de gas",
}


def task(**right):
    queries = {
        "weld": "SOLDADORES DE ESTRUCTURAS METÁLICAS",
        "plant": "Operadores de planta",
        "blast": "Artillero de tronadura",
    }
    return Task(queries, LABELS, {query: frozenset(answers) for query, answers in right.items()}, {})


def test_means_are_over_the_queries_that_have_an_answer():
    found = evaluate_ranking(task(weld={"a1"}, blast={"b2"}), NO_SYNONYMS)
    assert (found.queries, found.labels) == (2, 4)
    assert found.mrr.value == found.accuracy_at_1.value == 0.5
    assert found.mrr.low <= found.mrr.value <= found.mrr.high
    assert (found.query_language, found.label_languages) == ("es", ["es"])


def test_ties_go_to_the_higher_identifier():
    tied = Task({"q": "operador"}, {"x1": "operador", "x2": "operador"}, {"q": frozenset({"x1"})}, {})
    assert evaluate_ranking(tied, NO_SYNONYMS).mrr.value == 0.5


def test_recall_counts_all_right_labels():
    found = evaluate_ranking(task(plant={"c3", "d4", "a1"}), NO_SYNONYMS)
    assert found.recall_at_10.value == pytest.approx(2 / 3, abs=0.001)
    assert found.accuracy_at_10.value == 1.0


def test_synonyms_take_part():
    synonyms = Synonyms.from_groups([["artillero", "mecánico"]])
    assert evaluate_ranking(task(blast={"b2"}), synonyms).mrr.value == 1.0


def test_nothing_to_find_is_no_error():
    assert evaluate_ranking(task(), NO_SYNONYMS).mrr.value == 0.0


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Mantenimiento de los equipos y la planta", "es"),
        ("Manutenção de máquinas pesadas", "pt"),
        ("Maintenance of the heavy equipment", "en"),
        ("Mécanicien d'engins lourds et de chantier", "fr"),
        ("Elektriker für den Bergbau", "de"),
        ("", "es"),
    ],
)
def test_a_language_is_recognised(text, language):
    assert recognise([text]) == language


def test_without_any_sign_the_default_is_taken():
    assert recognise(["Xyz"], default="") == ""
