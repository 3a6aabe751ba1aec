"""One task's stub is put back, and what was written is kept beside it."""

import json

import pytest

from autograder.catalogue import load_exercise
from autograder.errors import LearnerError
from autograder.handout.resetting import reset

DOUBLE = 'def double(z):\n    """Twice z."""\n    raise NotImplementedError("double")\n'
TOTAL = 'def total(z):\n    raise NotImplementedError("total")\n'
STUB = f"# %%\nimport numpy as np\n\n# %%\n{DOUBLE}\n\n# %%\n{TOTAL}"


def notebook(*sources):
    cells = [
        {"cell_type": "code", "metadata": {"nbgrader": {"grade_id": name}}, "source": text,
         "outputs": [{"output_type": "stream", "name": "stdout", "text": "3"}],
         "execution_count": 3}
        for name, text in sources
    ]  # fmt: skip
    return json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5})


@pytest.fixture
def exercise(tiny_exercise, tmp_path):
    """A learner's exercise, with what was handed out."""
    folder = tiny_exercise().folder
    (tmp_path / "course.toml").write_text('exercises = ["01_tiny"]\n[title]\nen = "C"\n')
    given = tmp_path / ".gradeflow" / "given" / "solutions" / "01_tiny"
    given.mkdir(parents=True)
    for place in (folder, given):
        (place / "tiny.py").write_text(STUB)
        (place / "tiny.ipynb").write_text(notebook(("double", DOUBLE), ("total", TOTAL)))
    return load_exercise(folder)


def written(exercise, text):
    exercise.source.write_text(text, encoding="utf-8", newline="")
    return exercise.source


WORK = [
    "def double(z):\n    return 3 * z\n",
    "@cache\ndef double(z):\n    return 3 * z\n",
    "def double(z):\n    return (3 *\n",  # no Python: nobody can read on from here
    "def double(z):\n\n    text = 'a'\n\n    return text\n",
]


@pytest.mark.parametrize("work", WORK)
def test_the_task_is_as_it_was_and_the_rest_as_the_learner_has_it(exercise, work):
    before = STUB.replace(TOTAL, "def total(z):\n    return sum(z)\n")
    path = written(exercise, before.replace(DOUBLE, work))
    (done,) = reset(exercise, "double")
    assert path.read_text() == before
    assert done.old.read_text() == work
    assert done.old.name == "double.py.old.txt"


def test_a_line_that_only_some_editors_break_shifts_nothing(exercise):
    before = STUB.replace("# %%\n", "# a page \x0c of notes \u2028 and more\n# %%\n", 1)
    path = written(exercise, before.replace(DOUBLE, WORK[0]))
    reset(exercise, "double")
    assert path.read_text(encoding="utf-8") == before


def test_what_was_kept_before_is_kept_too(exercise):
    for number in (3, 4, 5):
        written(exercise, STUB.replace(DOUBLE, f"def double(z):\n    return {number} * z\n"))
        reset(exercise, "double")
    kept = sorted(path.read_text() for path in exercise.folder.glob("double*.txt"))
    assert [text.split()[3] for text in kept] == ["3", "4", "5"]


def test_an_untouched_task_stays_and_nothing_is_written(exercise):
    before = sorted(exercise.folder.iterdir())
    assert reset(exercise, "double") == ()
    assert sorted(exercise.folder.iterdir()) == before


def test_in_a_notebook_the_cell_is_put_back_and_its_output_goes(exercise):
    path = exercise.source.with_suffix(".ipynb")
    path.write_text(notebook(("double", "# mine\ndef double(z):\n    return 3\n"), ("total", "x")))
    (done,) = reset(exercise, "double")
    first, second = json.loads(path.read_text())["cells"]
    assert "".join(first["source"]) == "# mine\n" + DOUBLE.rstrip()
    assert (first["outputs"], first["execution_count"]) == ([], None)
    assert (second["source"], second["execution_count"]) == ("x", 3)
    assert done.old.read_text() == "def double(z):\n    return 3\n"


def test_a_task_that_was_deleted_stands_at_the_end(exercise):
    path = written(exercise, f"import numpy\n\n\n{TOTAL}")
    (done,) = reset(exercise, "double")
    assert path.read_text() == f"import numpy\n\n\n{TOTAL}\n\n{DOUBLE}"
    assert done.old is None


def test_ends_of_lines_stay_what_they_are(exercise):
    work = STUB.replace(DOUBLE, "def double(z):\n    return 1\n").replace("\n", "\r\n")
    path = written(exercise, work)
    reset(exercise, "double")
    assert path.read_bytes() == STUB.replace("\n", "\r\n").encode()


def test_without_what_was_handed_out_the_form_that_nobody_worked_in_tells(exercise, tmp_path):
    for path in (tmp_path / ".gradeflow").rglob("tiny.*"):
        path.unlink()
    path = written(exercise, STUB.replace(DOUBLE, WORK[0]))
    reset(exercise, "double")
    assert path.read_text() == STUB


def test_where_nobody_knows_the_stub_nothing_is_written(exercise, tmp_path):
    for path in (tmp_path / ".gradeflow").rglob("tiny.*"):
        path.unlink()
    exercise.source.with_suffix(".ipynb").unlink()
    path = written(exercise, WORK[0])
    with pytest.raises(LearnerError, match="gradeflow start"):
        reset(exercise, "double")
    assert path.read_text() == WORK[0]


def test_a_broken_notebook_is_told_before_anything_is_written(exercise):
    path = written(exercise, STUB.replace(DOUBLE, WORK[0]))
    exercise.source.with_suffix(".ipynb").write_text("{")
    with pytest.raises(LearnerError, match="cannot be read as a notebook"):
        reset(exercise, "double")
    assert WORK[0] in path.read_text()
