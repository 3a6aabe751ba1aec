"""A benchmark says nothing where what it has measured is no more than chance."""

from benchmarks.measuring import Measured, Round, fitted, pooled, times


def test_a_slope_above_its_spread_is_told_with_it():
    made = fitted("it", {10: [12.0, 12.4], 30: [32.0, 33.0]})
    assert (made.start, made.each) == (2.0, 1.0)
    assert made.slope == "1.0000 ± 0.0700"
    assert made.of_class(300) == 302.0


def test_a_slope_within_its_spread_is_none():
    made = fitted("it", {10: [12.0, 16.0], 30: [11.9, 12.1]})
    assert (made.start, made.each, made.slope) == (None, None, "-")
    assert made.of_class(300) is None


def test_of_several_rounds_the_two_quickest_say_how_sure_the_quickest_is():
    rounds = [Round("it", {10: 12.0, 30: 32.5}), Round("it", {10: 12.2, 30: 32.0})]
    slow = Round("it", {10: 40.0, 30: 90.0})
    assert pooled([*rounds, slow]).slope == pooled([slow, *rounds]).slope == "1.0000 ± 0.0350"


def test_a_slope_of_single_runs_is_none():
    assert fitted("it", {10: [12.0], 30: [32.0]}).each is None


def test_a_class_that_was_measured_is_told_as_measured():
    assert fitted("it", {10: [12.0, 16.0], 30: [11.9, 12.1]}).of_class(30) == 11.9


def test_nothing_is_compared_with_what_nobody_knows():
    known, unknown = Measured("a", 1.0, 2.0), Measured("b", None, None)
    assert times(known.each, unknown.each) == times(unknown.each, known.each) == "-"
    assert times(known.of_class(10), 7.0) == "3.0"
