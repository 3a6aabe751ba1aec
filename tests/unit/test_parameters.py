"""A function that fails for its parameters is told that, and nothing else is told so."""

import pytest

from autograder.authoring.manifest import manifest_for_learners
from autograder.catalogue import load_exercise
from autograder.diagnosis import asked_parameters
from autograder.messages import explain
from autograder.model import for_learner

SOURCE = """
import numpy as np
def blend(one, other, share=0.5):
    return share * one + (1 - share) * np.cumsum(other)
def reach(start, steps):
    return start + np.sum(steps)
"""
PUBLIC = """
from autograder.checks import agree, task

@task("blend", points=2)
def test_blend_blends(student, reference, rng):
    one, other = rng.normal(size=3), rng.normal(size=3)
    agree(student.blend(one, other, 0.25), reference.blend(one, other, 0.25))

@task("reach", points=2)
def test_reach_adds_up(student, reference, rng):
    steps = rng.normal(size=4)
    agree(student.reach(2.5, steps), reference.reach(2.5, steps))
"""
HIDDEN = PUBLIC.replace("size=3", "size=5").replace("def test_", "def test_other_")
MANIFEST_POINTS = "points = 8"


@pytest.fixture
def told(tiny_exercise, tiny_files, grade):
    """Grade a source and return, by task, the diagnosis of its public check and its advice."""

    def of(source, language="en"):
        manifest = (
            tiny_files["exercise.toml"]
            .replace("points = 6", MANIFEST_POINTS)
            .replace('name = "double"', 'name = "blend"')
            .replace('name = "total"', 'name = "reach"')
            .replace("points = 2", "points = 4")
        )
        exercise = tiny_exercise(
            manifest=manifest, source=SOURCE, public=PUBLIC, hidden=HIDDEN, variants=""
        )
        (result,) = grade(exercise, source)
        shown = for_learner(result).checks
        names = {c.name: c.diagnosis.name if c.diagnosis else "" for c in result.checks}
        advice = {
            c.task: explain(c, language, lambda _kind, _key: None).advice
            for c in shown
            if c.verdict != "passed" and not c.hidden
        }
        hidden = [explain(c, language, lambda _kind, _key: None).advice for c in shown if c.hidden]
        return names, advice, hidden

    return of


def test_the_order_that_a_function_has_and_the_wanted_one_are_told(told):
    names, advice, hidden = told(SOURCE.replace("one, other, share=0.5", "share, one, other"))
    assert names["test_blend_blends"] == "parameters"
    assert "(share, one, other)" in advice["blend"]
    assert "(one, other, share=0.5)" in advice["blend"]
    assert any("another order" in each for each in hidden)
    assert not any("share" in each for each in hidden)


def test_they_are_told_in_chinese_too(told):
    _, advice, _ = told(SOURCE.replace("start, steps", "steps, start, more"), "zh")
    assert "(steps, start, more)" in advice["reach"]
    assert "(start, steps)" in advice["reach"]


@pytest.mark.parametrize("own", ["start", "start, steps, scale", "*, start, steps"])
def test_a_function_that_cannot_be_called_as_the_task_calls_it_shows_both(told, own):
    names, advice, _ = told(SOURCE.replace("start, steps", own))
    assert names["test_reach_adds_up"] == "parameters"
    assert f"({own})" in advice["reach"]


def test_one_name_of_their_own_does_not_hide_the_order(told):
    renamed = SOURCE.replace("one, other, share=0.5", "other, a, share=0.5").replace("* one", "* a")
    names, advice, _ = told(renamed)
    assert names["test_blend_blends"] == "parameters"
    assert "(other, a, share=0.5)" in advice["blend"]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        # Names of their own, in the right order: something else is wrong.
        ("start, steps):\n    return start + np.sum(steps)", "a, b):\n    return a - np.sum(b)"),
        # The order does not matter to it: something else is wrong.
        ("start, steps):\n    return start +", "steps, start):\n    return 1 + np.sum(start) +"),
        # Wrong by itself, and nothing of it says of an order.
        ("start + np.sum(steps)", "start * np.sum(steps)"),
        # A call of their own that does not fit.
        ("return start + np.sum(steps)", "return blend(start)"),
    ],
)
def test_what_fails_for_another_reason_is_not_told_so(told, old, new):
    assert old in SOURCE
    names, _, _ = told(SOURCE.replace(old, new))
    assert names["test_reach_adds_up"] != "parameters"


def test_who_is_right_in_another_order_is_right(told):
    names, advice, _ = told(
        SOURCE.replace("start + np.sum(steps)", "np.sum(start + 0) + steps.sum()")
    )
    assert (set(names.values()), advice) == ({""}, {})


