"""Opening a submission for a pytest session, and describing what came of it."""

from __future__ import annotations

from pathlib import Path
from typing import cast

import pytest

from autograder.catalogue import Exercise, find_course
from autograder.catalogue.speaking import own_texts, plain_text, sentence, spoken_language
from autograder.errors import GradeFlowError, LearnerError, SubmissionError
from autograder.messages import explain, told
from autograder.model import CheckResult
from autograder.plugin.bench import Bench
from autograder.plugin.sitting import Sitting
from autograder.sandbox.opening import Kind, Sandbox
from autograder.sandbox.stepping import Stepping, debugger_here, stops_somewhere
from autograder.submission import read_file

__all__ = ["Opener", "describe"]


class Opener:
    """Opens submissions: in the cage, in a plain process, or right here.

    auto: the cage for a submission that was named, a plain process for a learner's own file, and
    this process for the reference, and for a learner's own file that somebody steps through.
    looked_at: somebody sits before it: pytest keeps nothing that is printed, or is to debug.
    """

    def __init__(
        self, sandbox: str, language: str | None = None, *, looked_at: bool = False
    ) -> None:
        self._choice = sandbox
        self._looked_at = looked_at
        self._language = language
        self._sandboxes: dict[tuple[str, str], Sandbox] = {}

    def sit(self, bench: Bench, path: Path | None) -> Sitting:
        """Open a submission, or the exercise's own module.

        Raises pytest.UsageError when the file cannot be read, or the cage cannot be had.
        """
        exercise = bench.exercise
        try:
            program = read_file(
                path or exercise.source, exercise.module, exercise.forbidden, exercise.wanted
            )
            if path is None and self._is_stepped(exercise):
                stepped = Stepping(exercise.source).open(program, exercise.limits)
                return Sitting(bench, program, stepped, settles=False)
            sandbox = self._sandbox(self._kind(exercise, path), exercise)
            return Sitting(bench, program, sandbox.open(program, exercise.limits))
        except LearnerError as error:
            text = told(error, spoken_language(exercise, self._language))
            # Of what cannot be opened at all, the text names the path itself.
            unread = isinstance(error, SubmissionError)
            place = f"{(path or exercise.source).name}: " if unread else ""
            raise pytest.UsageError(place + text) from None
        except GradeFlowError as error:
            raise pytest.UsageError(str(error)) from None

    def close(self) -> None:
        """End every sandbox."""
        for sandbox in self._sandboxes.values():
            sandbox.close()

    def _is_stepped(self, exercise: Exercise) -> bool:
        if self._choice != "auto" or not exercise.released:
            return False
        return self._looked_at or debugger_here() or stops_somewhere(exercise.source)

    def _kind(self, exercise: Exercise, path: Path | None) -> Kind:
        if self._choice in ("cage", "plain", "none"):
            return cast("Kind", self._choice)
        if path is not None:
            return "cage"
        return "plain" if exercise.released else "none"

    def _sandbox(self, kind: Kind, exercise: Exercise) -> Sandbox:
        framework = exercise.framework
        if (kind, framework) not in self._sandboxes:
            course = find_course(exercise.folder)
            hidden = (course.root if course else exercise.folder,)
            self._sandboxes[kind, framework] = Sandbox(kind, framework, hidden=hidden)
        return self._sandboxes[kind, framework]


def describe(result: CheckResult, sitting: Sitting, language: str | None) -> tuple[str, str]:
    """Write a result as pytest shows it: the check's title, and what is wrong."""
    exercise = sitting.bench.exercise
    language = spoken_language(exercise, language)
    said = plain_text(explain(result, language, own_texts(exercise, language)))
    return sentence(result, exercise, language), said
