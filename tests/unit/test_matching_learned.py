"""Levels are read by example, with shares that say how sure; and what is reported is counted right."""

import numpy as np
import pytest

from rqf.matching.learned import LEAST, LevelReader, folds
from rqf.matching.level_evaluation import evaluate_levels, weighted_kappa

TRADES = ("soldadura", "bombas", "molinos", "correas", "motores", "tableros", "turbinas", "grúas")
HEADS = {1: "Ayudante en limpieza de", 3: "Operación y mantenimiento de", 5: "Dirección y diseño de"}
TEXTS = [
    f"{head} {trade} {place}"
    for head in HEADS.values()
    for trade in TRADES
    for place in ("mina", "puerto", "planta")
]
LEVELS = [level for level in HEADS for _ in range(len(TEXTS) // len(HEADS))]


@pytest.fixture(scope="module")
def reader():
    return LevelReader.learn(TEXTS, LEVELS)


def test_a_level_is_read_by_the_words_that_go_with_it(reader):
    low, high = reader.read(["Ayudante en limpieza de estanques", "Dirección y diseño de plantas"])
    assert (low.level, high.level) == (1, 5)
    assert not low.abstained
    assert low.low <= low.level <= low.high


def test_shares_sum_to_one_and_the_best_is_the_confidence(reader):
    for opinion in reader.read(["Operación de bombas", "", "Zzz"]):
        assert sum(opinion.shares.values()) == pytest.approx(1.0, abs=0.001)
        assert opinion.confidence == pytest.approx(max(opinion.shares.values()), abs=0.001)


def test_a_text_without_any_known_word_is_not_decided(reader):
    assert reader.read(["Xyzzy qwk"])[0].abstained


def test_too_few_examples_or_one_level_teach_nothing():
    assert LevelReader.learn(TEXTS[: LEAST - 1], LEVELS[: LEAST - 1]) is None
    assert LevelReader.learn(TEXTS, [3] * len(TEXTS)) is None


def test_it_reads_the_same_every_time(reader):
    asked = ["Operación de bombas de relave", "Diseño de molinos"]
    assert LevelReader.learn(TEXTS, LEVELS).read(asked) == reader.read(asked)


def test_examples_of_one_issuer_are_calibrated_like_any_others():
    alone = LevelReader.learn(TEXTS, LEVELS, ["one issuer"] * len(TEXTS))
    assert alone.read(TEXTS[:5]) == LevelReader.learn(TEXTS, LEVELS).read(TEXTS[:5])


def test_too_little_left_without_a_group_is_no_figure():
    groups = ["large"] * 40 + [f"g{n}" for n in range(len(TEXTS) - 40)]
    found = evaluate_levels(TEXTS, LEVELS, groups)
    assert found.grouped is None
    assert found.random.exact.value > 0.9
    assert evaluate_levels(TEXTS, [1] * len(TEXTS), None) is None


def test_groups_stay_whole_and_folds_are_even():
    groups = [f"g{n % 7}" for n in range(70)]
    dealt = folds(70, 5, groups)
    assert all(len({dealt[n] for n in range(70) if groups[n] == one}) == 1 for one in set(groups))
    assert set(np.bincount(folds(70, 5)).tolist()) == {14}


def test_kappa_agrees_with_a_published_example():
    # Cohen's weighted kappa by hand: 2x2 with quadratic weights equals plain kappa (Fleiss & Cohen 1973).
    a = [1] * 45 + [1] * 15 + [2] * 25 + [2] * 15
    b = [1] * 45 + [2] * 15 + [1] * 25 + [2] * 15
    assert weighted_kappa(a, b) == pytest.approx(0.1304, abs=0.0001)
    assert weighted_kappa([1, 2, 3], [1, 2, 3]) == 1.0
    assert weighted_kappa([1, 1, 3, 3], [3, 3, 1, 1]) == -1.0


def test_reading_beats_its_baselines_where_words_tell_the_level():
    found = evaluate_levels(TEXTS, LEVELS, [text.split()[-2] for text in TEXTS])
    assert found.random.exact.value > 0.95 > found.random.majority
    assert found.grouped.exact.value > 0.95
    assert found.grouped.kappa > 0.9
    assert 0.0 <= found.random.calibration_error <= 1.0
    assert found.random.in_best_two >= found.random.exact.value


def test_levels_that_words_do_not_tell_are_not_read():
    dice = np.random.default_rng(3)
    found = evaluate_levels(TEXTS, dice.permutation(LEVELS).tolist(), None)
    assert found.random.exact.value < 0.6
    assert found.grouped is None
