"""Which checks a task has and what they are worth, asked of pytest itself.

Reading the decorators would miss what parametrization makes of them. So the checks are run, on an
empty program and with nothing in the reference's place: each ends at its first call, and is known.
"""

from __future__ import annotations

from autograder.catalogue import Exercise
from autograder.errors import EngineFault
from autograder.grading.entry import Entry
from autograder.grading.loop import run_checks
from autograder.model import CheckResult, Result
from autograder.plugin.bench import Bench
from autograder.sandbox.policy import Limits
from autograder.sandbox.session import Session
from autograder.wire.protocol import Call, Loaded, Missing, Outcome, Program

__all__ = ["known_checks"]


class _Nothing:
    """A program without a function, and the opener of such programs."""

    kind = "none"
    layers: tuple[str, ...] = ()
    versions: tuple[tuple[str, str], ...] = ()

    def open(self, _program: Program, _limits: Limits) -> Session:
        return self

    def load(self) -> Loaded:
        return Loaded({})

    def call(self, _call: Call) -> Outcome:
        return Missing("nothing")

    def close(self) -> None:
        pass


def known_checks(exercise: Exercise) -> tuple[CheckResult, ...]:
    """Collect an exercise's checks, public and hidden, each with its task and its worth.

    A parametrized check counts once for each set of parameters.

    Raises CourseError when a check file cannot be collected or holds no check, EngineFault when
    the run of the checks broke.
    """
    nothing = _Nothing()
    results: list[Result] = []
    entry = Entry("", exercise.source.name, Program(exercise.module, ()))
    run_checks(Bench(exercise, nothing, ()), nothing, [entry], results.append, whole=False)
    if not results or results[0].problem is not None:
        told = results[0].problem.facts.get("error", "") if results and results[0].problem else ""
        raise EngineFault(f"the checks of {exercise.name} could not be collected: {told}")
    return results[0].checks
