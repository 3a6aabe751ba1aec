"""What a report is made of, gathered from results that are read once, one after the other."""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import msgspec
import numpy as np
from numpy.typing import NDArray

from autograder.catalogue import Exercise
from autograder.model import (
    CheckResult,
    ClassTable,
    Evidence,
    Person,
    Result,
    RowState,
    Verdict,
    table_of_class,
)

__all__ = ["Gathered", "Trouble", "gather"]

MOST_SLOW = 8
_Key = tuple[str, str, bool]


@dataclass(frozen=True)
class Trouble:
    """A submission of which something could not be graded as it was meant."""

    learner: str
    evidence: Evidence | None
    where: str = ""


@dataclass(frozen=True)
class Gathered:
    """A class, as far as a report tells of it. Of each learner there is a line, and no program.

    table: a row for each learner.
    checks: those of the exercise in their order, without what came of them.
    scores: points by learner and check, of shape (learners, checks); of those alone whose work was
    put to all of these checks and who have written something.
    verdicts: for each check how often it said what.
    misconceptions, patterns: by name, who has each, in the order of learners.
    slow: seconds and learner, the slowest first.
    older: how many results are of another state of the exercise than most.
    """

    table: ClassTable
    checks: tuple[CheckResult, ...]
    scores: NDArray[np.float64]
    verdicts: tuple[Mapping[Verdict, int], ...]
    misconceptions: Mapping[str, tuple[str, ...]]
    patterns: Mapping[str, tuple[str, ...]]
    slow: tuple[tuple[float, str], ...]
    withheld: tuple[Trouble, ...]
    unreadable: tuple[Trouble, ...]
    broken: tuple[Trouble, ...]
    older: int

    def of_task(self, task: str) -> list[int]:
        """Return the places of a task's checks."""
        return [place for place, check in enumerate(self.checks) if check.task == task]


@dataclass
class _Tally:
    places: dict[_Key, int] = field(default_factory=dict)
    checks: list[CheckResult] = field(default_factory=list)
    verdicts: list[Counter[Verdict]] = field(default_factory=list)
    points: list[dict[int, float]] = field(default_factory=list)
    misconceptions: dict[str, list[str]] = field(default_factory=dict)
    patterns: dict[str, list[str]] = field(default_factory=dict)
    slow: list[tuple[float, str]] = field(default_factory=list)
    troubles: dict[RowState, list[Trouble]] = field(default_factory=dict)
    contents: Counter[str] = field(default_factory=Counter)

    def seen(self, result: Result) -> Result:
        """Count a result in, and pass it on."""
        self.contents[result.content] += 1
        heapq.heappush(self.slow, (result.seconds, result.learner))
        if len(self.slow) > MOST_SLOW:
            heapq.heappop(self.slow)
        if trouble := _trouble(result):
            state, told = trouble
            self.troubles.setdefault(state, []).append(told)
        for name in result.findings:
            self.misconceptions.setdefault(name, []).append(result.learner)
        for name in _patterns(result):
            self.patterns.setdefault(name, []).append(result.learner)
        if not result.score.withheld:
            self._count(result)
        return result

    def _count(self, result: Result) -> None:
        earned: dict[int, float] = {}
        for check in result.checks:
            key = check.task, check.name, check.hidden
            place = self.places.setdefault(key, len(self.checks))
            if place == len(self.checks):
                self.checks.append(_without_outcome(check))
                self.verdicts.append(Counter())
            self.verdicts[place][check.verdict] += 1
            earned[place] = check.points if check.verdict is Verdict.PASSED else 0.0
        if any(check.verdict is not Verdict.SKIPPED for check in result.checks):
            self.points.append(earned)


def gather(
    exercise: Exercise,
    results: Iterable[Result],
    known: Mapping[str, Person] | None = None,
    missing: Sequence[Person] = (),
) -> Gathered:
    """Gather what a report tells.

    results: read once.
    known, missing: who learners are, and who handed in nothing, where there is a roster.
    """
    tally = _Tally()
    tasks = {task.name: task.points for task in exercise.tasks}
    table = table_of_class(exercise.name, tasks, map(tally.seen, results), known, missing)
    order = _order(tally, list(tasks))
    most = max(tally.contents.values(), default=0)
    return Gathered(
        table=table,
        checks=tuple(tally.checks[place] for place in order),
        scores=_matrix(tally.points, order),
        verdicts=tuple(tally.verdicts[place] for place in order),
        misconceptions=_most_first(tally.misconceptions),
        patterns=_most_first(tally.patterns),
        slow=tuple(sorted(tally.slow, reverse=True)),
        withheld=tuple(tally.troubles.get(RowState.WITHHELD, ())),
        unreadable=tuple(tally.troubles.get(RowState.UNREADABLE, ())),
        broken=tuple(tally.troubles.get(RowState.CRASHED, ())),
        older=tally.contents.total() - most,
    )


def _order(tally: _Tally, tasks: Sequence[str]) -> list[int]:
    """Return the places of checks, task by task, public ones first; of no other tasks."""
    places = [place for place, check in enumerate(tally.checks) if check.task in tasks]
    return sorted(
        places,
        key=lambda place: (tasks.index(tally.checks[place].task), tally.checks[place].hidden),
    )


def _matrix(points: Sequence[Mapping[int, float]], order: Sequence[int]) -> NDArray[np.float64]:
    whole = [[earned[place] for place in order] for earned in points if earned.keys() >= {*order}]
    return np.array(whole, dtype=np.float64).reshape(len(whole), len(order))


def _most_first(named: Mapping[str, list[str]]) -> dict[str, tuple[str, ...]]:
    ordered = sorted(named.items(), key=lambda each: (-len(each[1]), each[0]))
    return {name: tuple(sorted(learners)) for name, learners in ordered}


def _patterns(result: Result) -> list[str]:
    found = (
        c.diagnosis.name for c in result.checks if c.diagnosis and not c.diagnosis.misconception
    )
    return list(dict.fromkeys(found))


def _without_outcome(check: CheckResult) -> CheckResult:
    return CheckResult(
        check.name, check.task, check.hidden, Verdict.PASSED, check.worth, kind=check.kind
    )


def _trouble(result: Result) -> tuple[RowState, Trouble] | None:
    if result.score.withheld:
        return RowState.WITHHELD, Trouble(result.learner, _short(result.fault))
    if result.problem is not None:
        return RowState.UNREADABLE, Trouble(result.learner, _short(result.problem))
    if result.load:
        lines = result.load[0].lines
        where = f"{lines[-1].label}:{lines[-1].line}" if lines else ""
        return RowState.CRASHED, Trouble(result.learner, _short(result.load[0]), where)
    return None


def _short(evidence: Evidence | None) -> Evidence | None:
    """Keep of evidence what a line says: neither pictures nor what was printed."""
    if evidence is None:
        return None
    facts = {
        key: fact[:300] if isinstance(fact, str) else fact for key, fact in evidence.facts.items()
    }
    return msgspec.structs.replace(Evidence(evidence.kind), facts=facts)
