"""A session in this very process, for programs that are trusted: references, variants, tests."""

from __future__ import annotations

import contextlib
import re
import signal
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import replace
from pathlib import Path
from types import FrameType
from typing import Any

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
        self._timed = steps is None
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
                with self._around(), self._wall(self._limits.loading):
                    self._loaded = self._runner.load()
            except OutOfTimeError:
                stopped = Stopped("wall", self._limits.loading)
                self._loaded = Loaded({}, (Failure(self._label, stopped),))
        return self._loaded

    def call(self, call: Call) -> Outcome:
        """Call a function of the program."""
        self.load()
        try:
            with self._around(), self._wall(self._limits.wall):
                outcome = self._runner.call(call)
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

    def _wall(self, seconds: float) -> AbstractContextManager[None]:
        return _wall(seconds) if self._timed else contextlib.nullcontext()

    def _out_of_time(self) -> Stopped:
        return Stopped("wall", self._limits.wall)

    def forget(self) -> None:
        """Let go of the objects that were kept here: models, histories, closures."""
        self._runner.forget()

    def close(self) -> None:
        """Nothing to end: the program lives in this process."""


@contextlib.contextmanager
def _wall(seconds: float) -> Iterator[None]:
    usable = hasattr(signal, "setitimer") and threading.current_thread() is threading.main_thread()
    if not usable:
        yield
        return

    def stop(_number: int, _frame: FrameType | None) -> None:
        raise OutOfTimeError

    previous = signal.signal(signal.SIGVTALRM, stop)
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, previous)
