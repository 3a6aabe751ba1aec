"""Which exercise a running notebook belongs to: it knows no file of its own for certain.

Looked for in this order: what the notebook itself carries, which one of its cells has left in the
kernel or which stands in its file, where the front end tells that; the folder in which the kernel
runs, which holds the same exercise in a newer state once the course was brought up to date; and
courses that are installed as packages. No other notebook is opened: whoever wrote it, its checks
would run here.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from importlib import resources
from importlib.metadata import entry_points
from pathlib import Path

import msgspec

from autograder.catalogue import Exercise, find_course, find_exercise, similar
from autograder.errors import CourseError, LearnerError
from autograder.handout.carrying import laid_out
from autograder.handout.sources import GROUP
from autograder.messages import learner_error
from autograder.submission.given import CARRIED

__all__ = ["KEY", "exercise_here", "language_here"]

KEY = "gradeflow"
"""The key in a notebook's metadata."""
MOST_FILE = 64 * 2**20  # bytes of a notebook that are read for it


class _Ours(msgspec.Struct, frozen=True):
    packed: str = ""
    language: str = ""


class _Metadata(msgspec.Struct, frozen=True):
    gradeflow: _Ours = _Ours()


class _Notebook(msgspec.Struct, frozen=True):
    metadata: _Metadata = _Metadata()


def exercise_here(task: str, namespace: Mapping[str, object], folder: Path | None) -> Exercise:
    """Find the exercise with a task that the running notebook means.

    namespace: the kernel's. folder: where the exercise lies, if that was said.

    Raises LearnerError when there is none, or none with this task.
    """
    beside = find_exercise(folder or Path.cwd())
    if folder is not None:
        if beside is None:
            raise learner_error("error.outside", name=str(folder))
        return _with_task(task, beside)
    own, trouble = _own(namespace)
    if own is not None:
        newer = beside is not None and beside.name == own.name and beside.task(task) is not None
        return beside if newer and beside is not None else _with_task(task, own)
    if beside is not None and beside.task(task) is not None:
        return beside
    if (found := _installed(task)) is not None:
        return found
    if trouble is not None:
        raise trouble
    return _with_task(task, beside)


def language_here(namespace: Mapping[str, object]) -> str | None:
    """Return the language in which the running notebook is written, where its file says it."""
    ours = _ours(namespace)
    return ours.language or None if ours else None


def _with_task(task: str, exercise: Exercise | None) -> Exercise:
    if exercise is None:
        raise learner_error("error.notebook_moved", name=CARRIED)
    if exercise.task(task) is None:
        names = tuple(known.name for known in exercise.tasks)
        raise learner_error("error.no_task", task=task, names=names, similar=similar(task, names))
    return exercise


# ---- what the notebook carries ----


def _own(namespace: Mapping[str, object]) -> tuple[Exercise | None, LearnerError | None]:
    """Open what the notebook carries, or say why that cannot be."""
    left = namespace.get(CARRIED)
    ours = None if isinstance(left, str) else _ours(namespace)
    text = left if isinstance(left, str) else ours.packed if ours else ""
    try:
        return (laid_out(text) if text else None), None
    except LearnerError as trouble:
        return None, trouble


def _ours(namespace: Mapping[str, object]) -> _Ours | None:
    path = _file(namespace)
    try:
        if path is None or path.stat().st_size > MOST_FILE:
            return None
        return msgspec.json.decode(path.read_bytes(), type=_Notebook).metadata.gradeflow
    except (OSError, ValueError, RecursionError):  # it is no notebook, or carries nothing
        return None


def _file(namespace: Mapping[str, object]) -> Path | None:
    """Return the notebook's file, where VS Code or Jupyter's server tells it."""
    for said in (namespace.get("__vsc_ipynb_file__"), os.environ.get("JPY_SESSION_NAME")):
        if isinstance(said, str) and said.endswith(".ipynb") and Path(said).is_file():
            return Path(said)
    return None


# ---- courses that are installed ----


def _installed(task: str) -> Exercise | None:
    """Find the one exercise with such a task in the courses that are installed as packages.

    Raises LearnerError when several have it.
    """
    found = [each for each in _exercises_installed() if each.task(task) is not None]
    if len(found) > 1:
        names = tuple(each.name for each in found)
        raise learner_error("error.notebook_several", task=task, names=names, name=CARRIED)
    return found[0] if found else None


def _exercises_installed() -> Iterator[Exercise]:
    for each in entry_points(group=GROUP):
        try:
            root = resources.files(each.module)
            course = find_course(root) if isinstance(root, Path) else None
        except (ImportError, CourseError):  # nothing of it can be checked, but maybe of another one
            continue
        if course is None:
            continue
        for name in course.exercises_in(course.assignments):
            try:
                found = course.released(name)
            except CourseError:
                continue
            yield found
