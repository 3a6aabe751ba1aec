"""One open gradebook, which this process alone writes, for a whole class."""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from nbformat.v4 import new_notebook
from nbgrader.api import Gradebook, InvalidEntry, MissingEntry
from nbgrader.preprocessors import AssignLatePenalties
from sqlalchemy.exc import OperationalError, SAWarning, SQLAlchemyError
from traitlets.utils.importstring import import_item

from autograder.catalogue import Exercise
from autograder.errors import GradeFlowError
from autograder.nbgrader.grading import Finished
from autograder.nbgrader.locks import patiently, wait_for_locks
from autograder.nbgrader.place import Place
from autograder.nbgrader.release import ANSWER
from autograder.nbgrader.sanitize import CHECK
from autograder.nbgrader.scores import write_scores

__all__ = ["Book"]


class Book:
    """nbgrader's gradebook of a course, opened once. A context manager.

    converter: nbgrader's, which autogrades, with the course's settings.

    Raises GradeFlowError when the gradebook cannot be opened or does not know the assignment.
    """

    def __init__(self, converter: Any, exercise: Exercise) -> None:
        self._converter = converter
        # Late penalties are nbgrader's affair, of our exercises too.
        self._late = _late_penalties(converter.autograde_preprocessors)
        self._exercise = exercise
        wait_for_locks()
        _hush()
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
        coursedir = self._converter.coursedir
        book = Gradebook(coursedir.db_url, coursedir.course_id)
        try:
            notebook = book.find_notebook(self._exercise.module, self._exercise.name)
            _agree_on_points(notebook, self._exercise)
            book.db.commit()
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
            if all(map(_is_scored, (g for n in submission.notebooks for g in n.grades)))
        ]

    def refusal(self, student: str) -> str:
        """Say why nothing can be written for a learner; empty when it can."""
        if self._converter.create_student or any(
            student == each.id for each in patiently(lambda: self._book.students)
        ):
            return ""
        return (
            f"{student} was not graded: the gradebook does not know them, and "
            f"c.Autograde.create_student is False. Run `nbgrader db student add {student}`."
        )

    def write(self, place: Place, finished: Finished) -> None:
        """Write a learner's scores and comments, and what nbgrader's own command writes with them.

        Raises GradeFlowError when the gradebook stays locked, or the course's plugin for late
        penalties fails.
        """
        patiently(lambda: self._write(place, finished))

    def settle(self, place: Place) -> bool:
        """Work out a learner's late penalty again; return whether it has changed.

        It depends on the due date, an extension, the course's plugin and scores given by hand.

        Raises GradeFlowError as :meth:`write` does.
        """
        return bool(patiently(lambda: self._settle(place)))

    def _write(self, place: Place, finished: Finished) -> None:
        self._book.update_or_create_student(place.student)
        with self._undone_if_locked():
            notebook = self._notebook(place)
            write_scores(notebook, finished.scores, finished.answered)
            self._book.db.commit()
            self._settled(place, notebook)

    def _settle(self, place: Place) -> bool:
        with self._undone_if_locked():
            return self._settled(place, self._notebook(place))

    def _settled(self, place: Place, notebook: Any) -> bool:
        before = notebook.late_submission_penalty
        late = notebook.assignment.total_seconds_late > 0
        if late and self._late:
            self._penalise(place)
            self._book.db.refresh(notebook)  # that was written by another connection
        elif before is not None:
            notebook.late_submission_penalty = None
            self._book.db.commit()
        return bool(notebook.late_submission_penalty != before)

    @contextmanager
    def _undone_if_locked(self) -> Iterator[None]:
        try:
            yield
        except (OperationalError, InvalidEntry):
            self._book.db.rollback()
            raise

    def _notebook(self, place: Place) -> Any:
        """Find what the gradebook has of a learner's notebook; its time is that of the file."""
        when = {}
        timestamp = _timestamp(self._converter.coursedir, place)
        if timestamp is not None:
            when["timestamp"] = timestamp
        submission = self._book.update_or_create_submission(place.assignment, place.student, **when)
        return next(each for each in submission.notebooks if each.name == place.notebook)

    def _penalise(self, place: Place) -> None:
        """Let the course's own preprocessor, with its plugin, set the late penalty."""
        named = {
            "student": place.student,
            "assignment": place.assignment,
            "notebook": place.notebook,
            "db_url": place.db_url,
        }
        new: Any = new_notebook
        for kind in self._late:
            step = kind(parent=self._converter) if isinstance(kind, type) else kind
            try:
                step.preprocess(new(), {"nbgrader": named})
            except (SQLAlchemyError, InvalidEntry):
                raise
            except Exception as error:
                raise GradeFlowError(
                    f"The late penalty of {place.student} cannot be worked out: "
                    f"{type(step).__name__}, with the plugin that the course has set, fails "
                    f"({type(error).__name__}: {error})."
                ) from None
        self._book.db.expire_all()


def _is_scored(grade: Any) -> bool:
    """Tell whether we have done our part of a cell: an answer in words waits for a person."""
    return grade.auto_score is not None or grade.name.startswith(ANSWER)


def _hush() -> None:
    """Leave out what SQLAlchemy says of nbgrader's own code: who grades can do nothing about it."""
    warnings.filterwarnings("ignore", category=SAWarning, module=r"nbgrader\.api")


def _agree_on_points(notebook: Any, exercise: Exercise) -> None:
    """Let the gradebook have the points that the exercise gives today.

    It holds those of the time when the assignment was generated; a total of new scores out of old
    points would be 81 of 80.
    """
    points = {f"{CHECK}{task.name}": task.points for task in exercise.tasks}
    points |= {f"{ANSWER}{each.name}": each.points for each in exercise.written}
    for cell in notebook.grade_cells:
        if cell.max_score != points.get(cell.name, 0.0):
            cell.max_score = points.get(cell.name, 0.0)


def _late_penalties(preprocessors: Sequence[Any]) -> list[Any]:
    """Find those that set late penalties: text, classes, or objects of one."""
    loaded = [import_item(each) if isinstance(each, str) else each for each in preprocessors]
    return [
        each
        for each in loaded
        if issubclass(each if isinstance(each, type) else type(each), AssignLatePenalties)
    ]


def _timestamp(coursedir: Any, place: Place) -> Any:
    try:
        return coursedir.get_existing_timestamp(str(place.submitted))
    except Exception as error:  # what nbgrader raises for a damaged one is an accident of its own
        coursedir.log.warning("%s: timestamp.txt cannot be read: %s", place.student, error)
        return None
