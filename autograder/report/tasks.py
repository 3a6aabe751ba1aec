"""A task and its checks as pages and cells show them, in one language."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from autograder.catalogue import Exercise
from autograder.catalogue.exercise import Task
from autograder.catalogue.speaking import own_texts, sentence
from autograder.messages import Explanation, explain, translate
from autograder.model import CheckResult, Result, Verdict
from autograder.report.beside import Beside, beside_of
from autograder.report.words import (
    WORST_FIRST,
    awaits,
    echoes,
    hidden_title,
    same_way,
    standing,
)

__all__ = ["MARKS", "SAME_FOR_ALL", "CheckView", "TaskView", "points_of", "task_view"]

MARKS = {
    Verdict.PASSED: "✔",
    Verdict.FAILED: "✘",
    Verdict.ERROR: "✘",
    Verdict.FAULT: "!",
    Verdict.SKIPPED: "○",
}
SAME_FOR_ALL = frozenset(
    {"todo", "todo_left", "todo_elsewhere", "unreached", "missing", "misspelt", "not_callable"}
)


@dataclass(frozen=True)
class CheckView:
    """A check as a template shows it, and ``more`` checks that fail in the same way.

    beside: got beside wanted on the very call, for the worst check of a task.
    """

    title: str
    verdict: str
    mark: str
    said: str
    points: str
    words: Explanation | None
    diagnosed: bool
    more: tuple[CheckView, ...] = ()
    told_more: str = ""
    beside: Beside | None = None


@dataclass(frozen=True)
class TaskView:
    """A task as a template shows it; ``alike`` stands for checks that would all say the same.

    ahead: which hidden checks are to come, of a task that is right so far.
    echo: whether it says only what is said above of the whole file.
    """

    name: str
    title: str
    points: str
    full: bool
    earned: float
    possible: float
    alike: Explanation | None
    checks: tuple[CheckView, ...]
    hints: tuple[str, ...]
    ahead: str
    echo: bool


def points_of(points: float, possible: float, language: str) -> str:
    """Say points out of those of the whole."""
    return translate("page.points", language, points=f"{points:g}", possible=f"{possible:g}")


def task_view(task: Task, result: Result, exercise: Exercise, language: str) -> TaskView:
    """Return what is shown of a task, in one language."""
    checks = [check for check in result.checks if check.task == task.name]
    earned = sum(check.points for check in checks if check.verdict is Verdict.PASSED)
    full = bool(checks) and all(check.verdict is Verdict.PASSED for check in checks)
    withheld = result.score.withheld
    points = points_of(earned, task.points, language)
    if exercise.released and checks:
        points, _ = standing(checks, task.points, exercise, language)
    alike = _alike(checks)
    own = own_texts(exercise, language)
    return TaskView(
        name=task.name,
        title=task.title.in_(language),
        points="" if withheld else points,
        full=full,
        earned=0.0 if withheld else earned,
        possible=task.points,
        alike=explain(alike, language, own) if alike else None,
        checks=() if alike else _checks(checks, exercise, language, withheld=withheld),
        hints=() if full else task.hints.in_(language),
        ahead=awaits(task, checks, exercise, language),
        echo=echoes(task, result, exercise),
    )


def _alike(checks: Sequence[CheckResult]) -> CheckResult | None:
    """Return one check for all where each would say the same: not written, never defined."""
    kinds = {check.evidence.kind if check.evidence else "" for check in checks}
    return checks[0] if len(kinds) == 1 and kinds <= SAME_FOR_ALL else None


def _checks(
    checks: Sequence[CheckResult], exercise: Exercise, language: str, *, withheld: bool
) -> tuple[CheckView, ...]:
    own = own_texts(exercise, language)
    shown: dict[tuple[object, ...], list[CheckView]] = {}
    hidden = 0
    worst = min(checks, key=lambda check: WORST_FIRST.index(check.verdict), default=None)
    for check in checks:
        hidden += check.hidden
        title = (
            hidden_title(check, hidden, language)
            if check.hidden
            else sentence(check, exercise, language)
        )
        # Before it is handed in a check passes or not; what it counts is not decided yet.
        silent_on_points = withheld or exercise.released
        silent = check.verdict is Verdict.PASSED or check.evidence is None
        shown.setdefault(same_way(check), []).append(
            CheckView(
                title=title,
                verdict=check.verdict.value,
                mark=MARKS[check.verdict],
                said=translate(f"verdict.{check.verdict}", language),
                points="" if silent_on_points else points_of(check.points, check.worth, language),
                words=None if silent else explain(check, language, own),
                diagnosed=check.diagnosis is not None,
                beside=None if silent or check is not worst else _beside(check, exercise, language),
            )
        )
    return tuple(_folded(first, tuple(more), language) for first, *more in shown.values())


def _folded(first: CheckView, more: tuple[CheckView, ...], language: str) -> CheckView:
    told = translate("page.same_way", language, count=len(more)) if more else ""
    return replace(first, more=more, told_more=told)


def _beside(check: CheckResult, exercise: Exercise, language: str) -> Beside | None:
    """Return the picture of what a check compared, or of its fresh example."""
    found = beside_of(check.evidence, exercise, language)
    return found or beside_of(check.example, exercise, language)
