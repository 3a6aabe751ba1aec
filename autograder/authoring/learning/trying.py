"""Programs of a class graded once more, with new variants beside the exercise's own.

A new variant is what a learner wrote, until its author has seen it: it runs in the cage as theirs.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from types import TracebackType

from msgspec import structs

from autograder.catalogue import Exercise, Misconception
from autograder.diagnosis import RememberingSession, Suspect, Variant
from autograder.grading.entry import Entry
from autograder.grading.loop import run_checks
from autograder.model import Result, Verdict
from autograder.plugin.bench import TRAIN, open_bench
from autograder.sandbox.opening import Kind, Sandbox
from autograder.wire.protocol import Part, Program

__all__ = ["Found", "Trial"]

PATIENCE = 20  # times as long as a submission may a variant take: a whole class asks it


@dataclass(frozen=True)
class Found:
    """What came of trying variants.

    named: for each learner, the tasks in which the new misconception was named.
    """

    named: dict[str, frozenset[str]]
    results: dict[str, Result]


class Trial:
    """An exercise with a sandbox for what learners wrote; a context manager.

    hidden: folders that nothing in the sandbox may see.
    """

    def __init__(self, exercise: Exercise, salt: str, kind: Kind, hidden: Sequence[Path]) -> None:
        self._exercise = exercise
        self._bench = open_bench(exercise, salt)
        self._open = ExitStack()
        self._kind = kind
        self._hidden = tuple(hidden)

    def __enter__(self) -> Trial:
        self._sandbox = Sandbox(self._kind, self._exercise.framework, hidden=self._hidden)
        self._open.callback(self._sandbox.close)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._open.close()

    def run(
        self,
        name: str,
        variants: Iterable[Variant],
        programs: dict[str, Program],
        *,
        unseen: bool = True,
        raises: Sequence[str] = (),
    ) -> Found:
        """Grade programs, each under a name, with new variants of a misconception as well.

        unseen: with inputs that learners do not have, too, as a class is graded.
        raises: what in the text of an exception gives the misconception away.
        """
        results: dict[str, Result] = {}
        file = self._exercise.source.name
        entries = [Entry(name, file, program, unseen=unseen) for name, program in programs.items()]
        with ExitStack() as stack:
            suspects = tuple(self._suspect(variant, stack) for variant in variants)
            bench = replace(
                self._bench,
                exercise=self._told_by(name, raises) if raises else self._exercise,
                suspects=(*self._bench.suspects, *suspects),
            )
            run_checks(
                bench,
                self._sandbox,
                entries,
                lambda result: results.__setitem__(result.learner, result),
            )
        return Found({who: _tasks(result, name) for who, result in results.items()}, results)

    def _told_by(self, name: str, raises: Sequence[str]) -> Exercise:
        known = self._exercise.misconceptions
        hint = known[name].hint if name in known else self._exercise.title  # nobody reads it
        told = Misconception(hint, raises=tuple(raises))
        return structs.replace(self._exercise, misconceptions={**known, name: told})

    def _suspect(self, variant: Variant, stack: ExitStack) -> Suspect:
        limits = self._exercise.limits
        patient = replace(limits, total=limits.total * PATIENCE, cpu=limits.cpu * PATIENCE)
        program = Program(
            self._exercise.module, (Part(self._exercise.source.name, variant.source),)
        )
        session = RememberingSession(self._sandbox.open(program, patient))
        stack.callback(session.close)
        session.load()
        steady = self._exercise.framework not in TRAIN
        return Suspect(variant.name, variant.replaced, session, steady)


def _tasks(result: Result, name: str) -> frozenset[str]:
    return frozenset(
        check.task
        for check in result.checks
        if check.verdict is not Verdict.PASSED
        and check.diagnosis is not None
        and check.diagnosis.misconception
        and check.diagnosis.name == name
    )
