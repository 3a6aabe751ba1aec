"""Which calls a check, or a picture, makes of every program: known once the reference was asked.

They are sent ahead, all in one message, so that a class does not wait for a change of process at
every call. What depends on the learner's own answers is not foreseen, and neither is anything of
programs that train: there the time goes elsewhere.
"""

from __future__ import annotations

import inspect
import math
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Any, TypeAlias

import numpy as np
import pytest

from autograder.diagnosis import holds_handle
from autograder.grading.plotting import Painter
from autograder.plugin import hooks
from autograder.plugin.bench import TRAIN, Bench
from autograder.sandbox.ahead import Foreseen, identical
from autograder.sandbox.meter import aside
from autograder.sandbox.proxy import Student
from autograder.sandbox.session import Session
from autograder.wire.protocol import Call, Loaded, Outcome, Returned

__all__ = ["Foresight"]

_Ask: TypeAlias = Callable[[Session], object]
LARGEST = 2**16  # bytes of a call; what is larger takes its time anyway


class Foresight:
    """What each check of an exercise asks, and its picture; found out once, and kept."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, bool, str, int], tuple[Foreseen, ...]] = {}

    def of(self, item: pytest.Item, bench: Bench) -> tuple[Foreseen, ...]:
        """Return the calls that a check makes of any program, as far as they are sure."""
        return self._of(
            hooks.check_of(item).identity, bench, lambda noting: _run(item, bench, noting)
        )

    def of_picture(self, name: str, paint: Painter, bench: Bench) -> tuple[Foreseen, ...]:
        """Return the calls that a picture makes of any program, likewise."""
        return self._of(name, bench, lambda noting: paint(noting, bench.reference, ()))

    def _of(self, name: str, bench: Bench, ask: _Ask) -> tuple[Foreseen, ...]:
        if bench.exercise.framework in TRAIN:
            return ()
        inputs = name, bench.unseen, bench.salt, bench.seed
        if inputs not in self._known:
            with aside():  # it is for the whole class, and no cost of who comes first
                self._known[inputs] = _foreseen(name, bench, ask)
        return self._known[inputs]


def _foreseen(name: str, bench: Bench, ask: _Ask) -> tuple[Foreseen, ...]:
    calls = _asked(ask, bench, nudged=False)
    # What is made of the program's answers shows when these change in their last digit.
    again = _asked(ask, bench, nudged=True)
    found = []
    for call, other in zip(calls, again, strict=False):
        foreseen = Foreseen.of(name, call)
        if not identical(call, other) or len(foreseen.packed) > LARGEST:
            break
        found.append(foreseen)
    return tuple(found)


def _asked(ask: _Ask, bench: Bench, *, nudged: bool) -> Sequence[Call]:
    """Let the reference be asked in the learner's place, and return what it was asked."""
    noting = _Noting(bench.reference, nudged)
    # What does not come to its end has asked all the same; whose fault it is, others find out.
    with suppress(Exception, pytest.fail.Exception, pytest.skip.Exception):
        ask(noting)
    return noting.calls


def _run(item: pytest.Item, bench: Bench, noting: Session) -> None:
    assert isinstance(item, pytest.Function)
    check = hooks.check_of(item)
    given: dict[str, Any] = {
        "student": Student(noting),
        "reference": Student(bench.reference),
        "rng": bench.rng(check.name, hidden=check.hidden),
    }
    given |= item.callspec.params if hasattr(item, "callspec") else {}
    names = inspect.signature(item.obj).parameters
    if set(names) <= set(given):
        item.obj(**{name: given[name] for name in names})


class _Noting:
    """The reference, and what it is asked before anything is left in its process."""

    def __init__(self, reference: Session, nudged: bool) -> None:
        self._reference = reference
        self._nudged = nudged
        self._open = True
        self.calls: list[Call] = []

    def load(self) -> Loaded:
        return self._reference.load()

    def call(self, call: Call) -> Outcome:
        self._open &= not (call.keep or holds_handle((call.target, call.args, call.kwargs)))
        if self._open:
            self.calls.append(call)
        outcome = self._reference.call(call)
        if self._nudged and isinstance(outcome, Returned):
            return replace(outcome, value=_nudged(outcome.value))
        return outcome

    def close(self) -> None:
        """Nothing to end: the reference lives on."""


def _nudged(value: Any) -> Any:
    """Return a value with the last digit of all its numbers changed."""
    match value:
        case float():
            return type(value)(math.nextafter(value, math.inf))
        case np.ndarray() if value.dtype.kind == "f":
            with np.errstate(all="ignore"):
                return np.nextafter(value, np.array(np.inf, value.dtype))
        case list() | tuple():
            return type(value)(_nudged(item) for item in value)
        case dict():
            return {key: _nudged(item) for key, item in value.items()}
    return value
