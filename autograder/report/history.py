"""What has changed: attempts of a learner, and the last grading against the one before."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from autograder.grading.journal import Graded, Handed
from autograder.measures import spread_of

__all__ = ["Attempt", "Change", "History", "days_of", "history_of"]


@dataclass(frozen=True)
class Change:
    """A learner whose points are others than at the grading before; None where withheld.

    file, exercise: whether the submission, and the exercise, were others.
    tasks: those whose points have changed.
    """

    learner: str
    before: float | None
    now: float | None
    file: bool
    exercise: bool
    tasks: tuple[str, ...]


@dataclass(frozen=True)
class Attempt:
    """The submissions of a class that were the first, the second … of their learners."""

    number: int
    learners: int
    mean: float


@dataclass(frozen=True)
class History:
    """What the journal tells of a class.

    last: when the last run of the grader began, ISO 8601; graded, anew: how many it graded, and
    how many of these for the first time.
    """

    last: str = ""
    graded: int = 0
    anew: int = 0
    changes: tuple[Change, ...] = ()
    attempts: tuple[Attempt, ...] = ()


def history_of(gradings: Iterable[Graded]) -> History:
    """Read the journal's gradings, the oldest first; of each learner two are kept in hand."""
    before: dict[str, Graded] = {}
    now: dict[str, Graded] = {}
    tried: dict[str, dict[str, float]] = {}
    last = ""
    for line in gradings:
        last = max(last, line.run)
        if line.learner in now:
            before[line.learner] = now[line.learner]
        now[line.learner] = line
        if line.points is not None:
            # The same file graded again is the same attempt, with what it has now.
            tried.setdefault(line.learner, {})[line.sha256] = line.points
    of_last = [line for line in now.values() if last and line.run == last]
    changes = [_change(before[line.learner], line) for line in of_last if _differs(before, line)]
    changes.sort(key=lambda each: each.learner)
    anew = sum(line.learner not in before for line in of_last)
    return History(last, len(of_last), anew, tuple(changes), _attempts(tried.values()))


def _differs(before: Mapping[str, Graded], line: Graded) -> bool:
    known = before.get(line.learner)
    return known is not None and (known.points, known.tasks) != (line.points, line.tasks)


def _change(before: Graded, now: Graded) -> Change:
    tasks = [t for t in now.tasks | before.tasks if now.tasks.get(t) != before.tasks.get(t)]
    return Change(
        now.learner,
        before.points,
        now.points,
        before.sha256 != now.sha256,
        before.content != now.content,
        tuple(sorted(tasks)),
    )


def _attempts(tried: Iterable[Mapping[str, float]]) -> tuple[Attempt, ...]:
    by_number: dict[int, list[float]] = {}
    for points in tried:
        for number, each in enumerate(points.values(), 1):
            by_number.setdefault(number, []).append(each)
    if len(by_number) < 2:
        return ()
    return tuple(
        Attempt(number, len(points), spread_of(points).mean)
        for number, points in sorted(by_number.items())
    )


def days_of(handed: Iterable[Handed]) -> Sequence[tuple[str, int]]:
    """Count what was handed in on each day, where the platform tells when; days without too.

    Nothing of fewer than two days, or of more than a year.
    """
    days = Counter(line.handed_in[:10] for line in handed if line.handed_in)
    if len(days) < 2:
        return ()
    first, end = date.fromisoformat(min(days)), date.fromisoformat(max(days))
    if (end - first).days > 366:
        return ()
    every = [first + timedelta(days=n) for n in range((end - first).days + 1)]
    return [(day.isoformat()[5:], days[day.isoformat()]) for day in every]
