"""A course of one small exercise for the tests with nbgrader, and learners' notebooks for it."""

from __future__ import annotations

import atexit
import json
import os
import sys
import textwrap
import threading
from copy import deepcopy
from functools import cache
from pathlib import Path
from typing import Any

from warm_python import WarmPython

ROOT = Path(__file__).resolve().parents[2]
NAME = "01_tiny"
SECRET = "hidden_secret_line"

FILES = {
    "exercise.toml": """
        module = "tiny"
        points = 6

        [title]
        en = "Tiny"
        zh = "小练习"

        [limits]
        wall = 8
        total = 40

        [[tasks]]
        name = "double"
        points = 4
        title.en = "Twice as much"
        title.zh = "加倍"
        hints.en = ["What is 2 times 3?"]
        hints.zh = ["2 乘 3 是多少?"]

        [[tasks]]
        name = "total"
        points = 2
        title.en = "The sum"
        title.zh = "求和"
        hints.en = ["Add them up."]
        hints.zh = ["加起来。"]

        [misconceptions."T1"]
        hint.en = "You squared instead of doubling."
        hint.zh = "你平方了,而不是加倍。"
    """,
    "tiny.py": '''
        # %% [markdown] lang="en"
        # # Tiny
        #
        # Two small functions.

        # %% [markdown] lang="zh"
        # # 小练习
        #
        # 两个小函数。

        # %%
        import numpy as np


        # %% task="double"
        def double(z):
            """Return twice as much."""
            ### BEGIN SOLUTION
            reference_answer = z + z
            return reference_answer
            ### END SOLUTION


        # %% task="total"
        def total(z):
            """Return the sum."""
            ### BEGIN SOLUTION
            reference_total = np.sum(z)
            return float(reference_total)
            ### END SOLUTION
    ''',
    "test_public.py": """
        from autograder.checks import agree, task


        @task("double", points=2)
        def test_double_doubles(student, reference, rng):
            z = rng.normal(size=4)
            agree(student.double(z), reference.double(z))


        @task("total", points=2)
        def test_total_adds_up(student, reference, rng):
            z = rng.normal(size=4)
            agree(student.total(z), reference.total(z))
    """,
    "test_hidden.py": """
        from autograder.checks import agree, task


        @task("double", points=2)
        def test_double_takes_a_matrix(student, reference, rng):
            hidden_secret_line = 4711.25 + rng.normal(size=(2, 3))
            agree(student.double(hidden_secret_line), reference.double(hidden_secret_line))
    """,
    "misconceptions.py": """
        from autograder.diagnosis import misconception


        @misconception("T1")
        def double(z):
            variant_of_double = z**2
            return variant_of_double
    """,
}
DOUBLE = "def double(z):\n    return 2 * z\n"
TOTAL = "def total(z):\n    return float(np.sum(z))\n"
SQUARE = "def double(z):\n    return z**2\n"


FIGURE = {
    "Two small functions.": (
        "![A line that falls.](line.png)\n#\n# **Figure.** It falls from 1 to 0."
    ),
    "两个小函数。": "![一条下降的线。](line.png)\n#\n# **图。** 它从 1 降到 0。",
}
DRAWS = '# %% figure="line"\ndef draw_line(fig):\n    fig.subplots().plot([0, 1], [1, 0])\n\n\n'


def with_figure() -> str:
    """Return the exercise's source with a figure in its prose."""
    text = dedented(FILES["tiny.py"])
    for sentence, figure in FIGURE.items():
        text = text.replace(f"# {sentence}\n", f"# {sentence}\n#\n# {figure}\n")
    return text.replace("# %%\nimport", f"{DRAWS}# %%\nimport")


def dedented(text: str) -> str:
    return textwrap.dedent(text).lstrip("\n")


def make_course(root: Path) -> Path:
    """Write a course of one exercise, built, with its gradebook filled by nbgrader."""
    write_exercise(root)
    (root / "course.toml").write_text(
        f'exercises = ["{NAME}"]\nsalt = "pepper"\n[title]\nen = "T"\nzh = "T"\n', encoding="utf-8"
    )
    config = (ROOT / "nbgrader_config.py").read_text(encoding="utf-8")
    (root / "nbgrader_config.py").write_text(config, encoding="utf-8")
    run(root, "-m", "autograder.cli", "build")
    nbgrader(root, "generate_assignment", NAME)
    return root


def write_exercise(root: Path) -> None:
    """Write the exercise as its author does."""
    folder = root / "solutions" / NAME
    folder.mkdir(parents=True)
    for name, text in FILES.items():
        (folder / name).write_text(dedented(text), encoding="utf-8")


