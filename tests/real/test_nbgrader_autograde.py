"""nbgrader's own commands with our configuration: release, autograde, feedback."""

from __future__ import annotations

import json
import re

import nbgrader_course as c
import pytest
from nbgrader_course import DOUBLE, NAME, SQUARE, TOTAL

pytestmark = pytest.mark.real

ONLY_VECTORS = "def double(z):\n    return 2 * z if z.ndim == 1 else z\n"
FIGURE = "import matplotlib.pyplot as plt\nplt.plot([1, 2, 3])\nplt.title('mine')"
REMARK = "#bf8700"  # the colour of the box with remarks
HOSTILE = """<script>alert('x')</script> <img src=x onerror=alert(1)> <b>bold</b>
[click](javascript:alert(1)) [web](https://example.org) &lt;ok&gt; $a < b$"""


def hostile(notebook):
    made = c.answered(notebook, double=DOUBLE, total=TOTAL)
    own = c.code_cell("print('<script>alert(2)</script>')\n'<script>alert(3)</script>'")
    own["outputs"] = [
        {
            "output_type": "display_data",
            "data": {"text/html": "<script>alert(4)</script>"},
            "metadata": {},
        }
    ]
    prose = {"cell_type": "markdown", "id": '"><script>', "metadata": {}, "source": HOSTILE}
    raw = {"cell_type": "raw", "id": "r", "metadata": {}, "source": "<script>alert(5)</script>"}
    made["cells"] += [own, prose, raw]
    made["metadata"]["title"] = "</title><script>alert(6)</script>"
    return made


def duplicated(notebook):
    made = c.answered(notebook, double=SQUARE, total=TOTAL)
    copy = json.loads(json.dumps(c.cell_of(made, "double"))) | {"source": DOUBLE}
    made["cells"].append(copy)
    return made


def deleted(notebook):
    made = c.answered(notebook, double=DOUBLE, total=TOTAL)
    gone = [c.cell_of(made, "check-double"), c.cell_of(made, "total")]
    made["cells"] = [cell for cell in made["cells"] if cell not in gone]
    return made


def retyped(notebook):
    made = c.answered(notebook, double=DOUBLE, total=TOTAL)
    for name in ("double", "check-total"):
        cell = c.cell_of(made, name)
        cell["cell_type"] = "markdown"
        del cell["outputs"], cell["execution_count"]
    return made


def reordered(notebook):
    made = c.answered(notebook, double=DOUBLE, total=TOTAL)
    first = made["cells"][:2]
    made["cells"] = [*first, *reversed(made["cells"][2:])]
    return made


def from_colab(notebook):
    """Colab and VS Code write other metadata, and cells without marks or ids."""
    made = c.answered(notebook, double=DOUBLE, total=TOTAL)
    for cell in made["cells"]:
        cell["metadata"] = {"id": "x" * 12, "colab": {}, "vscode": {"languageId": "python"}}
        del cell["id"]
    made |= {"nbformat_minor": 0}
    return made


def strange_kernel(notebook):
    made = c.answered(notebook, double=DOUBLE, total=TOTAL)
    made["metadata"]["kernelspec"] = {"name": "conda-env-nn", "display_name": "My env"}
    made["metadata"]["language_info"] = {"name": "julia"}
    return made


def huge(notebook):
    made = c.answered(notebook, double=DOUBLE, total=TOTAL)
    text = "x" * 50_000_000
    c.cell_of(made, "double")["outputs"] = [
        {"output_type": "stream", "name": "stdout", "text": text}
    ]
    return made


