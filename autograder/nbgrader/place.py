"""Where nbgrader stands: the assignment, the learner, and the exercise of ours that it is."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from autograder.catalogue import Course, Exercise, find_course
from autograder.errors import GradeFlowError
from autograder.messages import said_language

__all__ = ["Place", "course_at", "place_of", "places_behind"]


@dataclass(frozen=True)
class Place:
    """One learner's notebook of one exercise, as nbgrader names it.

    submitted: the folder with what the learner handed in.
    root: of nbgrader's course, where its gradebook and its folders lie.
    """

    course: Course
    exercise: Exercise
    student: str
    notebook: str
    submitted: Path
    root: Path
    db_url: str

    @property
    def assignment(self) -> str:
        """The assignment's name, which is the exercise's."""
        return self.exercise.name

    @property
    def language(self) -> str:
        """The learner's language: as $GRADEFLOW_LANGUAGE says, else as the course says."""
        return said_language() or self.course.language


def course_at(folder: Path) -> Course:
    """Return the course of ours whose ``course.toml`` lies in a folder or above.

    Raises GradeFlowError when there is none.
    """
    course = find_course(folder)
    if course is None:
        raise GradeFlowError(
            f"There is no course.toml in {folder} or above: give configure() the folder with it."
        )
    return course


def place_of(
    course_root: str, coursedir: Any, assignment: str, student: str, notebook: str
) -> Place | None:
    """Tell where a learner's notebook belongs; None when the assignment is none of ours.

    coursedir: nbgrader's CourseDirectory.
    """
    course = course_at(Path(course_root))
    if assignment not in course.exercises:
        return None
    exercise = course.authored(assignment)
    if notebook != exercise.module:
        return None
    submitted = coursedir.format_path(coursedir.submitted_directory, student, assignment)
    root = Path(coursedir.root)
    return Place(course, exercise, student, notebook, Path(submitted), root, coursedir.db_url)


def places_behind(place: Place, converter: Any, most: int) -> list[Place]:
    """Tell which notebooks of the same assignment nbgrader comes to next, at most so many.

    converter: nbgrader's, which goes through the folders that it has found by the alphabet. Who has
    been graded before is left out: nbgrader skips most of them.
    """
    coursedir = converter.coursedir
    pattern = coursedir.format_path(
        coursedir.submitted_directory, "(?P<student>.*)", re.escape(place.assignment), escape=True
    )
    found: list[Place] = []
    for folder in sorted(each for each in converter.assignments if each > str(place.submitted)):
        if len(found) == most:
            break
        named = re.fullmatch(pattern, folder)
        if named is None:
            continue
        student = named["student"]
        done = coursedir.format_path(coursedir.autograded_directory, student, place.assignment)
        if converter.force or not Path(done).exists():
            found.append(replace(place, student=student, submitted=Path(folder)))
    return found
