import numpy as np
import pytest

from autograder.checks import Student
from autograder.diagnosis import (
    AnswerBook,
    FrozenSession,
    RememberingSession,
    Suspect,
    matching,
)
from autograder.sandbox.inprocess import InProcessSession
from autograder.sandbox.proxy import Recorder, probe

Z = np.array([-1.0, 0.5, 2.0])
REFERENCE = "def f(z):\n    return 2 * z\n\ndef g(z):\n    return z + 1\n"
F_SQUARED = REFERENCE.replace("2 * z", "z**2")
G_WRONG = REFERENCE.replace("z + 1", "z - 1")
BOTH = F_SQUARED.replace("z + 1", "z - 1")


def session(source):
    return RememberingSession(InProcessSession.of(source, "m"))


def suspect(name, source, *replaced):
    return Suspect(name, frozenset(replaced), session(source))


def names(recorder, reference, suspects):
    return "+".join(s.name for s in matching(recorder.exchanges, reference, suspects)) or None


def named(learner, *suspects, calls=(("f", Z), ("g", Z)), reference=None):
    recorder = Recorder()
    student = Student(session(learner), recorder)
    for function, *args in calls:
        getattr(student, function).outcome(*args)
    return names(recorder, reference or session(REFERENCE), suspects)


def test_the_variant_that_did_the_same_on_the_very_inputs_is_named():
    suspects = (suspect("G", G_WRONG, "g"), suspect("F", F_SQUARED, "f"))
    assert named("def f(z):\n    return z * z\ndef g(z):\n    return 1 + z\n", *suspects) == "F"


def test_whoever_agrees_with_the_reference_has_no_misconception():
    lookalike = suspect("F", F_SQUARED, "f")
    assert (
        named(REFERENCE, lookalike, calls=[("f", np.array([2.0])), ("f", np.array([0.0]))]) is None
    )


def test_another_wrong_answer_is_not_named():
    assert named(REFERENCE.replace("2 * z", "3 * z"), suspect("F", F_SQUARED, "f")) is None


def test_a_variant_that_matches_one_call_but_not_another_is_not_named():
    learner = "def f(z):\n    return z**2 if z.size == 3 else z\n"
    calls = [("f", Z), ("f", np.ones(2) * 3)]
    assert named(learner, suspect("F", F_SQUARED, "f"), calls=calls) is None


def test_the_variant_that_explains_more_departures_wins():
    suspects = (suspect("F", F_SQUARED, "f"), suspect("FG", BOTH, "f", "g"))
    assert named(BOTH, *suspects) == "FG"
    assert named(F_SQUARED, *suspects) == "F"


def test_of_equals_all_are_left_for_a_second_look():
    suspects = suspect("one", F_SQUARED, "f"), suspect("two", F_SQUARED, "f")
    assert named(F_SQUARED, *suspects) == "one+two"


def test_exceptions_of_one_kind_match_where_they_say_the_same_but_for_numbers_and_names():
    wrong = suspect("F", "def f(z):\n    raise ValueError('shapes (3,) and (4,) of \"a\"')\n", "f")
    same = "def f(z):\n    raise ValueError('shapes (9,) and (1,) of \"b\"')\n"
    assert named(same, wrong, calls=[("f", Z)]) == "F"
    assert named("def f(z):\n    raise ValueError('no')\n", wrong, calls=[("f", Z)]) is None


def test_a_mistake_beside_the_variants_function_does_not_hide_it():
    learner = F_SQUARED.replace("z + 1", "z + 100")
    assert named(learner, suspect("F", F_SQUARED, "f")) == "F"


@pytest.mark.parametrize(
    "body",
    [
        "raise KeyError('x')",
        "z += 1; return 2 * z - 2",
        "import warnings; warnings.warn('w'); return 2 * z",
        "return list(2 * z)",
        "return None",
    ],
)
def test_exceptions_changed_arguments_warnings_and_types_match_too(body):
    wrong = f"def f(z):\n    {body}\n"
    assert named(wrong, suspect("F", wrong, "f"), calls=[("f", Z)]) == "F"
    assert named(wrong, suspect("F", F_SQUARED, "f"), calls=[("f", Z)]) is None


def test_without_knowing_what_a_variant_replaces_every_call_counts():
    assert named(F_SQUARED, suspect("F", F_SQUARED)) == "F"
    assert named(F_SQUARED.replace("z + 1", "z"), suspect("F", F_SQUARED)) is None


def test_inputs_that_nobody_froze_are_passed_over():
    book = AnswerBook((), {"F": frozenset({"f"})})
    suspects = [Suspect("F", frozenset({"f"}), FrozenSession(book, "F"))]
    assert named(F_SQUARED, *suspects, reference=FrozenSession(book, "reference")) is None


def test_an_object_that_stays_behind_is_not_asked_elsewhere():
    recorder = Recorder()
    student = Student(session("class M:\n    def __call__(self, z):\n        return z\n"), recorder)
    student.M.kept()(Z)
    assert len(recorder.exchanges) == 2
    assert names(recorder, session(REFERENCE), [suspect("F", BOTH)]) is None


def both_values(module, z):
    return module.f(z), module.g(z)


def test_a_probe_concerns_every_variant():
    recorder = Recorder()
    probe(Student(session(F_SQUARED), recorder), both_values)(Z)
    suspects = [suspect("G", G_WRONG, "g"), suspect("F", F_SQUARED, "f")]
    assert names(recorder, session(REFERENCE), suspects) == "F"


def test_an_array_that_the_check_changes_later_stays_on_record_as_it_was():
    recorder = Recorder()
    z = Z.copy()
    Student(session(F_SQUARED), recorder).f(z)
    z[:] = 0.0
    assert recorder.exchanges[0].call.args[0].tolist() == Z.tolist()


def test_where_a_position_was_met_does_not_part_two_who_look_beyond_the_end():
    popped = "def f(z):\n    return list(z).pop(9)\n"
    indexed = "def f(z):\n    return list(z)[9]\n"
    assert named(popped, suspect("END", indexed, "f"), calls=(("f", Z),)) == "END"
    unlike = "def f(z):\n    return list(z).index(9)\n", "def f(z):\n    return int('a')\n"
    assert named(unlike[0], suspect("END", unlike[1], "f"), calls=(("f", Z),)) is None
