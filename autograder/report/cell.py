"""A task's result as HTML below a notebook's cell: for ``check(...)`` and for nbgrader's pages.

It stands in whatever page shows the notebook. So it brings no style sheet, no script and no colour
of text, and its picture is an image, in which nothing can run.
"""

from __future__ import annotations

from autograder.catalogue import Exercise
from autograder.catalogue.exercise import Task
from autograder.catalogue.speaking import own_texts
from autograder.messages import Explanation, explain_evidence, has, translate
from autograder.model import CheckResult, Result, Verdict
from autograder.report.pages import render, svg_address
from autograder.report.pictures import for_task, plot_svg
from autograder.report.tasks import MARKS, SAME_FOR_ALL, CheckView, TaskView, task_view
from autograder.report.words import LANGUAGE_TAGS, WORST_FIRST

__all__ = ["task_html"]

TEXTS = (
    *("page.hints", "page.next_hint", "page.advice", "page.looks_like", "page.plot"),
    *("cell.why", "page.passes"),
)


def task_html(
    task: Task,
    result: Result,
    exercise: Exercise,
    language: str,
    *,
    points: str,
    remark: str = "",
    tells_notes: bool = False,
) -> str:
    """Write what came of one task: points, each check, what to do next, hints, and its picture.

    result: with nothing in it that the reader may not see.
    points: a short text for the task's points. remark: a sentence that qualifies them.
    tells_notes: whether remarks on the whole file stand here too.
    """
    checks = [check for check in result.checks if check.task == task.name]
    view = task_view(task, result, exercise, language)
    verdict = _verdict(checks, result)
    return render(
        "cell.html.j2",
        view=view,
        wrong=_wrong_first(view, verdict),
        passed=() if view.full else [each for each in view.checks if each.verdict == "passed"],
        verdict=verdict.value,
        mark=MARKS[verdict],
        points=points,
        remark=remark,
        problem=_problem(result, exercise, language),
        rungs=len(view.hints),
        picture=_picture(checks, for_task(result, exercise, task.name), exercise, language),
        notes=_notes(result, language) if tells_notes else [],
        texts={key.partition(".")[2]: translate(key, language) for key in TEXTS},
        tag=LANGUAGE_TAGS.get(language, language),
    ).strip()


def _verdict(checks: list[CheckResult], result: Result) -> Verdict:
    """Return the worst verdict, which colours the whole; without checks nothing could be run."""
    if not checks or result.score.withheld:
        return Verdict.FAULT if result.score.withheld else Verdict.ERROR
    return min((check.verdict for check in checks), key=WORST_FIRST.index)


def _wrong_first(view: TaskView, verdict: Verdict) -> list[CheckView]:
    """Return what did not pass, the worst before the others: its reasons stand open."""
    wrong = [each for each in view.checks if each.verdict != "passed"]
    return sorted(wrong, key=lambda each: each.verdict != verdict.value)


def _problem(result: Result, exercise: Exercise, language: str) -> Explanation | None:
    if result.score.withheld:
        return Explanation(translate("evidence.fault", language))
    if result.problem is None:
        return None
    return explain_evidence(result.problem, language, own_texts(exercise, language))


def _picture(
    checks: list[CheckResult], result: Result, exercise: Exercise, language: str
) -> str | None:
    """Return the task's picture, but not of what is not there yet: it would show the target."""
    kinds = {check.evidence.kind if check.evidence else "" for check in checks}
    if kinds <= SAME_FOR_ALL:
        return None
    return svg_address(plot_svg(result, exercise, language))


def _notes(result: Result, language: str) -> list[str]:
    return [translate(n.name, language, **n.facts) for n in result.notes if has(n.name)]
