"""Which calls a check makes of every program: known once the reference has stood in its place.

They are sent ahead, all in one message, so that a class does not wait for a change of process at
every call. What depends on the learner's own answers is not foreseen, and neither is anything of
programs that train: there the time goes elsewhere.
"""

from __future__ import annotations

import inspect
import math
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from autograder.diagnosis import holds_handle
from autograder.plugin import hooks
from autograder.plugin.bench import TRAIN, Bench
from autograder.sandbox.ahead import Foreseen, key_of
from autograder.sandbox.meter import aside
from autograder.sandbox.proxy import Student
from autograder.sandbox.session import Session
from autograder.wire.protocol import Call, Loaded, Outcome, Returned

__all__ = ["Foresight"]

LARGEST = 2**16  # bytes of a call; what is larger takes its time anyway


class Foresight:
    """What each check of an exercise asks; found out when it is first wanted, and kept."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, bool, str, int], tuple[Foreseen, ...]] = {}

    def of(self, item: pytest.Item, bench: Bench) -> tuple[Foreseen, ...]:
        """Return the calls that a check makes of any program, as far as they are sure."""
        if bench.exercise.framework in TRAIN:
            return ()
        name = hooks.check_of(item).name
        inputs = name, bench.unseen, bench.salt, bench.seed
        if inputs not in self._known:
            with aside():  # it is for the whole class, and no cost of who comes first
                self._known[inputs] = _foreseen(name, item, bench)
        return self._known[inputs]


def _foreseen(name: str, item: pytest.Item, bench: Bench) -> tuple[Foreseen, ...]:
    calls = _asked(item, bench, nudged=False)
    keys = [key_of(call) for call in calls]
    # What is made of the program's answers shows when these change in their last digit.
    again = [key_of(call) for call in _asked(item, bench, nudged=True)]
    found = []
    for call, key, other in zip(calls, keys, again, strict=False):
        if key != other or len(key) > LARGEST:
            break
        found.append(Foreseen(name, call, key))
    return tuple(found)


def _asked(item: pytest.Item, bench: Bench, *, nudged: bool) -> Sequence[Call]:
    """Run a check with the reference in the learner's place, and return what it asked."""
    assert isinstance(item, pytest.Function)
    hidden = hooks.check_of(item).hidden
    noting = _Noting(bench.reference, nudged)
    given: dict[str, Any] = {
        "student": Student(noting),
        "reference": Student(bench.reference),
        "rng": bench.rng(hooks.check_of(item).name, hidden=hidden),
    }
    given |= item.callspec.params if hasattr(item, "callspec") else {}
    names = inspect.signature(item.obj).parameters
    if set(names) <= set(given):
        # A check that does not pass has asked all the same; whose fault it is, the judge finds out.
        with suppress(Exception, pytest.fail.Exception, pytest.skip.Exception):
            item.obj(**{name: given[name] for name in names})
    return noting.calls


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
