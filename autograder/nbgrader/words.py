"""A task's result in words: for the grade cell, for the comment below the learner's answer.

Everything that is written here passed ``for_learner`` first: no hidden input, no expected value.
Learner's text is data: escaped in HTML, and kept out of Markdown where it could be markup.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import escape

from autograder.catalogue import Exercise
from autograder.catalogue.exercise import Task
from autograder.catalogue.speaking import own_texts, plain_text
from autograder.messages import Explanation, explain, explain_evidence, translate
from autograder.model import CheckResult, Result, Verdict
from autograder.report.cell import task_html
from autograder.report.words import WORST_FIRST, load_advice

__all__ = ["comment_on", "html_of_notes", "html_of_task", "notes_of", "text_of_task"]

MARKUP = str.maketrans({"<": "‹", ">": "›", "`": "'", "*": "∗", "$": "＄", "\\": "＼"})
LONGEST_COMMENT = 2000


def comment_on(task: Task, result: Result, exercise: Exercise, language: str) -> str | None:
    """Say below an answer what is wrong with it, and what to do next; None when it is right."""
    words = _worst_words(task, result, exercise, language)
    if words is None:
        return None
    checked = any(check.task == task.name for check in result.checks)
    hint = _first_hint(task, language) if checked else ""
    worst = _worst([check for check in result.checks if check.task == task.name])
    fresh = worst is not None and worst.example is not None and not result.score.withheld
    # No other cell of the page shows this call: a public check's own stands in the grade cell.
    values = [f"{label}: {value}" for label, value in words.values] if fresh else []
    told = [*values, *words.details[:1]] if fresh else []
    said = [words.headline, *told, words.advice or hint]
    text = "\n\n".join(_plain_markdown(each) for each in said if each)
    return text[:LONGEST_COMMENT]


def html_of_task(
    task: Task, result: Result, exercise: Exercise, language: str, points: float | None
) -> str:
    """Write what the grade cell shows: points, each check, what to do next, and the picture."""
    return task_html(task, result, exercise, language, points=_points(task, points, language))


def text_of_task(
    task: Task, result: Result, exercise: Exercise, language: str, points: float | None
) -> str:
    """Write the same as plain text."""
    words = _worst_words(task, result, exercise, language)
    head = f"{task.name}: {_points(task, points, language)}"
    return head if words is None else f"{head}\n{plain_text(words)}"


def notes_of(result: Result, exercise: Exercise, language: str) -> list[str]:
    """Say what is to be said about the whole file, beside its tasks."""
    own = own_texts(exercise, language)
    said = []
    if result.score.withheld:
        said.append(translate("evidence.fault", language))
    elif result.problem is not None:
        said.append(explain_evidence(result.problem, language, own).headline)
    if result.load:
        said.append(translate("load.heading", language))
        for evidence in result.load:
            words = explain_evidence(evidence, language, own)
            said.append(" ".join([words.headline, *words.details, words.advice]).strip())
        said.append(load_advice(result, language))
    said += [translate(note.name, language, **note.facts) for note in result.notes]
    return said


def html_of_notes(notes: Sequence[str]) -> str:
    """Write those sentences for a cell's output."""
    rows = "".join(f"<p>{escape(note)}</p>" for note in notes)
    return f'<div class="gradeflow" style="border-left:4px solid #bf8700;padding:4px">{rows}</div>'


# ---- parts ----


def _worst(checks: Sequence[CheckResult]) -> CheckResult | None:
    return min(checks, key=lambda check: WORST_FIRST.index(check.verdict), default=None)


def _worst_words(
    task: Task, result: Result, exercise: Exercise, language: str
) -> Explanation | None:
    own = own_texts(exercise, language)
    if result.score.withheld:
        return Explanation(translate("evidence.fault", language))
    if result.problem is not None:
        return explain_evidence(result.problem, language, own)
    worst = _worst([check for check in result.checks if check.task == task.name])
    if worst is None or worst.verdict is Verdict.PASSED:
        return None
    return explain(worst, language, own)


def _first_hint(task: Task, language: str) -> str:
    return next(iter(task.hints.in_(language)), "")


def _points(task: Task, points: float | None, language: str) -> str:
    if points is None:
        return translate("nbgrader.withheld", language)
    return translate("page.points", language, points=f"{points:g}", possible=f"{task.points:g}")


def _plain_markdown(text: str) -> str:
    """Write a sentence, which may quote a learner's program, so that Markdown finds no markup."""
    lines = (line.strip().translate(MARKUP) for line in text.splitlines())
    return re.sub(r"\](?=[(:\[])", "] ", "\n".join(line for line in lines if line))
