"""The report on a class: one self-contained page that runs nothing and prints."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from autograder.catalogue import Exercise
from autograder.catalogue.speaking import own_texts
from autograder.insight import Likeness, Overview
from autograder.measures import Spread, binned, spread_of
from autograder.messages import explain_evidence, some, translate
from autograder.model import FOUND_BY_HEART, Cell, CellState, ClassTable, Row, RowState
from autograder.report import charts
from autograder.report.class_insight import alike_views, group_views
from autograder.report.gathering import Gathered, Trouble
from autograder.report.history import History
from autograder.report.items import LEAST, CheckRow, alpha_of, check_rows
from autograder.report.naming import Named, named_of
from autograder.report.pages import chunks_of, render

__all__ = ["Extras", "class_page"]

MOST_NAMED = 12
MARKS = {
    CellState.PASSED: "✔",
    CellState.PARTIAL: "◐",
    CellState.FAILED: "✘",
    CellState.ERROR: "✘",
    CellState.NOT_WRITTEN: "○",
}

Say = Callable[..., str]


@dataclass(frozen=True)
class Extras:
    """What a report tells beside the results.

    history: attempts and changes, from the journal; days: how many were handed in on each.
    pages: a learner's page, as an address beside the report, for whom there is one.
    groups, likeness: who made the same mistake, and whose programs are nearly the same.
    """

    history: History = field(default_factory=History)
    days: Sequence[tuple[str, int]] = ()
    pages: Mapping[str, str] = field(default_factory=dict)
    groups: Overview | None = None
    likeness: Likeness | None = None


@dataclass(frozen=True)
class _TaskRow:
    name: str
    title: str
    passed: int
    all: int
    share: float
    bar: str

    @property
    def earned(self) -> str:
        return f"{100 * self.share:.0f} %"


def class_page(
    gathered: Gathered,
    exercise: Exercise,
    language: str,
    extras: Extras | None = None,
    *,
    anonymous: bool = False,
) -> str:
    """Write the report as one HTML page; for the instructor, unless it is anonymous.

    anonymous: without anybody's name, row or file, and of hidden checks only what learners may
    know: to be shown in the lecture.
    """
    extras = extras or Extras()
    say: Say = lambda key, **facts: translate(f"report.{key}", language, **facts)  # noqa: E731
    table = gathered.table
    points = [row.points for row in table.rows if row.points is not None]
    spread = spread_of(points)
    checks = check_rows(gathered, exercise, language, shown=anonymous)
    named = named_of(gathered, exercise, language, shown=anonymous)
    tasks = _tasks(gathered, exercise, language, say)
    return render(
        "report.html.j2",
        "report.css",
        say=say,
        exercise=exercise.name,
        title=exercise.title.in_(language),
        language=language,
        anonymous=anonymous,
        figures=_figures(table, spread, say),
        histogram=_histogram(points, table.possible, spread, say),
        look=_look(gathered, exercise, tasks, checks, named, say, anonymous=anonymous),
        tasks=tasks,
        named=named,
        checks=checks,
        groups=group_views(extras.groups, exercise, language) if extras.groups else (),
        alike=alike_views(extras.likeness, language) if extras.likeness else (),
        judged=len(gathered.scores),
        least=LEAST,
        alpha=alpha_of(gathered, exercise),
        history=extras.history,
        days=extras.days,
        day_chart=_days(extras.days, say),
        slow=[(f"{seconds:.1f}", learner) for seconds, learner in gathered.slow],
        failures=[
            (each.learner, _told(each, exercise, language), each.where)
            for each in (*gathered.withheld, *gathered.unreadable, *gathered.broken)
        ],
        most=MOST_NAMED,
        pages=extras.pages,
        table=table,
        chunks=chunks_of([] if anonymous else [_shown(row, say) for row in table.rows]),
    )


def _figures(table: ClassTable, spread: Spread, say: Say) -> list[tuple[str, str]]:
    """Return the numbers at a report's head, each with what it is."""
    states = [row.state for row in table.rows]
    figures = [(say("submissions"), str(sum(state.took_part for state in states)))]
    if spread.count:
        full = sum(row.points is not None and row.points >= table.possible for row in table.rows)
        figures += [
            (say("mean", possible=f"{table.possible:g}"), f"{spread.mean:.1f}"),
            (say("median"), f"{spread.median:g}"),
            (say("middle_half"), f"{spread.quarter:g}–{spread.three_quarters:g}"),
            (say("full"), str(full)),
        ]
    for state, key in (
        (RowState.WITHHELD, "withheld"),
        (RowState.NOT_SUBMITTED, "absent"),
        (RowState.EXCUSED, "excused"),
    ):
        if count := states.count(state):
            figures.append((say(key), str(count)))
    return figures


