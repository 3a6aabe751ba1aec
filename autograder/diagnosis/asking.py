"""Asking a learner's program once more, beside the reference: with fresh inputs, within bounds."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import TypeAlias

from autograder.diagnosis.fresh import fresh
from autograder.errors import UnknownAnswer
from autograder.sandbox.ahead import send_ahead
from autograder.sandbox.proxy import Exchange
from autograder.sandbox.session import Session
from autograder.sandbox.spent import Stopwatch
from autograder.wire.protocol import Call, Crashed, Outcome, Returned, Stopped
from autograder.wire.weight import weight

__all__ = ["FRESH", "Bound", "Drawn", "Room", "is_quick"]

FRESH = (1, 2, 3, 4)
"""The fresh versions of a call that are asked, and frozen for learners' machines."""
MOST_PROBED = 2  # calls of a function that are asked again
SLOW = 0.25  # seconds: what took longer is not asked again
LARGE = 2**20  # bytes of a call: so much is not kept


@dataclass
class Bound:
    """How long a program may be asked for its diagnosis: what it computes, on any machine."""

    seconds: float = 3.0

    def left(self) -> bool:
        """Tell whether there is time for another call."""
        return self.seconds > 0

    def call(self, session: Session, call: Call) -> Outcome:
        """Make a call, whose time counts."""
        watch, theirs = Stopwatch(), 0.0
        try:
            outcome = session.call(call)
            theirs = getattr(outcome, "seconds", 0.0)
            return outcome
        finally:
            self.seconds -= max(watch.seconds(), theirs)


Version: TypeAlias = tuple[Call, Returned]
"""A call with fresh inputs, and what the reference returns."""
Drawn: TypeAlias = dict[tuple[int, int], tuple[Exchange, Version | None]]
"""Versions by the exchange, which is held so that its identity is nobody else's, and the number."""


@dataclass
class Room:
    """Whom to ask: the learner's program and the reference, within bounds.

    known: the names that were found, by what was asked. steady: by function, whether it answered
    alike when it was asked alike. drawn: fresh versions, kept for whoever asks them once more.
    """

    learner: Session
    reference: Session
    bound: Bound = field(default_factory=Bound)
    known: dict[object, str | None] = field(default_factory=dict)
    steady: dict[str, bool] = field(default_factory=dict)
    drawn: Drawn = field(default_factory=dict)

    def again(
        self, exchanges: Sequence[Exchange], numbers: Sequence[int] = FRESH
    ) -> Iterator[tuple[Call, Outcome, Outcome]]:
        """Ask both with fresh inputs: yield the call, the learner's outcome, the reference's.

        numbers: the fresh versions that are asked; FRESH are frozen, and so known to learners.
        Ends where time is up, or where the learner's program ran into a limit.
        """
        for pairs in self.versions(exchanges, numbers):
            send_ahead(self.learner, (call for call, _ in pairs))
            for call, right in pairs:
                if not self.bound.left():
                    return
                mine = self.bound.call(self.learner, call)
                if isinstance(mine, Stopped | Crashed):
                    self.bound.seconds = 0
                    return
                yield call, mine, right

    def versions(
        self, exchanges: Sequence[Exchange], numbers: Sequence[int] = FRESH
    ) -> Iterator[list[Version]]:
        """Yield the fresh versions of those few calls that are asked again, call by call.

        With what the reference returns; the lightest calls first.
        """
        quick = [e for e in exchanges if is_quick(e)]  # a copy: the caller's list may grow
        quick.sort(key=lambda e: weight(e.call))
        fits = ([self._fresh(exchange, each) for each in numbers] for exchange in quick)
        asked = filter(None, ([pair for pair in pairs if pair] for pairs in fits))
        yield from islice(asked, MOST_PROBED)

    def _fresh(self, exchange: Exchange, number: int) -> Version | None:
        """Return a call with fresh inputs, and what the reference returns, if it returns."""
        key = id(exchange), number
        if key not in self.drawn:
            if not self.bound.left():
                return None
            self.drawn[key] = exchange, self._drawn(exchange.call, number)
        return self.drawn[key][1]

    def _drawn(self, asked: Call, number: int) -> Version | None:
        call = fresh(asked, number)
        if call is None:
            return None
        try:
            right = self.bound.call(self.reference, call)
        except UnknownAnswer:
            return None
        # Otherwise it is no input that the task is about.
        return (call, right) if isinstance(right, Returned) else None


def is_quick(exchange: Exchange) -> bool:
    """Tell whether a call is cheap enough to be made again."""
    outcome = exchange.outcome
    seconds = getattr(outcome, "seconds", 0.0)
    ended = not isinstance(outcome, Stopped | Crashed)
    return ended and seconds <= SLOW and weight(exchange.call) <= LARGE
