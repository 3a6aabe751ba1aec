"""A check: what is known of it before it runs, once it has run, and once it is judged."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

from autograder.diagnosis import Question, departing, portable
from autograder.errors import UnknownAnswer
from autograder.model import CheckResult, identity_of
from autograder.plugin.bench import Bench
from autograder.sandbox.proxy import Exchange, Recorder
from autograder.wire.protocol import Outcome, Program

__all__ = ["Check", "Judged", "Run"]


@dataclass(frozen=True)
class Check:
    """What is known of a check before it runs."""

    name: str
    task: str
    hidden: bool
    worth: float
    kind: str = ""

    @property
    def identity(self) -> str:
        """What tells it from the exercise's other checks."""
        return identity_of(self.name, self.hidden)


@dataclass(frozen=True)
class Run:
    """A check that has run on a learner's program.

    broke_off: whether the program's top level failed, so that a name may be missing for it.
    survives: runs the same check with the reference in the learner's place, and tells whether
    it passes.
    """

    check: Check
    recorder: Recorder
    bench: Bench
    program: Program
    broke_off: bool
    survives: Callable[[], bool]

    @cached_property
    def compared(self) -> tuple[list[Exchange], list[Exchange]]:
        """The calls that the reference can be asked too, and those that it answers otherwise."""
        return departing(self.recorder.exchanges, self.bench.reference)

    @property
    def tasks(self) -> frozenset[str]:
        """The names that the exercise asks for."""
        return frozenset(task.name for task in self.bench.exercise.tasks)

    def made(self, exchange: Exchange) -> bool:
        """Tell whether it was the learner's program that was asked this."""
        # By identity: exchanges hold arrays, which do not compare to one truth.
        return any(made is exchange for made in self.recorder.exchanges)

    def right(self, exchange: Exchange) -> Outcome | None:
        """Return what the reference makes of a call, where it can be asked."""
        if not portable(exchange):
            return None
        try:
            return self.bench.reference.call(exchange.call)
        except UnknownAnswer:
            return None


@dataclass(frozen=True)
class Judged:
    """A check's result, and what is still to be asked before anything is named.

    source: the call whose value the check found wrong, where it is known.
    asked: the check's calls, as far as they are small.
    """

    result: CheckResult
    question: Question | None = None
    source: Exchange | None = None
    asked: tuple[Exchange, ...] = ()

    @property
    def computed(self) -> float:
        """Seconds that the program has computed in these calls, by its own word."""
        return sum(getattr(each.outcome, "seconds", 0.0) for each in self.asked)
