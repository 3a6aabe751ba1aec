"""The lines that ``nbgrader_config.py`` needs."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from autograder.catalogue import Course
from autograder.errors import GradeFlowError
from autograder.nbgrader.place import course_at
from autograder.nbgrader.source import SOURCE, supply
from autograder.sandbox.opening import Kind

__all__ = ["configure", "tools_on_path"]

HERE = "autograder.nbgrader"
KNOW_THE_COURSE = (
    "PutInOrder",
    "GradeCaged",
    "KeepStubs",
    "SubmissionExporter",
    "TellResults",
    "FeedbackExporter",
)
LATE = "nbgrader.preprocessors.AssignLatePenalties"
# What nbgrader does without any setting. Written down here because its converters take seconds to
# import, and these lines run before every command; a test compares them with nbgrader's own.
SANITIZE = (
    "ClearOutput",
    "DeduplicateIds",
    "OverwriteKernelspec",
    "OverwriteCells",
    "CheckCellMetadata",
)
AUTOGRADE = (
    "Execute",
    "IgnorePattern",
    "nbconvert.preprocessors.ClearMetadataPreprocessor",
    "LimitOutput",
    "SaveAutoGrades",
    "AssignLatePenalties",
    "CheckCellMetadata",
)
FEEDBACK = ("GetGrades", "nbconvert.preprocessors.CSSHTMLHeaderPreprocessor")
GENERATE = (
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


def configure(
    config: Any, root: str | Path, *, layout: bool = True, sandbox: Kind = "cage"
) -> None:
    """Let nbgrader grade this course's exercises with our engine, and all others as before.

    Call it last in ``nbgrader_config.py``: what stands above it goes on for all other assignments.

    config: what ``get_config()`` returns.
    root: the folder with ``course.toml``.
    layout: also say where nbgrader finds and releases this course; an existing course of
    nbgrader's own keeps its folders with False, and its source directory gets the exercises.
    sandbox: ``plain`` runs submissions without a cage, on a machine that has none.

    Raises SystemExit, with a sentence, whatever goes wrong. An ordinary exception would only be
    logged: nbgrader would then go on without these lines, and run submissions uncaged.
    """
    try:
        _configure(config, Path(root), layout=layout)
        config.GradeCaged.sandbox = sandbox
    except GradeFlowError as error:
        raise SystemExit(f"nbgrader_config.py: {error}") from None
    except Exception as error:
        raise SystemExit(
            f"nbgrader_config.py: GradeFlow fails here ({type(error).__name__}: {error}); "
            "mend it, or take its lines out by `gradeflow nbgrader init --undo`."
        ) from error


def _configure(config: Any, root: Path, *, layout: bool) -> None:
    from autograder.nbgrader.locks import wait_for_locks  # whoever configures has nbgrader imported

    wait_for_locks()
    tools_on_path()
    course = course_at(root)
    _place(config, course, layout=layout)
    _plug_in(config, _own_scripts(course))
    for name in KNOW_THE_COURSE:
        config[name].course = str(course.root)


def _place(config: Any, course: Course, *, layout: bool) -> None:
    """Say where the course lies, or find out where it does, and bring its source up to date."""
    folders = config.CourseDirectory
    if layout:
        folders.root = str(course.root)
        folders.source_directory = SOURCE.as_posix()
        folders.release_directory = course.assignments.name
        # Both are made by `gradeflow build`; to make one again is always right.
        config.GenerateAssignment.force = True
    root = Path(folders.get("root", str(course.root)))
    supply(course, root / folders.get("source_directory", "source"), shared=not layout)


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


def _plug_in(config: Any, scripts: dict[str, list[str]]) -> None:
    """Put our preprocessors into nbgrader's lists; what stood there is for other assignments."""
    ours = f"{HERE}.preprocessors"
    autograde, feedback = config.Autograde, config.GenerateFeedback
    sanitizes = _listed(autograde, "sanitize_preprocessors", SANITIZE)
    grades = _listed(autograde, "autograde_preprocessors", AUTOGRADE)
    # Late penalties are nbgrader's affair, of our exercises too.
    late = [each for each in grades if _name(each) == _name(LATE)][:1]
    config.PutInOrder.otherwise = sanitizes
    config.GradeCaged.otherwise = [each for each in grades if _name(each) != _name(LATE)]
    config.TellResults.otherwise = _listed(feedback, "preprocessors", FEEDBACK)
    autograde.sanitize_preprocessors = [f"{ours}.PutInOrder"]
    autograde.autograde_preprocessors = [f"{ours}.GradeCaged", *late]
    autograde.exporter_class = f"{ours}.SubmissionExporter"
    autograde.exclude_overwriting = {**_own(autograde, "exclude_overwriting"), **scripts}
    feedback.preprocessors = [f"{HERE}.feedback.TellResults"]
    feedback.exporter_class = f"{HERE}.feedback.FeedbackExporter"
    generate = config.GenerateAssignment
    generates = _listed(generate, "preprocessors", GENERATE)
    generate.preprocessors = [
        f"{ours}.KeepStubs" if _name(each) == "ClearSolutions" else each for each in generates
    ]


def _listed(section: Any, name: str, stock: Sequence[str]) -> list[Any]:
    """Return a list of preprocessors as the course has set it, or as nbgrader has it."""
    usual = [each if "." in each else f"nbgrader.preprocessors.{each}" for each in stock]
    said = section.get(name)
    if hasattr(said, "get_value"):  # c.Autograde.autograde_preprocessors.append(...)
        said = said.get_value(usual)
    return usual if said is None else [*said]


def _own(section: Any, name: str) -> dict[str, Any]:
    said = section.get(name, {})
    return dict(said.get_value({}) if hasattr(said, "get_value") else said)


def _name(preprocessor: Any) -> str:
    """Return the last part of a preprocessor's name: a text, a class, or an object of one."""
    if isinstance(preprocessor, str):
        return preprocessor.rpartition(".")[2]
    return str(getattr(preprocessor, "__name__", type(preprocessor).__name__))