FULL = {"double": 4.0, "total": 2.0}
# A learner, what they handed in, what it earns, and the remark that the feedback makes.
CLASS = {
    "right": (lambda n: c.answered(n, double=DOUBLE, total=TOTAL), FULL, None),
    "partial": (
        lambda n: c.answered(n, double=ONLY_VECTORS, total=TOTAL),
        {**FULL, "double": 2.0},
        None,
    ),
    "squared": (lambda n: c.answered(n, double=SQUARE, total=TOTAL), {**FULL, "double": 0.0}, None),
    "untouched": (lambda n: n, {"double": 0.0, "total": 0.0}, None),
    "broken": (lambda _: "{broken", {"double": 0.0, "total": 0.0}, "damaged"),
    "exits": (
        lambda n: c.answered(n, double="import os\nos._exit(0)", total=TOTAL),
        {**FULL, "double": 0.0},
        "ended the whole Python process",
    ),
    "loops": (
        lambda n: c.answered(n, double="while True:\n    pass", total=TOTAL),
        {**FULL, "double": 0.0},
        "a loop that never ends",
    ),
    "duplicated": (duplicated, FULL, "more than once"),
    "deleted": (deleted, {**FULL, "total": 0.0}, "have been put back"),
    "retyped": (retyped, FULL, "another type"),
    "reordered": (reordered, FULL, "another order"),
    "colab": (from_colab, FULL, "found by the name"),
    "kernel": (strange_kernel, FULL, None),
    "huge": (huge, FULL, "very large"),
    "hostile": (hostile, FULL, "HTML in the text"),
    "chatty": (
        lambda n: c.answered(n, double=DOUBLE + "print('hello')\ndouble(21)", total=TOTAL),
        FULL,
        None,
    ),
}


@pytest.fixture(scope="module")
def graded(tmp_path_factory):
    """A class that nbgrader's own two commands have graded."""
    root = c.make_course(tmp_path_factory.mktemp("course"))
    notebook = c.released(root)
    for student, (make, _, _) in CLASS.items():
        c.submit(root, student, make(notebook))
    drawn = c.answered(notebook, double=DOUBLE, total=TOTAL)
    drawn["cells"].append(c.code_cell(FIGURE))
    c.submit(root, "draws", drawn)
    script = "import numpy as np\n" + DOUBLE + TOTAL
    c.submit(root, "script", notebook, tiny__py=script)
    c.nbgrader(root, "autograde", NAME)
    c.nbgrader(root, "generate_feedback", NAME)
    return root


def feedback(root, student):
    return (root / "feedback" / student / NAME / "tiny.html").read_text(encoding="utf-8")


def test_nbgrader_generates_the_very_notebook_that_build_makes(tmp_path):
    root = c.make_course(tmp_path)
    by_nbgrader = (root / "assignments" / NAME / "tiny.ipynb").read_bytes()
    c.run(root, "-m", "autograder.cli", "build", "--check")
    c.run(root, "-m", "autograder.cli", "build", "--out", "again")
    assert (root / "again" / NAME / "tiny.ipynb").read_bytes() == by_nbgrader
    checks = [cell for cell in c.released(root)["cells"] if cell["source"][0].startswith("check(")]
    assert [cell["source"] for cell in checks] == [['check("double")'], ['check("total")']]
    for cell in checks:
        assert not cell["metadata"]["editable"]
        assert cell["metadata"]["nbgrader"]["locked"]
        assert cell["metadata"]["nbgrader"]["checksum"]


def test_generating_fills_the_gradebook_with_tasks_and_points(graded):
    from nbgrader.api import Gradebook

    with Gradebook(f"sqlite:///{graded / 'gradebook.db'}") as book:
        notebook = book.find_notebook("tiny", NAME)
        points = {cell.name: cell.max_score for cell in notebook.grade_cells}
        assert points == {"check-double": 4, "check-total": 2}
        assert {cell.name for cell in notebook.solution_cells} == {"double", "total"}


@pytest.mark.parametrize("student", CLASS)
def test_everyone_has_the_points_of_the_names_they_define(graded, student):
    assert c.scores(graded)[student] == CLASS[student][1]


@pytest.mark.parametrize("student", [s for s, (_, _, remark) in CLASS.items() if remark])
def test_what_was_unusual_is_said_in_the_feedback(graded, student):
    assert CLASS[student][2] in feedback(graded, student)


def test_nothing_unusual_is_said_of_an_ordinary_notebook(graded):
    assert REMARK not in feedback(graded, "right")
    assert REMARK not in feedback(graded, "kernel")


