"""Put strange values through every check: ``python -m tools.fuzz_judge [EXERCISE …] --seconds 60``.

The reference is graded with its answers mutated: another type, shape or size, a special number, a
long text, an object that cannot be sent, an exception, a limit. Whatever comes back is data of a
learner's, so no check, evidence, diagnosis or page may be at fault for it: a ``fault`` or a
withheld score is a mistake of ours, and is printed with the seed that shows it. Ends with code 1 if
there was one. (A picture may fail, and costs no points: here even its own probes are answered
wrongly, which only a forged process does.)
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from rich.console import Console

from autograder.catalogue import Exercise, find_course
from autograder.grading.entry import Entry
from autograder.grading.loop import run_checks
from autograder.model import Result, Verdict
from autograder.plugin.bench import Bench, open_bench
from autograder.report.learner import learner_page
from autograder.report.pictures import in_all_languages
from autograder.report.terminal import feedback
from autograder.sandbox.inprocess import InProcessSession
from autograder.sandbox.policy import Limits
from autograder.sandbox.session import Session
from autograder.wire.protocol import (
    Call,
    Crashed,
    Handle,
    Loaded,
    Missing,
    Opaque,
    Outcome,
    Part,
    Program,
    Raised,
    Returned,
    Stopped,
    Warned,
)

NUMBERS = (0.0, -0.0, 1e308, -1e308, 5e-324, float("nan"), float("inf"), 2**70, True, None, 1j)
TEXTS = ("", "x" * 100_000, "\x1b[31m", "{value}", "\ud800", "1", "<script>")
DTYPES = ("float16", "float32", "int8", "uint64", "bool", "complex128", "int64")
SHAPES = ((), (0,), (1,), (1, 1), (0, 3), (7,), (2, 3, 4), (1, 1, 1, 1, 1))


@dataclass
class Mutating:
    """The reference, of which some answers come back as something else."""

    session: Session
    rng: np.random.Generator
    share: float

    def load(self) -> Loaded:
        """Load it unchanged."""
        return self.session.load()

    def call(self, call: Call) -> Outcome:
        """Answer, perhaps with something else."""
        outcome = self.session.call(call)
        if self.rng.random() > self.share or not isinstance(outcome, Returned):
            return outcome
        if call.keep or isinstance(outcome.value, Handle):
            return self._ended(call)
        if self.rng.random() < 0.15:
            return self._ended(call)
        value = mutated(self.rng, outcome.value)
        changed, warned = {}, ()
        if call.args and self.rng.random() < 0.2:
            place = int(self.rng.integers(len(call.args)))
            changed = {place: mutated(self.rng, call.args[place])}
        if self.rng.random() < 0.2:
            warned = (Warned("RuntimeWarning", pick(self.rng, TEXTS)),)
        return replace(outcome, value=value, changed=changed, warnings=warned)

    def _ended(self, call: Call) -> Outcome:
        name = getattr(call.target, "name", "object")
        kinds: tuple[Outcome, ...] = (
            Raised("ValueError", pick(self.rng, TEXTS)),
            Raised("Näme", ""),
            Raised("NotImplementedError", ""),
            Missing(name, ("other",)),
            Missing(name, kind="int"),
            Stopped("wall", 2.0),
            Stopped("memory", 256),
            Crashed(signal=11),
            Crashed(code=3),
            Crashed(protocol=True),
        )
        return pick(self.rng, kinds)

    def close(self) -> None:
        """End it."""
        self.session.close()


def pick(rng: np.random.Generator, values: Any) -> Any:
    """Return one of several values."""
    return values[int(rng.integers(len(values)))]


def mutated(rng: np.random.Generator, value: Any) -> Any:
    """Return something that a learner's function might return in place of a value."""
    inside = isinstance(value, list | tuple) and value and rng.random() < 0.6
    if inside:
        items = list(value)
        place = int(rng.integers(len(items)))
        items[place] = mutated(rng, items[place])
        return type(value)(items)
    if isinstance(value, dict) and value and rng.random() < 0.6:
        key = pick(rng, list(value))
        return {**value, key: mutated(rng, value[key])}
    return pick(rng, (_of_array, _of_kind, _of_size, _anything))(rng, value)


def _of_array(rng: np.random.Generator, value: Any) -> Any:
    array = np.array(value) if isinstance(value, np.ndarray | float | int) else np.ones(3)
    with suppress(Exception), np.errstate(all="ignore"):
        made = pick(
            rng,
            (
                lambda: array.T,
                lambda: array[None],
                lambda: array[..., None],
                lambda: array.ravel()[: int(rng.integers(3))],
                lambda: array.astype(pick(rng, DTYPES)),
                lambda: array * pick(rng, (np.nan, np.inf, -1, 0, 1e300)),
                lambda: np.where(rng.random(array.shape) < 0.3, np.nan, array),
                lambda: np.broadcast_to(array, (3, *array.shape)).copy(),
            ),
        )()
        return np.asarray(made)
    return array


