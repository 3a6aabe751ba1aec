"""A learner's own machine: released files, frozen answers, no cage; right work is called right."""

import contextlib
import shutil
from pathlib import Path

import pytest

from autograder.catalogue import find_course
from autograder.grading.alone import check_alone
from autograder.model import Verdict
from autograder.sandbox.opening import Sandbox

pytestmark = pytest.mark.real

COURSE = find_course(Path(__file__))
CONTENT = Path(__file__).parents[1] / "content"


@pytest.mark.parametrize("name", COURSE.exercises)
def test_a_right_solution_passes_every_check_there(name, tmp_path):
    shutil.copytree(COURSE.assignments / name, tmp_path / "assignments" / name)
    shutil.copy(COURSE.root / "course.toml", tmp_path)
    exercise = find_course(tmp_path).released(name)
    right = sorted((CONTENT / name).glob("right_*.py"))[0]
    shutil.copyfile(right, exercise.source)
    with contextlib.closing(Sandbox("plain", exercise.framework)) as sandbox:
        result = check_alone(exercise, exercise.source, sandbox)
    assert result.problem is None
    assert [check for check in result.checks if check.verdict is not Verdict.PASSED] == []
    assert result.checks
