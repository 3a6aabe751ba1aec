"""Inputs that learners do not have: public checks once more, answers by heart, clean pictures."""

import inspect
from dataclasses import replace

import pytest

from autograder.authoring.freeze import freeze
from autograder.catalogue import Exercise
from autograder.diagnosis import by_heart
from autograder.grading import classroom
from autograder.grading.loop import run_checks
from autograder.model import Verdict, for_learner
from autograder.nbgrader import submitted
from autograder.plugin.bench import open_bench
from autograder.sandbox.opening import Sandbox
from autograder.wire.protocol import Returned

RIGHT = """
import numpy as np
def double(z):
    return 2 * z
def total(z):
    return float(np.sum(z))
"""
PUBLIC = """
import numpy as np
from autograder.checks import agree, task

@task("double", points=1)
def test_double_doubles(student, reference, rng):
    z = rng.normal(size=4)
    agree(student.double(z), reference.double(z))

@task("double", points=1)
def test_double_of_ones(student, reference):
    z = np.array([1.0, 2.0])
    agree(student.double(z), reference.double(z))

@task("total", points=2)
def test_total_adds_up(student, reference, rng):
    z = rng.normal(size=4)
    agree(student.total(z), reference.total(z))
"""


@pytest.fixture
def exercise(tiny_exercise):
    return tiny_exercise(public=PUBLIC)


def table_of(exercise: Exercise) -> str:
    """A program that knows every frozen answer and nothing else."""
    known = []
    for each in freeze(exercise).entries:
        outcome = each.outcomes["reference"]
        if isinstance(outcome, Returned):
            args = [arg.tolist() for arg in each.call.args]
            value = getattr(outcome.value, "tolist", lambda value=outcome.value: value)()
            known.append((each.call.target.name, args, value))
    return f"""
import numpy as np
KNOWN = {known!r}
def look(name, z):
    for known, args, value in KNOWN:
        if known == name and np.shape(args[0]) == z.shape and np.allclose(args[0], z):
            return np.array(value) if isinstance(value, list) else value
    return 0 * z
def double(z): return look("double", z)
def total(z): return look("total", z)
"""


def graded(exercise, entry, salt="salt"):
    results = []
    run_checks(open_bench(exercise, salt), Sandbox("none"), [entry], results.append, whole=False)
    return results[0]


def test_a_table_of_the_frozen_answers_keeps_only_what_draws_nothing(
    exercise, make_entry, monkeypatch
):
    table = table_of(exercise)
    plain = graded(exercise, make_entry(table))
    assert plain.score.points == 4
    result = graded(exercise, make_entry(table, unseen=True))
    passed = {check.name for check in result.checks if check.verdict is Verdict.PASSED}
    assert passed == {"test_double_of_ones"}
    assert [check.name for check in result.checks if check.unseen] == [
        "test_double_doubles",
        "test_total_adds_up",
    ]


def test_a_public_check_has_fresh_inputs_though_a_hidden_one_bears_its_name(
    tiny_exercise, make_entry
):
    exercise = tiny_exercise(public=PUBLIC, hidden=PUBLIC)
    result = graded(exercise, make_entry(table_of(exercise), unseen=True))
    public = [check for check in result.checks if not check.hidden]
    assert [check.name for check in public if check.unseen] == [
        "test_double_doubles",
        "test_total_adds_up",
    ]
    assert result.checks[: len(public)] == tuple(public)


def test_a_table_is_named_to_the_instructor_and_to_nobody_else(exercise, make_entry):
    result = graded(exercise, make_entry(table_of(exercise), unseen=True))
    (note,) = result.notes
    assert note.name == "note.by_heart"
    assert note.facts == {"functions": "double"}  # of total one answer is known: may be chance
    assert "by heart" in result.findings
    assert for_learner(result).notes == ()


def test_a_right_program_passes_with_any_inputs(exercise, make_entry):
    result = graded(exercise, make_entry(RIGHT, unseen=True))
    assert result.score.points == result.score.possible
    assert result.notes == ()


@pytest.mark.parametrize(
    "wrong", ["return 2 * np.abs(z)", "return z ** 2", "return 2 * z if z.ndim == 1 else z"]
)
def test_a_mistake_is_not_called_a_table(exercise, make_entry, wrong):
    source = RIGHT.replace("return 2 * z", wrong)
    assert graded(exercise, make_entry(source, unseen=True)).notes == ()


