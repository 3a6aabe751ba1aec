"""What a check holds: an object that looks like the learner's module and records every call."""

from __future__ import annotations

import inspect
import textwrap
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from autograder.sandbox.session import Session
from autograder.wire.protocol import (
    Call,
    Code,
    Handle,
    Loaded,
    Name,
    Outcome,
    Program,
    Returned,
    Tensor,
)
from autograder.wire.weight import weight

__all__ = [
    "CallFailed",
    "Exchange",
    "Function",
    "Recorder",
    "Student",
    "code",
    "defines",
    "loaded",
    "probe",
    "tf_tensor",
    "torch_tensor",
]


@dataclass(frozen=True)
class Exchange:
    """A call and what came of it.

    shows: for a probe, the key of the exercise's message that says what was asked.
    """

    call: Call
    outcome: Outcome
    shows: str = ""

    @cached_property
    def weight(self) -> int:
        """How many bytes it takes, about."""
        return weight((self.call, self.outcome))


class CallFailed(Exception):  # noqa: N818 - reads as what happened: the learner's call failed
    """The learner's function did not return; the outcome says what it did instead.

    misconception: set where the check itself knows which misunderstanding made it fail.
    wanted: the exceptions that the check demands, where it demands one.
    """

    def __init__(
        self, exchange: Exchange, misconception: str | None = None, wanted: str = ""
    ) -> None:
        self.exchange = exchange
        self.wanted = wanted
        self.misconception = misconception
        super().__init__(f"{exchange.call.target}: {exchange.outcome}")


MOST_KEPT = 256 * 2**20  # bytes of what a check has exchanged


class Recorder:
    """The calls of one check, in order; the largest are forgotten while all are too much together.

    complete: whether none had to be forgotten; of some calls alone no misunderstanding is told.
    """

    def __init__(self) -> None:
        self.exchanges: list[Exchange] = []
        self.complete = True
        self._kept = 0

    def keep(self, exchange: Exchange) -> None:
        """Record a call. The last one stays, and so does what did not return: a check raises it."""
        self.exchanges.append(exchange)
        self._kept += exchange.weight
        while self._kept > MOST_KEPT:
            earlier = enumerate(self.exchanges[:-1])
            returned = [at for at, one in earlier if isinstance(one.outcome, Returned)]
            if not returned:
                break
            largest = max(returned, key=lambda at: self.exchanges[at].weight)
            self._kept -= self.exchanges.pop(largest).weight
            self.complete = False

    def of(self, value: object) -> list[Exchange]:
        """Return the calls that may have produced a value, whole or as an item, the last first.

        An array is itself; None, a truth and a small whole number are one object wherever they
        come from. The last call, where none has produced it.
        """
        returned = [each for each in reversed(self.exchanges) if isinstance(each.outcome, Returned)]
        # Then: it was copied on the way, by np.asarray(...), or by bool(...).
        for produced in (_holds, _same_array, _same_number):
            if found := [one for one in returned if produced(_value(one), value)]:
                return found
        return self.exchanges[-1:]


def _value(exchange: Exchange) -> object:
    return exchange.outcome.value if isinstance(exchange.outcome, Returned) else None


def _holds(whole: object, value: object) -> bool:
    if whole is value:
        return True
    if isinstance(whole, dict):
        return any(_holds(item, value) for item in whole.values())
    return isinstance(whole, list | tuple) and any(_holds(item, value) for item in whole)


def _same_array(one: object, other: object) -> bool:
    if not isinstance(one, np.ndarray) or not isinstance(other, np.ndarray):
        return False
    return one.shape == other.shape and one.tobytes() == other.tobytes()


def _same_number(one: object, other: object) -> bool:
    numbers = bool | int | float | np.number | np.bool_
    try:
        return isinstance(one, numbers) and isinstance(other, numbers) and bool(one == other)
    except OverflowError:  # an integer that is too large for NumPy's number
        return False


