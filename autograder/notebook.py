"""For a notebook's cells: ``check("sigmoid")`` runs a task's checks on what is defined so far."""

from __future__ import annotations

import contextlib
import io
import os
import sys
import textwrap
from collections.abc import Callable
from pathlib import Path

from autograder.catalogue import Exercise, language_at
from autograder.catalogue.speaking import spoken_language
from autograder.errors import GradeFlowError
from autograder.grading.entry import Entry
from autograder.grading.loop import run_checks
from autograder.handout.here import exercise_here, language_here
from autograder.messages import LANGUAGES, said_language, told
from autograder.model import Result
from autograder.plugin.bench import open_bench
from autograder.report.cell import task_html
from autograder.report.terminal import feedback
from autograder.report.words import standing
from autograder.sandbox.borrowed import Kernel
from autograder.sandbox.meter import OwnMeter, metered
from autograder.submission.given import CARRIED

__all__ = ["check"]

VALIDATES = 82
"""Columns of a line that `nbgrader validate` shows: what stands behind them it cuts off."""
OURS = ("check", CARRIED)
"""What the first cells define: nothing of the learner's."""


def check(
    task: str | Callable[..., object], *, language: str | None = None, folder: Path | None = None
) -> float:
    """Check one task of the exercise that this notebook belongs to, and show what was found.

    task: its name, or the function itself.
    language: ``en`` or ``zh``; as $GRADEFLOW_LANGUAGE or the course says by default.
    folder: where the exercise lies; else it is what the notebook itself carries, or lies beside.

    Shows points, what is wrong and why, hints to open, and the task's part of the exercise's
    picture: as HTML in a notebook, as text elsewhere. Nothing goes to stderr, except what is wrong
    while ``nbgrader validate`` or JupyterLab's Validate button asks, which pass on nothing else.

    Returns the task's points in the share that its public checks have earned. So the cell's last
    value is what nbgrader takes for its score, and ``nbgrader validate`` calls full what is full as
    far as a learner can know. 0 after a sentence that says what is wrong with the call.
    """
    name = task if isinstance(task, str) else getattr(task, "__name__", repr(task))
    namespace = vars(sys.modules["__main__"])
    try:
        exercise = exercise_here(name, namespace, folder)
        result = _result(exercise, name, namespace)
    except GradeFlowError as error:
        chosen = language if language in LANGUAGES else said_language()
        said = told(error, language_at(folder or Path.cwd(), chosen or language_here(namespace)))
        print(said)
        _tell_validate(said)
        return _Score(0.0)
    spoken = spoken_language(exercise, language)
    text = _text(result, exercise, spoken)
    _show(_Told(_html(result, exercise, name, spoken), text))
    share = _share(result)
    if share < 1:
        _tell_validate(text)
    return _Score(share * _points(exercise, name))


class _Score(float):
    """A number for nbgrader, which reads its text; in a notebook it is not to be seen.

    It is on nbgrader's own scale: full where all public checks pass.
    """

    def _repr_html_(self) -> str:
        return ""


def _tell_validate(text: str) -> None:
    """Let nbgrader's validation say why: it shows stderr, and knows no other reason.

    A cell with stderr has failed for it, as has one with less than full points.
    """
    if os.environ.get("NBGRADER_VALIDATING"):
        for line in text.splitlines():
            indent = line[: len(line) - len(line.lstrip())] + "  "
            print(textwrap.fill(line, VALIDATES, subsequent_indent=indent), file=sys.stderr)


def _share(result: Result) -> float:
    possible = sum(each.worth for each in result.checks)
    return sum(each.points for each in result.checks) / possible if possible else 0.0


def _points(exercise: Exercise, name: str) -> float:
    return next((float(task.points) for task in exercise.tasks if task.name == name), 0.0)


def _result(exercise: Exercise, task: str, namespace: dict[str, object]) -> Result:
    results: list[Result] = []
    meter = OwnMeter(exercise.limits)
    own = {name: value for name, value in namespace.items() if name not in OURS}
    kernel = Kernel(own, meter.paused)
    entry = Entry("", "notebook", kernel.program(exercise.module), only_task=task, draws=True)
    with contextlib.closing(metered([entry], meter)) as feed:
        run_checks(open_bench(exercise), kernel, feed, results.append)
    return results[0]


class _Told:
    """A task's result as a notebook shows it, and as text where there is only text."""

    def __init__(self, html: str, text: str) -> None:
        self._html, self._text = html, text

    def _repr_html_(self) -> str:
        return self._html

    def __repr__(self) -> str:
        return self._text


def _show(told: _Told) -> None:
    if "IPython" in sys.modules:
        from IPython.display import display

        display(told)
    else:
        print(told)


def _html(result: Result, exercise: Exercise, name: str, language: str) -> str:
    task = next(task for task in exercise.tasks if task.name == name)
    points, remark = "", ""
    if result.checks and not result.score.withheld:
        points, remark = standing(result.checks, task.points, exercise, language)
    return task_html(
        task, result, exercise, language, points=points, remark=remark, tells_notes=True
    )


def _text(result: Result, exercise: Exercise, language: str) -> str:
    from rich.console import Console

    console = Console(
        file=io.StringIO(),
        highlight=False,
        width=100,
        force_jupyter=False,
        force_terminal=sys.stdout.isatty(),
    )
    with console.capture() as captured:
        console.print(feedback(result, exercise, language))
    return captured.get().rstrip()
