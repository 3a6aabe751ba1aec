"""The peers, on the same programs with the same checks: nbgrader autograde, and plain pytest."""

from __future__ import annotations

import ast
import importlib.metadata
import itertools
import os
import re
import shutil
import sys
import time
from pathlib import Path
from typing import Any

from benchmarks.material import Classroom
from benchmarks.measuring import BenchmarkError, Round, Skipped, timed, tool
from tools.classroom import notebooks
from tools.classroom.material import MARKER, without_prose

__all__ = ["make_course", "nbgrader_autograde", "pytest_each", "quiet"]

SHIM = Path(__file__).with_name("plain_checks.py")
IMPORTS = re.compile(r"^from autograder\.checks import (?:\([^)]*\)|.*)$", re.MULTILINE)

# ---- plain pytest, a process each -----------------------------------------------------------

CONFTEST = """
import importlib
import zlib

import numpy as np
import pytest


@pytest.fixture
def student():
    return importlib.import_module("{module}")


@pytest.fixture
def reference():
    return importlib.import_module("right_one")


@pytest.fixture
def rng(request):
    return np.random.default_rng(zlib.crc32(request.node.name.encode()))
"""


def pytest_each(classroom: Classroom, count: int = 10) -> Round:
    """Measure pytest, started anew for each script: the module is imported by its tests."""
    folder = classroom.room / "pytest"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    exercise = classroom.exercise
    (folder / "conftest.py").write_text(CONFTEST.format(module=exercise.module), "utf-8")
    (folder / "right_one.py").write_text(exercise.source.read_text("utf-8"), "utf-8")
    (folder / "plain_checks.py").write_bytes(SHIM.read_bytes())
    for path in exercise.tests:
        text = IMPORTS.sub("from plain_checks import *", path.read_text("utf-8"))
        (folder / path.name).write_text(text, "utf-8")
    tests = [path.name for path in exercise.tests]
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-c", os.devnull]
    seconds = 0.0
    for program in itertools.islice(classroom.programs.values(), count):
        (folder / f"{exercise.module}.py").write_text(program, "utf-8")
        # 1: some tests failed. Plugins of the environment would only slow it down.
        lean = {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "PYTHONDONTWRITEBYTECODE": "1"}
        seconds += timed(
            [*command, f"--rootdir={folder}", *tests], folder, codes=(0, 1), environment=lean
        )
    note = f"measured on {count}"
    return Round("pytest, a process each", {0: 0.0, count: seconds}, note)


# ---- nbgrader -------------------------------------------------------------------------------

CONFIG = """
c = get_config()
c.CourseDirectory.course_id = "benchmark"
c.CourseDirectory.root = {root!r}
c.ExecutePreprocessor.timeout = 60
"""
LOADER = """
import sys, types, zlib
def _module(name, text):
    module = types.ModuleType(name)
    exec(text, module.__dict__)
    return module
plain_checks = _module("plain_checks", {shim!r})
globals().update({{k: v for k, v in vars(plain_checks).items() if not k.startswith("_")}})
reference = _module("right_one", {reference!r})
student = sys.modules["__main__"]
"""


def nbgrader_autograde(classroom: Classroom, few: int = 2, many: int = 12) -> Round | Skipped:
    """Measure ``nbgrader autograde``: a kernel a notebook, a grade cell for each task."""
    name = "nbgrader autograde"
    command = tool("nbgrader")
    if command is None:
        return Skipped(name, 'not installed: pip install "nbgrader>=0.9.5,<0.10"')
    name = f"nbgrader {importlib.metadata.version('nbgrader')} autograde"
    seconds: dict[int, float] = {}
    for count in (few, many):
        root = classroom.room / f"nbgrader-{count}"
        shutil.rmtree(root, ignore_errors=True)
        make_course(classroom, root, command, count)
        autograde = [command, "autograde", classroom.exercise.name]
        seconds[count] = timed(autograde, root, environment=quiet(root))
        graded = len(list((root / "autograded").glob("*/*/*.ipynb")))
        if graded != count:
            raise BenchmarkError(f"nbgrader graded {graded} of {count} notebooks")
    return Round(name, seconds, f"measured on {few} and {many} notebooks")


