"""The picture of a submission: an exercise's ``plot.py``, run beside its checks."""

from __future__ import annotations

import runpy
from collections.abc import Callable, Collection, Sequence
from pathlib import Path

from autograder.catalogue import Exercise
from autograder.errors import CourseError
from autograder.model import Plot
from autograder.sandbox.proxy import Exchange, Student
from autograder.sandbox.session import Session
from autograder.wire.digest import digest_of
from autograder.wire.protocol import Call, Code, Crashed, Loaded, Missing, Name, Outcome, Stopped

__all__ = ["Painter", "paint_task", "painter_of", "panels_of"]

Painter = Callable[[Session, Session, Sequence[Exchange]], Plot]
FUNCTION = "plot"
MOST_WAITS = 2  # for calls of one picture that end by a limit


def painter_of(exercise: Exercise) -> Painter | None:
    """Return what makes the picture of a submission, or None where the exercise has no plot.py.

    Its three arguments: the learner's session, the reference's, and what the checks have asked.

    Raises CourseError, located, when plot.py cannot be run or has no function ``plot``. On a
    learner's machine the painter raises it: checks need no picture, nor what a picture imports.
    """
    path = exercise.plotting
    if not path.is_file():
        return None
    try:
        function = _function(path)
    except CourseError as error:
        if not exercise.released:
            raise
        return _unable(error)

    def paint(session: Session, reference: Session, asked: Sequence[Exchange]) -> Plot:
        made = function(Student(_Asked(session, asked)), Student(reference))
        if not isinstance(made, Plot):
            raise CourseError("plot() does not return a picture", path)
        return made

    return paint


def panels_of(plot: Plot, exercise: Exercise, task: str) -> Plot:
    """Return the panels of one task; those that show several stand with the exercise's last."""
    wanted = ("", task) if exercise.tasks[-1].name == task else (task,)
    return Plot(tuple(panel for panel in plot.panels if panel.task in wanted))


def paint_task(
    paint: Painter,
    exercise: Exercise,
    task: str,
    session: Session,
    reference: Session,
    asked: Sequence[Exchange],
) -> Plot | None:
    """Return a task's panels, or None where it has none.

    A picture of an empty program, which has the same panels and asks the reference only, is made
    first, and functions of other tasks are not called for panels of their own: a learner who
    checks one task need not wait for what another one does, or for its end.
    """
    wanted = panels_of(paint(_Nothing(), reference, ()), exercise, task).panels
    if not wanted:
        return None
    if all(panel.task == task for panel in wanted):
        others = {each.name for each in exercise.tasks} - {task}
        session = _Without(session, others)
    return panels_of(paint(session, reference, asked), exercise, task)


class _Without:
    """A program without some of its functions; a probe that runs beside it still has them."""

    def __init__(self, session: Session, names: Collection[str]) -> None:
        self._session, self._names = session, names

    def load(self) -> Loaded:
        return self._session.load()

    def call(self, call: Call) -> Outcome:
        if isinstance(call.target, Name) and call.target.name in self._names:
            return Missing(call.target.name)
        return self._session.call(call)

    def close(self) -> None:
        self._session.close()


def _unable(error: CourseError) -> Painter:
    def paint(_session: Session, _reference: Session, _asked: Sequence[Exchange]) -> Plot:
        raise error

    return paint


class _Nothing:
    """A program that defines nothing."""

    def load(self) -> Loaded:
        return Loaded({})

    def call(self, call: Call) -> Outcome:
        return Missing(_subject(call)[0])

    def close(self) -> None:
        pass


def _function(path: Path) -> Callable[[Student, Student], object]:
    try:
        function = runpy.run_path(str(path)).get(FUNCTION)
    except Exception as error:
        raise CourseError(f"cannot be run: {type(error).__name__}: {error}", path) from None
    if not callable(function):
        raise CourseError("defines no function plot(student, reference)", path)
    return function  # type: ignore[no-any-return]


class _Asked:
    """A session that does not ask again what is known already.

    A check's probe has trained a network, which takes seconds; and a function that ran out of time
    in a check would do so again. A picture waits for no more than a few functions that hang.
    """

    def __init__(self, session: Session, asked: Sequence[Exchange]) -> None:
        self._session = session
        self._known: dict[bytes, Outcome] = {}
        self._stuck: dict[tuple[str, ...], Outcome] = {}
        self._waits = MOST_WAITS
        for exchange in asked:
            if isinstance(exchange.outcome, Stopped):
                self._stuck[_subject(exchange.call)] = exchange.outcome
            elif isinstance(exchange.call.target, Code) and not exchange.call.keep:
                key = digest_of(exchange.call)
                if key is not None:
                    self._known[key] = exchange.outcome

    def load(self) -> Loaded:
        return self._session.load()

    def call(self, call: Call) -> Outcome:
        stuck = self._stuck.get(_subject(call))
        if stuck is not None:
            return stuck
        if self._known and isinstance(call.target, Code) and not call.keep:
            known = self._known.get(digest_of(call) or b"")
            if known is not None:
                return known
        if self._waits == 0:
            return next(reversed(self._stuck.values()))
        outcome = self._session.call(call)
        if isinstance(outcome, Stopped | Crashed):
            self._stuck[_subject(call)] = outcome
            self._waits -= 1
        return outcome

    def close(self) -> None:
        self._session.close()


def _subject(call: Call) -> tuple[str, ...]:
    """Return what is tried by a call: the name of a function, with the choices made by texts."""
    target = call.target.name if isinstance(call.target, Name | Code) else str(call.target.key)
    return target, *(value for value in call.args if isinstance(value, str))
