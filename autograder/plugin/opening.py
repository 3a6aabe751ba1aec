"""Opening a submission for a pytest session, and describing what came of it."""

from __future__ import annotations

from pathlib import Path
from typing import cast

import pytest

from autograder.catalogue import Exercise, find_course, language_at
from autograder.errors import GradeFlowError, LearnerError, SubmissionError
from autograder.messages import Explanation, OwnTexts, explain, has, told, translate
from autograder.model import CheckResult
from autograder.plugin.bench import Bench
from autograder.plugin.sitting import Sitting
from autograder.sandbox.opening import Kind, Sandbox
from autograder.sandbox.stepping import Stepping, debugger_here, stops_somewhere
from autograder.submission import read_file

__all__ = ["Opener", "describe", "own_texts", "plain_text", "sentence", "spoken_language"]


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


def own_texts(exercise: Exercise, language: str) -> OwnTexts:
    """Return the look-up of an exercise's own texts."""

    def find(kind: str, key: str) -> str | None:
        if kind == "misconception":
            known = exercise.misconceptions.get(key)
            return known.hint.in_(language) if known else None
        text = exercise.messages.get(key)
        return text.in_(language) if text else None

    return find


def describe(result: CheckResult, sitting: Sitting, language: str | None) -> tuple[str, str]:
    """Write a result as pytest shows it: the check's title, and what is wrong."""
    exercise = sitting.bench.exercise
    language = spoken_language(exercise, language)
    said = plain_text(explain(result, language, own_texts(exercise, language)))
    return sentence(result, exercise, language), said


def sentence(check: CheckResult, exercise: Exercise, language: str) -> str:
    """Write the title of a check that learners have: its author's, or else its name as a sentence.

    What many checks say of their tasks, such as ``keeps_the_shape``, is the engine's to translate.
    The task's own name stays as it is, and so do a parametrized check's parameters.
    """
    function, bracket, parameters = check.name.partition("[")
    # pytest writes a parameter at once behind the name
    behind = f" [{parameters}".replace("_", " ") if bracket else ""
    claim = function.removeprefix("test_")
    about_task = claim.lower().startswith(f"{check.task.lower()}_")
    if about_task:
        claim = claim[len(check.task) + 1 :]
    own = exercise.checks.get(claim, {}).get(language)
    said = own or (translate(f"check.{claim}", language) if has(f"check.{claim}") else None)
    if said is None:
        claim = claim.replace("_", " ")
        return (f"{check.task} {claim}" if about_task else claim) + behind
    return translate("page.check", language, task=check.task, said=said) + behind


def spoken_language(exercise: Exercise, chosen: str | None) -> str:
    """Choose a language: as chosen, as $GRADEFLOW_LANGUAGE says, as the course says."""
    return language_at(exercise.folder, chosen)


def plain_text(words: Explanation) -> str:
    """Write an explanation as plain text, a labelled value a line."""
    width = max((len(label) for label, _ in words.values), default=0)
    lines = [words.headline]
    for label, value in words.values:
        head, *rest = value.splitlines() or [""]
        lines.append(f"  {label:<{width}}  {head}")
        lines += [" " * (width + 4) + line.strip() for line in rest]
    lines += [f"  {detail}" for detail in words.details]
    if words.advice:
        lines.append(f"  → {words.advice}")
    return "\n".join(lines)
