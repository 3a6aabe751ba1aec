"""Checks of how a function behaves, beside what it returns."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from autograder.checks.evidence import Mismatch, show
from autograder.model import Evidence
from autograder.sandbox.proxy import CallFailed, Function
from autograder.wire.protocol import Raised, Returned

__all__ = [
    "central_difference",
    "expect",
    "leaves_arguments_alone",
    "refuses",
    "warns_nothing",
]


TROUBLES = ("overflow", "divide by zero", "invalid value", "underflow")


def expect(
    condition: bool | np.bool_,
    says: str,
    *,
    misconception: str | None = None,
    **facts: str | int | float,
) -> None:
    """Demand a condition that no other check expresses.

    says: key of the exercise's own message, in ``[messages]`` of exercise.toml; facts fill it.
    misconception: the id of the misunderstanding that a failure proves, if it proves one.

    Raises Mismatch.
    """
    if not condition:
        evidence = Evidence("statement", facts={"says": says, **facts})
        raise Mismatch(evidence, misconception=misconception)


def leaves_arguments_alone(function: Function, *args: Any) -> Any:
    """Call a function, demand that no argument was modified, and return what it returned."""
    returned = _returned(function, args)
    if returned.changed:
        place = min(returned.changed)
        raise Mismatch(
            Evidence(
                "modified",
                got=show(returned.changed[place]),
                wanted=show(args[place]),
                facts={"argument": place + 1},
            ),
            returned.value,
        )
    return returned.value


def warns_nothing(function: Function, *args: Any) -> Any:
    """Call a function, demand that Python warned of nothing, and return what it returned.

    A number too small for a float64 has become 0, which is the right answer to all its digits: an
    underflow is no fault. Nor is a warning that the program itself has silenced.
    """
    returned = _returned(function, args)
    heard = [each for each in returned.warnings if "underflow" not in each.message]
    if heard:
        warned = heard[0]
        facts = {"category": warned.category, "message": warned.message}
        facts |= {"what": what} if (what := _numerical(warned.message)) else {}
        name = getattr(function.target, "name", "")
        evidence = Evidence("warning", facts={**facts, "function": name})
        raise Mismatch(evidence, returned.value)
    return returned.value


def _numerical(message: str) -> str:
    """Return which numerical trouble NumPy warns of: ``overflow``; empty for another warning."""
    return next((each for each in TROUBLES if message.startswith(each)), "")


def refuses(function: Function, *args: Any, kinds: Collection[str] = ("ValueError",)) -> None:
    """Demand that a call raises one of the named exceptions, or one that is made of it."""
    outcome = function.outcome(*args)
    if isinstance(outcome, Raised) and any(outcome.is_a(kind) for kind in kinds):
        return
    if isinstance(outcome, Returned):
        evidence = Evidence(
            "accepted", got=show(outcome.value), facts={"exception": " / ".join(kinds)}
        )
        raise Mismatch(evidence, outcome.value)
    raise CallFailed(function.recorder.exchanges[-1], wanted=" / ".join(kinds))


def central_difference(
    function: Callable[[NDArray[np.float64]], Any], z: ArrayLike, h: float = 1e-5
) -> NDArray[np.float64]:
    """Estimate the slope of an elementwise function at z, with the same shape as z.

    ``(f(z + h) - f(z - h)) / 2h``; its error is of order h², and of order ``eps / h`` by rounding:
    about 1e-10 for smooth curves of size 1 at ``h = 1e-5``.
    """
    z = np.asarray(z, dtype=float)
    rise = np.asarray(function(z + h), float) - np.asarray(function(z - h), float)
    return np.asarray(rise / (2 * h))


def _returned(function: Function, args: tuple[Any, ...]) -> Returned:
    outcome = function.outcome(*args)
    if not isinstance(outcome, Returned):
        raise CallFailed(function.recorder.exchanges[-1])
    return outcome