@pytest.mark.parametrize(("otherwise", "notes"), [('look("double", z)', 1), ("z", 0), ("z[9]", 0)])
def test_who_is_wrong_for_a_known_input_too_knows_nothing_by_heart(
    tiny_exercise, make_entry, otherwise, notes
):
    one = "z = rng.normal(size=4)\n    agree(student.double(z)"
    two = "for z in rng.normal(size=(2, 4)):\n        agree(student.double(z)"
    exercise = tiny_exercise(public=PUBLIC.replace(one, two))
    source = table_of(exercise)
    source += f'def double(z): return look("double", z) if z.size == 4 else {otherwise}\n'
    assert len(graded(exercise, make_entry(source, unseen=True)).notes) == notes


def test_what_failed_with_unseen_inputs_tells_a_learner_none_of_them(exercise, make_entry):
    result = graded(exercise, make_entry(table_of(exercise), unseen=True))
    (check,) = (c for c in for_learner(result).checks if c.name == "test_double_doubles")
    assert check.evidence is not None
    assert (check.evidence.call, check.evidence.got, check.evidence.wanted) == ("", "", "")


def test_the_unseen_inputs_hang_on_the_salt_and_differ_from_all_others(exercise):
    bench = open_bench(exercise, "one")
    benches = [
        bench,
        replace(bench, unseen=True),
        replace(bench, unseen=True, salt="another"),
    ]
    drawn = [each.rng("test_x", hidden=False).random() for each in benches]
    drawn.append(bench.rng("test_x", hidden=True).random())
    assert len(set(drawn)) == 4


def test_every_grader_asks_with_unseen_inputs(exercise):
    for module in (classroom.entry_of, submitted):
        assert "unseen=True" in inspect.getsource(module)


def test_a_learners_own_machine_asks_with_the_frozen_inputs_alone(make_entry):
    assert not make_entry(RIGHT).unseen


SPY = """
import numpy as np
SEEN = []
def double(z):
    SEEN.append(np.shape(z))
    return np.array([len(z) for z in SEEN], float)
def total(z):
    return float(len(SEEN))
"""
PLOT = """
from autograder.checks import bars, panel, picture, tried
import numpy as np
def plot(student, reference):
    student.double(np.ones(2))
    return picture(panel(bars("learner", ["seen"], [student.total(np.ones(2))])))
"""


def test_a_picture_is_drawn_of_a_program_that_saw_no_hidden_input(exercise, make_entry):
    (exercise.folder / "plot.py").write_text(PLOT)
    result = graded(exercise, make_entry(SPY, draws=True))
    assert result.plot is not None
    assert result.plot.panels[0].marks[0].y == (1,)  # its own question, and none before


LONG = """
import numpy as np
from autograder.checks import agree, task

@task("double", points=2)
def test_double_doubles(student, reference, rng):
    z = rng.normal(size=(40, 40))
    agree(student.double(z), reference.double(z))

@task("total", points=2)
def test_total_adds_up(student, reference, rng):
    z = rng.normal(size=4)
    agree(student.total(z), reference.total(z))
"""
TELLS = """
import numpy as np
SEEN = [0.0]
def double(z):
    SEEN.append(float(np.max(z)))
    return 0 * z + (SEEN[2] if len(SEEN) > 2 else 0.0)
def total(z):
    return float(np.sum(z))
"""


def test_the_shortened_example_of_a_public_check_is_asked_before_any_hidden_input(
    tiny_exercise, make_entry
):
    exercise = tiny_exercise(public=LONG)
    result = graded(exercise, make_entry(TELLS))
    (check,) = (c for c in result.checks if not c.hidden and c.task == "double")
    hidden = open_bench(exercise, "salt").rng("test_double_takes_a_matrix", hidden=True)
    secret = f"{hidden.normal(size=(2, 3)).max():.4f}"[:5]
    assert check.evidence is not None
    assert secret not in str(check.evidence)


def test_nothing_is_known_by_heart_of_no_call():
    assert by_heart([], None, (5,)) == ()