def test_the_script_can_be_handed_in_in_place_of_the_notebook(graded):
    assert c.scores(graded)["script"] == FULL
    page = feedback(graded, "script")
    assert "The script (.py) was graded" in page
    assert "return" in page


def test_what_a_cell_printed_and_its_last_value_are_kept_for_the_feedback(graded):
    cell = c.cell_of(c.autograded(graded, "chatty"), "double")
    texts = [out.get("text") or out["data"]["text/plain"] for out in cell["outputs"]]
    assert ["".join(text) for text in texts] == ["hello\n", "42"]


def test_a_figure_is_kept_for_the_feedback(graded):
    last = c.autograded(graded, "draws")["cells"][-1]
    assert [key for out in last["outputs"] for key in out["data"]] == ["text/plain", "image/png"]
    assert "data:image/png;base64,iVBOR" in feedback(graded, "draws")


def test_a_named_misconception_stands_in_the_comment_and_in_the_grade_cell(graded):
    assert "You squared instead of doubling." in c.comments(graded, "squared")["double"]
    page = feedback(graded, "squared")
    assert page.count("You squared instead of doubling.") >= 2
    assert c.comments(graded, "right") == {"double": None, "total": None}


def test_a_deleted_grade_cell_is_put_back_where_it_was(graded):
    names = [
        cell["metadata"]["nbgrader"]["grade_id"]
        for cell in c.autograded(graded, "deleted")["cells"]
        if "nbgrader" in cell["metadata"]
    ]
    wanted = ["double", "check-double", "total", "check-total"]
    assert [name for name in names if name in wanted] == wanted


def test_no_page_holds_anything_that_a_browser_would_run(graded):
    for student in (*CLASS, "draws", "script"):
        page = feedback(graded, student)
        body = page[page.index("<body>") :]
        policy = page.index("Content-Security-Policy")
        assert policy < page.index("<style")
        assert "default-src 'none'" in page
        assert "<script" not in page.lower()
        assert not re.search(r"<[^>]*\son\w+\s*=", body)
        assert "javascript:" not in body.replace("[click](javascript:", "")
        assert not re.search(r"<(iframe|object|embed|form|base|link)\b", body)


def test_hostile_text_is_still_there_to_be_read(graded):
    page = feedback(graded, "hostile")
    assert "&lt;script&gt;alert(" in page
    assert 'href="https://example.org"' in page


def test_what_is_hidden_is_nowhere_that_learners_reach(graded):
    # A fresh example asks with numbers near 4711, drawn anew: the line itself stays hidden.
    names = (c.SECRET, "4711.25", "reference_answer", "reference_total", "variant_of_double")
    secrets = re.compile("|".join(map(re.escape, names)))
    rooms = ("build/nbgrader/source", "assignments", "autograded", "feedback")
    searched = 0
    for room in rooms:
        for path in (graded / room).rglob("*"):
            if path.is_file():
                searched += 1
                text = path.read_text(encoding="utf-8", errors="replace")
                found = secrets.search(text)
                assert not found, f"{path} holds {found}"
            assert path.name not in ("test_hidden.py", "misconceptions.py")
    assert searched > 100


def test_nobody_else_stands_in_a_learners_feedback(graded):
    page = feedback(graded, "right")
    others = [student for student in CLASS if student not in ("right", "partial", "broken")]
    assert not [s for s in others if f"submitted/{s}/" in page or f">{s}<" in page]


def test_a_grade_given_by_hand_and_a_late_penalty_survive_a_regrade(tmp_path):
    from nbgrader.api import Gradebook

    root = c.make_course(tmp_path)
    late = "from nbgrader.plugins import BasePlugin\n\n\nclass Late(BasePlugin):\n"
    late += (
        "    def late_submission_penalty(self, student_id, score, seconds):\n        return 1.5\n"
    )
    (root / "late.py").write_text(late, encoding="utf-8")
    config = root / "nbgrader_config.py"
    text = config.read_text(encoding="utf-8")
    text += '\nc = get_config()\nc.AssignLatePenalties.plugin_class = "late.Late"\n'
    config.write_text(text, encoding="utf-8")
    c.submit(root, "ann", c.answered(c.released(root), double=SQUARE, total=TOTAL))
    url = f"sqlite:///{root / 'gradebook.db'}"
    with Gradebook(url) as book:
        book.update_or_create_assignment(NAME, duedate="2025-12-31 12:00:00 UTC")
    c.nbgrader(root, "autograde", NAME)
    with Gradebook(url) as book:
        grade = book.find_grade("check-double", "tiny", NAME, "ann")
        grade.manual_score, grade.needs_manual_grade = 3.0, False
        book.find_comment("double", "tiny", NAME, "ann").manual_comment = "Well tried."
        book.db.commit()
    c.nbgrader(root, "autograde", NAME, "--force")
    check_regraded(url)
    c.run(root, "-m", "autograder.cli", "nbgrader", "autograde", NAME, "--force")
    check_regraded(url)


