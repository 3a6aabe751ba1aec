"""An existing course of nbgrader's takes up GradeFlow, grades with both, and goes back."""

from __future__ import annotations

import nbgrader_course as c
import nbgrader_stock as stock
import pytest
from nbgrader_course import DOUBLE, NAME, SQUARE, TOTAL

pytestmark = pytest.mark.real

OWN = "ps1"
SETTINGS = """c.CourseDirectory.course_id = "nn"
c.Autograde.autograde_preprocessors.append("marks.Mark")
"""
MARKS = """
from nbgrader.preprocessors import NbGraderPreprocessor


class Mark(NbGraderPreprocessor):
    def preprocess(self, nb, resources):
        nb.metadata["marked"] = resources["nbgrader"]["assignment"]
        return nb, resources
"""
INIT = ("-m", "autograder.cli", "nbgrader", "init")
AUTOGRADE = ("-m", "autograder.cli", "nbgrader", "autograde")


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    """A course with an assignment of nbgrader's own, and then one of ours; both are graded."""
    root = tmp_path_factory.mktemp("course")
    (root / "marks.py").write_text(MARKS, encoding="utf-8")
    stock.make_course(root, OWN, SETTINGS)
    answers = {"double": DOUBLE, "total": TOTAL}
    c.submit(root, "ann", c.answered(stock.released(root, OWN), **answers), OWN)
    before = (root / "nbgrader_config.py").read_bytes()
    source = {path: path.read_bytes() for path in root.glob("source/**/*.ipynb")}
    c.write_exercise(root)
    c.run(root, *INIT)
    c.run(root, "-m", "autograder.cli", "build")
    c.nbgrader(root, "generate_assignment", NAME)
    for student, double in {"ann": DOUBLE, "ben": SQUARE}.items():
        notebook = c.answered(stock.released(root), double=double, total=TOTAL)
        c.submit(root, student, notebook)
    c.nbgrader(root, "autograde", OWN)
    c.run(root, *AUTOGRADE, NAME)
    return root, before, source


def test_its_own_assignment_is_graded_by_its_own_settings(course):
    root, _, source = course
    assert c.scores(root, assignment=OWN) == {"ann": {"double": 4.0, "total": 2.0}}
    path = root / "autograded" / "ann" / OWN / "tiny.ipynb"
    assert '"marked": "ps1"' in path.read_text(encoding="utf-8")
    assert {path: path.read_bytes() for path in source} == source


def test_an_exercise_beside_it_is_graded_by_ours(course):
    root, _, _ = course
    full = {"double": 4.0, "total": 2.0}
    assert c.scores(root) == {"ann": full, "ben": {**full, "double": 0.0}}
    assert "You squared instead of doubling." in c.comments(root, "ben")["double"]


def test_an_exercise_is_released_from_the_courses_own_folders_without_what_is_hidden(course):
    root, _, _ = course
    for room in ("source", "release"):
        names = {path.name for path in (root / room / NAME).iterdir()}
        assert {"tiny.ipynb", "tiny.py", "answers.json", "test_public.py"} <= names
        texts = [path.read_text("utf-8") for path in (root / room / NAME).iterdir()]
        assert not [text for text in texts if c.SECRET in text]


def test_a_class_can_be_graded_at_once_and_again_there(course):
    root, _, _ = course
    assert "2 unchanged" in c.run(root, *AUTOGRADE, NAME)


def test_a_configuration_that_does_not_load_is_left_as_it_was(tmp_path):
    broken = "c = get_config()\nraise SystemExit('this course is closed')\n"
    (tmp_path / "nbgrader_config.py").write_text(broken, encoding="utf-8")
    said = c.run(tmp_path, *INIT, fails=True)
    assert "this course is closed" in said
    assert "Traceback" not in said
    assert [path.name for path in tmp_path.iterdir()] == ["nbgrader_config.py"]
    assert (tmp_path / "nbgrader_config.py").read_text(encoding="utf-8") == broken


def test_a_course_that_cannot_be_read_runs_nobodys_program(course):
    root, _, _ = course
    manifest = root / "course.toml"
    text = manifest.read_text(encoding="utf-8")
    try:
        manifest.write_text("exercises = [", encoding="utf-8")
        said = c.nbgrader(root, "autograde", NAME, "--force", fails=True)
    finally:
        manifest.write_text(text, encoding="utf-8")
    assert "nbgrader_config.py: " in said
    assert "course.toml" in said
    assert "Traceback" not in said
    assert c.scores(root)["ben"]["double"] == 0.0


def test_after_undo_the_configuration_is_what_it_was_and_nbgrader_grades_alone(course):
    root, before, _ = course
    c.run(root, *INIT, "--undo")
    assert (root / "nbgrader_config.py").read_bytes() == before
    c.nbgrader(root, "autograde", NAME, "--force", "--student", "ben")
    assert c.scores(root)["ben"] == {"double": 0.0, "total": 2.0}, "by its public checks"
