"""Outcomes side by side: matched, partly matched, missing, extra."""

import numpy as np
import pytest

from rqf.matching.assignment import assign
from rqf.matching.outcomes import Outcome, align
from rqf.matching.text import Synonyms

CHILE = [
    Outcome("c1", "Monta estructuras y paneles fotovoltaicos con la inclinación y orientación del proyecto."),
    Outcome("c2", "Conecta el inversor y las protecciones de corriente continua y alterna."),
    Outcome("c3", "Aplica primeros auxilios en caso de accidente eléctrico."),
]
MEXICO = [
    Outcome("m1", "Conecta inversores y protecciones en corriente continua y alterna, según la norma."),
    Outcome("m2", "Fija los paneles fotovoltaicos con la orientación e inclinación calculadas."),
    Outcome("m3", "Explica al usuario el mantenimiento del sistema."),
]


def test_the_same_acts_are_matched_and_the_rest_is_missing_or_extra():
    found = align(CHILE, MEXICO)
    assert {(pair.a, pair.b) for pair in found.pairs} == {("c1", "m2"), ("c2", "m1")}
    assert found.missing == ("m3",)
    assert found.extra == ("c3",)
    assert found.coverage_a_of_b == found.coverage_b_of_a == pytest.approx(66.7)
    assert "inversor" in next(pair for pair in found.pairs if pair.a == "c2").matched_words


def test_boilerplate_alone_matches_nothing():
    a = [Outcome(1, "Repara bombas de acuerdo con la normativa vigente y los procedimientos establecidos.")]
    b = [
        Outcome(
            2, "Archiva documentos de acuerdo con la normativa vigente y los procedimientos establecidos."
        )
    ]
    found = align(a, b)
    assert (found.pairs, found.partial, found.missing) == ((), (), (2,))


def test_verbs_of_one_family_meet_and_other_objects_do_not():
    a = [Outcome(1, "Verifica el nivel de aceite del motor diésel")]
    same = align(a, [Outcome(2, "Comprueba el nivel de aceite del motor diésel")])
    other = align(a, [Outcome(2, "Verifica la soldadura de la tubería de gas")])
    assert same.pairs[0].score > 90
    assert (other.pairs, other.partial) == ((), ())


def test_an_outcome_told_in_two_is_matched_partly():
    a = [Outcome(1, "Instala, ajusta y prueba bombas centrífugas y compresores de aire")]
    b = [Outcome(2, "Instala bombas centrífugas"), Outcome(3, "Instala compresores de aire")]
    found = align(a, b)
    assert {pair.b for pair in found.pairs + found.partial} == {2, 3}
    assert found.missing == ()
    assert 50.0 <= found.coverage_a_of_b < 100.0


def test_the_assignment_is_best_as_a_whole_not_pair_by_pair():
    gain = np.array([[90.0, 80.0], [85.0, 10.0]])
    assert assign(gain) == [(0, 1), (1, 0)]
    assert assign(gain.T) == [(0, 1), (1, 0)]
    assert assign(np.array([[5.0, 0.0, 7.0]])) == [(0, 2)]
    assert assign(np.zeros((2, 3))) == []
    assert assign(np.zeros((0, 3))) == []


def test_synonyms_of_two_countries_meet():
    a = [Outcome(1, "Ejecuta la tronadura")]
    b = [Outcome(2, "Realiza la voladura de barrenos")]
    synonyms = Synonyms.from_groups([["tronadura", "voladura de barrenos"]])
    assert [(one.a, one.b) for one in align(a, b, synonyms).pairs] == [(1, 2)]
    assert align(a, b).pairs == ()


def test_empty_lists_cover_nothing():
    assert align([], MEXICO).missing == ("m1", "m2", "m3")
    assert align([], MEXICO).coverage_a_of_b == 0.0
    assert align(CHILE, []).extra == ("c1", "c2", "c3")
