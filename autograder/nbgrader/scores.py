"""From a result to nbgrader's gradebook, through types and not through printed text."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from autograder.catalogue import Exercise
from autograder.errors import GradeFlowError
from autograder.model import Result, Verdict, for_learner
from autograder.nbgrader.sanitize import CHECK
from autograder.nbgrader.words import comment_on

__all__ = ["TaskScore", "task_scores", "write_scores"]


@dataclass(frozen=True)
class TaskScore:
    """What a task's grade cell earns, and what is said below the answer.

    points: None when withheld: by a fault of ours, never by a learner's.
    """

    task: str
    points: float | None
    comment: str | None = None


def task_scores(result: Result, exercise: Exercise, language: str) -> tuple[TaskScore, ...]:
    """Add up each task's checks, public and hidden; one fault withholds every score."""
    seen = for_learner(result)
    scores = []
    for task in exercise.tasks:
        points: float | None = None
        if not result.score.withheld:
            own = (check for check in result.checks if check.task == task.name)
            earned = sum(check.points for check in own if check.verdict is Verdict.PASSED)
            points = round(min(earned, task.points), 6)
        comment = comment_on(task, seen, exercise, language)
        scores.append(TaskScore(task.name, points, comment))
    return tuple(scores)


def write_scores(
    notebook: Any, scores: tuple[TaskScore, ...], answered: frozenset[str] = frozenset()
) -> None:
    """Write a learner's scores and comments into a gradebook, without committing them.

    notebook: nbgrader's SubmittedNotebook. All of its cells are read at once: asked for by name,
    each costs a query over six tables.

    answered: cells with an answer in words. They have no score until somebody gives one; an answer
    that was not written has 0, as nbgrader itself gives.

    A score or a comment that somebody gave by hand stays what counts, and is marked for review.

    Raises GradeFlowError when the gradebook does not know a task.
    """
    grades = {grade.name: grade for grade in notebook.grades}
    for name in grades.keys() - {f"{CHECK}{score.task}" for score in scores}:
        by_hand = name in answered
        grades[name].auto_score = None if by_hand else 0.0  # or the exercise has it no longer
        grades[name].needs_manual_grade = by_hand and grades[name].manual_score is None
    comments = {comment.name: comment for comment in notebook.comments}
    for score in scores:
        grade, comment = grades.get(f"{CHECK}{score.task}"), comments.get(score.task)
        if grade is None or comment is None:
            assignment = notebook.assignment.assignment.name
            raise GradeFlowError(
                f"The gradebook does not know the task {score.task!r} of {assignment}: run "
                f"`gradeflow build` and `nbgrader generate_assignment {assignment}`."
            )
        grade.auto_score = score.points
        grade.needs_manual_grade = grade.manual_score is not None or score.points is None
        comment.auto_comment = score.comment
