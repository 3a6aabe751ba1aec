"""How long a learner waits who watches: from the save to the verdict, besides their own code.

Run with ``python -m benchmarks.watch``. The time that the learner's own functions compute for is
what the same program's calls take in an ordinary check, and is taken off.
"""

from __future__ import annotations

import argparse
import queue
import shutil
import statistics
import sys
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from rich.console import Console

from autograder.catalogue import Course, find_course, load_exercise
from autograder.model import Result
from autograder.watch.events import Key, Waiting, saves
from autograder.watch.state import State
from autograder.watch.watching import Watch
from tools.classroom.material import MARKER

AIMS = {"01_neuron": 0.15, "10_xor_torch": 0.3, "04_tensors": 0.6}
"""Seconds for each framework: NumPy, PyTorch, TensorFlow."""


@dataclass
class _Told:
    """Notes and a screen that write down when a result is there, and save the file once more."""

    script: Path
    waiting: Waiting
    runs: int
    text: str
    began: float = 0.0
    seconds: list[float] = field(default_factory=list)
    results: list[Result] = field(default_factory=list)

    def of(self, _exercise: str) -> dict[str, Any]:
        return {}

    def next_rung(self, *_asked: object) -> int:
        return 1

    def remember(self, result: Result) -> None:
        self.results.append(result)

    def show(self, state: State) -> None:
        if state.busy or len(self.results) <= len(self.seconds):
            return
        self.seconds.append(time.perf_counter() - self.began)
        if len(self.seconds) > self.runs:
            self.waiting.put(Key("q"))
        else:
            threading.Timer(0.3, self._save).start()

    def _save(self) -> None:
        self.began = time.perf_counter()
        self.script.write_text(f"{self.text}\n# save {len(self.seconds)}\n", "utf-8")


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.watch", description=__doc__)
    parser.add_argument("exercises", nargs="*", default=list(AIMS))
    parser.add_argument("--runs", type=int, default=10)
    parser.add_argument("--stub", action="store_true", help="Watch the stub, not a solution.")
    chosen = parser.parse_args(arguments)
    console = Console(highlight=False)
    course = find_course(Path(__file__).parent)
    assert course is not None
    kept = True
    for name in chosen.exercises:
        seconds, own = _measured(course, name, max(1, chosen.runs), stub=chosen.stub)
        median, aim = statistics.median(seconds), AIMS.get(name, 0.6)
        besides = max(0.0, median - own)
        kept = kept and besides < aim
        mark, style = ("✔", "green") if besides < aim else ("✘", "red")
        console.print(
            f"{mark} {name:<13} save to verdict {median:.3f} s ({min(seconds):.3f} to "
            f"{max(seconds):.3f}), of it the program's own {own:.3f} s: "
            f"{besides:.3f} s; the aim is under {aim} s",
            style=style,
        )
    return 0 if kept else 1


def _measured(course: Course, name: str, runs: int, *, stub: bool) -> tuple[list[float], float]:
    """Return seconds from each save to its verdict, and what the program's own code takes."""
    folder = course.root / "build" / "watch" / name
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(course.assignments / name, folder)
    exercise = load_exercise(folder)
    source = exercise.source if stub else course.authored(name).source
    text = MARKER.sub("", source.read_text("utf-8"))
    exercise.source.write_text(text, "utf-8")
    waiting: Waiting = queue.SimpleQueue()
    told = _Told(exercise.source, waiting, runs, text)
    with saves(folder, waiting):
        Watch([exercise], State.at(exercise, "en"), told, told, waiting, exercise.source).run()
    return told.seconds[1:], _own_seconds(name, course)


def _own_seconds(name: str, course: Course) -> float:
    """Time the program's own code: what its process computes when the checks' calls are made."""
    from autograder.catalogue import Exercise
    from autograder.grading.alone import entry_of
    from autograder.grading.loop import run_checks
    from autograder.plugin.bench import open_bench
    from autograder.sandbox.opening import Sandbox
    from autograder.sandbox.policy import Limits
    from autograder.sandbox.session import Session
    from autograder.wire.protocol import Call, Loaded, Outcome, Program, Raised, Returned

    exercise: Exercise = load_exercise(course.root / "build" / "watch" / name)

    @dataclass
    class Timed:
        held: Session
        seconds: list[float]

        def load(self) -> Loaded:
            return self.held.load()

        def call(self, call: Call) -> Outcome:
            outcome = self.held.call(call)
            if isinstance(outcome, Returned | Raised):
                self.seconds.append(outcome.seconds)
            return outcome

        def close(self) -> None:
            self.held.close()

    class Opener:
        kind, layers = "plain", ()

        def open(self, program: Program, limits: Limits) -> Session:
            return Timed(sandbox.open(program, limits), seconds)

    sandbox = Sandbox("plain", exercise.framework, warm=True)
    sums: list[float] = []
    try:
        for _ in range(4):
            seconds: list[float] = []
            entry = entry_of(exercise, exercise.source)
            run_checks(open_bench(exercise), Opener(), [entry], lambda _: None)
            sums.append(sum(seconds))
    finally:
        sandbox.close()
    return statistics.median(sums[1:])


if __name__ == "__main__":
    sys.exit(main())