def check_regraded(url):
    from nbgrader.api import Gradebook

    with Gradebook(url) as book:
        grade = book.find_grade("check-double", "tiny", NAME, "ann")
        assert (grade.auto_score, grade.score, grade.needs_manual_grade) == (0.0, 3.0, True)
        assert book.find_comment("double", "tiny", NAME, "ann").comment == "Well tried."
        submission = book.find_submission(NAME, "ann")
        assert submission.late_submission_penalty == 1.5
        assert submission.score == 5.0


def test_a_fault_of_ours_withholds_the_score_and_says_so(tmp_path):
    root = c.make_course(tmp_path)
    hidden = root / "solutions" / NAME / "test_hidden.py"
    hidden.write_text(hidden.read_text(encoding="utf-8") + "    1 / 0\n", encoding="utf-8")
    c.submit(root, "ann", c.answered(c.released(root), double=DOUBLE, total=TOTAL))
    said = c.nbgrader(root, "autograde", NAME, fails=True)
    assert "withheld, which is our fault" in said
    grades = c.gradebook(root)["ann"]
    assert all(grade["auto_score"] is None for grade in grades.values())
    assert all(grade["needs_manual_grade"] for grade in grades.values())
    c.nbgrader(root, "generate_feedback", NAME)
    page = feedback(root, "ann")
    assert "Score: withheld / 4" in page
    assert "Score: 0.0" not in page
    assert "This is our fault, not yours" in page


def test_an_assignment_of_another_making_is_graded_as_nbgrader_grades_it(tmp_path):
    root = c.make_course(tmp_path)
    folder = root / "build" / "nbgrader" / "source" / "old_style"
    folder.mkdir()
    marks = {"schema_version": 3, "task": False}
    answer = c.code_cell("### BEGIN SOLUTION\nx = 1\n### END SOLUTION")
    answer["metadata"] = {
        "nbgrader": {**marks, "grade_id": "x", "solution": True, "grade": False, "locked": False}
    }
    test = c.code_cell("assert x == 1")
    test["metadata"] = {
        "nbgrader": {
            **marks, "grade_id": "t", "points": 1, "solution": False, "grade": True, "locked": True
        }
    }  # fmt: skip
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    notebook = {"cells": [answer, test], "metadata": {"kernelspec": kernel}}
    notebook |= {"nbformat": 4, "nbformat_minor": 5}
    (folder / "p.ipynb").write_text(json.dumps(notebook), encoding="utf-8")
    c.nbgrader(root, "generate_assignment", "old_style")
    released = json.loads((root / "assignments/old_style/p.ipynb").read_text(encoding="utf-8"))
    assert "YOUR CODE HERE" in "".join(released["cells"][0]["source"])
    handed_in = root / "submitted" / "ann" / "old_style"
    handed_in.mkdir(parents=True)
    released["cells"][0]["source"] = "x = 1"
    (handed_in / "p.ipynb").write_text(json.dumps(released), encoding="utf-8")
    c.nbgrader(root, "autograde", "old_style")
    from nbgrader.api import Gradebook

    with Gradebook(f"sqlite:///{root / 'gradebook.db'}") as book:
        assert book.find_submission("old_style", "ann").score == 1.0
    c.nbgrader(root, "generate_feedback", "old_style")
    assert (root / "feedback/ann/old_style/p.html").is_file()
