"""A learner's notebook, run in a real kernel: what check(...) shows, and how nbgrader scores it."""

import re
import shutil

import nbclient
import nbformat
import nbgrader_course as c
import pytest
from nbgrader.utils import determine_grade

pytestmark = pytest.mark.real

THRESHOLD = "def gate(X, w, b):\n    return 1.0 * (X @ w > b)\n"
SEPARABLE = """
import sys, warnings
def is_separable(t):
    warnings.warn("a warning of the learner's own")
    print("and a word", file=sys.stderr)
    return not (t[0] == t[3] and t[1] == t[2] and t[0] != t[1])
"""


@pytest.fixture
def notebook(tmp_path, pytestconfig, monkeypatch):
    """Exercise 2 as nbgrader hands it out: its folder alone, with some answers written."""
    folder = tmp_path / "02_gates"
    shutil.copytree(pytestconfig.rootpath / "assignments" / "02_gates", folder)
    monkeypatch.setenv("PYTHONPATH", str(pytestconfig.rootpath))
    path = folder / "gates.ipynb"

    def write(**answers):
        book = nbformat.read(path, 4)
        for cell in book.cells:
            name = cell.metadata.get("nbgrader", {}).get("grade_id")
            cell.source = answers.get(name, cell.source)
        nbformat.write(book, path)
        return path

    return write


def executed(path):
    """Run a notebook; return its check cells by the name of their task."""
    book = nbformat.read(path, 4)
    place = {"metadata": {"path": str(path.parent)}}
    nbclient.NotebookClient(book, timeout=120, resources=place).execute()
    marked = ((cell.metadata.get("nbgrader", {}), cell) for cell in book.cells)
    return {
        marks["grade_id"].removeprefix("check-"): c for marks, c in marked if marks.get("grade")
    }


def shown(cell):
    """Return the HTML and the text that a check shows, and insist on its outputs' form."""
    display, value = cell.outputs
    assert display.output_type == "display_data"
    assert set(display.data) == {"text/html", "text/plain"}
    assert value.output_type == "execute_result"
    assert re.fullmatch(r"\d+\.\d+", value.data["text/plain"])
    return display.data["text/html"], display.data["text/plain"]


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", ("got", "wanted", "First difference at index")),
        ("zh", ("得到", "应为", "第一处不同")),
    ],
)
def test_a_wrong_answer_is_explained_and_drawn_at_once(notebook, monkeypatch, language, said):
    monkeypatch.setenv("GRADEFLOW_LANGUAGE", language)
    cells = executed(notebook(gate=THRESHOLD))
    html, text = shown(cells["gate"])
    for words in said:
        assert words in html
    assert html.count("<img") == 2  # what came beside what was wanted, and the task's own picture
    assert "gate" in text
    assert "<div" not in text


def test_stock_nbgrader_takes_the_share_of_points_from_the_cell(notebook):
    cells = executed(notebook(gate=THRESHOLD, is_separable=SEPARABLE))
    for cell in cells.values():
        shown(cell)  # nothing on stderr, for which nbgrader would give 0
    scores = {name: determine_grade(cell) for name, cell in cells.items()}
    assert scores == {
        "gate": (0, 16),
        "weights_for": (0, 14),
        "train_perceptron": (0, 20),
        "is_separable": (10, 10),
    }


def validated(path):
    """Say what ``nbgrader validate`` says."""
    return c.nbgrader(path.parent, "validate", path.name)


def test_nbgrader_validate_tells_right_from_wrong(notebook, pytestconfig):
    wrong = validated(notebook(gate=THRESHOLD, is_separable=SEPARABLE))
    assert "FAILED ON 3 CELL(S)" in wrong
    assert 'check("gate")' in wrong
    assert 'check("is_separable")' not in wrong
    source = (pytestconfig.rootpath / "solutions/02_gates/gates.py").read_text(encoding="utf-8")
    right = {
        name: source[source.index(f"def {name}(") :].partition("\n# %%")[0]
        for name in ("gate", "weights_for", "train_perceptron", "is_separable")
    }
    assert "Success! Your notebook passes all the tests." in validated(notebook(**right))