class Student:
    """A learner's program (or the reference) as a check sees it: ``student.sigmoid(z)``.

    Attributes are the program's functions, whether they exist or not; calling one that does not
    return raises :class:`CallFailed`.
    """

    def __init__(
        self,
        session: Session,
        recorder: Recorder | None = None,
        program: Program | None = None,
    ) -> None:
        self._session = session
        self._recorder = recorder or Recorder()
        self._program = program

    def __getattr__(self, name: str) -> Function:
        if name.startswith("__"):
            raise AttributeError(name)
        return Function(self._session, self._recorder, Name(name), program=self._program)

    def _load(self) -> Loaded:
        return self._session.load()


@dataclass(frozen=True)
class Function:
    """One function of a program: callable from a check, and passable as an argument.

    program: the text that it stands in, where that is to be read; a learner's.
    """

    session: Session
    recorder: Recorder
    target: Name | Code | Handle
    shows: str = ""
    program: Program | None = None

    def outcome(self, *args: Any, **kwargs: Any) -> Outcome:
        """Call it and return whatever happened, without raising."""
        call = Call(self.target, _plain(args), _plain(kwargs))
        return self._exchange(call).outcome

    def kept(self, *args: Any, **kwargs: Any) -> Function:
        """Call it and leave the result where it is: a closure, a model, an optimizer."""
        handle = self._returned(Call(self.target, _plain(args), _plain(kwargs), keep=True))
        return Function(self.session, self.recorder, handle)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Call it and return its value.

        Raises CallFailed when it raises, is missing, or is stopped.
        """
        return self._returned(Call(self.target, _plain(args), _plain(kwargs)))

    def _returned(self, call: Call) -> Any:
        exchange = self._exchange(call)
        if not isinstance(exchange.outcome, Returned):
            raise CallFailed(exchange)
        return exchange.outcome.value

    def _exchange(self, call: Call) -> Exchange:
        exchange = Exchange(call, self.session.call(call), self.shows)
        self.recorder.keep(exchange)
        return exchange


def code(function: Callable[..., Any]) -> Code:
    """Make of a function of ours a value for the wire.

    The function must be a ``def`` that uses only its arguments and its own imports: its source
    is sent, not its surroundings.
    """
    source = textwrap.dedent(inspect.getsource(function))
    return Code(function.__name__, source)


def probe(student: Student, function: Callable[..., Any], *, shows: str = "") -> Function:
    """Run a function of ours beside the learner's program, with their module as first argument.

    What it returns has passed through the learner's hands: it is data, never a verdict.

    shows: key of the exercise's message that a learner reads in place of the call.
    """
    return Function(student._session, student._recorder, code(function), shows)


def defines(student: Student, name: str) -> str | None:
    """Return the type's name of what the program's top level left under a name, or None.

    For programs that are plain scripts: ``model`` after training. Modules and private names are
    not told.
    """
    return student._load().names.get(name)


def loaded(student: Student) -> Loaded:
    """Return what came of the program's top level: its names, what failed, what it printed.

    For programs that are plain scripts.
    """
    return student._load()


def torch_tensor(array: ArrayLike) -> Tensor:
    """Give a learner's function a PyTorch tensor with an array's values, dtype and shape."""
    return Tensor("torch", np.array(array))


def tf_tensor(array: ArrayLike) -> Tensor:
    """Give a learner's function a TensorFlow tensor with an array's values, dtype and shape."""
    return Tensor("tensorflow", np.array(array))


def _plain(value: Any) -> Any:
    """Turn the functions among the arguments into their wire values, and copy the rest.

    A check may go on to change an array; what was asked with it stays on record.
    """
    if isinstance(value, Function):
        return value.target
    if isinstance(value, np.ndarray):
        return value.copy()
    if isinstance(value, tuple):
        return tuple(_plain(item) for item in value)
    if isinstance(value, list):
        return [_plain(item) for item in value]
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    return value
