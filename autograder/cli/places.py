"""Finding what a command is about: the course, an exercise, a language."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path

from autograder.catalogue import Course, Exercise, find_course, find_exercise, load_exercise
from autograder.errors import GradeFlowError
from autograder.messages import said_language

__all__ = ["Language", "course_here", "exercise_of", "language_of", "released_exercises"]


class Language(StrEnum):
    """The languages of learner's texts."""

    EN = "en"
    ZH = "zh"


def course_here() -> Course:
    """Return the course that the current folder belongs to.

    Raises GradeFlowError when there is none.
    """
    course = find_course(Path.cwd())
    if course is None:
        raise GradeFlowError(
            "There is no course here: course.toml was looked for in this folder and above. "
            "Go to the course's folder and run the command again."
        )
    return course


def exercise_of(name: str | None) -> tuple[Exercise, Path | None]:
    """Find the exercise that a learner means, and the file if they named one.

    name: an exercise (``01_neuron``), a folder, a file, or nothing: the folder one stands in,
    else the course's first exercise.
    """
    if name is not None and Path(name).exists():
        path = Path(name)
        exercise = find_exercise(path)
        if exercise is not None:
            return exercise, path if path.is_file() else None
        raise GradeFlowError(f"{name} does not belong to an exercise: no exercise.toml beside it.")
    if name is None:
        here = find_exercise(Path.cwd())
        if here is not None:
            return here, None
    course = course_here()
    wanted = name or next(iter(course.exercises), "")
    for known in released_exercises(course):
        if known.name == wanted:
            return known, None
    listed = ", ".join(course.exercises) or "none"
    raise GradeFlowError(f"There is no exercise {wanted!r} here. The course has: {listed}.")


def released_exercises(course: Course) -> list[Exercise]:
    """Return the exercises that learners have, in teaching order."""
    folders = (course.assignments / name for name in course.exercises)
    return [load_exercise(folder) for folder in folders if (folder / "exercise.toml").is_file()]


def language_of(chosen: Language | None, exercise: Exercise | None = None) -> str:
    """Choose a language: as asked, as $GRADEFLOW_LANGUAGE says, as the course says."""
    if chosen is not None:
        return chosen.value
    said = said_language()
    if said is not None:
        return said
    course = find_course(exercise.folder if exercise else Path.cwd())
    return course.language if course else "en"
