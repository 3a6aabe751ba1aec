"""What a changed check or point scheme would change, found out before anything is written."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from autograder.errors import GradeFlowError
from autograder.grading.again import Again
from autograder.grading.classroom import never_lower
from autograder.grading.journal import graded, now
from autograder.grading.orders import Setup
from autograder.grading.pool import Pool
from autograder.grading.spool import Spool
from autograder.grading.store import ResultStore
from autograder.model import Result, Verdict, to_json

__all__ = ["Difference", "Regrading", "difference"]

FOLDER = ".regrade"
T = TypeVar("T")


@dataclass(frozen=True)
class Difference:
    """What regrading changes for one learner; points None where the score is withheld.

    possible: the points of the whole, before and after.
    tasks: with points that change: name, before, after.
    checks: with a verdict that changes: name, before, after; empty where there is no such check.
    """

    learner: str
    before: float | None
    after: float | None
    possible: tuple[float, float]
    tasks: tuple[tuple[str, float, float], ...]
    checks: tuple[tuple[str, str, str], ...]
    found: tuple[tuple[str, ...], tuple[str, ...]]


class Regrading:
    """New results beside the old ones, which stay until they are applied. A context manager.

    In it nobody else can grade into the same folder. What was graded anew is kept in a folder of
    its own, so that applying it, or looking once more, grades nobody again.
    """

    def __init__(self, folder: Path) -> None:
        self._pending_folder = folder / FOLDER
        self.store = ResultStore(folder)
        self._pending = ResultStore(self._pending_folder)
        self.gone: dict[str, str] = {}
        self._anew: list[str] = []

    def __enter__(self) -> Regrading:
        self.store.__enter__()
        try:
            self._pending.__enter__()
        except BaseException:
            self.store.__exit__(None, None, None)
            raise
        return self

    def __exit__(self, *exception: object) -> None:
        self._pending.__exit__(*exception)
        self.store.__exit__(*exception)

    def plan(self, again: Iterable[Again]) -> Spool:
        """Return what must be graded; note who has nothing to be graded, and who does not need it.

        again: read once.
        """
        entries = Spool()
        for each in again:
            if each.entry is None:
                self.gone[each.learner] = each.why
            elif not self.store.fresh(each.learner, each.entry.fingerprint):
                self._anew.append(each.learner)
                if not self._pending.fresh(each.learner, each.entry.fingerprint):
                    entries.add(each.entry)
        self._anew.sort()
        return entries

    def carry_out(
        self, entries: Spool, setup: Setup, jobs: int, making: Callable[[float], None]
    ) -> Iterator[Result]:
        """Grade what was planned; making: as in `Pool`.

        Raises GradeFlowError when no worker can start or the disk is full.
        """
        if not entries:
            return
        with Pool(setup, jobs, making) as workers:
            for given in workers.grade(entries):
                result = never_lower(self._before(given.learner), given)
                self._pending.write(result.learner, to_json(result))
                yield result

    def differences(self) -> Iterator[Difference]:
        """Compare, learner by learner, what was stored with what is new."""
        for learner in self._anew:
            before, after = self._before(learner), self._pending.result(learner)
            if after is not None and (found := difference(before, after)) is not None:
                yield found

    def apply(self) -> int:
        """Put the new results in place of the old ones; return how many."""
        run = now()
        for learner in self._anew:
            result = self._pending.result(learner)
            if result is not None:
                self.store.write(learner, to_json(result))
                self.store.note(graded(result, run))
        return len(self._anew)

    def clear(self) -> None:
        """Forget the new results, after they were applied."""
        self._pending.__exit__(None, None, None)
        shutil.rmtree(self._pending_folder, ignore_errors=True)

    def _before(self, learner: str) -> Result | None:
        try:
            return self.store.result(learner)
        except GradeFlowError:  # of another version: whatever comes is new
            return None


def difference(before: Result | None, after: Result) -> Difference | None:
    """Return what changes for a learner; None where neither points, verdicts nor names do."""
    old = before.score.points if before is not None else None
    worth = before.score.possible if before is not None else 0.0
    tasks = _changed(_points(before), _points(after), 0.0)
    checks = _changed(_verdicts(before), _verdicts(after), "")
    names = (before.findings if before is not None else ()), after.findings
    possible = worth, after.score.possible
    same = old == after.score.points and possible[0] == possible[1] and names[0] == names[1]
    if same and not tasks and not checks:
        return None
    return Difference(after.learner, old, after.score.points, possible, tasks, checks, names)


def _changed(before: dict[str, T], after: dict[str, T], none: T) -> tuple[tuple[str, T, T], ...]:
    names = dict.fromkeys([*before, *after])
    pairs = ((name, before.get(name, none), after.get(name, none)) for name in names)
    return tuple(each for each in pairs if each[1] != each[2])


def _points(result: Result | None) -> dict[str, float]:
    points: dict[str, float] = {}
    for check in result.checks if result is not None else ():
        earned = check.points if check.verdict is Verdict.PASSED else 0.0
        points[check.task] = round(points.get(check.task, 0.0) + earned, 6)
    return points


def _verdicts(result: Result | None) -> dict[str, str]:
    checks = result.checks if result is not None else ()
    return {f"{check.task}: {check.identity}": check.verdict.value for check in checks}