def quiet(root: Path) -> dict[str, str]:
    """Keep nbgrader and its kernel to the course's own folder, and quiet."""
    folders = {name: str(root / name.lower()) for name in ("IPYTHONDIR", "JUPYTER_CONFIG_DIR")}
    return {**folders, "PYDEVD_DISABLE_FILE_VALIDATION": "1"}


def make_course(classroom: Classroom, root: Path, command: Path, count: int) -> None:
    """Make a course that nbgrader grades alone, with so many notebooks handed in."""
    exercise = classroom.exercise
    source = root / "source" / exercise.name / f"{exercise.module}.ipynb"
    source.parent.mkdir(parents=True)
    (root / "nbgrader_config.py").write_text(CONFIG.format(root=str(root)), "utf-8")
    marked = f"### BEGIN SOLUTION\n{_reference(classroom)}\n### END SOLUTION"
    source.write_bytes(notebooks.to_bytes(_notebook(classroom, marked)))
    timed([command, "generate_assignment", exercise.name], root, environment=quiet(root))
    for learner, program in itertools.islice(classroom.programs.items(), count):
        path = root / "submitted" / learner / exercise.name / source.name
        path.parent.mkdir(parents=True)
        path.write_bytes(notebooks.to_bytes(_notebook(classroom, program)))
        (path.parent / "timestamp.txt").write_text(time.strftime("%Y-%m-%d %H:%M:%S UTC"))


def _notebook(classroom: Classroom, program: str) -> dict[str, Any]:
    """Write an nbgrader notebook: the program, a locked loader, a grade cell for each task."""
    exercise = classroom.exercise
    loader = LOADER.format(shim=SHIM.read_text("utf-8"), reference=_reference(classroom))
    tests = _tests_by_task(classroom)
    cells: list[tuple[str, str, dict[str, bool | float]]] = [
        ("work", program, {"solution": True}),
        ("loader", loader, {}),
    ]
    for task in exercise.tasks:
        cells.append(
            (f"test_{task.name}", tests[task.name], {"grade": True, "points": task.points})
        )
    made = notebooks.notebook([source for _, source, _ in cells])
    for cell, (name, _, marks) in zip(made["cells"], cells, strict=True):
        cell["id"] = name.replace("_", "-")
        cell["metadata"]["nbgrader"] = {
            "grade_id": name,
            "schema_version": 3,
            "grade": False,
            "solution": False,
            "task": False,
            "locked": "solution" not in marks,
            **marks,
        }
    return made


def _reference(classroom: Classroom) -> str:
    return without_prose(MARKER.sub("", classroom.exercise.source.read_text("utf-8")))


def _tests_by_task(classroom: Classroom) -> dict[str, str]:
    """Write the checks of each task as one cell: their functions, then a call of each."""
    cells: dict[str, list[str]] = {task.name: [] for task in classroom.exercise.tasks}
    for path in classroom.exercise.tests:
        text = path.read_text("utf-8")
        tree = ast.parse(text)
        checks = [node for node in tree.body if _task_of(node)]
        shared = "\n".join(
            ast.unparse(node)
            for node in tree.body
            if node not in checks and "autograder" not in ast.unparse(node)
        )
        for task, lines in cells.items():
            mine = [node for node in checks if _task_of(node) == task]
            lines += [shared] if mine else []
            for node in mine:
                assert isinstance(node, ast.FunctionDef)
                seed = f"rng = np.random.default_rng(zlib.crc32(b{node.name!r}))"
                names = ", ".join(argument.arg for argument in node.args.args)
                lines += [ast.unparse(node), seed, f"{node.name}({names})"]
    return {task: "\n".join(lines) for task, lines in cells.items()}


def _task_of(node: ast.stmt) -> str:
    for decorator in getattr(node, "decorator_list", []):
        match decorator:
            case ast.Call(func=ast.Name(id="task"), args=[ast.Constant(value=str(name))]):
                return name
    return ""
