"""Where a submission's time goes: the same class with and without its cage, part by part.

Run with ``python -m benchmarks.where``, half a minute on a quiet machine; docs/performance.md
says what it found.
"""

from __future__ import annotations

import argparse
import itertools
import os
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import astuple, dataclass
from typing import Any

from rich.box import MARKDOWN
from rich.console import Console
from rich.table import Table

from autograder.grading.loop import run_checks
from autograder.model import Result
from autograder.plugin.bench import open_bench
from autograder.sandbox.opening import Kind, Sandbox
from autograder.sandbox.remote import RemoteSession
from benchmarks.material import Classroom, open_classroom
from benchmarks.measuring import one_core
from benchmarks.ours import entries_of

ROWS = (
    "ms by the clock, all of it",
    "ms of the grader's own process",
    "ms of the rest: its processes",
    "processes",
    "messages",
)


@dataclass(frozen=True)
class Cost:
    """What submissions of one kind cost, each: seconds, or how many."""

    clock: float
    own: float
    processes: float
    messages: float


@dataclass
class _Counter:
    processes: int = 0
    messages: int = 0

    def now(self) -> Cost:
        return Cost(time.perf_counter(), time.process_time(), self.processes, self.messages)


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.where", description=__doc__)
    parser.add_argument("--programs", type=int, default=12, help="of each kind (12)")
    parser.add_argument("--rounds", type=int, default=5, help="the quickest of each counts (5)")
    parser.add_argument("--markdown", action="store_true", help="a table for docs/performance.md")
    chosen = parser.parse_args(arguments)
    pin = one_core()
    if pin:
        pin()
    table = Table(box=MARKDOWN if chosen.markdown else None, header_style="bold")
    table.add_column("a submission")
    costs = []
    with open_classroom(2 * chosen.programs) as room:
        kinds: tuple[tuple[str, Kind], ...] = (("in one process", "none"), ("in the cage", "cage"))
        for named, kind in kinds:
            for half, what in enumerate(("right", "wrong")):
                table.add_column(f"{what}, {named}", justify="right")
                costs.append(_measured(room, kind, half, chosen.rounds))
    for row, cells in zip(ROWS, zip(*map(_shown, costs), strict=True), strict=True):
        table.add_row(row, *cells)
    Console(width=None if sys.stdout.isatty() else 140, highlight=False).print(table)
    return 0


def _shown(cost: Cost) -> tuple[str, ...]:
    clock, own = 1000 * cost.clock, 1000 * cost.own
    rest = max(0.0, clock - own)
    return (
        f"{clock:.1f}",
        f"{own:.1f}",
        f"{rest:.1f}",
        *(f"{each:.1f}" for each in (cost.processes, cost.messages)),
    )


def _measured(room: Classroom, kind: Kind, half: int, rounds: int) -> Cost:
    """Grade the right half of a class, or the wrong one: the quickest round of each program."""
    entries = entries_of(room)[half::2]
    ends: list[Cost] = []
    sandbox = Sandbox(kind, room.exercise.framework)
    try:
        with _counted() as counter:

            def emit(result: Result) -> None:
                assert result.score.points is not None, result.problem
                ends.append(counter.now())

            bench = open_bench(room.exercise, room.course.salt)
            feed = entries * (rounds + 1)
            run_checks(bench, sandbox, feed, emit, ahead=kind != "none")
    finally:
        sandbox.close()
    return _quickest(ends, len(entries))


def _quickest(ends: Sequence[Cost], size: int) -> Cost:
    took = [
        [after - before for before, after in zip(astuple(a), astuple(b), strict=True)]
        for a, b in itertools.pairwise(ends)
    ]
    each = [
        # The first round has filled what is remembered of the reference and the variants.
        [min(column) for column in zip(*took[at + size - 1 :: size], strict=True)]
        for at in range(size)
    ]
    return Cost(*(sum(column) / size for column in zip(*each, strict=True)))


@contextmanager
def _counted() -> Iterator[_Counter]:
    """Count the processes that sessions connect to, and the messages that they are sent."""
    counter = _Counter()
    connect, exchange = RemoteSession._connect, RemoteSession._exchange

    def connecting(session: RemoteSession) -> None:
        counter.processes += 1
        connect(session)

    def exchanging(session: RemoteSession, request: Any) -> Any:
        counter.messages += 1
        return exchange(session, request)

    patched: dict[str, tuple[Callable[..., Any], Callable[..., Any]]] = {
        "_connect": (connecting, connect),
        "_exchange": (exchanging, exchange),
    }
    for name, (ours, _) in patched.items():
        setattr(RemoteSession, name, ours)
    try:
        yield counter
    finally:
        for name, (_, theirs) in patched.items():
            setattr(RemoteSession, name, theirs)


if __name__ == "__main__":
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    sys.exit(main())
