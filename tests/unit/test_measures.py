"""Statistics of a class, against values that were worked out by hand or are known."""

import math

import numpy as np
import pytest

from autograder.measures import (
    binned,
    chance_of,
    cronbach_alpha,
    following,
    item_of,
    learners_needed,
    rest_correlation,
    spread_of,
)


def test_the_spread_of_points_is_that_of_numpy():
    spread = spread_of([0, 1, 2, 3, 10])
    assert (spread.count, spread.median) == (5, 2)
    assert (spread.quarter, spread.three_quarters) == (1, 3)
    assert spread.mean == pytest.approx(3.2)


def test_a_class_without_a_score_has_an_empty_spread():
    assert spread_of([]).count == 0


def test_a_histogram_holds_everyone_once_and_full_marks_in_the_last_bin():
    counts = binned([0, 5.9, 6, 30, 59.99, 60], 60)
    assert counts == [2, 1, 0, 0, 0, 1, 0, 0, 0, 2]
    assert sum(binned(np.linspace(0, 60, 301), 60)) == 301


def test_points_on_the_edge_of_a_bin_are_in_the_upper_one_in_spite_of_rounding():
    assert binned([0.1 + 0.2], 1.0)[3] == 1
    assert binned([-1.0, 81.0], 80.0) == [1, 0, 0, 0, 0, 0, 0, 0, 0, 1]


# Four learners, three items, by hand: the rest of item 0 is (2, 1, 1, 0).
FOUR = np.array([[1, 1, 1], [1, 1, 0], [0, 0, 1], [0, 0, 0]], dtype=float)


def test_an_item_is_correlated_with_the_rest_and_not_with_itself():
    # cov((1,1,0,0), (2,1,1,0)) = 0.25, variances 0.25 and 0.5
    assert rest_correlation(FOUR, 0) == pytest.approx(0.25 / math.sqrt(0.25 * 0.5))
    # item 2 against (2, 2, 0, 0): nothing
    assert rest_correlation(FOUR, 2) == pytest.approx(0.0)


@pytest.mark.parametrize("column", [[1, 1, 1, 1], [0, 0, 0, 0]])
def test_an_item_that_is_the_same_for_all_discriminates_nothing(column):
    scores = np.column_stack([FOUR, column]).astype(float)
    assert rest_correlation(scores, 3) is None


def test_difficulty_is_the_share_of_the_points_that_were_earned():
    scores = np.array([[2, 0], [1, 0], [0, 4]], dtype=float)
    item = item_of(scores, 0, 2.0)
    assert item.difficulty == pytest.approx(0.5)
    assert item.learners == 3


def test_a_check_that_the_best_fail_and_the_weak_pass_shows_it():
    rest = np.arange(20, dtype=float)
    scores = np.column_stack([rest < 10, rest]).astype(float)
    item = item_of(scores, 0, 1.0)
    assert item.discrimination < -0.8
    assert (item.best, item.weakest) == (0.0, 1.0)


def test_alpha_is_what_the_formula_says():
    # Items' variances 1/3 each; totals 3, 2, 1, 0 with variance 5/3: 3/2 * (1 - 1/(5/3)) = 0.6
    alpha = cronbach_alpha(FOUR)
    assert alpha.value == pytest.approx(0.6)
    assert alpha.low < 0.6 < alpha.high


def test_alpha_of_items_that_always_agree_is_one():
    scores = np.repeat(np.arange(5.0)[:, None], 4, axis=1)
    alpha = cronbach_alpha(scores)
    assert alpha.value == pytest.approx(1.0)
    assert alpha.needed == 3


def test_alpha_of_parallel_items_is_the_formula_of_spearman_and_brown():
    random = np.random.default_rng(1)
    true = random.normal(size=20_000)
    scores = true[:, None] + random.normal(size=(20_000, 5))  # reliability of one: 0.5
    assert cronbach_alpha(scores).value == pytest.approx(5 * 0.5 / (1 + 4 * 0.5), abs=0.01)


def test_the_interval_of_alpha_holds_the_true_value_about_as_often_as_it_says():
    random = np.random.default_rng(2)
    held = 0
    for _ in range(400):
        scores = random.normal(size=(40, 1)) + random.normal(size=(40, 5))
        alpha = cronbach_alpha(scores)
        held += alpha.low <= 2.5 / 3 <= alpha.high
    assert 0.92 <= held / 400 <= 0.98


@pytest.mark.parametrize("shape", [(10, 1), (2, 5), (0, 3)])
def test_of_too_little_there_is_no_alpha(shape):
    assert cronbach_alpha(np.arange(np.prod(shape), dtype=float).reshape(shape)) is None


def test_nobody_different_from_anybody_has_no_alpha():
    assert cronbach_alpha(np.ones((10, 3))) is None


def test_the_number_of_learners_is_that_of_bonetts_formula():
    # 8 * 4 / 3 * 0.3^2 * (1.959964 / 0.2)^2 + 2 = 94.19
    assert learners_needed(0.7, 4) == 95
    assert learners_needed(0.9, 4) < learners_needed(0.7, 4) < learners_needed(0.5, 4)


def test_chance_is_fishers_lady_with_her_eight_cups():
    assert chance_of(4, 4, 4, 8) == pytest.approx(1 / 70)
    assert chance_of(3, 4, 4, 8) == pytest.approx(17 / 70)
    assert chance_of(0, 4, 4, 8) == pytest.approx(1.0)


def test_what_follows_the_same_learners_is_found_and_an_accident_is_not():
    everyone = {f"l{n}" for n in range(60)}
    same = {f"l{n}" for n in range(10)}
    other = {f"l{n}" for n in range(0, 60, 6)}
    named = [{"A1.1": same, "A1.2": other}, {"A5.1": same}]
    found = following(named, [everyone, everyone])
    assert [(each.earlier, each.later, each.both) for each in found] == [("A1.1", "A5.1", 10)]


def test_who_did_not_do_both_exercises_does_not_count():
    same = {f"l{n}" for n in range(10)}
    assert following([{"A": same}, {"B": same}], [same, set()]) == []