def _histogram(points: Sequence[float], possible: float, spread: Spread, say: Say) -> str:
    if not points:
        return ""
    counts = binned(points, possible)
    listed = ", ".join(map(str, counts))
    told = {"possible": f"{possible:g}", "counts": listed, "median": f"{spread.median:g}"}
    return charts.histogram(counts, possible, say("points_says", **told), spread.median)


def _days(days: Sequence[tuple[str, int]], say: Say) -> str:
    listed = ", ".join(f"{day} {count}" for day, count in days)
    return charts.bars(days, say("handed_in_says", days=listed)) if days else ""


def _tasks(gathered: Gathered, exercise: Exercise, language: str, say: Say) -> list[_TaskRow]:
    rows = []
    for place, task in enumerate(exercise.tasks):
        cells = [row.cells[place] for row in gathered.table.rows]
        cells = [cell for cell in cells if cell.points is not None]
        count = functools.partial(_count, cells)
        passed, partial = count(CellState.PASSED), count(CellState.PARTIAL)
        unwritten = count(CellState.NOT_WRITTEN)
        failed = len(cells) - passed - partial - unwritten
        numbers = {"passed": passed, "partial": partial, "failed": failed, "not_written": unwritten}
        told = say("task_says", task=task.name, all=len(cells), **numbers)
        whole = len(cells) or 1
        bar = charts.stacked([(role, number / whole) for role, number in numbers.items()], told)
        earned = sum(cell.points or 0.0 for cell in cells) / whole / task.points
        title = task.title.in_(language)
        rows.append(_TaskRow(task.name, title, passed, len(cells), earned, bar))
    return rows


def _count(cells: Sequence[Cell], state: CellState) -> int:
    return sum(cell.state is state for cell in cells)


def _look(
    gathered: Gathered,
    exercise: Exercise,
    tasks: Sequence[_TaskRow],
    checks: Sequence[CheckRow],
    named: Sequence[Named],
    say: Say,
    *,
    anonymous: bool,
) -> list[str]:
    """Say in sentences what an instructor should look at before anything else."""

    def who(learners: Sequence[str]) -> str:
        return "" if anonymous else some(learners, MOST_NAMED)

    said = []
    for key in ("withheld", "unreadable", "broken"):
        troubles: Sequence[Trouble] = getattr(gathered, key)
        if troubles:
            names = who([each.learner for each in troubles])
            said.append(say(f"look_{key}", count=len(troubles), names=names).rstrip())
    if gathered.older:
        said.append(say("look_older", count=gathered.older, exercise=exercise.name))
    for check in checks:
        if check.remark in ("suspect", "nobody_passes"):
            said.append(say(f"look_{check.remark}", check=check.title, task=check.task))
    hardest = min(tasks, key=lambda task: task.share, default=None)
    if hardest is not None and hardest.all and hardest.passed < hardest.all:
        said.append(say("look_hardest", task=hardest.name, share=hardest.earned))
    first = next((each for each in named if each.is_misconception), None)
    if first is not None:
        facts = {"name": first.name, "count": len(first.learners), "hint": first.hint}
        said.append(say("look_common", **facts))
    learnt = gathered.misconceptions.get(FOUND_BY_HEART, ())
    if learnt and not anonymous:
        said.append(say("look_by_heart", names=who(learnt)))
    return said or [say("look_nothing")]


def _told(trouble: Trouble, exercise: Exercise, language: str) -> str:
    if trouble.evidence is None:
        return ""
    return explain_evidence(trouble.evidence, language, own_texts(exercise, language)).headline


def _shown(row: Row, say: Say) -> dict[str, object]:
    """Return a learner's row as the template shows it."""
    state = say(f"state_{row.state.value}")
    if row.late:
        late = say("late_by", penalty=f"{row.late_penalty:g}") if row.late_penalty else say("late")
        state = f"{state} · {late}" if state else late
    return {
        "learner": row.learner,
        "name": row.name,
        "file": row.file,
        "points": "–" if row.points is None else f"{row.points:g}",
        "state": state,
        "kind": row.state.value,
        "cells": [(cell.state.value, _cell(cell)) for cell in row.cells],
        "found": ", ".join(row.misconceptions),
    }


def _cell(cell: Cell) -> str:
    """Say what became of a task in as little as fits beside fifteen others."""
    if cell.points is None:
        return "–"
    mark = MARKS.get(cell.state, f"{cell.points:g}")
    return f"{mark} {cell.points:g}" if cell.state is CellState.PARTIAL else mark