def run(root: Path, *arguments: str, fails: bool = False) -> str:
    """Run ``python -m ...`` in a course's folder; return what it said, and insist it succeeds."""
    dash, *command = arguments
    assert dash == "-m"
    # What a test has changed meanwhile, a variable for instance, is passed on.
    code, said = _warm(threading.get_ident()).run(command, root, {**os.environ, **ENVIRONMENT})
    assert (code != 0) == fails, said
    return said


ENVIRONMENT = {
    "PYTHONPATH": str(ROOT),
    "PYTHONWARNINGS": "ignore",
    # nbgrader starts its helper alembic by name.
    "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]]),
}


@cache
def _warm(thread: int) -> WarmPython:
    """Start one for each thread of a test: it runs one command at a time."""
    del thread
    python = WarmPython(ROOT, {**os.environ, **ENVIRONMENT})
    atexit.register(python.leave)
    return python


def nbgrader(root: Path, *arguments: str, fails: bool = False) -> str:
    """Run nbgrader in a course's folder."""
    return run(root, "-m", "nbgrader", *arguments, fails=fails)


def released(root: Path) -> dict:
    """Read the notebook that learners get."""
    return json.loads((root / "assignments" / NAME / "tiny.ipynb").read_text(encoding="utf-8"))


def answered(notebook: dict, **answers: str) -> dict:
    """Write answers into the tasks' cells."""
    notebook = deepcopy(notebook)
    for name, text in answers.items():
        cell_of(notebook, name)["source"] = text
    return notebook


def cell_of(notebook: dict, name: str) -> dict:
    """Find a cell by nbgrader's id."""
    cells = notebook["cells"]
    return next(c for c in cells if c["metadata"].get("nbgrader", {}).get("grade_id") == name)


def code_cell(source: str, **metadata: object) -> dict:
    """Make a cell of the learner's own."""
    return {
        "cell_type": "code",
        "id": f"own-{abs(hash(source)) % 10**8}",
        "metadata": metadata,
        "source": source,
        "outputs": [],
        "execution_count": None,
    }


def submit(
    root: Path,
    student: str,
    notebook: dict | str | bytes | None,
    assignment: str = NAME,
    **files: str,
) -> Path:
    """Put what a learner hands in where ``nbgrader collect`` would."""
    folder = root / "submitted" / student / assignment
    folder.mkdir(parents=True, exist_ok=True)
    if isinstance(notebook, dict):
        notebook = json.dumps(notebook)
    if isinstance(notebook, str):
        notebook = notebook.encode()
    if notebook is not None:
        (folder / "tiny.ipynb").write_bytes(notebook)
    for name, text in files.items():
        (folder / name.replace("__", ".")).write_text(text, encoding="utf-8")
    (folder / "timestamp.txt").write_text("2026-01-01 12:00:00 UTC", encoding="utf-8")
    return folder


def scores(
    root: Path, url: str | None = None, assignment: str = NAME
) -> dict[str, dict[str, float | None]]:
    """Read every learner's automatic scores, by task."""
    return {
        student: {name: grade["auto_score"] for name, grade in grades.items()}
        for student, grades in gradebook(root, url, assignment).items()
    }


def opened(root: Path, url: str | None = None) -> Any:
    """Open a course's gradebook: the file in its folder, or at another address."""
    from nbgrader.api import Gradebook

    return Gradebook(url or f"sqlite:///{root / 'gradebook.db'}")


def gradebook(
    root: Path, url: str | None = None, assignment: str = NAME
) -> dict[str, dict[str, dict]]:
    """Read every learner's grades, by task."""
    with opened(root, url) as book:
        return {
            submission.student.id: {
                grade.name.removeprefix("check-"): grade.to_dict()
                for notebook in submission.notebooks
                for grade in notebook.grades
            }
            for submission in book.assignment_submissions(assignment)
        }


def comments(root: Path, student: str, url: str | None = None) -> dict[str, str | None]:
    """Read the automatic comments of a learner, by task."""
    with opened(root, url) as book:
        notebook = book.find_submission_notebook("tiny", NAME, student)
        return {comment.name: comment.auto_comment for comment in notebook.comments}


def autograded(root: Path, student: str) -> dict:
    """Read a learner's autograded notebook."""
    path = root / "autograded" / student / NAME / "tiny.ipynb"
    return json.loads(path.read_text(encoding="utf-8"))


def gradebook_scores(root: Path, url: str | None = None) -> dict[str, dict[str, tuple]]:
    """Read what of every learner's grades counts, by task."""
    kept = ("auto_score", "manual_score", "max_score", "needs_manual_grade")
    return {
        student: {name: tuple(grade[key] for key in kept) for name, grade in grades.items()}
        for student, grades in gradebook(root, url).items()
    }
