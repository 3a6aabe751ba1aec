"""Frozen answers stand in for the reference and for the wrong variants."""

from __future__ import annotations

from pathlib import Path

import pytest

from autograder.authoring.freeze import freeze
from autograder.catalogue import load_exercise
from autograder.diagnosis import REFERENCE
from autograder.diagnosis.frozen import read_answers, to_json
from autograder.errors import CourseError
from autograder.model import Verdict

RIGHT = "import numpy as np\ndef double(z): return z + z\ndef total(z): return float(np.sum(z))\n"
SQUARED = "import numpy as np\ndef double(z): return z**2\ndef total(z): return float(np.sum(z))\n"

CHAINED = """
    from autograder.checks import agree, task

    @task("double", points=2)
    def test_double_doubles(student, reference, rng):
        z = rng.normal(size=4)
        agree(student.double(student.double(z)), reference.double(2 * z))
        z[0] = 7

    @task("total", points=2)
    def test_total_adds_up(student, reference, rng):
        z = rng.normal(size=4)
        agree(student.total(z), reference.total(z))
"""


@pytest.fixture
def released(tiny_exercise, tmp_path: Path):
    """Make the learner's form of the small exercise: its public checks and frozen answers."""

    def make(**files: str):
        own = tiny_exercise(**files)
        folder = tmp_path / "assignments" / own.name
        folder.mkdir(parents=True)
        for name in ("exercise.toml", "test_public.py"):
            (folder / name).write_bytes((own.folder / name).read_bytes())
        (folder / "answers.json").write_text(to_json(freeze(own)), encoding="utf-8")
        return load_exercise(folder)

    return make


def test_frozen_answers_pass_a_right_submission(released, grade):
    (result,) = grade(released(), RIGHT)
    assert [check.verdict for check in result.checks] == [Verdict.PASSED, Verdict.PASSED]


def test_frozen_answers_fail_and_name_a_wrong_submission(released, grade):
    (result,) = grade(released(), SQUARED)
    double, total = result.checks
    assert double.verdict is Verdict.FAILED
    assert double.diagnosis is not None
    assert double.diagnosis.name == "T1"
    assert total.verdict is Verdict.PASSED


def test_answers_to_calls_that_only_wrong_programs_cause_are_frozen_too(released, grade):
    exercise = released(public=CHAINED)
    right, wrong = grade(exercise, RIGHT, SQUARED)
    assert [check.verdict for check in right.checks] == [Verdict.PASSED, Verdict.PASSED]
    assert wrong.checks[0].verdict is Verdict.FAILED
    assert wrong.checks[0].diagnosis is not None
    assert wrong.checks[0].diagnosis.name == "T1"


def test_a_wrong_program_that_nobody_foresaw_fails_and_is_no_fault(released, grade):
    (result,) = grade(released(public=CHAINED), RIGHT.replace("z + z", "3 * z"))
    double, total = result.checks
    assert (double.verdict, total.verdict) == (Verdict.FAILED, Verdict.PASSED)
    assert result.score.points == 2


@pytest.mark.parametrize("variants", [None, ""])
def test_a_check_that_asks_the_reference_of_a_learners_value_is_told(tiny_exercise, variants):
    public = CHAINED.replace("reference.double(2 * z)", "reference.double(student.double(z))")
    with pytest.raises(CourseError, match=r"double\(.*the learner's own program returned"):
        freeze(tiny_exercise(public=public, variants=variants))


def test_a_call_is_frozen_as_it_was_made_though_the_check_changes_its_array_later(tiny_exercise):
    book = freeze(tiny_exercise(public=CHAINED))
    assert all(7 not in entry.call.args[0] for entry in book.entries)


def test_only_outcomes_that_differ_from_the_references_are_kept(tiny_exercise):
    book = freeze(tiny_exercise())
    kept = {(entry.call.target.name, *entry.outcomes) for entry in book.entries}
    assert kept == {("double", REFERENCE, "T1"), ("total", REFERENCE)}


def test_freezing_twice_gives_equal_bytes(tiny_exercise):
    exercise = tiny_exercise()
    assert to_json(freeze(exercise)) == to_json(freeze(exercise))


def test_a_frozen_book_survives_its_file(released):
    exercise = released()
    text = exercise.answers.read_text(encoding="utf-8")
    assert to_json(read_answers(exercise.answers)) == text


def test_no_answer_to_a_hidden_check_is_frozen(tiny_exercise):
    book = freeze(tiny_exercise())
    assert all(entry.call.args[0].ndim == 1 for entry in book.entries)


def test_a_public_check_that_the_reference_fails_is_told(tiny_exercise):
    public = CHAINED.replace("reference.total(z)", "reference.total(z) + 1")
    with pytest.raises(CourseError) as caught:
        freeze(tiny_exercise(public=public))
    assert caught.value.line == 10
    assert "test_public.py:10: the reference does not pass test_total_adds_up" in str(caught.value)


def test_a_public_check_that_crashes_is_told(tiny_exercise):
    public = CHAINED.replace("z[0] = 7", "z[9] = 7")
    with pytest.raises(CourseError, match=r"test_double_doubles.*index 9 is out of bounds"):
        freeze(tiny_exercise(public=public))


def test_an_object_of_the_reference_cannot_be_frozen(tiny_exercise):
    public = CHAINED.replace(
        "reference.total(z)", "reference.total(z)\n        reference.double.kept(z)", 1
    )
    public = public.replace(
        ", reference.total(z)\n        ref", ", reference.total(z))\n        (ref"
    )
    with pytest.raises(CourseError, match=r"double\(.*cannot be frozen for learners"):
        freeze(tiny_exercise(public=public))


def test_a_public_check_that_reads_beside_itself_fails_when_frozen(tiny_exercise):
    public = "from pathlib import Path\nTEXT = (Path(__file__).parent / 'tiny.py').read_text()\n"
    with pytest.raises(CourseError, match="FileNotFoundError"):
        freeze(tiny_exercise(public=public))
