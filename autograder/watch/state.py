"""What watching knows, and how a result or a key changes it; nothing here waits or draws."""

from __future__ import annotations

from dataclasses import dataclass, replace

from autograder.catalogue import Exercise, Task
from autograder.messages import LANGUAGES
from autograder.model import CheckResult, Result, Verdict
from autograder.report.words import WORST_FIRST

__all__ = ["State", "checks_of", "verdict_of"]


@dataclass(frozen=True)
class State:
    """The exercise and the task in hand, and what is shown with them.

    chosen: the learner went to this task; it stays in hand until it passes.
    busy: a check is under way. hint, said: the text of a hint, and of what happened last.
    done: how many exercises of how many have all their checks passed.
    """

    exercise: Exercise
    task: Task
    language: str
    result: Result | None = None
    chosen: bool = False
    busy: bool = False
    hint: str = ""
    said: str = ""
    done: tuple[int, int] = (0, 0)

    @classmethod
    def at(cls, exercise: Exercise, language: str, *, last: bool = False) -> State:
        """Begin with an exercise: at its first task, or its last."""
        return cls(exercise, exercise.tasks[-1 if last else 0], language, chosen=last)

    @property
    def all_pass(self) -> bool:
        """Whether the exercise's file runs to its end and passes all checks there are."""
        result = self.result
        if result is None or result.problem is not None or result.load or not result.checks:
            return False
        return all(check.verdict is Verdict.PASSED for check in result.checks)

    def checked(self, result: Result) -> State:
        """Take a result: stay at the task in hand, or go to the one that asks for it."""
        after = replace(self, result=result, busy=False)
        if verdict_of(result, self.task) is Verdict.PASSED:
            after = replace(after, chosen=False)
        task = after._asking()
        return replace(after, task=task, hint=self.hint if task is self.task else "")

    def moved(self, step: int) -> State | None:
        """Go to a task by steps; None when it lies in another exercise."""
        place = self.exercise.tasks.index(self.task) + step
        if not 0 <= place < len(self.exercise.tasks):
            return None
        return replace(self, task=self.exercise.tasks[place], chosen=True, hint="", said="")

    def other_language(self) -> State:
        """Say everything in the next language."""
        following = LANGUAGES[(LANGUAGES.index(self.language) + 1) % len(LANGUAGES)]
        return replace(self, language=following, hint="", said="")

    def _asking(self) -> Task:
        """Return the task in hand if chosen or failing; else what fails, then what is to do."""
        if self.result is None or self.chosen:
            return self.task
        others = (self.task, *self.exercise.tasks)
        verdicts = [(task, verdict_of(self.result, task)) for task in others]
        failing = (task for task, v in verdicts if v not in (Verdict.PASSED, Verdict.SKIPPED, None))
        unwritten = (task for task, v in verdicts if v is Verdict.SKIPPED)
        return next(failing, None) or next(unwritten, None) or self.task


def checks_of(result: Result, task: Task) -> tuple[CheckResult, ...]:
    """Return what came of a task's checks."""
    return tuple(check for check in result.checks if check.task == task.name)


def verdict_of(result: Result | None, task: Task) -> Verdict | None:
    """Return the worst verdict of a task's checks; None where there is none."""
    checks = checks_of(result, task) if result else ()
    return min((check.verdict for check in checks), key=WORST_FIRST.index, default=None)
