"""An overview of a class for its instructor: the table, the misconceptions, the pass rates."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from autograder.catalogue import Exercise
from autograder.model import Cell, CellState, ClassTable, Result, Row, table_of_class
from autograder.plugin.opening import own_texts
from autograder.report.pages import render, svg_address

__all__ = ["overview_page"]

STATES = {
    "graded": "",
    "crashed": "the file broke off",
    "unreadable": "unreadable",
    "withheld": "withheld: our fault",
    "not_submitted": "not handed in",
    "ungraded": "not graded yet",
}
HINTS = {"by heart": "right for the inputs that learners have, wrong for all others"}
MARKS = {
    CellState.PASSED: "✔",
    CellState.PARTIAL: "◐",
    CellState.FAILED: "✘",
    CellState.ERROR: "✘",
    CellState.NOT_WRITTEN: "○",
}


@dataclass(frozen=True)
class _Rate:
    task: str
    title: str
    passed: int
    tried: int

    @property
    def percent(self) -> str:
        return f"{100 * self.passed / self.tried:.0f} %" if self.tried else "–"


@dataclass(frozen=True)
class _Found:
    name: str
    count: int
    hint: str
    learners: tuple[str, ...]


def overview_page(
    results: Iterable[Result], exercise: Exercise, language: str, *, plot_svg: str | None = None
) -> str:
    """Write the overview of a class as one self-contained HTML page, for the instructor only.

    results: read once, one after the other; what stays of each is its row.
    language: of the exercise's own texts, ``en`` or ``zh``.
    plot_svg: a drawing of the whole class, as SVG.
    """
    table = table_of_class(
        exercise.name, {task.name: task.points for task in exercise.tasks}, results
    )
    scores = sorted(row.points for row in table.rows if row.points is not None)
    return render(
        "overview.html.j2",
        exercise=exercise.name,
        title=exercise.title.in_(language),
        language=language,
        table=table,
        figures=_figures(scores, table),
        rates=_rates(table, exercise, language),
        found=_found(table, exercise, language),
        rows=[_shown(row) for row in table.rows],
        plot=svg_address(plot_svg),
    )


def _figures(scores: Sequence[float], table: ClassTable) -> list[tuple[str, str]]:
    full = sum(points >= table.possible for points in scores)
    figures = [("submissions", str(len(table.rows))), ("full marks", str(full))]
    if scores:
        middle = (scores[(len(scores) - 1) // 2] + scores[len(scores) // 2]) / 2
        mean = sum(scores) / len(scores)
        figures += [
            (f"mean of {table.possible:g}", f"{mean:.1f}"),
            ("median", f"{middle:g}"),
        ]
    withheld = len(table.rows) - len(scores)
    return [*figures, ("withheld", str(withheld))] if withheld else figures


def _rates(table: ClassTable, exercise: Exercise, language: str) -> list[_Rate]:
    rates = []
    for place, task in enumerate(exercise.tasks):
        cells = [row.cells[place] for row in table.rows]
        tried = [cell for cell in cells if cell.points is not None]
        passed = sum(cell.state is CellState.PASSED for cell in tried)
        rates.append(_Rate(task.name, task.title.in_(language), passed, len(tried)))
    return rates


def _found(table: ClassTable, exercise: Exercise, language: str) -> list[_Found]:
    own = own_texts(exercise, language)
    learners: dict[str, list[str]] = {}
    for row in table.rows:  # sorted by learner
        for name in row.misconceptions:
            learners.setdefault(name, []).append(row.learner)
    by_count = sorted(learners.items(), key=lambda found: -len(found[1]))
    return [
        _Found(name, len(those), own("misconception", name) or HINTS.get(name, ""), tuple(those))
        for name, those in by_count
    ]


def _shown(row: Row) -> dict[str, object]:
    return {
        "learner": row.learner,
        "file": row.file,
        "points": "–" if row.points is None else f"{row.points:g}",
        "state": STATES[row.state],
        "kind": row.state.value,
        "cells": [(cell.state.value, _cell(cell)) for cell in row.cells],
        "found": ", ".join(row.misconceptions),
    }


def _cell(cell: Cell) -> str:
    mark = MARKS.get(cell.state, "")
    return "–" if cell.points is None else f"{mark} {cell.points:g}".strip()
