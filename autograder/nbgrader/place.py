"""Where nbgrader stands: the assignment, the learner, and the exercise of ours that it is."""

from __future__ import annotations

import fnmatch
import glob
import re
from dataclasses import dataclass
from os.path import normpath
from pathlib import Path
from typing import Any

from autograder.catalogue import Course, Exercise, find_course
from autograder.errors import GradeFlowError
from autograder.messages import said_language

__all__ = ["Place", "course_at", "folders_of"]


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


def folders_of(coursedir: Any, step: str, assignment: str) -> dict[str, Path]:
    """Find the folders of an assignment in a directory of nbgrader's, by learner, sorted.

    Only of the learners that nbgrader was told to look at. Names are compared, since nbgrader
    itself would take the ``[1]`` of a learner ``fay[1]`` for a pattern.

    coursedir: nbgrader's CourseDirectory. step: one of its directories, such as ``submitted``.
    """
    pattern = coursedir.directory_structure.format(
        nbgrader_step=glob.escape(step), student_id="*", assignment_id=glob.escape(assignment)
    )
    named = re.compile(
        coursedir.format_path(step, "(?P<student>.*)", re.escape(assignment), escape=True)
    )
    found = {}
    # Not Path.glob: a step may be an absolute path.
    for path in glob.glob(pattern, root_dir=coursedir.root):  # noqa: PTH207
        folder = Path(normpath(Path(coursedir.root) / path))
        match = named.fullmatch(str(folder))
        if match is not None and folder.is_dir():
            found[match["student"]] = folder
    wanted = coursedir.student_id
    excluded = coursedir.student_id_exclude.split(",")
    return {
        student: found[student]
        for student in sorted(found)
        if student not in excluded
        and (student == wanted if wanted in found else fnmatch.fnmatchcase(student, wanted))
    }
