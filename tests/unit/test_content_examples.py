"""The examples in the docstrings, which every stub shows, hold for the reference."""

import ast
from pathlib import Path
from textwrap import dedent

import matplotlib.pyplot as plt
import pytest

from autograder.authoring.audit import audit
from autograder.authoring.build import release_files
from autograder.authoring.examples import faults_of_examples
from autograder.authoring.skeleton import new_exercise
from autograder.catalogue import find_course, load_exercise
from autograder.errors import CourseError

SOLUTIONS = Path(__file__).parents[2] / "solutions"
EXERCISES = sorted(path.parent for path in SOLUTIONS.glob("*/exercise.toml"))


def test_the_examples_of_a_docstring_hold():
    # Those of every exercise: whoever builds it runs them (tests/real/test_course.py).
    assert list(faults_of_examples(load_exercise(SOLUTIONS / "12_workflow"))) == []
    plt.close("all")


@pytest.mark.parametrize("folder", EXERCISES, ids=lambda folder: folder.name)
def test_every_task_shows_an_example(folder):
    exercise = load_exercise(folder)
    nodes = ast.parse(exercise.source.read_text(encoding="utf-8")).body
    shown = {node.name for node in nodes if hasattr(node, "name") and ">>> " in ast.unparse(node)}
    assert shown >= {task.name for task in exercise.tasks}


@pytest.fixture
def with_example(tiny_exercise, tiny_files):
    """Make the small exercise with an example in a docstring of its source."""

    def make(shown):
        source = "# %%\n" + dedent(tiny_files["tiny.py"])
        docstring = f'def double(z):\n    """Double.\n\n    >>> double(3)\n    {shown}\n    """\n'
        return tiny_exercise(source=source.replace("def double(z):\n", docstring))

    return make


def test_an_example_that_shows_something_else_is_told_with_its_line(with_example):
    exercise = with_example("7")
    (fault,) = faults_of_examples(exercise)
    assert "`double(3)` shows 7, but the reference gives 6" in str(fault)
    lines = exercise.source.read_text(encoding="utf-8").splitlines()
    assert lines[fault.line - 1].strip() == ">>> double(3)"


def test_an_example_that_fails_is_told(with_example):
    exercise = with_example("6\n    >>> double()")
    (fault,) = faults_of_examples(exercise)
    assert "`double()` fails with TypeError" in str(fault)


def test_a_wrong_example_is_neither_released_nor_proved(tmp_path):
    (tmp_path / "course.toml").write_text('exercises = []\n[title]\nen = "C"\nzh = "课"\n')
    folder = new_exercise(find_course(tmp_path), "13_sums")
    course, exercise = find_course(tmp_path), load_exercise(folder)
    assert release_files(exercise, "en")
    source = exercise.source.read_text(encoding="utf-8")
    assert "array([ 1.5, -0.5])" in source
    exercise.source.write_text(source.replace("array([ 1.5, -0.5])", "array([ 2.5, -0.5])"))
    with pytest.raises(CourseError, match=r"shows array\(\[ 2.5"):
        release_files(exercise, "en")
    with pytest.raises(CourseError, match=r"shows array\(\[ 2.5"):
        audit(course, exercise, 1, seeds=1)


def test_what_checks_and_the_picture_of_exercise_10_leave_beside_a_program_is_alike():
    texts = {}
    for file in ("test_public.py", "test_hidden.py", "plot.py"):
        source = (SOLUTIONS / "10_xor_torch" / file).read_text(encoding="utf-8")
        for node in ast.parse(source).body:
            if isinstance(node, ast.FunctionDef) and '"_gradeflow"' in ast.get_source_segment(
                source, node
            ):
                texts.setdefault(node.name, set()).add(ast.dump(node))
    assert texts
    assert [shared for shared, forms in texts.items() if len(forms) > 1] == []