def _of_kind(rng: np.random.Generator, value: Any) -> Any:
    kinds: tuple[Callable[[], Any], ...] = (
        lambda: value.tolist(),
        lambda: [value],
        lambda: (value, value),
        lambda: {"value": value},
        lambda: {1: value, "a": 2},
        lambda: str(value)[:200],
        lambda: float(np.sum(value)),
        lambda: value[0],
        lambda: list(value)[:-1],
        lambda: Opaque("Tensor", "tensor([1.])"),
    )
    with suppress(Exception), np.errstate(all="ignore"):
        return pick(rng, kinds)()
    return None


def _of_size(rng: np.random.Generator, _value: Any) -> Any:
    shape = pick(rng, SHAPES)
    with np.errstate(all="ignore"):
        return np.full(shape, pick(rng, (0.0, 1.5, np.nan, -np.inf))).astype(pick(rng, DTYPES))


def _anything(rng: np.random.Generator, _value: Any) -> Any:
    return pick(rng, (*NUMBERS, *TEXTS, [], (), {}, set(), b"x", [[1.0], [1.0, 2.0]], [None]))


class Places:
    """Opens the reference with mutated answers, another mutation for each seed."""

    kind = "none"
    layers = ()
    versions = ()

    def __init__(self, seed: int) -> None:
        self.seed = seed

    def open(self, program: Program, limits: Limits) -> Session:
        """Start a session."""
        rng = np.random.default_rng(self.seed)
        return Mutating(InProcessSession(program, limits), rng, pick(rng, (0.05, 0.3, 1.0)))


def fuzz(
    exercise: Exercise, bench: Bench, seconds: float, most: int = 10**9, first: int = 1
) -> tuple[int, list[str]]:
    """Grade one exercise for so long, or so often; return how often, and the mistakes of ours.

    first: the seed to begin with; each program has the next one.
    """
    source = exercise.source.read_text(encoding="utf-8")
    program = Program(exercise.module, (Part(exercise.source.name, source),))
    places, faults, results = Places(first - 1), [], 0
    end = time.monotonic() + seconds

    def feed() -> Iterator[Entry]:
        while time.monotonic() < end and places.seed < first - 1 + most:
            places.seed += 1
            looks = places.seed % 4 == 1  # a second look takes up to seconds
            name = f"seed {places.seed}"
            yield Entry(name, exercise.source.name, program, named=looks, draws=looks)

    def look(result: Result) -> None:
        nonlocal results
        results += 1
        for told in mistakes(result, exercise):
            faults.append(f"{exercise.name}, {result.learner}: {told}")

    run_checks(bench, places, feed(), look)
    return results, faults


def mistakes(result: Result, exercise: Exercise) -> Iterator[str]:
    """Yield what in a result, or in telling it, is no learner's doing."""
    if result.problem is not None:
        yield f"problem {result.problem}"
    for check in result.checks:
        if check.verdict is Verdict.FAULT:
            yield f"{check.name}: {check.evidence and check.evidence.facts}"
    try:
        for language in exercise.languages:
            learner_page(result, exercise, language)
            Console(file=Nowhere(), width=100).print(feedback(result, exercise, language))
        in_all_languages(result, exercise)
    except Exception as error:  # whatever it is, it is what is looked for
        yield f"telling it: {type(error).__name__}: {error}"


class Nowhere:
    """Takes what is printed."""

    def write(self, _text: str) -> int:
        """Drop it."""
        return 0

    def flush(self) -> None:
        """Do nothing."""


def main() -> int:
    """Fuzz the checks of some exercises, or of all."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("exercises", nargs="*")
    parser.add_argument("--seconds", type=float, default=60, help="for each exercise")
    parser.add_argument("--first", type=int, default=1, help="the seed to begin with")
    given = parser.parse_args()
    course = find_course(Path.cwd())
    assert course is not None
    broken = []
    for name in given.exercises or course.exercises:
        exercise = course.authored(name)
        bench = open_bench(exercise, course.salt)
        count, faults = fuzz(exercise, bench, given.seconds, first=given.first)
        print(f"{name}: {count} programs, {len(faults)} faults of ours", flush=True)
        for fault in dict.fromkeys(faults):
            print(f"  {fault}"[:600], flush=True)
        broken += faults
    return bool(broken)


if __name__ == "__main__":
    sys.exit(main())
