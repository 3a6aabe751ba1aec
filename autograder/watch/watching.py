"""The loop of ``gradeflow watch``: entries for the grading loop, from saves and keys."""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import threading
import time
import webbrowser
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Protocol

from autograder.catalogue import Exercise
from autograder.errors import GradeFlowError
from autograder.grading.alone import entry_of, own_file
from autograder.grading.entry import Entry
from autograder.grading.loop import run_checks
from autograder.messages import told, translate
from autograder.model import Result
from autograder.plugin.bench import open_bench
from autograder.sandbox.meter import OwnMeter, metered
from autograder.sandbox.opening import Sandbox
from autograder.watch.events import Key, Saved, Waiting
from autograder.watch.screen import Shows
from autograder.watch.state import State

__all__ = ["Notes", "Watch"]


class Notes(Protocol):
    """What is remembered of a learner's work."""

    def of(self, exercise: str) -> dict[str, Any]:
        """Return the last check of an exercise: passed, checks, points, possible; or nothing."""
        ...

    def remember(self, result: Result) -> None:
        """Keep how a check went."""
        ...

    def next_rung(self, exercise: str, task: str, rungs: int, asked: int | None) -> int:
        """Return which hint to show, counted from 1."""
        ...


class Watch:
    """Checks one exercise after the other, each time a file of it is saved.

    exercises: in teaching order. file: the learner's own, where they named one; it stands for the
    first exercise that is watched.
    """

    def __init__(
        self, exercises: Sequence[Exercise], state: State, shows: Shows, notes: Notes,
        waiting: Waiting, file: Path | None = None,
    ) -> None:  # fmt: skip
        self._exercises = list(exercises)
        self._state = state
        self._shows = shows
        self._notes = notes
        self._waiting = waiting
        self._named = {state.exercise.name: file} if file else {}
        self._saved = False  # the check under way was asked for by a save
        self._draws = False
        self._left = False
        self._began = 0.0

    def run(self) -> None:
        """Watch until the learner leaves.

        Raises CourseError when an exercise is broken, KeyboardInterrupt when interrupted.
        """
        with contextlib.ExitStack() as stack:
            sandboxes: dict[str, Sandbox] = {}
            while not self._left:
                exercise = self._state.exercise
                if exercise.framework not in sandboxes:
                    warm = Sandbox("plain", exercise.framework, warm=True)
                    sandboxes[exercise.framework] = stack.enter_context(contextlib.closing(warm))
                sandbox = sandboxes[exercise.framework]
                self._check(exercise, sandbox)

    def _check(self, exercise: Exercise, sandbox: Sandbox) -> None:
        """Check one exercise until another is in hand."""
        meter = OwnMeter(exercise.limits)

        def take(result: Result) -> None:
            with meter.paused():
                self._take(result)

        with contextlib.closing(metered(self._feed(exercise), meter)) as feed:
            run_checks(open_bench(exercise), sandbox, feed, take)

    def leave(self) -> None:
        """Leave now, from another thread: what is being checked is given up."""
        if self._state.busy:
            if sys.platform == "win32":
                signal.raise_signal(signal.SIGINT)
            else:
                number = threading.main_thread().ident
                assert number is not None
                signal.pthread_kill(number, signal.SIGINT)

    # ---- entries ----

    def _feed(self, exercise: Exercise) -> Iterator[Entry]:
        """Yield the exercise's file now and at each save, until another exercise is in hand."""
        self._saved = False
        yield from self._entry(exercise)
        while self._same(exercise):
            again = self._heard(self._waiting.get(), exercise)
            if self._same(exercise) and again:
                yield from self._entry(exercise)

    def _same(self, exercise: Exercise) -> bool:
        return not self._left and self._state.exercise is exercise

    def _entry(self, exercise: Exercise) -> Iterator[Entry]:
        self._began = time.perf_counter()
        try:
            path = self._named.get(exercise.name) or own_file(exercise)
            entry = entry_of(exercise, path, draws=self._draws)
        except (GradeFlowError, OSError) as error:  # gone for the moment, perhaps
            self._now(replace(self._state, said=told(error, self._state.language)))
            return
        self._now(replace(self._state, busy=True, said=""))
        yield entry

    def _take(self, result: Result) -> None:
        seconds = f"{time.perf_counter() - self._began:.2f}"
        self._notes.remember(result)
        state = replace(self._state.checked(result), done=self._done())
        said = translate("watch.checked", state.language, file=result.file, seconds=seconds)
        if self._draws:
            self._draws, said = False, self._drawn(result)
        self._now(replace(state, said=said))
        if self._saved and state.all_pass:
            self._go_on(result)

    # ---- what happened ----

    def _heard(self, event: Saved | Key, exercise: Exercise) -> bool:
        """Do what an event asks for; True when the exercise is to be checked now."""
        if isinstance(event, Key):
            return self._key(event.letter)
        named = self._named.get(exercise.name)
        mine = (named,) if named else (exercise.source, exercise.source.with_suffix(".ipynb"))
        if event.path in mine:
            self._saved = True
            return True
        for other in self._exercises:
            if event.path in (other.source, other.source.with_suffix(".ipynb")):
                self._now(State.at(other, self._state.language))
        return False

    def _key(self, letter: str) -> bool:
        state = self._state
        match letter:
            case "q":
                self._left = True
            case "n" | "p":
                self._move(1 if letter == "n" else -1)
            case "l":
                self._now(state.other_language())
            case "h":
                self._hint()
            case "d" | "r":
                self._draws, self._saved = letter == "d", False
                return True
        return False

    def _move(self, step: int) -> None:
        after = self._state.moved(step)
        if after is None:
            place = self._exercises.index(self._state.exercise) + step
            if not 0 <= place < len(self._exercises):
                return
            after = State.at(self._exercises[place], self._state.language, last=step < 0)
        self._now(after)

    def _hint(self) -> None:
        state = self._state
        ladder = state.task.hints.in_(state.language)
        rung = self._notes.next_rung(state.exercise.name, state.task.name, len(ladder), None)
        facts = {"rung": rung, "rungs": len(ladder), "task": state.task.name}
        head = translate("terminal.hint", state.language, **facts)
        self._now(replace(state, hint=f"{head}\n{ladder[rung - 1]}"))

    def _go_on(self, result: Result) -> None:
        """Go to the next exercise that is not done, once a save has completed this one."""
        state, place = self._state, self._exercises.index(self._state.exercise)
        order = (*self._exercises[place + 1 :], *self._exercises[:place])
        following = next((each for each in order if not self._is_done(each)), None)
        if following is None:
            self._now(replace(state, said=translate("watch.all_done", state.language)))
            return
        facts = {"exercise": state.exercise.name, "all": len(result.checks)}
        said = translate("watch.exercise_done", state.language, **facts)
        self._now(replace(State.at(following, state.language), said=said))

    def _drawn(self, result: Result) -> str:
        from autograder.report.learner import learner_page
        from autograder.report.pages import write_page
        from autograder.report.pictures import drawn_apart

        exercise, language = self._state.exercise, self._state.language
        drawn = drawn_apart(result, exercise)
        compared = any(check.evidence and check.evidence.beside for check in result.checks)
        if not any(drawn.values()) and not compared:
            key = "note" if exercise.plotting.is_file() else "watch"
            return translate(f"{key}.no_picture", language, error="")
        path = exercise.folder.parent / ".gradeflow" / f"{exercise.name}.html"
        try:
            path.parent.mkdir(exist_ok=True)
            write_page(path, learner_page(result, exercise, language, **drawn))
        except OSError as error:
            return told(error, language)
        if _has_windows():
            webbrowser.open(path.as_uri())
        return translate("watch.picture", language, file=str(path))

    def _is_done(self, exercise: Exercise) -> bool:
        known = self._notes.of(exercise.name)
        return bool(known) and known["passed"] == known["checks"]

    def _done(self) -> tuple[int, int]:
        return sum(map(self._is_done, self._exercises)), len(self._exercises)

    def _now(self, state: State) -> None:
        # An exercise that begins knows nothing of the course yet.
        self._state = state if state.done[1] else replace(state, done=self._done())
        self._shows.show(self._state)


def _has_windows() -> bool:
    """Tell whether a browser would have a window: one in the terminal would take this screen."""
    wants = ("DISPLAY", "WAYLAND_DISPLAY")
    return sys.platform in ("win32", "darwin") or any(map(os.environ.get, wants))
