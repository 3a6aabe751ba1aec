"""Starting the run over a class: what workers import first, nbgrader meanwhile."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from autograder.catalogue import Course, Exercise
from autograder.grading.pool import Pool
from autograder.nbgrader.config import tools_on_path
from autograder.nbgrader.engine import setup_for
from autograder.nbgrader.imports import without_grammar
from autograder.sandbox.opening import Kind

if TYPE_CHECKING:
    from autograder.nbgrader.whole_class import ClassRun

__all__ = ["class_run"]


@contextmanager
def class_run(
    course: Course,
    exercise: Exercise,
    jobs: int,
    *,
    students: str = "*",
    force: bool = False,
    sandbox: Kind = "cage",
) -> Iterator[ClassRun]:
    """Open a run over a class; leaving it ends the workers and closes the gradebook.

    students: a pattern of learners' ids. force: grade again what has not changed.

    Raises GradeFlowError when there is nothing to grade, no gradebook, or another such run.
    """
    with Pool(setup_for(course, exercise, sandbox), jobs) as pool:
        pool.begin()
        tools_on_path()
        with without_grammar():
            from autograder.nbgrader.whole_class import ClassRun, converter_here
        converter = converter_here(course.root)
        converter.coursedir.student_id = students
        with ClassRun(course, exercise, pool, converter, sandbox, force=force) as run:
            pool.warm_up(jobs)  # which waits for what was begun
            yield run
