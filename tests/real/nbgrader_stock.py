"""The tests' small exercise as nbgrader alone has it: asserts and partial credit in its cells."""

from __future__ import annotations

import json
from pathlib import Path

import nbgrader_course as c

# As nbgrader's manual shows it: asserts, hidden ones between marks, and partial credit by the value
# of a cell's last line.
CHECK_DOUBLE = """
assert np.allclose(double(np.array([1.0, -3.0])), [2.0, -6.0])
### BEGIN HIDDEN TESTS
hidden_secret_line = 4711.25 + np.arange(6.0).reshape(2, 3)
assert np.allclose(double(hidden_secret_line), 2 * hidden_secret_line)
### END HIDDEN TESTS
"""
CHECK_TOTAL = "2 - abs(total(np.array([1.0, 2.0, 3.0])) - 6)"


def make_course(root: Path, name: str = c.NAME, settings: str = "") -> Path:
    """Write a course that only nbgrader grades, with its gradebook filled."""
    folder = root / "source" / name
    folder.mkdir(parents=True)
    (root / "nbgrader_config.py").write_text(f"c = get_config()\n{settings}", encoding="utf-8")
    cells = [
        _cell("imports", "import numpy as np"),
        _cell("double", _solution(c.DOUBLE), solution=True),
        _cell("check-double", CHECK_DOUBLE.strip(), points=4),
        _cell("total", _solution(c.TOTAL), solution=True),
        _cell("check-total", CHECK_TOTAL, points=2),
    ]
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    notebook = {"cells": cells, "metadata": {"kernelspec": kernel}}
    notebook |= {"nbformat": 4, "nbformat_minor": 5}
    (folder / "tiny.ipynb").write_text(json.dumps(notebook), encoding="utf-8")
    c.nbgrader(root, "generate_assignment", name)
    return root


def released(root: Path, name: str = c.NAME) -> dict:
    """Read the notebook that learners get."""
    return json.loads((root / "release" / name / "tiny.ipynb").read_text(encoding="utf-8"))


def _solution(text: str) -> str:
    return f"### BEGIN SOLUTION\n{text}### END SOLUTION"


def _cell(name: str, source: str, *, points: int = 0, solution: bool = False) -> dict:
    marks = {"schema_version": 3, "grade_id": name, "task": False, "solution": solution}
    marks |= {"grade": points > 0, "locked": not solution}
    return c.code_cell(source, nbgrader=marks | ({"points": points} if points else {}))
