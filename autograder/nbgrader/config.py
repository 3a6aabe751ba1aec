"""The lines that ``nbgrader_config.py`` needs."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

from autograder.catalogue import Course
from autograder.errors import GradeFlowError
from autograder.nbgrader.place import course_at
from autograder.nbgrader.source import SOURCE, mirror_if_missing
from autograder.sandbox.opening import Kind

__all__ = ["configure", "tools_on_path"]

HERE = "autograder.nbgrader"
STOCK_GENERATE = (
    "IncludeHeaderFooter",
    "InstantiateTests",
    "LockCells",
    "ClearSolutions",
    "ClearOutput",
    "CheckCellMetadata",
    "ComputeChecksums",
    "SaveCells",
    "ClearHiddenTests",
    "ClearMarkScheme",
    "ComputeChecksums",
    "CheckCellMetadata",
)
LATE = "nbgrader.preprocessors.AssignLatePenalties"


def configure(
    config: Any, root: str | Path, *, layout: bool = True, sandbox: Kind = "cage"
) -> None:
    """Let nbgrader grade this course's exercises with our engine, and all others as before.

    config: what ``get_config()`` returns.
    root: the folder with ``course.toml``.
    layout: also say where nbgrader finds and releases this course; an existing course of
    nbgrader's own keeps its folders with False.
    sandbox: ``plain`` runs submissions without a cage, on a machine that has none.

    Raises GradeFlowError when there is no course.
    """
    from autograder.nbgrader.locks import wait_for_locks  # whoever configures has nbgrader imported

    wait_for_locks()
    course = course_at(Path(root))
    here = str(course.root)
    tools_on_path()
    if layout:
        config.CourseDirectory.root = here
        config.CourseDirectory.source_directory = SOURCE.as_posix()
        config.CourseDirectory.release_directory = course.assignments.name
        # Both are made by `gradeflow build`; to make one again is always right.
        config.GenerateAssignment.force = True
        mirror_if_missing(course)
    _plug_in(config.Autograde, "sanitize_preprocessors", config.PutInOrder, "PutInOrder")
    _plug_in(config.Autograde, "autograde_preprocessors", config.GradeCaged, "GradeCaged", LATE)
    _plug_in(config.GenerateFeedback, "preprocessors", config.TellResults, "TellResults")
    config.Autograde.exporter_class = f"{HERE}.preprocessors.SubmissionExporter"
    config.GenerateFeedback.exporter_class = f"{HERE}.feedback.FeedbackExporter"
    config.Autograde.exclude_overwriting = {
        **config.Autograde.get("exclude_overwriting", {}),
        **_own_scripts(course),
    }
    config.GenerateAssignment.preprocessors = _generating(config.GenerateAssignment)
    for name in ("PutInOrder", "GradeCaged", "KeepStubs", "SubmissionExporter"):
        config[name].course = here
    for name in ("TellResults", "FeedbackExporter"):
        config[name].course = here
    config.GradeCaged.sandbox = sandbox


def _own_scripts(course: Course) -> dict[str, list[str]]:
    """Name the scripts in which a learner may have worked: nbgrader leaves them as they are."""
    scripts = {}
    for name in course.exercises:
        with suppress(GradeFlowError):  # a broken exercise is told of by whoever uses it
            scripts[name] = [course.authored(name).source.name]
    return scripts


def tools_on_path() -> None:
    """Let nbgrader find alembic, which it starts by name, beside the Python that runs it."""
    folder = str(Path(sys.executable).parent)
    path = os.environ.get("PATH", "")
    if folder not in path.split(os.pathsep):
        os.environ["PATH"] = os.pathsep.join([folder, path])


def _plug_in(section: Any, name: str, ours: Any, kind: str, *after: str) -> None:
    """Put a preprocessor of ours into a list; what stood there runs for foreign assignments."""
    module = "feedback" if kind == "TellResults" else "preprocessors"
    item = f"{HERE}.{module}.{kind}"
    before = section.get(name)
    if isinstance(before, list) and item not in map(str, before):
        ours.otherwise = [each for each in before if str(each) not in after]
    section[name] = [item, *after]


def _generating(section: Any) -> list[Any]:
    stock = [f"nbgrader.preprocessors.{name}" for name in STOCK_GENERATE]
    before = section.get("preprocessors")
    listed = before if isinstance(before, list) else stock
    ours = f"{HERE}.preprocessors.KeepStubs"
    return [ours if str(each).rpartition(".")[2] == "ClearSolutions" else each for each in listed]
