"""The checks of an exercise as a report shows them: rates, item analysis, remarks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from autograder.catalogue import Exercise
from autograder.catalogue.speaking import sentence
from autograder.measures import Alpha, Item, cronbach_alpha, item_of
from autograder.model import CheckResult, Verdict
from autograder.report.gathering import Gathered
from autograder.report.words import hidden_title

__all__ = ["LEAST", "CheckRow", "alpha_of", "check_rows"]

LEAST = 20
"""Learners that it takes before a check is judged by its numbers."""
LITTLE = 0.15  # a correlation below which a check tells next to nothing

Remark = Literal["", "nobody_fails", "nobody_passes", "suspect", "flat"]


@dataclass(frozen=True)
class CheckRow:
    """A check with what the class made of it."""

    task: str
    title: str
    hidden: bool
    tried: int
    passed: int
    failed: int
    error: int
    not_written: int
    item: Item
    remark: Remark


def check_rows(
    gathered: Gathered, exercise: Exercise, language: str, *, shown: bool
) -> list[CheckRow]:
    """Return the checks in order, each with its rate and its item analysis.

    shown: for eyes of learners, who may not know more of a hidden check than its kind.
    """
    numbers: dict[str, int] = {}
    rows = []
    for place, check in enumerate(gathered.checks):
        numbers[check.task] = numbers.get(check.task, 0) + check.hidden
        counts = gathered.verdicts[place]
        item = item_of(gathered.scores, place, check.worth)
        rows.append(
            CheckRow(
                task=check.task,
                title=_title(check, numbers[check.task], exercise, language, shown=shown),
                hidden=check.hidden,
                tried=sum(counts.values()),
                passed=counts.get(Verdict.PASSED, 0),
                failed=counts.get(Verdict.FAILED, 0),
                error=counts.get(Verdict.ERROR, 0),
                not_written=counts.get(Verdict.SKIPPED, 0),
                item=item,
                remark=_remark(item),
            )
        )
    return rows


def alpha_of(gathered: Gathered, exercise: Exercise) -> Alpha | None:
    """Return Cronbach's alpha of the exercise's tasks."""
    places = [gathered.of_task(task.name) for task in exercise.tasks]
    columns = [gathered.scores[:, each].sum(axis=1) for each in places if each]
    return cronbach_alpha(np.column_stack(columns)) if columns else None


def _title(
    check: CheckResult, number: int, exercise: Exercise, language: str, *, shown: bool
) -> str:
    if shown and check.hidden:
        return hidden_title(check, number, language)
    return sentence(check, exercise, language)


def _remark(item: Item) -> Remark:
    if item.learners < LEAST:
        return ""
    if item.difficulty >= 1:
        return "nobody_fails"
    if item.difficulty <= 0:
        return "nobody_passes"
    if item.discrimination is None:
        return ""
    if item.discrimination < 0 and item.best < item.weakest:
        return "suspect"
    return "flat" if item.discrimination < LITTLE else ""
