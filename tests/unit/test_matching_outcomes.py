"""Outcomes side by side: matched, partly matched, missing, extra."""

import csv
import math
import random
from pathlib import Path

import numpy as np
import pytest

from rqf.matching.assignment import assign
from rqf.matching.features import kinship
from rqf.matching.judged import Judged
from rqf.matching.nearness import INSIDE
from rqf.matching.outcome_words import KINDRED_NEARNESS, THING_NEARNESS, kindred
from rqf.matching.outcomes import Outcome, align, align_each, align_known, likenesses
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


def labelled():
    path = Path(__file__).parents[2] / "benchmarks" / "data" / "outcome_pairs.csv"
    with path.open(encoding="utf-8") as file:
        return [text for row in csv.DictReader(file) for text in (row["outcome_a"], row["outcome_b"])]


def word_by_word(word, other):
    """How near two words are, unhurried: one pair at a time."""
    (face, token, things), (other_face, other_token, other_things) = word, other
    if token[0] == "!" or other_token[0] == "!":
        near = 1.0 if token == other_token else KINDRED_NEARNESS * kindred(token, other_token)
    else:
        near = float(kinship([(face, token)], [(other_face, other_token)])[0, 0])
    return max(near, float(np.float32(THING_NEARNESS))) if things & other_things else near


def outcome_by_outcome(a, b, phrases):
    """The likeness of two outcomes as docs/matching.md tells it, in plain sums."""
    if a.folded == b.folded:
        return 100.0

    def weigh(one):
        return [
            weight * math.log1p(len(phrases) / sum(token in other.stems for other in phrases))
            for weight, token in zip(one.weights, one.stems, strict=True)
        ]

    def told(one, by):
        best = [max((word_by_word(word, other) for other in by.told()), default=0.0) for word in one.told()]
        return sum(share * weight for share, weight in zip(best, weigh(one), strict=True))

    if not a.stems or not b.stems:
        return 0.0
    mine, theirs, own, other = told(a, b), told(b, a), sum(weigh(a)), sum(weigh(b))
    both, inside = (mine + theirs) / (own + other), max(mine / own, theirs / other)
    return 100.0 * min(0.999, (1 - INSIDE) * both + INSIDE * inside)


def test_whole_lists_at_once_are_as_alike_as_word_by_word():
    dice = random.Random(4)
    synonyms = Synonyms.from_groups([["tronadura", "voladura"], ["aceite de motor", "lubricante"]])
    for _ in range(6):
        odd = ["", "y", "!", "Revisa el aceite de motor", "Cambia el lubricante"]
        texts = [*dice.sample(labelled(), 6), *odd]
        dice.shuffle(texts)
        left, right = ([phrase(one, "es", synonyms) for one in half] for half in (texts[:6], texts[5:]))
        slowly = [[outcome_by_outcome(a, b, (*left, *right)) for b in right] for a in left]
        assert likenesses(left, right) == pytest.approx(np.array(slowly), abs=0.051)


def test_many_lists_at_once_are_aligned_as_each_alone():
    dice = random.Random(5)
    told = [Outcome(number, text) for number, text in enumerate(labelled())]
    for _ in range(5):
        a, *others = (dice.sample(told, dice.randint(1, 8)) for _ in range(12))
        assert align_each(a, others) == [align(a, b) for b in others]
        assert align_known(a, [[], *others, []]) == [None, *align_each(a, others), None]
        assert align_known([], others) == [None] * len(others)


def test_what_was_read_with_other_synonyms_is_not_remembered():
    a, b = [Outcome(1, "Prepara la tronadura")], [Outcome(2, "Prepara la voladura")]
    known = Synonyms.from_groups([["tronadura", "voladura"]])
    scores = [align(a, b, synonyms).pairs for synonyms in (Synonyms(), known, Synonyms())]
    assert scores[0] == scores[2] != scores[1]


def test_an_outcome_without_words_may_be_judged_a_part_of_another():
    a = [Outcome("a", "Instala y prueba bombas centrífugas")]
    b = [Outcome("b", "!"), Outcome("c", "Instala bombas centrífugas")]
    found = align(a, b, judged=Judged(part=frozenset({("a", "b"), ("a", "c")})))
    assert {(one.a, one.b) for one in found.partial} == {("a", "b"), ("a", "c")}
    assert found.coverage_a_of_b == 50.0 <= found.coverage_b_of_a
