"""A session in this very process, for programs that are trusted: references, variants, tests."""

from __future__ import annotations

import contextlib
import re
import signal
import sys
import threading
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import replace
from pathlib import Path
from types import FrameType
from typing import Any, TypeVar

from autograder.errors import WireError
from autograder.sandbox.policy import MIB, Limits
from autograder.sandbox.program import OutOfTimeError, Runner
from autograder.sandbox.quiet import import_quietly
from autograder.wire.protocol import (
    Call,
    Failure,
    Loaded,
    Opaque,
    Outcome,
    Part,
    Program,
    Returned,
    Stopped,
)
from autograder.wire.values import Budget, decode, encode

__all__ = ["InProcessSession"]

_T = TypeVar("_T")
AGAIN = 0.05  # seconds of computing between two rings
MOST_CAUSES = 100  # exceptions behind one another; a program may tie them to a ring

# Prose that only names it must not cost a worker seconds, and hundreds of megabytes.
_IMPORTS_TENSORFLOW = re.compile(r"^[ \t]*(?:import|from)\b.*\btensorflow\b", re.MULTILINE)


class InProcessSession:
    """Runs a trusted program here; what it returns is copied as if it had crossed the wire.

    A wrong variant may loop for ever by design, so ``limits.wall`` holds here too, by a timer of
    what this process computes, where the platform has one and the caller is the main thread; but
    not for who steps through the file ``steps``.
    """

    def __init__(
        self,
        program: Program,
        limits: Limits | None = None,
        namespace: dict[str, Any] | None = None,
        *,
        labels: Mapping[str, str] | None = None,
        around: Callable[[], AbstractContextManager[None]] = contextlib.nullcontext,
        steps: Path | None = None,
    ) -> None:
        self._limits = limits or Limits()
        self._label = program.parts[0].label if program.parts else program.module
        self._greets = any(_IMPORTS_TENSORFLOW.search(part.source) for part in program.parts)
        self._runner = Runner(
            program, self._limits, namespace=namespace, labels=labels, steps=steps
        )
        self._timed = _within if steps is None else _untimed
        self._budget = Budget.for_frame(self._limits.frame * MIB)
        self._loaded: Loaded | None = None
        self._around = around

    @classmethod
    def of(cls, source: str, name: str, limits: Limits | None = None) -> InProcessSession:
        """Hold a program given as one piece of source; ``name`` is the module's."""
        return cls(Program(name, (Part(f"{name}.py", source),)), limits)

    def load(self) -> Loaded:
        """Run the top level, once."""
        if self._loaded is None:
            if self._greets:
                import_quietly("tensorflow")
            try:
                with self._around():
                    self._loaded = self._timed(self._limits.loading, self._runner.load)
            except OutOfTimeError:
                stopped = Stopped("wall", self._limits.loading)
                self._loaded = Loaded({}, (Failure(self._label, stopped),))
        return self._loaded

    def call(self, call: Call) -> Outcome:
        """Call a function of the program."""
        self.load()
        try:
            with self._around():
                outcome = self._timed(self._limits.wall, lambda: self._runner.call(call))
        except OutOfTimeError:
            return self._out_of_time()
        if isinstance(outcome, Returned):
            value, changed = self._crossed((outcome.value, outcome.changed))
            return replace(outcome, value=value, changed=changed)
        return outcome

    def _crossed(self, pair: tuple[Any, dict[int, Any]]) -> tuple[Any, dict[int, Any]]:
        try:
            value, changed = decode(encode(pair, self._budget), self._budget)
        except WireError:  # longer than a frame, as in the cage
            return Opaque(f"{type(pair[0]).__name__} (too large)", ""), {}
        return value, changed

    def _out_of_time(self) -> Stopped:
        return Stopped("wall", self._limits.wall)

    def forget(self) -> None:
        """Let go of the objects that were kept here: models, histories, closures."""
        self._runner.shelf.forget()

    def close(self) -> None:
        """Nothing to end: the program lives in this process."""


def _untimed(_seconds: float, run: Callable[[], _T]) -> _T:
    return run()


def _within(seconds: float, run: Callable[[], _T]) -> _T:
    """Run something that may compute for so long; OutOfTimeError when it has computed for longer.

    It rings until it is left: Python drops an exception that rises in a collector's callback, a
    finalizer or under some of NumPy's steps, and a program may catch it. Whatever comes of such a
    one comes too late.
    """
    usable = hasattr(signal, "setitimer") and threading.current_thread() is threading.main_thread()
    if not usable:
        return run()
    rung = over = False

    def ring(_number: int, _frame: FrameType | None) -> None:
        nonlocal rung
        # What unwinds already must get to the end of its own tidying up.
        if not over and not _unwinds(sys.exception()):
            rung = True
            raise OutOfTimeError

    previous = signal.signal(signal.SIGVTALRM, ring)
    try:
        # Two steps, in this very frame: a ring between them finds the second still to be done.
        try:
            signal.setitimer(signal.ITIMER_VIRTUAL, seconds, AGAIN)
            found = run()
        finally:
            over = True
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, previous)
    if rung:
        raise OutOfTimeError
    return found


def _unwinds(error: BaseException | None) -> bool:
    """Tell whether a ring is being handled, or something that rose meanwhile."""
    for _ in range(MOST_CAUSES):
        if error is None or isinstance(error, OutOfTimeError):
            break
        error = error.__context__
    return isinstance(error, OutOfTimeError)
