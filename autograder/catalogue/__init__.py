"""The course's content as typed, checked records."""

from autograder.catalogue.course import (
    Course,
    examples_at,
    find_course,
    find_exercise,
    installed_from,
    language_at,
)
from autograder.catalogue.exercise import Exercise, Misconception, Task, load_exercise
from autograder.catalogue.installing import needs_of
from autograder.catalogue.making import make_course
from autograder.catalogue.naming import meant, similar
from autograder.catalogue.points import Worth, faults_of_points
from autograder.catalogue.reading import Text

__all__ = [
    "Course",
    "Exercise",
    "Misconception",
    "Task",
    "Text",
    "Worth",
    "examples_at",
    "faults_of_points",
    "find_course",
    "find_exercise",
    "installed_from",
    "language_at",
    "load_exercise",
    "make_course",
    "meant",
    "needs_of",
    "similar",
]
