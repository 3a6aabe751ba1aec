"""A class that hands in the notebooks which `gradeflow build` makes, in a course of nbgrader's."""

from __future__ import annotations

import ast
import itertools
import json
import shutil
import sys
import time
from pathlib import Path
from typing import Any

from benchmarks.material import Classroom
from benchmarks.measuring import timed
from benchmarks.peers import quiet
from tools.classroom import notebooks

__all__ = ["make_our_course"]

CONFIG = """
from pathlib import Path

from autograder.nbgrader import configure

configure(get_config(), Path(__file__).parent)
"""


def make_our_course(classroom: Classroom, root: Path, command: Path, count: int) -> None:
    """Build the exercise, fill nbgrader's gradebook, and hand in so many notebooks."""
    exercise = classroom.exercise
    shutil.copytree(classroom.course.root, root)
    (root / "nbgrader_config.py").write_text(CONFIG, "utf-8")
    built = root / "assignments" / exercise.name / f"{exercise.module}.ipynb"
    ours = [sys.executable, "-m", "autograder.cli", "build", exercise.name]
    timed(ours, root, pinned=False)
    timed([command, "generate_assignment", exercise.name], root, environment=quiet(root))
    released = json.loads(built.read_text("utf-8"))
    for learner, program in itertools.islice(classroom.programs.items(), count):
        path = root / "submitted" / learner / exercise.name / built.name
        path.parent.mkdir(parents=True)
        path.write_bytes(notebooks.to_bytes(_answered(released, learner, program)))
        (path.parent / "timestamp.txt").write_text(time.strftime("%Y-%m-%d %H:%M:%S UTC"))


def _answered(released: dict[str, Any], learner: str, program: str) -> dict[str, Any]:
    """Write each function of a program into the cell of its task."""
    made: dict[str, Any] = json.loads(json.dumps(released))
    sources = {
        node.name: ast.get_source_segment(program, node) or ""
        for node in ast.parse(program).body
        if isinstance(node, ast.FunctionDef)
    }
    for cell in made["cells"]:
        task = cell["metadata"].get("nbgrader", {}).get("grade_id")
        if task in sources:
            cell["source"] = f"# {learner}\n{sources[task]}"
    return made
