"""Outcomes side by side: matched, partly matched, missing, extra."""

import numpy as np
import pytest

from rqf.matching import outcomes
from rqf.matching.assignment import assign
from rqf.matching.outcomes import Outcome, align, likenesses
from rqf.matching.phrasing import phrase
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


def test_what_two_partners_tell_together_counts_together():
    whole = [Outcome(1, "Calibra sensores de presión y termopares y documenta certificados de ensayo")]
    parts = [
        Outcome(2, "Calibra sensores de presión y repara compresores neumáticos de aire húmedo"),
        Outcome(3, "Documenta certificados de ensayo y archiva correspondencia comercial de compras"),
    ]
    both, one = align(whole, parts), align(whole, parts[:1])
    assert {pair.b for pair in both.pairs + both.partial} == {2, 3}
    assert both.coverage_b_of_a > one.coverage_b_of_a
    assert align(parts, whole).coverage_a_of_b == both.coverage_b_of_a


def score(a, b, languages=("es", "es"), others=()):
    left = [phrase(a, languages[0])]
    right = [phrase(b, languages[1]), *(phrase(one, languages[1]) for one in others)]
    return float(likenesses(left, right)[0, 0])


def test_the_second_act_is_read_as_a_verb_too():
    assert phrase("Mide la tensión y verifica el aislamiento").stems[2] == "!check"
    told = "Retira la cubierta y verifica el aislamiento del motor"
    same = score(told, "Retira la cubierta y comprueba el aislamiento del motor")
    assert same > 90 > score(told, "Retira la cubierta y dibuja el aislamiento del motor")


@pytest.mark.parametrize(
    ("a", "near", "far"),
    [
        ("Limpia módulos", "Limpia paneles", "Limpia motores"),
        ("Mide la tensión", "Mide el voltaje", "Mide la altura"),
        ("Diagnostica el motor", "Localiza el motor", "Pinta el motor"),
    ],
)
def test_words_that_overlap_are_near_and_others_are_not(a, near, far):
    assert 100 > score(a, near) > score(a, far)


def test_the_names_of_verb_families_are_not_compared_by_their_letters():
    # "control" and "coordinate" overlap; "load" and "lead" only look alike.
    assert score("Carga el camión", "Lidera el taller") == 0.0


def test_things_and_verbs_meet_across_languages():
    here = score("Mide la tensión del panel", "Measures the voltage of the module", ("es", "en"))
    assert here > score("Mide la tensión del panel", "Writes the budget of the foreman", ("es", "en")) == 0.0


def test_a_misspelt_word_and_another_number_still_meet():
    asked = "Instala inversores fotovoltaicos"
    assert score(asked, "Instala inversor fotovoltáico") > 90
    assert score(asked, "Instala inversores fotovoltiacos") > 70


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


def test_words_compared_once_for_all_give_what_each_two_outcomes_give_alone():
    texts = [
        "Suelda placas de acero según el plano y limpia la junta.", "Lee planos de montaje.", "y", "!",
        "Mide, anota y avisa la temperatura del motor.", "Repara motores diésel utilizando el manual.",
        "Verifica el estado de la maquinaria.", "Diagnostica fallas hidráulicas de la maquinaria.",
    ]  # fmt: skip
    left, right = [phrase(one) for one in texts[:5]], [phrase(one) for one in texts[2:]]
    rarity = outcomes._rarity((*left, *right))

    def alone(a, b):
        if a.folded == b.folded:
            return 100.0
        if not a.stems or not b.stems:
            return 0.0
        near, mine, theirs = outcomes._near(a, b), outcomes._weights(a, rarity), outcomes._weights(b, rarity)
        told = float(near.max(axis=1) @ mine), float(near.max(axis=0) @ theirs)
        return outcomes._likeness(told, (float(mine.sum()), float(theirs.sum())))

    expected = [[alone(a, b) for b in right] for a in left]
    assert likenesses(left, right).tolist() == expected
    assert any(0 < one < 100 for row in expected for one in row)
