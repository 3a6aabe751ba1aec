"""What the public checks say of the functions, kept while the learner works on them."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import Literal, TypeAlias

from autograder.catalogue.speaking import own_texts
from autograder.errors import GradeFlowError
from autograder.grading.alone import entry_of
from autograder.grading.loop import run_checks
from autograder.messages import explain, told
from autograder.model import Result, Verdict
from autograder.play.functions import FUNCTIONS
from autograder.play.sources import Sources
from autograder.plugin.bench import open_bench
from autograder.report.learner import learner_page
from autograder.sandbox.opening import Sandbox
from autograder.watch.state import checks_of, verdict_of

__all__ = ["Standing", "Status", "Verdicts"]

Status: TypeAlias = Literal["checking", "right", "wrong", "open", "absent", "reference"]


@dataclass(frozen=True)
class Standing:
    """How a function stands, and in the reader's language why it is not right."""

    status: Status
    said: str = ""


class Verdicts:
    """The last result of each exercise; checked by one thread, read by others."""

    def __init__(self, sources: Sources) -> None:
        self._sources = sources
        self._results: dict[str, Result] = {}
        self._errors: dict[str, GradeFlowError | OSError] = {}
        self._lock = threading.Lock()

    def forget(self, name: str) -> None:
        """Let go of what was said of an exercise: its file has changed."""
        with self._lock:
            self._results.pop(name, None)
            self._errors.pop(name, None)

    def check(self, name: str, sandbox: Sandbox) -> None:
        """Run an exercise's public checks on the learner's file, as it is now."""
        exercise = self._sources.exercises[name]
        results: list[Result] = []
        error: GradeFlowError | OSError | None = None
        try:
            entry = entry_of(exercise, self._sources.path(name))
            run_checks(open_bench(exercise), sandbox, [entry], results.append)
        except (GradeFlowError, OSError) as wrong:
            error = wrong
        self.forget(name)
        with self._lock:
            if results:
                self._results[name] = results[0]
            elif error is not None:
                self._errors[name] = error

    def of(self, function: str, language: str) -> Standing:
        """Say how a function stands."""
        name = FUNCTIONS[function].exercise
        exercise = self._sources.exercises.get(name)
        task = exercise.task(function) if exercise else None
        if exercise is None or task is None:
            return Standing("absent")
        if self._sources.reference:
            return Standing("reference")
        with self._lock:
            result, error = self._results.get(name), self._errors.get(name)
        if error is not None:
            return Standing("absent", told(error, language))
        if result is None:
            return Standing("checking")
        verdict = verdict_of(result, task)
        if verdict is Verdict.PASSED:
            return Standing("right")
        if verdict is Verdict.SKIPPED:
            return Standing("open")
        failing = next((c for c in checks_of(result, task) if c.verdict is verdict), None)
        words = explain(failing, language, own_texts(exercise, language)) if failing else None
        return Standing("wrong", words.headline if words else "")

    def page(self, name: str, language: str) -> str | None:
        """Write the page of an exercise's last check; None where there is none."""
        exercise = self._sources.exercises.get(name)
        with self._lock:
            result = self._results.get(name)
        if exercise is None or result is None:
            return None
        return learner_page(result, exercise, language)
