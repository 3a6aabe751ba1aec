"""The lines that ``nbgrader_config.py`` needs."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

from autograder.errors import GradeFlowError
from autograder.nbgrader.place import course_at
from autograder.nbgrader.source import SOURCE, source_room, supply
from autograder.sandbox.opening import Kind

__all__ = ["configure", "tools_on_path"]


def configure(
    config: Any,
    root: str | Path,
    *,
    layout: bool = True,
    sandbox: Kind = "cage",
    jobs: int | None = None,
) -> None:
    """Let nbgrader grade this course's exercises with our engine, and all others as before.

    No other setting is changed: which preprocessors and exporters the course has for its other
    assignments, and where it says so, makes no difference.

    config: what ``get_config()`` returns.
    root: the folder with ``course.toml``.
    layout: also say where nbgrader finds and releases this course; an existing course of
    nbgrader's own keeps its folders with False, and its source directory gets the exercises.
    sandbox: ``plain`` runs submissions without a cage, on a machine that has none.
    jobs: how many submissions nbgrader's own command and formgrader grade at once; one for each
    core by default.

    Raises SystemExit, with a sentence, whatever goes wrong. An ordinary exception would only be
    logged: nbgrader would then go on without these lines, and run submissions uncaged.
    """
    try:
        _configure(config, Path(root), layout=layout)
        config.GradeFlow.sandbox = sandbox
        if jobs is not None:
            if not isinstance(jobs, int) or jobs < 1:
                raise GradeFlowError(f"jobs = {jobs!r} must be a whole number, 1 or more")
            config.GradeFlow.jobs = jobs
    except GradeFlowError as error:
        raise SystemExit(f"nbgrader_config.py: {error}") from None
    except Exception as error:
        raise SystemExit(
            f"nbgrader_config.py: GradeFlow fails here ({type(error).__name__}: {error}); "
            "mend it, or take its lines out by `gradeflow nbgrader init --undo`."
        ) from error


def _configure(config: Any, root: Path, *, layout: bool) -> None:
    # Whoever configures has nbgrader imported; the rest of this module is read without it.
    from autograder.nbgrader.converters import take_over
    from autograder.nbgrader.formgrader import seal_formgrader
    from autograder.nbgrader.locks import wait_for_locks

    wait_for_locks()
    tools_on_path()
    course = course_at(root)
    folders = config.CourseDirectory
    if layout:
        folders.root = str(course.root)
        folders.source_directory = SOURCE.as_posix()
        folders.release_directory = course.assignments.name
    here = Path(folders.get("root", str(course.root)))
    said = folders.get("source_directory", "source")
    room = source_room(course, here, said)
    supply(course, room, shared=not layout and room == here / said)
    config.GradeFlow.course = str(course.root)
    take_over()
    seal_formgrader()


def tools_on_path() -> None:
    """Let nbgrader find alembic, which it starts by name, beside the Python that runs it."""
    folder = str(Path(sys.executable).parent)
    path = os.environ.get("PATH", "")
    if folder not in path.split(os.pathsep):
        os.environ["PATH"] = os.pathsep.join([folder, path])
