"""The folder that nbgrader releases from: generated, and holding what learners get, nothing else.

nbgrader copies every file that lies beside a source notebook: into the release, beside each
autograded notebook, into the feedback. So the author's room, with its reference, its variants and
its hidden checks, is never where nbgrader looks.
"""

from __future__ import annotations

import filecmp
import shutil
from contextlib import suppress
from pathlib import Path
from typing import Any

import msgspec

from autograder.atomic import write_atomically
from autograder.catalogue import Course, Exercise
from autograder.catalogue.exercise import ANSWERS, MANIFEST
from autograder.errors import GradeFlowError

__all__ = ["SOURCE", "source_room", "supply"]

SOURCE = Path("build") / "nbgrader" / "source"


class _Cell(msgspec.Struct):
    attachments: dict[str, Any] = {}


class _Notebook(msgspec.Struct):
    cells: list[_Cell]


def source_room(course: Course, root: Path, said: str) -> Path:
    """Return where nbgrader finds the exercises: where the course says, unless authors work there.

    said: nbgrader's source directory, below the root of its course.
    """
    room = root / said
    return course.root / SOURCE if room.resolve() == course.solutions.resolve() else room


def supply(course: Course, room: Path, *, shared: bool) -> None:
    """Bring each exercise's folder in nbgrader's source directory up to what was built.

    Only files that ``gradeflow build`` makes are taken: what else lies in ``assignments/``, such as
    somebody's own attempt, is not released. What was not built is left out.

    shared: assignments of another making lie in the room too, and nothing in it is removed.

    Raises GradeFlowError when such an assignment has the name of an exercise.
    """
    if room.resolve() == course.assignments.resolve():
        return  # nbgrader releases from where build writes
    for name in course.exercises:
        if (course.assignments / name / ANSWERS).is_file():
            _supply(course.released(name), room / name, shared=shared)


def _supply(exercise: Exercise, folder: Path, *, shared: bool) -> None:
    if shared and folder.exists() and not (folder / ANSWERS).is_file():
        raise GradeFlowError(
            f"{folder} is an assignment of its own, with the name of an exercise in course.toml: "
            "rename one of the two."
        )
    files = [*_files(exercise)]
    with suppress(OSError):  # a reader who may not write here releases nothing either
        folder.mkdir(parents=True, exist_ok=True)
        for file in files:
            built, given = exercise.folder / file, folder / file
            if not (given.is_file() and filecmp.cmp(built, given, shallow=False)):
                write_atomically(given, built.read_bytes())
        for path in () if shared else folder.iterdir():
            if path.name not in files:
                _remove(path)


def _files(exercise: Exercise) -> tuple[str, ...]:
    """Name what learners get; the answers come last, since they mark the folder as ours."""
    plots = (exercise.plotting.name,) if exercise.plotting.is_file() else ()
    given = (f"{exercise.module}.ipynb", f"{exercise.module}.py", "test_public.py")
    return (*given, *plots, *_figures(exercise), MANIFEST, ANSWERS)


def _figures(exercise: Exercise) -> tuple[str, ...]:
    """Find the figures in the notebook that shows them: any other picture may be somebody's own."""
    path = exercise.folder / f"{exercise.module}.ipynb"
    try:
        notebook = msgspec.json.decode(path.read_bytes(), type=_Notebook)
    except (OSError, msgspec.MsgspecError):
        return ()
    names = {Path(name).name for cell in notebook.cells for name in cell.attachments}
    return tuple(sorted(name for name in names if (exercise.folder / name).is_file()))


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink()
