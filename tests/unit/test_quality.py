"""How good a record is: a fixed sum of points, and what to fix first."""

from datetime import date

import pytest

from rqf.registry.description import OutcomeData, QualificationData, UnitData
from rqf.registry.soundness import quality_of_data, title_key
from rqf.rules.quality import (
    FACTS,
    NOT_ASKED,
    POINTS,
    SOUNDNESS,
    Criterion,
    assess,
    bit,
    gaps_of,
    summarise,
    with_twin,
)
from rqf.rules.terms import OutcomeDomain, QualificationType

PLAIN = QualificationType.QUALIFICATION
ALL = dict.fromkeys(Criterion, (1, 1))


def said(*texts: str, **fields) -> QualificationData:
    outcomes = tuple(OutcomeData(OutcomeDomain.SKILLS, {"es": text}, "es") for text in texts)
    units = (UnitData({"es": "Unidad"}, outcomes),) if texts else ()
    return QualificationData("CL", PLAIN, {"es": "Operación de bombas"}, "es", units=units, **fields)


def points(data: QualificationData, criterion: Criterion) -> int:
    return next(one.points for one in quality_of_data(data).findings if one.criterion == criterion)


def test_every_criterion_has_points_and_they_add_up_to_a_hundred():
    assert set(POINTS) == set(Criterion)
    assert not FACTS.keys() & SOUNDNESS.keys()
    assert sum(POINTS.values()) == 100


def test_a_record_that_meets_everything_has_a_hundred_and_nothing_to_fix():
    whole = assess(ALL, PLAIN)
    assert (whole.score, whole.completeness, whole.to_fix, whole.gaps) == (100, 100, (), 0)


def test_a_record_of_which_nothing_is_known_has_nothing():
    assert assess({}, PLAIN).score == 0


@pytest.mark.parametrize("criterion", Criterion)
def test_each_criterion_costs_its_points_and_is_named(criterion):
    found = assess(ALL | {criterion: (0, 1)}, PLAIN)
    assert found.score == 100 - POINTS[criterion]
    assert [one.criterion for one in found.to_fix] == [criterion]
    assert gaps_of(found.gaps) == (criterion,)


def test_a_share_earns_its_part_rounded_down():
    found = assess(ALL | {Criterion.OUTCOMES_MEASURABLE: (1, 5)}, PLAIN)
    assert found.score == 100 - 12 + 2


def test_what_would_bring_most_is_named_first():
    found = assess(ALL | {Criterion.CODE: (0, 1), Criterion.LEVEL: (0, 1)}, PLAIN)
    assert [one.criterion for one in found.to_fix] == [Criterion.LEVEL, Criterion.CODE]


def test_what_cannot_be_judged_earns_nothing_and_is_no_work_yet():
    found = assess(ALL | {Criterion.OUTCOMES: (0, 1), Criterion.OUTCOMES_CLEAR: (0, 0)}, PLAIN)
    assert found.score == 100 - 14 - 4
    assert [one.criterion for one in found.to_fix] == [Criterion.OUTCOMES]


def test_a_standard_is_not_asked_for_what_it_cannot_say():
    standard = QualificationType.OCCUPATIONAL_STANDARD
    without = dict.fromkeys(NOT_ASKED[standard], (0, 1))
    assert assess(ALL | without, standard).score == 100
    assert assess(ALL | without, PLAIN).score < 100


def test_a_twin_costs_its_points_once_and_gives_them_back():
    assert with_twin(90, 0, True) == (86, bit(Criterion.TITLE_UNIQUE))
    assert with_twin(86, bit(Criterion.TITLE_UNIQUE), True) == (86, bit(Criterion.TITLE_UNIQUE))
    assert with_twin(86, bit(Criterion.TITLE_UNIQUE), False) == (90, 0)


def test_the_gaps_fit_into_the_column_that_keeps_them():
    assert bit(list(Criterion)[-1]) < 2**31


def test_many_records_are_summed_up_with_the_heaviest_work_first():
    level, code = bit(Criterion.LEVEL), bit(Criterion.CODE)
    found = summarise([(100, 0, 2), (87, level | code, 1), (97, code, 3)])
    assert (found.records, round(found.mean or 0, 2)) == (6, 96.33)
    assert found.bands[9] == 5
    assert found.bands[8] == 1
    work = [(one.criterion, one.records, one.points) for one in found.to_fix]
    assert work == [(Criterion.CODE, 4, 12), (Criterion.LEVEL, 1, 10)]


def test_no_records_have_no_mean():
    assert summarise([]).mean is None


def test_outcomes_that_begin_with_a_verb_are_measurable():
    good = said("Opera bombas centrífugas en planta.", "a) Diagnostica fallas de sellos mecánicos.")
    assert points(good, Criterion.OUTCOMES_MEASURABLE) == 12
    assert points(said("Bombas centrífugas y sus sellos."), Criterion.OUTCOMES_MEASURABLE) == 0


def test_outcomes_that_are_too_short_or_too_long_are_not_clear():
    assert points(said("Opera bombas centrífugas."), Criterion.OUTCOMES_CLEAR) == 4
    assert points(said("Opera."), Criterion.OUTCOMES_CLEAR) == 0
    assert points(said("Opera " + "bombas " * 60), Criterion.OUTCOMES_CLEAR) == 0


def test_outcomes_that_stand_twice_are_not_distinct():
    assert (
        points(said("Opera bombas en planta.", "Opera  BOMBAS en planta"), Criterion.OUTCOMES_DISTINCT) == 0
    )


def test_outcomes_in_another_language_than_the_stated_one_are_noticed():
    assert (
        points(said("Operates the pumps of a plant and keeps them clean."), Criterion.OUTCOMES_LANGUAGE) == 0
    )
    assert points(said("Opera las bombas de una planta y las limpia."), Criterion.OUTCOMES_LANGUAGE) == 2


def test_a_source_is_better_with_an_address():
    assert points(said(source="RENEC"), Criterion.SOURCE_ADDRESS) == 0
    assert points(said(source="RENEC, https://conocer.gob.mx/renec"), Criterion.SOURCE_ADDRESS) == 3


def test_what_ends_says_until_when_one_enrols_or_is_awarded():
    assert points(said(), Criterion.DATES) == 3
    assert points(said(valid_to=date(2027, 1, 1)), Criterion.DATES) == 0
    assert points(said(valid_to=date(2027, 1, 1), last_award=date(2027, 6, 1)), Criterion.DATES) == 3
    backwards = {"valid_from": date(2020, 1, 1), "last_enrolment": date(2019, 1, 1)}
    assert points(said(**backwards), Criterion.DATES) == 0


def test_titles_that_differ_in_signs_and_accents_are_alike_within_a_country_and_kind():
    one = said()
    same = QualificationData("CL", PLAIN, {"es": "OPERACION  de bombas."}, "es")
    other = QualificationData("MX", PLAIN, {"es": "Operación de bombas"}, "es")
    assert title_key(one) == title_key(same) != title_key(other)
