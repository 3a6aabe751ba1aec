from hypothesis import given
from hypothesis import strategies as st

from autograder.model import CheckResult, Score, Verdict, score


def check(verdict, worth=1.0, points=None):
    return CheckResult("c", "t", False, verdict, worth, worth if points is None else points)


VERDICTS = st.lists(st.sampled_from([v for v in Verdict if v is not Verdict.FAULT]), max_size=12)


@given(VERDICTS)
def test_only_passed_checks_earn_points_whatever_points_the_others_claim(verdicts):
    earned = score([check(verdict) for verdict in verdicts], 100.0)
    assert earned.points == verdicts.count(Verdict.PASSED)


@given(VERDICTS, st.integers(0, 12))
def test_one_fault_withholds_the_whole_score(verdicts, place):
    checks = [check(verdict) for verdict in verdicts]
    checks.insert(min(place, len(checks)), check(Verdict.FAULT))
    found = score(checks, 100.0)
    assert found == Score(100.0, None)
    assert found.withheld


def test_nothing_checked_earns_nothing():
    assert score([], 10.0).points == 0.0


def test_points_never_pass_what_is_possible():
    assert score([check(Verdict.PASSED, 8.0), check(Verdict.PASSED, 8.0)], 10.0).points == 10.0


def test_thirds_of_a_point_add_up_to_the_whole():
    assert score([check(Verdict.PASSED, 1 / 3)] * 3, 1.0).points == 1.0


def test_a_passed_check_without_points_earns_none():
    assert score([check(Verdict.PASSED, 5.0, 0.0)], 10.0).points == 0.0
