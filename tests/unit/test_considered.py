"""Why a failure is called what it is called, and not something else."""

import numpy as np
import pytest

from autograder.checks import Student
from autograder.diagnosis import Question, Suspect, consider, departing
from autograder.grading.loop import run_checks
from autograder.plugin.bench import open_bench
from autograder.sandbox.inprocess import InProcessSession
from autograder.sandbox.opening import Sandbox
from autograder.sandbox.proxy import Recorder

Z = np.array([-1.0, 0.5, 2.0])
REFERENCE = "def f(z):\n    return 2 * z\n\ndef g(z):\n    return z + 1\n"
SQUARED = REFERENCE.replace("2 * z", "z**2")


def session(source):
    return InProcessSession.of(source, "m")


def suspect(name, source, *replaced):
    return Suspect(name, frozenset(replaced), session(source))


def asked(learner, *calls):
    recorder = Recorder()
    student = Student(session(learner), recorder)
    for function, *arguments in calls:
        getattr(student, function).outcome(*arguments)
    return recorder.exchanges


def fates(learner, *suspects, named="", calls=(("f", Z),), elsewhere=()):
    reference = session(REFERENCE)
    exchanges = asked(learner, *calls)
    _, departures = departing(exchanges, reference)
    question = Question(tuple(departures), suspects)
    there = asked(learner, *elsewhere)
    found = consider("f", named, question, exchanges, there, suspects, reference)
    return {each.name: each for each in found}


def test_what_was_named_did_the_same_on_every_call():
    found = fates(SQUARED, suspect("F", SQUARED, "f"), named="F")["F"]
    assert (found.fate, found.agreed, found.of) == ("named", 1, 1)


def test_what_was_named_beside_another_mistake_says_on_how_many_calls_it_did_the_same():
    learner = "def f(z):\n    return z**2 if z.size == 3 else z * 5\n"
    calls = (("f", Z), ("f", Z[:2]))
    found = fates(learner, suspect("F", SQUARED, "f"), named="F", calls=calls)["F"]
    assert (found.fate, found.agreed, found.of) == ("beside", 1, 2)


def test_what_was_not_named_shows_a_call_with_what_each_did():
    other = suspect("T", REFERENCE.replace("2 * z", "3 * z"), "f")
    found = fates(SQUARED, other)["T"]
    assert found.fate == "otherwise"
    assert found.call == "f(array([-1. ,  0.5,  2. ]))"
    assert found.mine == "array([1.  , 0.25, 4.  ])"
    assert found.theirs == "array([-3. ,  1.5,  6. ])"


def test_what_another_check_speaks_against_says_where():
    learner = "def f(z):\n    return z**2 if z.size == 3 else z * 5\n"
    found = fates(learner, suspect("F", SQUARED, "f"), elsewhere=[("f", np.ones(2) * 3)])["F"]
    assert found.fate == "elsewhere"
    assert (found.mine, found.theirs) == ("array([15., 15.])", "array([9., 9.])")


def test_what_could_be_either_is_unsure():
    both = suspect("A", SQUARED, "f"), suspect("B", SQUARED.replace("z**2", "z * z"), "f")
    assert {each.fate for each in fates(SQUARED, *both).values()} == {"unsure"}


def test_a_misconception_of_another_function_is_not_thought_of():
    assert fates(SQUARED, suspect("G", REFERENCE.replace("z + 1", "z"), "g")) == {}


def test_of_several_variants_of_one_misconception_the_nearest_counts():
    far = suspect("F", REFERENCE.replace("2 * z", "z - 9"), "f")
    assert fates(SQUARED, far, suspect("F", SQUARED, "f"), named="F")["F"].fate == "named"


@pytest.mark.parametrize("explained", [True, False])
def test_the_loop_tells_it_where_it_is_asked_to_and_the_result_is_the_same(
    tiny_exercise, make_entry, explained
):
    exercise = tiny_exercise()
    wrong = exercise.source.read_text(encoding="utf-8").replace("2 * z", "z**2")
    results, considered = [], []
    run_checks(
        open_bench(exercise),
        Sandbox("none"),
        [make_entry(wrong, explained=explained), make_entry(wrong)],
        results.append,
        consider=considered.append,
    )
    assert len(considered) == explained
    assert [each.name for each in results[0].checks] == [each.name for each in results[1].checks]
    assert results[0].score == results[1].score
    assert not explained or any(each.name == "T1" for each in considered[0])
