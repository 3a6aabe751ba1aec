"""The rule for random programs errs as rarely as it says: exactly, and when simulated."""

import math

import numpy as np
import pytest

from autograder.checks import FIRST_SEEDS, SEEDS, Mismatch, enough_succeed
from autograder.checks.statistics import acceptance, at_least_one


def accepted(successes):
    try:
        enough_succeed(successes, says="any")
    except Mismatch:
        return False
    return True


# probability of success, programs simulated, accepted?, the stated probability and its precision
STATED = [
    pytest.param(0.998, 5_000_000, False, 1e-5, 0.12, id="a-right-one-is-rejected"),
    pytest.param(0.7, 400_000, True, 0.036, 0.02, id="p=.7-is-accepted"),
    pytest.param(0.5, 2_000_000, True, 2e-4, 0.02, id="p=.5-is-accepted"),
]


@pytest.mark.parametrize(("p", "programs", "verdict", "stated", "precision"), STATED)
def test_the_rule_errs_as_rarely_as_it_says(p, programs, verdict, stated, precision, capsys):
    exact = acceptance(p) if verdict else 1 - acceptance(p)
    # The verdict depends on nothing but the number of successes (tested below), so a table of the
    # rule's own verdicts lets it be put to millions of programs.
    table = np.array([accepted([True] * k + [False] * (20 - k)) for k in range(21)])
    successes = np.random.default_rng(20).binomial(20, p, size=programs)
    seen = float(np.mean(table[successes] == verdict))
    error = math.sqrt(exact * (1 - exact) / programs)
    with capsys.disabled():
        told = "accepted" if verdict else "rejected"
        print(f"\np={p} {told}: stated {stated:.2g}, exact {exact:.3g}, ", end="")
        print(f"simulated {seen:.3g} +- {error:.1g}", end=" ")
    assert exact == pytest.approx(stated, rel=precision)
    assert abs(seen - exact) <= 3 * error


def test_25_restarts_of_the_notes_network_hold_a_success_999_times_in_1000(capsys):
    exact, programs = at_least_one(0.244, 25), 200_000
    tries = np.random.default_rng(25).random((programs, 25)) < 0.244
    seen = float(tries.any(axis=1).mean())
    error = math.sqrt(exact * (1 - exact) / programs)
    with capsys.disabled():
        print(f"\n25 restarts of p=0.244: stated 0.999, exact {exact:.5f}, ", end="")
        print(f"simulated {seen:.5f} +- {error:.1g}", end=" ")
    assert exact == pytest.approx(0.999, abs=2e-4)
    assert abs(seen - exact) <= 3 * error


def test_the_verdict_depends_on_the_number_of_successes_alone():
    rng = np.random.default_rng(7)
    for count in range(21):
        outcomes = np.arange(20) < count
        for _ in range(50):
            assert accepted(rng.permutation(outcomes).tolist()) is (count >= 18)


def test_there_are_twenty_seeds_and_five_come_first():
    assert len(set(SEEDS)) == 20
    assert SEEDS[:5] == FIRST_SEEDS


def test_no_seed_is_run_that_cannot_change_the_verdict():
    asked = []

    def outcomes(of):
        for seed in SEEDS:
            asked.append(seed)
            yield of(seed)

    enough_succeed(outcomes(bool), says="any")
    assert len(asked) == 18
    asked.clear()
    assert not accepted(outcomes(lambda seed: seed not in (1, 3, 4)))
    assert asked == [1, 2, 3, 4]


def test_the_first_seeds_refuse_only_what_all_would_refuse():
    assert accepted([False, True, False, True, True])
    assert not accepted([False, True, False, False, True])


def test_no_outcome_is_no_success():
    assert not accepted([])


def test_a_failure_says_which_seeds_failed():
    with pytest.raises(Mismatch) as caught:
        enough_succeed([False, True, False, False], says="unlucky", misconception="A1")
    facts = caught.value.evidence.facts
    assert facts == {
        "says": "unlucky",
        "failed": 3,
        "tried": 4,
        "needed": 18,
        "total": 20,
        "seeds": "1, 3, 4",
    }
    assert caught.value.misconception == "A1"
