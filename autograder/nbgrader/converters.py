"""nbgrader's converters: an exercise of ours goes our way, any other assignment goes theirs.

Which of the two it is, is asked where each of them starts, and not in nbgrader's settings: lists of
preprocessors and exporters stand in several files, are subclassed, replaced by plugins and given on
the command line. A course keeps all of that; for an exercise of ours none of it counts.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from os.path import normpath
from pathlib import Path
from typing import Any

from nbconvert.exporters import NotebookExporter
from nbgrader.converters import (
    Autograde,
    BaseConverter,
    GenerateAssignment,
    GenerateFeedback,
    NbGraderException,
)
from nbgrader.preprocessors import ClearSolutions

from autograder.catalogue import Course, Exercise
from autograder.errors import GradeFlowError
from autograder.grading.memory import available, jobs_that_fit
from autograder.nbgrader.engine import warm_pool
from autograder.nbgrader.feedback import FeedbackExporter, TellResults
from autograder.nbgrader.place import course_at, folders_of
from autograder.nbgrader.source import source_room
from autograder.nbgrader.whole_class import ClassRun

__all__ = ["take_over"]

_stock_start = BaseConverter.start


def take_over() -> None:
    """Let every converter of this process start at ours; without our settings it goes on alone."""
    BaseConverter.start = _start


def _start(converter: Any) -> None:
    settings = converter.config.get("GradeFlow", {})
    ways: dict[type, Callable[[Any, Course, Exercise], None]] = {
        Autograde: _autograde,
        GenerateAssignment: _generate,
        GenerateFeedback: _feed_back,
    }
    way = next((each for kind, each in ways.items() if isinstance(converter, kind)), None)
    if "course" not in settings or way is None:
        _stock_start(converter)
        return
    try:
        course = course_at(Path(settings["course"]))
        name = converter.coursedir.assignment_id
        if name in course.exercises:
            with _source_of(converter.coursedir, course):
                way(converter, course, course.authored(name))
            return
    except GradeFlowError as error:
        converter.log.error("%s", error)
        raise NbGraderException(str(error)) from None
    _keep_out(converter, course)
    _stock_start(converter)


def _keep_out(converter: Any, course: Course) -> None:
    """Let a pattern of assignments, or another way to write a name, not lead to an exercise."""
    found = converter.init_notebooks

    def init_notebooks() -> None:
        found()
        for name in course.exercises:
            ours = re.compile(converter._format_source(re.escape(name), ".*", escape=True))
            if any(ours.fullmatch(normpath(folder)) for folder in converter.assignments):
                said = converter.coursedir.assignment_id
                message = f"{said!r} stands for {name} too, an exercise of GradeFlow's: name one."
                converter.log.error("%s", message)
                raise NbGraderException(message)

    converter.init_notebooks = init_notebooks


@contextmanager
def _source_of(coursedir: Any, course: Course) -> Iterator[None]:
    """Have nbgrader look for an exercise where only what learners get lies."""
    said = coursedir.source_directory
    room = source_room(course, Path(coursedir.root), said)
    if room != Path(coursedir.root) / said:
        coursedir.source_directory = str(room)
    try:
        yield
    finally:  # formgrader's next request asks for another assignment
        coursedir.source_directory = said


def _generate(converter: Any, course: Course, exercise: Exercise) -> None:
    """Make the release of what was built, which never had a solution to clear."""
    del course, exercise
    stock = GenerateAssignment.preprocessors.default()
    converter.preprocessors = [each for each in stock if each is not ClearSolutions]
    converter.exporter_class = NotebookExporter
    converter.force = True  # `gradeflow build` made it; to make it again is always right
    _stock_start(converter)


def _feed_back(converter: Any, course: Course, exercise: Exercise) -> None:
    del course
    converter.preprocessors = [TellResults]
    converter.exporter_class = FeedbackExporter
    wanted = f"{exercise.module}.ipynb"

    def init_notebooks() -> None:
        coursedir = converter.coursedir
        found = folders_of(coursedir, converter._input_directory, exercise.name)
        there = {str(f): [str(f / wanted)] for f in found.values() if (f / wanted).is_file()}
        if not there:
            raise GradeFlowError(f"Nobody has been graded for {exercise.name}: autograde first.")
        converter.assignments = there

    converter.init_notebooks = init_notebooks
    _stock_start(converter)


def _autograde(converter: Any, course: Course, exercise: Exercise) -> None:
    """Grade whoever was asked for, as `gradeflow nbgrader autograde` does."""
    log = converter.log
    settings = converter.config.GradeFlow
    sandbox = settings.get("sandbox", "cage")
    wanted = settings.get("jobs") or os.cpu_count() or 1
    jobs, fewer = jobs_that_fit(wanted, exercise.framework, available())
    if fewer:
        log.warning("%s", fewer)
    withheld = []
    with (
        warm_pool(course, exercise, sandbox, jobs) as pool,
        ClassRun(course, exercise, pool, converter, sandbox, force=converter.force) as run,
    ):
        for result in run.carry_out():
            score = result.score
            if score.withheld:
                withheld.append(result.learner)
                log.error("%s: the score is withheld, which is our fault", result.learner)
            else:
                log.info("%s: %g of %g points", result.learner, score.points, score.possible)
    for sentence in run.told():
        log.info("%s", sentence)
    for sentence in run.left_out.values():
        log.error("%s", sentence)
    if withheld or run.left_out:
        raise NbGraderException(f"{exercise.name}: not everybody has a score; see above")
