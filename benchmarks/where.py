"""Where a submission's time goes: the same class with and without its cage, part by part.

Run with ``python -m benchmarks.where``, half a minute on a quiet machine; docs/performance.md
says what it found.
"""

from __future__ import annotations

import argparse
import itertools
import multiprocessing
import os
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import astuple, dataclass
from multiprocessing.connection import Connection
from typing import Any

from rich.box import MARKDOWN
from rich.console import Console
from rich.table import Table

from autograder.grading.entry import Entry
from autograder.grading.loop import run_checks
from autograder.model import Result
from autograder.plugin.bench import open_bench
from autograder.sandbox.opening import Kind, Sandbox
from autograder.sandbox.remote import RemoteSession
from benchmarks.material import Classroom, open_classroom
from benchmarks.measuring import MOST_OVERHEAD, one_core
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

    def less(self, before: Cost) -> Cost:
        """Return what came since."""
        return Cost(*(now - then for now, then in zip(astuple(self), astuple(before), strict=True)))


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
    kinds: dict[Kind, str] = {"none": "in one process", "cage": "in the cage"}
    costs = []
    with open_classroom(2 * chosen.programs) as room:
        for half, what in enumerate(("right", "wrong")):
            for named in kinds.values():
                table.add_column(f"{what}, {named}", justify="right")
            costs += _measured(room, tuple(kinds), half, chosen.rounds)
    for row, cells in zip(ROWS, zip(*map(_shown, costs), strict=True), strict=True):
        table.add_row(row, *cells)
    console = Console(width=None if sys.stdout.isatty() else 140, highlight=False)
    console.print(table)
    right, wrong = (1000 * (costs[at + 1].clock - costs[at].clock) for at in (0, 2))
    over = (right + wrong) / 2
    console.print(
        f"over one process: {right:.1f} ms for right ones, {wrong:.1f} for wrong ones, {over:.1f} "
        f"for a class of both; the aim is {1000 * MOST_OVERHEAD:.0f} ms or less"
    )
    return 0 if over <= 1000 * MOST_OVERHEAD else 1


def _shown(cost: Cost) -> tuple[str, ...]:
    clock, own = 1000 * cost.clock, 1000 * cost.own
    rest = max(0.0, clock - own)
    return (
        f"{clock:.1f}",
        f"{own:.1f}",
        f"{rest:.1f}",
        *(f"{each:.1f}" for each in (cost.processes, cost.messages)),
    )


def _measured(room: Classroom, kinds: Sequence[Kind], half: int, rounds: int) -> list[Cost]:
    """Grade the right half of a class, or the wrong one: the quickest round of each program.

    By turns in each kind of process, so that a machine whose speed drifts slows all of them alike.
    """
    entries = entries_of(room)[half::2]
    context = multiprocessing.get_context("fork")
    took: list[list[list[Cost]]] = [[] for _ in kinds]
    with ExitStack() as stack:
        lines = []
        for kind in kinds:
            ours, theirs = context.Pipe()
            stack.callback(ours.close)
            worker = context.Process(
                target=_grading, args=(room, kind, entries, theirs), daemon=True
            )
            worker.start()
            theirs.close()
            stack.callback(worker.join)
            lines.append(ours)
            _round(ours)  # fills what is remembered of the reference and the variants
        for _ in range(rounds):
            for line, costs in zip(lines, took, strict=True):
                costs.append(_round(line))
        for line in lines:
            line.send(False)
    return [_quickest(costs) for costs in took]


def _round(line: Connection) -> list[Cost]:
    line.send(True)
    costs: list[Cost] = line.recv()
    return costs


def _grading(room: Classroom, kind: Kind, entries: Sequence[Entry], line: Connection) -> None:
    """Grade all entries, and say what each has cost, as often as it is asked for."""
    stamps: list[Cost] = []
    sandbox = Sandbox(kind, room.exercise.framework)
    with _counted() as counter:

        def rounds() -> Iterator[Entry]:
            while line.recv():
                stamps[:] = [counter.now()]
                yield from entries
                line.send([after.less(before) for before, after in itertools.pairwise(stamps)])

        def emit(result: Result) -> None:
            assert result.score.points is not None, result.problem
            stamps.append(counter.now())

        bench = open_bench(room.exercise, room.course.salt)
        try:
            run_checks(bench, sandbox, rounds(), emit, ahead=kind != "none")
        finally:
            sandbox.close()


def _quickest(rounds: Sequence[Sequence[Cost]]) -> Cost:
    """Return what a program costs on average, each in its quickest round."""
    best = [
        [min(column) for column in zip(*map(astuple, costs), strict=True)]
        for costs in zip(*rounds, strict=True)
    ]
    return Cost(*(sum(column) / len(best) for column in zip(*best, strict=True)))


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
