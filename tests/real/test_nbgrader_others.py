"""A course's other assignments are released, graded and told as before it took up GradeFlow."""

from __future__ import annotations

import importlib.util
import json
import re

import nbgrader_course as c
import nbgrader_stock as stock
import pytest
from nbgrader_course import DOUBLE, NAME, TOTAL

pytestmark = pytest.mark.real

OWN = "ps1"
WHEN = re.compile(rb'"[\d-]+T[\d:.]+Z"')  # a cell was run
INIT = ("-m", "autograder.cli", "nbgrader", "init")
# Preprocessors and exporters of the course's own, named as nbgrader names its own or otherwise.
PLUGS = """
from nbconvert.exporters import HTMLExporter, NotebookExporter
from nbgrader import preprocessors as stock


class ClearSolutions(stock.ClearSolutions):
    def preprocess_cell(self, cell, resources, cell_index):
        if "# sample answer" in cell.source:
            cell.source = "# your turn"
            return cell, resources
        return super().preprocess_cell(cell, resources, cell_index)


class Empties(ClearSolutions):
    pass


class Stamps(NotebookExporter):
    def from_notebook_node(self, nb, resources=None, **kw):
        nb.metadata["stamped"] = True
        return super().from_notebook_node(nb, resources, **kw)


class Page(HTMLExporter):
    def from_notebook_node(self, nb, resources=None, **kw):
        page, resources = super().from_notebook_node(nb, resources, **kw)
        return page + "<!-- the course's own page -->", resources
"""
LISTS = """
from nbgrader.converters import GenerateAssignment
c.GenerateAssignment.preprocessors = [
    "plugs.{name}" if kind.__name__ == "ClearSolutions" else kind
    for kind in GenerateAssignment.preprocessors.default()
]
c.Autograde.exporter_class = "plugs.Stamps"
c.GenerateFeedback.exporter_class = "plugs.Page"
"""
E2X = """
from e2xgrader.config import configure_base
configure_base(c)
"""
SAMPLE = "# sample answer\ndef double(z):\n    return 2 * z  # sesame\n"
COURSES = {
    "a subclass of the same name": LISTS.format(name="ClearSolutions"),
    "its source in solutions, and a subclass of another name": (
        LISTS.format(name="Empties") + 'c.CourseDirectory.source_directory = "solutions"\n'
    ),
    "e2xgrader": E2X,
}


def made(root, settings):
    """Write a course with an assignment of its own, as it is before there is any GradeFlow."""
    (root / "plugs.py").write_text(PLUGS, encoding="utf-8")
    stock.make_course(root, OWN, "")
    if "solutions" in settings:
        (root / "source").rename(root / "solutions")
    source = next(root.glob(f"*/{OWN}/tiny.ipynb"))
    if "plugs." in settings:
        notebook = json.loads(source.read_text(encoding="utf-8"))
        c.cell_of(notebook, "double")["source"] = SAMPLE
        source.write_text(json.dumps(notebook), encoding="utf-8")
    config = f"c = get_config()\n{settings}"
    (root / "nbgrader_config.py").write_text(config, encoding="utf-8")
    c.nbgrader(root, "generate_assignment", OWN, "--force")
    given = c.answered(stock.released(root, OWN), double=DOUBLE, total=TOTAL)
    c.submit(root, "ann", given, OWN)


def carried_out(root):
    """Take the assignment through every step; return what each has made."""
    c.nbgrader(root, "generate_assignment", OWN, "--force")
    c.nbgrader(root, "autograde", OWN, "--force")
    c.nbgrader(root, "generate_feedback", OWN, "--force")
    rooms = [root / "release" / OWN, root / "autograded/ann" / OWN, root / "feedback/ann" / OWN]
    files = [path for room in rooms for path in room.rglob("*") if path.is_file()]
    assert len(files) >= 3
    return {str(path.relative_to(root)): WHEN.sub(b"", path.read_bytes()) for path in files}


@pytest.mark.parametrize("name", COURSES)
def test_an_assignment_of_the_courses_own_comes_out_to_the_byte_as_before(tmp_path, name):
    if name == "e2xgrader" and not importlib.util.find_spec("e2xgrader"):
        pytest.skip("e2xgrader is not installed")
    made(tmp_path, COURSES[name])
    before = carried_out(tmp_path)
    c.write_exercise(tmp_path)
    c.run(tmp_path, *INIT)
    c.run(tmp_path, "-m", "autograder.cli", "build")
    c.nbgrader(tmp_path, "generate_assignment", NAME)
    c.submit(tmp_path, "ann", c.answered(stock.released(tmp_path), double=DOUBLE, total=TOTAL))
    c.nbgrader(tmp_path, "autograde", NAME)
    c.nbgrader(tmp_path, "generate_feedback", NAME)
    assert carried_out(tmp_path) == before
    assert not [path for path, data in before.items() if b"sesame" in data and "release" in path]
    check_exercise(tmp_path)


def check_exercise(root):
    """What of the exercise lies where learners reach it, or may be released, tells nothing."""
    assert c.scores(root) == {"ann": {"double": 4.0, "total": 2.0}}
    rooms = [root / "release" / NAME, root / "autograded/ann" / NAME, root / "feedback/ann" / NAME]
    files = [path for room in rooms for path in room.rglob("*") if path.is_file()]
    names = {path.name for path in files}
    assert {"tiny.ipynb", "tiny.html", "test_public.py"} <= names
    assert not names & {"test_hidden.py", "misconceptions.py"}
    assert not [path for path in files if c.SECRET in path.read_text("utf-8", "replace")]


@pytest.mark.parametrize("said", ["*", "0*", f"{NAME}/"])
def test_a_pattern_that_stands_for_an_exercise_runs_nobodys_program(tmp_path, said):
    root = c.make_course(tmp_path)
    ran = root / "ran"
    answer = f"open({str(ran)!r}, 'w')"
    c.submit(root, "ann", c.answered(c.released(root), double=answer))
    told = c.nbgrader(root, "autograde", said, fails=True)
    assert NAME in told
    assert not ran.exists()
