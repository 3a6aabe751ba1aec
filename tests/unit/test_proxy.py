import numpy as np
import pytest

from autograder.checks import CallFailed, Student, code, probe
from autograder.sandbox.inprocess import InProcessSession
from autograder.sandbox.proxy import Recorder
from autograder.wire.protocol import Call, Code, Missing, Name, Returned

SOURCE = """
def relu(z):
    return z * (z > 0)

def apply(f, z):
    return f(z)

def apply_all(fs, z):
    return [f(z) for f in fs]

def make(n):
    return lambda z: n * z

def fail():
    raise KeyError("x")

WEIGHT = 3.0
"""


@pytest.fixture
def recorder():
    return Recorder()


@pytest.fixture
def student(recorder):
    return Student(InProcessSession.of(SOURCE, "m"), recorder)


def double(z):
    return 2 * z


def weight_times(module, z):
    return module.WEIGHT * z


def test_an_attribute_is_a_function_that_answers(student):
    assert student.relu(np.array([-1.0, 2.0])).tolist() == [0.0, 2.0]


def test_a_function_that_raises_fails_with_its_exchange(student, recorder):
    with pytest.raises(CallFailed) as caught:
        student.fail()
    assert caught.value.exchange is recorder.exchanges[-1]
    assert caught.value.exchange.outcome.kind == "KeyError"


def test_a_function_that_is_not_there_fails_when_it_is_called(student):
    function = student.nothing
    with pytest.raises(CallFailed) as caught:
        function(1)
    assert isinstance(caught.value.exchange.outcome, Missing)


def test_an_outcome_can_be_asked_for_without_raising(student):
    assert student.fail.outcome().kind == "KeyError"
    assert isinstance(student.relu.outcome(1), Returned)


def test_a_learners_function_is_passed_by_its_name(student, recorder):
    assert student.apply(student.relu, -2) == 0
    assert student.apply_all([student.relu], 3) == [3]
    assert recorder.exchanges[0].call == Call(Name("apply"), (Name("relu"), -2))


def test_a_function_of_ours_is_passed_as_source(student):
    assert student.apply(code(double), 4) == 8


def test_a_probe_works_beside_the_program(student):
    assert probe(student, weight_times)(4) == 12.0


def test_source_is_sent_without_its_indentation():
    def inner(z):
        return z

    assert code(inner) == Code("inner", "def inner(z):\n    return z\n")


def test_a_kept_result_is_a_function(student):
    triple = student.make.kept(3)
    assert triple(2) == 6
    assert student.apply(triple, 5) == 15


def test_every_call_is_recorded_in_order(student, recorder):
    student.relu(1)
    student.fail.outcome()
    student.relu(z=2)
    assert [each.call.target.name for each in recorder.exchanges] == ["relu", "fail", "relu"]
    assert recorder.exchanges[2].call.kwargs == {"z": 2}


def test_a_value_is_traced_to_the_call_that_made_it(student, recorder):
    first = student.relu(np.ones(2))
    student.relu(np.float64(3))
    student.relu(np.zeros(2))
    assert recorder.of(first) == recorder.exchanges[:1]
    assert recorder.of(3) == recorder.exchanges[1:2]
    assert recorder.of(first + 1) == recorder.exchanges[2:]
    assert recorder.of(10**1000) == recorder.exchanges[-1:]
    assert Recorder().of(first) == []


def test_magic_names_are_no_functions(student):
    with pytest.raises(AttributeError):
        student.__len__()
