"""Advice on levels: referencing first, text second, precedents third; silence where evidence is thin."""

import pytest

from rqf.matching.levels import Descriptor, Precedent, Profile, suggest
from rqf.matching.outcomes import Outcome

TEXTS = {
    1: "Realiza tareas simples de un solo paso y limpia el lugar de trabajo bajo supervisión directa.",
    2: "Ejecuta tareas rutinarias, prepara materiales y opera equipos sencillos bajo supervisión.",
    3: "Opera y mantiene equipos, ajusta parámetros, mide y registra resultados con autonomía.",
    4: "Localiza y repara fallas, calibra equipos, propone ajustes y coordina una cuadrilla pequeña.",
    5: "Diagnostica sistemas completos, planifica operaciones, asigna recursos y supervisa equipos.",
    6: "Diseña y modela soluciones de ingeniería, formula proyectos y dirige unidades profesionales.",
}
DESCRIPTORS = [Descriptor(level, "skills", text) for level, text in TEXTS.items()]
SIMPLE = ("Limpia el lugar de trabajo", "Prepara materiales", "Carga sacos", "Sigue la lista de chequeo")
COMPLEX = (
    "Planifica el mantenimiento de la planta y asigna recursos",
    "Diagnostica fallas de sistemas completos",
    "Supervisa al personal del turno",
    "Evalúa alternativas técnicas",
)


def outcomes(texts):
    return tuple(Outcome(n, text, "skills") for n, text in enumerate(texts))


def precedent(low, high, score=80.0):
    return Precedent(1, "Mantenimiento", low, high, "CO", ("PE",), score)


def test_the_referencing_is_the_first_word():
    advice = suggest(Profile("Mantenimiento", national_range=(3, 4), national_best=3), DESCRIPTORS)
    assert [one.level for one in advice.suggestions[:2]] == [3, 4]
    assert advice.suggestions[0].parts["referencing"] == 100.0
    assert advice.suggestions[1].parts["referencing"] == 70.0
    assert "referencing" in advice.reason
    assert not advice.abstained


def test_the_verbs_of_the_outcomes_carry_the_level():
    low = suggest(Profile("Labores", outcomes=outcomes(SIMPLE)), DESCRIPTORS).suggestions[0]
    high = suggest(Profile("Labores", outcomes=outcomes(COMPLEX)), DESCRIPTORS).suggestions[0]
    assert low.level <= 2
    assert high.level == 5
    evidence = high.evidence[0]
    assert evidence.descriptor_text == TEXTS[5]
    assert {"diagnostica", "planifica", "supervisa"} <= set(evidence.words)
    assert set(evidence.outcome_ids) <= {0, 1, 2, 3}


def test_text_far_from_the_referencing_is_a_conflict():
    higher = suggest(Profile("Labores", outcomes=outcomes(COMPLEX), national_range=(2, 2)), DESCRIPTORS)
    assert higher.conflict
    assert "text_reads_higher" in higher.reason
    lower = suggest(Profile("Labores", outcomes=outcomes(SIMPLE), national_range=(5, 6)), DESCRIPTORS)
    assert "text_reads_lower" in lower.reason
    near = suggest(Profile("Labores", outcomes=outcomes(COMPLEX), national_range=(4, 5)), DESCRIPTORS)
    assert not near.conflict


@pytest.mark.parametrize("texts", [(), ("Limpia el lugar",)])
def test_thin_evidence_gives_no_advice(texts):
    advice = suggest(Profile("Labores", outcomes=outcomes(texts)), DESCRIPTORS)
    assert advice.abstained
    assert advice.range is None
    assert {"thin_evidence", "few_outcomes", "no_referencing", "no_precedents"} <= set(advice.reason)


def test_a_near_precedent_speaks_and_a_far_one_does_not():
    near = suggest(Profile("Mantenimiento"), DESCRIPTORS, [precedent(4, 4)])
    assert near.suggestions[0].level == 4
    assert not near.abstained
    assert "precedents_agree" in near.reason
    far = suggest(Profile("Mantenimiento"), DESCRIPTORS, [precedent(4, 4, 30.0)])
    assert "no_precedents" in far.reason
    assert far.abstained
    split = suggest(Profile("Mantenimiento"), DESCRIPTORS, [precedent(4, 4), precedent(2, 2, 60.0)])
    assert "precedents_differ" in split.reason


def test_the_second_level_joins_the_range_only_when_it_is_close():
    wide = suggest(Profile("x", national_range=(3, 4)), DESCRIPTORS)
    assert wide.range == (3, 4)
    sharp = suggest(Profile("x", national_range=(3, 3), national_best=3), DESCRIPTORS)
    assert sharp.range == (3, 3)


def test_outcomes_are_read_in_their_own_language():
    english = [Descriptor(level, "skills", text, "es") for level, text in TEXTS.items()]
    english += [
        Descriptor(2, "skills", "Executes routine tasks and operates simple equipment.", "en"),
        Descriptor(5, "skills", "Diagnoses whole systems, plans operations and supervises teams.", "en"),
    ]
    told = tuple(
        Outcome(n, text, "skills", "en")
        for n, text in enumerate(["Plans maintenance", "Supervises the crew", "Diagnoses failures"])
    )
    first = suggest(Profile("Maintenance", "es", told), english).suggestions[0]
    assert first.level == 5
    assert first.evidence[0].descriptor_text == TEXTS[5]
    assert "plans" in first.evidence[0].words


def test_without_descriptors_only_known_levels_are_ranked():
    assert suggest(Profile("x"), []).suggestions == ()
    advice = suggest(Profile("x", national_range=(2, 3)), [])
    assert sorted(one.level for one in advice.suggestions) == [2, 3]


def standard(texts=()):
    return Profile("Voladura", outcomes=outcomes(texts), national_range=(3, 4), kind="occupational_standard")


def test_the_level_of_a_standard_is_no_advice_alone():
    alone = suggest(standard(), DESCRIPTORS)
    assert alone.abstained
    assert "standard_complexity" in alone.reason
    assert {one.level for one in alone.suggestions[:2]} == {3, 4}
    assert not suggest(standard(), DESCRIPTORS, [precedent(4, 4)]).abstained
    assert not suggest(standard(SIMPLE), DESCRIPTORS).abstained


def test_the_level_of_a_standard_weighs_half_against_its_outcomes():
    told = Profile("Voladura", outcomes=outcomes(COMPLEX), national_range=(3, 4))
    as_qualification = {one.level: one.score for one in suggest(told, DESCRIPTORS).suggestions}
    as_standard = {one.level: one.score for one in suggest(standard(COMPLEX), DESCRIPTORS).suggestions}
    assert as_standard[5] - as_standard[3] > as_qualification[5] - as_qualification[3]


def test_only_referenced_standards_are_said_to_count_half():
    told = suggest(Profile("Voladura", kind="occupational_standard"), DESCRIPTORS)
    assert "standard_complexity" not in told.reason