def test_a_release_knows_the_parameters_and_of_a_class_those_of_its_making(tiny_exercise):
    source = SOURCE + "class Net:\n    def __init__(self, units: int, act='tanh'): pass\n"
    exercise = tiny_exercise(source=source.replace("def blend", "def double"))
    assert asked_parameters(exercise) == {"double": "one, other, share=0.5"}
    path = exercise.folder / "exercise.toml"
    text = manifest_for_learners(path, (), {"double": "z, act='tanh'", "total": 'z, by=" "'})
    path.write_text(text, encoding="utf-8")
    assert load_exercise(exercise.folder).parameters == {
        "double": "z, act='tanh'",
        "total": 'z, by=" "',
    }


POT = """
class double:
    def __init__(self, size=2):
        self.size = size
    def __add__(self, other):
        return double(self.size + other.size)
def total(z):
    return z
"""
POTS = """
from autograder.checks import agree, probe, task

def added(program):
    return (program.double(3) + program.double(4)).size

@task("double", points=4)
def test_double_adds(student, reference):
    agree(probe(student, added)(), probe(reference, added)())

@task("total", points=2)
def test_total(student, reference):
    agree(student.total(3), reference.total(3))
"""


@pytest.mark.parametrize(
    ("old", "new", "method"),
    [
        ("(self, other)", "(other)", "double.__add__"),
        ("(self, size=2)", "(size=2)", "double.__init__"),
        ("(self, size=2)", "(what, size=2)", "double.__init__"),
    ],
)
def test_a_method_that_does_not_take_self_is_told_by_its_name(
    tiny_exercise, grade, old, new, method
):
    exercise = tiny_exercise(source=POT, public=POTS, hidden="", variants="")
    (result,) = grade(exercise, POT.replace(old, new))
    diagnosis = result.checks[0].diagnosis
    assert (diagnosis.name, diagnosis.facts["function"]) == ("no_self", method)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("(self, other)", "(self, /, other)"),
        ("def __init__(self, size=2):\n", "def __new__(cls, size):\n        self = object()\n"),
    ],
)
def test_a_method_that_has_self_in_another_way_is_not_told_that_it_lacks_it(
    tiny_exercise, grade, old, new
):
    exercise = tiny_exercise(source=POT, public=POTS, hidden="", variants="")
    assert old in POT
    wrong = POT.replace("+ other.size", "+ other.sise").replace(old, new)
    (result,) = grade(exercise, wrong)
    assert result.checks[0].diagnosis is None


def test_a_function_that_shares_its_name_with_a_method_is_not_told_of_the_method(
    tiny_exercise, grade
):
    exercise = tiny_exercise(source=POT, public=POTS, hidden="", variants="")
    method = "    def total(other):\n        return self.size\n"
    wrong = POT.replace("def total(z):\n    return z", method + "def total(z):\n    return 1 / 0")
    (result,) = grade(exercise, wrong)
    assert [check.diagnosis for check in result.checks] == [None, None]


def test_a_default_that_cannot_be_written_hides_nothing_of_other_functions(told):
    endless = SOURCE.replace("start, steps", f"start, steps, more=0x{'f' * 9000}")
    names, _, _ = told(endless.replace("one, other, share=0.5", "share, one, other"))
    assert names["test_blend_blends"] == "parameters"


def test_the_object_may_have_another_name_than_self(tiny_exercise, grade):
    exercise = tiny_exercise(source=POT, public=POTS, hidden="", variants="")
    other = POT.replace("self", "this")
    right, wrong = grade(exercise, other, other.replace("+ other.size", "+ other.sise"))
    assert right.score.points == 6.0
    assert wrong.checks[0].diagnosis is None


PROBED = """
from autograder.checks import agree, probe, task

def asked(program):
    return [program.double(0.5, [1.0, 2.0]), program.total([3.0])]

@task("double", points=4)
def test_double_weighs(student, reference):
    agree(probe(student, asked)(), probe(reference, asked)())

@task("total", points=2)
def test_total(student, reference):
    agree(student.total([3.0]), reference.total([3.0]))
"""
WEIGHED = """
def double(share, parts):
    return [share * 2 * part for part in parts]
def total(parts):
    return sum(parts)
"""


def test_what_stops_a_probe_in_a_function_of_another_order_is_told_as_that(tiny_exercise, grade):
    exercise = tiny_exercise(source=WEIGHED, public=PROBED, hidden="", variants="")
    swapped = WEIGHED.replace("(share, parts)", "(parts, share)")
    within = WEIGHED.replace("for part in parts]", "for part in parts.items()]")
    told = [result.checks[0].diagnosis for result in grade(exercise, swapped, within)]
    assert told[0].name == "parameters"
    assert told[1] is None
