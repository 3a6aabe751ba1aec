"""Finding what a command is about: the course, an exercise, a task, a language."""

from __future__ import annotations

import os
import sys
from enum import StrEnum
from pathlib import Path

from autograder.catalogue import (
    Course,
    Exercise,
    Task,
    find_course,
    find_exercise,
    language_at,
    meant,
    similar,
)
from autograder.errors import LearnerError
from autograder.messages import learner_error

__all__ = [
    "RESULTS",
    "Language",
    "asked_for",
    "course_here",
    "exercise_of",
    "language_of",
    "released_exercises",
    "results_of",
    "task_of",
    "warn_of_salt",
]

WORK = (".py", ".ipynb")
RESULTS = Path("results")
"""Where a class's results lie, each exercise's in a folder, where nothing else is asked for."""


KNOWN_SALTS = frozenset({"", "change-me"})
"""What stands in course.toml before an instructor sets their own: anybody can read it."""


class Language(StrEnum):
    """The languages of learner's texts."""

    EN = "en"
    ZH = "zh"


def course_here() -> Course:
    """Return the course that the current folder belongs to.

    Raises LearnerError when there is none.
    """
    course = find_course(Path.cwd())
    if course is None:
        raise learner_error("error.no_course")
    return course


def results_of(
    course: Course, name: str, given: Path | None = None, *, nbgrader: bool = False
) -> Path:
    """Return where the results of an exercise lie: as given, else ``results/EXERCISE`` here.

    nbgrader: where ``gradeflow nbgrader autograde`` keeps them.
    """
    if given is not None:
        return given
    if nbgrader:
        return course.root / "build" / "nbgrader" / "results" / name
    return RESULTS / name


def warn_of_salt(course: Course) -> None:
    """Say on standard error that whoever knows the salt knows the inputs of hidden checks."""
    if course.salt in KNOWN_SALTS:
        print(
            f"note: the salt {course.salt!r} of {course.root / 'course.toml'} is known to "
            "everybody, and with it the inputs of the hidden checks. Before you give marks, set "
            "your own, such as `python -c 'import secrets; print(secrets.token_hex(16))'` makes.",
            file=sys.stderr,
        )


def exercise_of(name: str | None) -> tuple[Exercise, Path | None]:
    """Find the exercise that a learner means, and the file if they named one.

    name: an exercise (``01_neuron``, or for short ``neuron`` or ``1``), a folder, a file, or
    nothing: the folder one stands in, else the course's first exercise.

    Raises LearnerError, with what may have been meant, when there is none.
    """
    path = Path(name or ".")
    if path.exists():
        exercise = find_exercise(path)
        if exercise is not None:
            return exercise, path if path.is_file() else None
        if name is None:
            return released_exercises(course_here())[0], None
        raise learner_error("error.outside", name=name)
    if path.suffix in WORK:
        raise learner_error(
            "error.no_file", file=str(path), similar=_beside(path) or _in_course(path)
        )
    course = course_here()
    return course.released(course.meant(path.name)), None


def asked_for(name: str | None, task: str | None) -> tuple[Exercise, Path | None, Task | None]:
    """Find what is to be checked: an exercise, the file if one was named, and one task if asked.

    name: an exercise in any of its forms; or a task, where it is no exercise's and only one's.

    Raises LearnerError, with what may have been meant, when there is none.
    """
    if task is not None and name is None and find_exercise(Path.cwd()) is None:
        exercises = released_exercises(course_here())
        if any(each.task(task) for each in exercises):
            return _only_one(task, exercises)
    if task is not None:
        where, known = task_of(task, name)
        return where, exercise_of(name)[1] if name else None, known
    if name is None or Path(name).exists() or Path(name).suffix in WORK:
        return *exercise_of(name), None
    course = course_here()
    if course.meant(Path(name).name) in course.exercises:
        return *exercise_of(name), None
    exercises = _handed_out(course)
    here = find_exercise(Path.cwd())
    if here is not None and (own := here.task(name)) is not None:
        return here, None, own
    if any(each.task(name) for each in exercises):
        return _only_one(name, exercises)
    if not similar(name, course.exercises):
        names = tuple(known.name for each in exercises for known in each.tasks)
        if near := similar(name, names):
            raise learner_error("error.no_such_name", name=name, similar=near)
    return *exercise_of(name), None


def _only_one(task: str, exercises: list[Exercise]) -> tuple[Exercise, None, Task]:
    found = [(each, known) for each in exercises if (known := each.task(task)) is not None]
    if len(found) > 1:
        names = tuple(each.name for each, _ in found)
        example = f"gradeflow check {names[0]} --task {task}"
        raise learner_error("error.task_of_several", task=task, names=names, example=example)
    return found[0][0], None, found[0][1]


def _beside(path: Path) -> str:
    """Name the file of a learner's that a misspelt one is nearest to."""
    there = path.parent.iterdir() if path.parent.is_dir() else ()
    near = similar(path.name, [each.name for each in there if each.suffix in WORK])
    return str(path.with_name(near)) if near else ""


def _in_course(path: Path) -> str:
    """Return where in the course the exercise's file lies that was named without its folder."""
    course = find_course(Path.cwd())
    for each in _handed_out(course) if course else ():
        own = each.folder / path.name
        if path.stem == each.module and own.is_file():
            return os.path.relpath(own)
    return ""


def released_exercises(course: Course) -> list[Exercise]:
    """Return the exercises that learners have, in teaching order.

    Raises LearnerError when there is none.
    """
    found = _handed_out(course)
    if not found:
        raise learner_error("error.no_exercises", folder=str(course.assignments))
    return found


def _handed_out(course: Course) -> list[Exercise]:
    return [course.released(name) for name in course.exercises_in(course.assignments)]


def task_of(task: str, exercise: str | None) -> tuple[Exercise, Task]:
    """Find the task that a learner means: of one exercise, else of all that they have.

    Raises LearnerError, with what may have been meant, when there is none.
    """
    if exercise is not None or Path("exercise.toml").is_file():
        candidates = [exercise_of(exercise)[0]]
    else:
        candidates = released_exercises(course_here())
    found = [(each, known) for each in candidates if (known := each.task(task)) is not None]
    if not found:
        raise _no_task(task, candidates)
    if len(found) > 1:
        names = tuple(each.name for each, _ in found)
        raise learner_error("error.several_tasks", task=task, names=names)
    return found[0]


def _no_task(task: str, candidates: list[Exercise]) -> LearnerError:
    """Say what may have been meant; of a whole course there are too many tasks to list."""
    names = tuple(known.name for each in candidates for known in each.tasks)
    near = similar(task, names)
    if len(candidates) == 1:
        return learner_error("error.no_task", task=task, names=names, similar=near)
    by_name = {each.name: each for each in candidates}
    if one := meant(task, tuple(by_name)):
        tasks = tuple(known.name for known in by_name[one].tasks)
        return learner_error("error.task_is_exercise", exercise=one, names=tasks)
    return learner_error("error.no_task_anywhere", task=task, similar=near)


def language_of(chosen: Language | None, exercise: Exercise | None = None) -> str:
    """Choose a language: as asked, as $GRADEFLOW_LANGUAGE says, as the course says."""
    return language_at(exercise.folder if exercise else Path.cwd(), chosen and chosen.value)
