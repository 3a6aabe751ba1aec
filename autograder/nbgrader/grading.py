"""Grading one handed-in notebook, as nbgrader's commands and the whole class do it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from autograder.grading.orders import Graded
from autograder.nbgrader.outputs import fill_in
from autograder.nbgrader.place import Place
from autograder.nbgrader.sanitize import Sanitized, answered, read_blueprint, sanitize
from autograder.nbgrader.scores import TaskScore, task_scores
from autograder.nbgrader.submitted import MOST_CODE, chosen_file, is_form
from autograder.submission import Submission
from autograder.submission.files import UnreadableError, read_regular
from autograder.submission.reading import MOST_NOTEBOOK

__all__ = ["Finished", "cleaned", "finish", "handed_in"]


@dataclass(frozen=True)
class Finished:
    """A graded notebook: its cells with their outputs, and what goes into the gradebook.

    answered: cells that wait for somebody to grade them.
    """

    cells: list[Any]
    scores: tuple[TaskScore, ...]
    answered: frozenset[str] = frozenset()


def handed_in(place: Place) -> Submission | None:
    """Return the file that is graded: the notebook, or the script if that is what was worked in."""
    return chosen_file(place.submitted, place.course, place.exercise)


def cleaned(place: Place, submission: Submission | None) -> Sanitized:
    """Put the handed-in notebook in order; without one, the released cells stand there.

    submission: what is graded. Where that is a script, the notebook beside it is shown as well.
    """
    exercise = place.exercise
    released = place.course.assignments / exercise.name / f"{exercise.module}.ipynb"
    name = f"{exercise.module}.ipynb"
    tasks = [task.name for task in exercise.tasks]
    if submission is not None and is_form(submission, "notebook"):
        data = submission.data
    else:
        try:
            data, _ = read_regular(place.submitted / name, MOST_NOTEBOOK)
        except UnreadableError:
            data = b""
    return sanitize(data, name, read_blueprint(released), tasks, place.language, MOST_CODE)


def finish(
    place: Place, cells: list[Any], submission: Submission | None, graded: Graded
) -> Finished:
    """Turn a result into the notebook's outputs and the gradebook's scores."""
    scores = task_scores(graded.result, place.exercise, place.language)
    script = ""
    if submission is not None and is_form(submission, "script"):
        script = submission.data[:MOST_CODE].decode("utf-8", "replace")
    filled = fill_in(
        cells, graded.result, graded.shown, scores, place.exercise, place.language, script
    )
    return Finished(filled, scores, answered(filled))
