"""One open gradebook, which this process alone writes, for a whole class."""

from __future__ import annotations

from typing import Any

from nbgrader.api import Gradebook, InvalidEntry, MissingEntry
from nbgrader.preprocessors import AssignLatePenalties
from sqlalchemy.exc import OperationalError, SQLAlchemyError

from autograder.catalogue import Exercise
from autograder.errors import GradeFlowError
from autograder.nbgrader.locks import patiently, wait_for_locks
from autograder.nbgrader.place import Place
from autograder.nbgrader.scores import TaskScore, write_scores

__all__ = ["Book"]


class Book:
    """nbgrader's gradebook of a course, opened once. A context manager.

    app: nbgrader's application object, with its configuration.

    Raises GradeFlowError when the gradebook cannot be opened or does not know the assignment.
    """

    def __init__(self, app: Any, exercise: Exercise) -> None:
        self._app = app
        self._exercise = exercise
        wait_for_locks()
        try:
            self._book = patiently(self._opened)
        except MissingEntry:
            raise GradeFlowError(
                f"The gradebook does not know {exercise.name}: run "
                f"`nbgrader generate_assignment {exercise.name}` first."
            ) from None
        except ModuleNotFoundError as error:
            raise GradeFlowError(
                f"The gradebook's database needs the Python package {error.name}: install it; for "
                'PostgreSQL, pip install "gradeflow[postgresql]".'
            ) from None
        except (SQLAlchemyError, InvalidEntry) as error:
            raise GradeFlowError(
                f"The gradebook cannot be opened ({str(error).splitlines()[0]}): is its address, "
                "c.CourseDirectory.db_url in nbgrader_config.py, right?"
            ) from None

    def _opened(self) -> Any:
        coursedir = self._app.coursedir
        book = Gradebook(coursedir.db_url, coursedir.course_id)
        try:
            book.find_notebook(self._exercise.module, self._exercise.name)
        except BaseException:
            book.close()
            raise
        return book

    def __enter__(self) -> Book:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the gradebook."""
        self._book.close()

    def scored(self) -> frozenset[str]:
        """Return the learners all of whose cells have an automatic score."""
        return frozenset(patiently(self._scored))

    def _scored(self) -> list[str]:
        submissions = self._book.assignment_submissions(self._exercise.name)
        return [
            submission.student.id
            for submission in submissions
            if all(g.auto_score is not None for n in submission.notebooks for g in n.grades)
        ]

    def write(self, place: Place, scores: tuple[TaskScore, ...]) -> None:
        """Write a learner's scores and comments, and what nbgrader's own command writes with them.

        Raises GradeFlowError when the gradebook lacks the learner and may not make them, or stays
        locked.
        """
        patiently(lambda: self._write(place, scores))

    def _write(self, place: Place, scores: tuple[TaskScore, ...]) -> None:
        try:
            submission = self._submission(place)
            notebook = next(n for n in submission.notebooks if n.name == place.notebook)
            write_scores(notebook, scores)
            self._book.db.commit()
            late = submission.total_seconds_late > 0
            if late or notebook.late_submission_penalty is not None:
                self._penalise(place)
        except (OperationalError, InvalidEntry):
            self._book.db.rollback()
            raise

    def _submission(self, place: Place) -> Any:
        self._know(place.student)
        when = {}
        timestamp = _timestamp(self._app.coursedir, place)
        if timestamp is not None:
            when["timestamp"] = timestamp
        return self._book.update_or_create_submission(place.assignment, place.student, **when)

    def _know(self, student: str) -> None:
        try:
            self._book.find_student(student)
        except MissingEntry:
            if not self._app.config.Autograde.get("create_student", True):
                raise GradeFlowError(
                    f"The gradebook does not know {student}, and c.Autograde.create_student is "
                    f"False: run `nbgrader db student add {student}`."
                ) from None
            self._book.update_or_create_student(student)

    def _penalise(self, place: Place) -> None:
        """Let nbgrader's own preprocessor, with the course's plugin, set the late penalty."""
        named = {
            "student": place.student,
            "assignment": place.assignment,
            "notebook": place.notebook,
            "db_url": place.db_url,
        }
        from nbformat.v4 import new_notebook

        new: Any = new_notebook
        AssignLatePenalties(parent=self._app).preprocess(new(), {"nbgrader": named})
        self._book.db.expire_all()


def _timestamp(coursedir: Any, place: Place) -> Any:
    try:
        return coursedir.get_existing_timestamp(str(place.submitted))
    except Exception as error:  # what nbgrader raises for a damaged one is an accident of its own
        coursedir.log.warning("%s: timestamp.txt cannot be read: %s", place.student, error)
        return None
