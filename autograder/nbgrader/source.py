"""The folder that nbgrader releases from: generated, and holding what learners get, nothing else.

nbgrader copies every file that lies beside a source notebook: into the release, beside each
autograded notebook, into the feedback. So the author's room, with its reference, its variants and
its hidden checks, is never where nbgrader looks.
"""

from __future__ import annotations

import shutil
from contextlib import suppress
from pathlib import Path

from autograder.catalogue import Course
from autograder.catalogue.exercise import ANSWERS, MANIFEST

__all__ = ["SOURCE", "mirror", "mirror_if_missing"]

SOURCE = Path("build") / "nbgrader" / "source"


def mirror(course: Course, name: str) -> Path:
    """Make the source folder of an exercise from what was built for learners.

    Only files that ``gradeflow build`` makes are taken: what else lies there, such as somebody's
    own attempt, is not released. Raises GradeFlowError when the exercise was not built.
    """
    exercise = course.released(name)
    room = course.root / SOURCE / name
    files = [f"{exercise.module}.ipynb", f"{exercise.module}.py", "test_public.py"]
    if exercise.plotting.is_file():
        files.append(exercise.plotting.name)
    shutil.rmtree(room, ignore_errors=True)
    room.mkdir(parents=True)
    for file in (*files, MANIFEST, ANSWERS):
        shutil.copyfile(exercise.folder / file, room / file)
    return room


def mirror_if_missing(course: Course) -> None:
    """Make the source folders of a fresh copy of the repository, whose releases are committed."""
    with suppress(OSError):  # a reader who may not write here releases nothing either
        for name in course.exercises:
            built = (course.assignments / name / ANSWERS).is_file()
            if built and not (course.root / SOURCE / name).is_dir():
                mirror(course, name)
