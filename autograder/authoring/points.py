"""Which checks a task has and what they are worth, asked of pytest itself.

Reading the decorators would miss what parametrization makes of them. So the checks are run, on an
empty program and with nothing in the reference's place: each ends at its first call, and is known.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from autograder.catalogue import Exercise
from autograder.errors import CourseError, EngineFault
from autograder.grading.loop import Entry, run_checks
from autograder.model import CheckResult, Result
from autograder.plugin.bench import Bench
from autograder.sandbox.policy import Limits
from autograder.sandbox.session import Session
from autograder.wire.protocol import Call, Loaded, Missing, Outcome, Program

__all__ = ["faults_of_points", "known_checks"]


class _Nothing:
    """A program without a function, and the opener of such programs."""

    kind = "none"
    layers: tuple[str, ...] = ()

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
    run_checks(Bench(exercise, nothing, ()), nothing, [entry], results.append)
    if not results or results[0].problem is not None:
        told = results[0].problem.facts.get("error", "") if results and results[0].problem else ""
        raise EngineFault(f"the checks of {exercise.name} could not be collected: {told}")
    return results[0].checks


def faults_of_points(exercise: Exercise, checks: Sequence[CheckResult]) -> Iterator[CourseError]:
    """Find tasks whose checks do not add up to their points, or of which none is public."""
    manifest = exercise.folder / "exercise.toml"
    lines = manifest.read_text(encoding="utf-8").splitlines()
    for task in exercise.tasks:
        line = next((n for n, text in enumerate(lines, 1) if f'"{task.name}"' in text), None)
        own = [check for check in checks if check.task == task.name]
        total = sum(check.worth for check in own)
        if abs(total - task.points) > 1e-9:
            parts = [
                f"{name} {sum(check.worth for check in own if check.hidden is hidden):g}"
                for name, hidden in (("public", False), ("hidden", True))
            ]
            yield CourseError(
                f"the checks of {task.name!r} add up to {total:g} points ({', '.join(parts)}), "
                f"but the task has {task.points:g}: correct one of them",
                manifest,
                line,
            )
        if not any(not check.hidden for check in own):
            told = f"the task {task.name!r} has no public check: add one to test_public.py"
            yield CourseError(told, manifest, line)
