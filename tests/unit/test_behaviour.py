import numpy as np
import pytest

from autograder.checks import (
    CallFailed,
    Mismatch,
    Student,
    agree,
    central_difference,
    expect,
    leaves_arguments_alone,
    refuses,
    warns_nothing,
)
from autograder.sandbox.inprocess import InProcessSession
from autograder.wire.protocol import Loaded, Returned

SOURCE = """
import warnings

import numpy as np

def half(z):
    return z / 2

def halve(z):
    z /= 2
    return z

def sort(items):
    items.sort()
    return items

def loud(z):
    warnings.warn("too far", RuntimeWarning)
    return z

def picky(z):
    if z < 0:
        raise ValueError("below zero")
    return z

def broken(z):
    return z.nothing
"""


@pytest.fixture
def student():
    return Student(InProcessSession.of(SOURCE, "m"))


def evidence_of(call):
    with pytest.raises(Mismatch) as caught:
        call()
    return caught.value.evidence


def test_a_condition_that_holds_says_nothing():
    expect(True, "negative", sum=3)
    expect(np.bool_(True), "negative")


def test_a_condition_that_fails_carries_its_message_facts_and_misconception():
    with pytest.raises(Mismatch) as caught:
        expect(False, "negative", misconception="T1", sum=np.float64(-3.0))
    assert caught.value.evidence.facts == {"says": "negative", "sum": -3.0}
    assert caught.value.misconception == "T1"


def test_a_function_that_leaves_its_argument_alone_is_answered(student):
    assert list(leaves_arguments_alone(student.half, np.array([2.0]))) == [1.0]


def test_a_modified_array_is_shown_before_and_after(student):
    found = evidence_of(lambda: leaves_arguments_alone(student.halve, np.array([2.0, 4.0])))
    assert (found.kind, found.wanted, found.got) == (
        "modified",
        "array([2., 4.])",
        "array([1., 2.])",
    )
    assert found.facts == {"argument": 1}


def test_a_list_that_was_sorted_in_place_was_modified(student):
    found = evidence_of(lambda: leaves_arguments_alone(student.sort, [3, 1, 2]))
    assert (found.kind, found.got) == ("modified", "[1, 2, 3]")


def test_the_checks_own_array_is_never_touched(student):
    z = np.array([2.0])
    student.halve(z)
    assert z[0] == 2.0


def test_a_warning_is_named(student):
    found = evidence_of(lambda: warns_nothing(student.loud, 1))
    told = {"category": "RuntimeWarning", "message": "too far", "function": "loud"}
    assert found.facts == told
    assert warns_nothing(student.half, 4) == 2


def test_an_input_that_should_be_refused_may_not_be_answered(student):
    refuses(student.picky, -1)
    found = evidence_of(lambda: refuses(student.picky, 1, kinds=("ValueError", "TypeError")))
    assert (found.kind, found.got) == ("accepted", "1")
    assert found.facts == {"exception": "ValueError / TypeError"}


def test_another_exception_than_the_wanted_is_the_calls_failure(student):
    with pytest.raises(CallFailed) as caught:
        refuses(student.broken, 1)
    assert caught.value.exchange.outcome.kind == "AttributeError"


@pytest.mark.parametrize("check", [warns_nothing, leaves_arguments_alone])
def test_a_call_that_raises_fails_as_a_call(student, check):
    with pytest.raises(CallFailed):
        check(student.broken, 1)


def test_the_central_difference_estimates_a_slope_to_nine_digits():
    z = np.linspace(-2, 2, 9).reshape(3, 3)
    slope = central_difference(np.tanh, z)
    assert slope.shape == z.shape
    assert np.allclose(slope, 1 - np.tanh(z) ** 2, rtol=0, atol=1e-9)


class Silent:
    """A program whose process says that nothing has changed and that nobody has warned."""

    def load(self):
        return Loaded({})

    def call(self, call):
        return Returned(call.args[0])

    def close(self):
        pass


@pytest.mark.parametrize("told", [leaves_arguments_alone, warns_nothing])
def test_a_process_that_tells_of_nothing_is_still_held_to_its_value(told):
    with pytest.raises(Mismatch):
        agree(told(Student(Silent()).double, 3.0), 6.0)
