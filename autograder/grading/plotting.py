"""The picture of a submission: an exercise's ``plot.py``, run beside its checks."""

from __future__ import annotations

import runpy
from collections.abc import Callable, Sequence
from pathlib import Path

from autograder.catalogue import Exercise
from autograder.errors import CourseError, WireError
from autograder.model import Plot
from autograder.sandbox.proxy import Exchange, Student
from autograder.sandbox.session import Session
from autograder.wire.protocol import Call, Code, Loaded, Outcome
from autograder.wire.values import encode

__all__ = ["Painter", "painter_of"]

Painter = Callable[[Session, Session, Sequence[Exchange]], Plot]
FUNCTION = "plot"


def painter_of(exercise: Exercise) -> Painter | None:
    """Return what makes the picture of a submission, or None where the exercise has no plot.py.

    Its three arguments: the learner's session, the reference's, and what the checks have asked.

    Raises CourseError, located, when plot.py cannot be run or has no function ``plot``.
    """
    path = exercise.plotting
    if not path.is_file():
        return None
    function = _function(path)

    def paint(session: Session, reference: Session, asked: Sequence[Exchange]) -> Plot:
        made = function(Student(_Asked(session, asked)), Student(reference))
        if not isinstance(made, Plot):
            raise CourseError("plot() does not return a picture", path)
        return made

    return paint


def _function(path: Path) -> Callable[[Student, Student], object]:
    try:
        function = runpy.run_path(str(path)).get(FUNCTION)
    except Exception as error:
        raise CourseError(f"cannot be run: {type(error).__name__}: {error}", path) from None
    if not callable(function):
        raise CourseError("defines no function plot(student, reference)", path)
    return function  # type: ignore[no-any-return]


class _Asked:
    """A session that does not ask again what a check's probe has asked: training takes seconds."""

    def __init__(self, session: Session, asked: Sequence[Exchange]) -> None:
        self._session = session
        self._known: dict[bytes, Outcome] = {}
        for exchange in asked:
            if isinstance(exchange.call.target, Code) and not exchange.call.keep:
                key = _key(exchange.call)
                if key is not None:
                    self._known[key] = exchange.outcome

    def load(self) -> Loaded:
        return self._session.load()

    def call(self, call: Call) -> Outcome:
        if self._known and isinstance(call.target, Code) and not call.keep:
            known = self._known.get(_key(call) or b"")
            if known is not None:
                return known
        return self._session.call(call)

    def close(self) -> None:
        self._session.close()


def _key(call: Call) -> bytes | None:
    try:
        return encode((call.target, call.args, call.kwargs), strict=True)
    except WireError:
        return None
