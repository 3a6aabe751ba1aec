"""What checks are known to ask of a program, and what it has answered before it was asked."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

import numpy as np

from autograder.wire.codec import pack
from autograder.wire.protocol import Call

__all__ = ["Ahead", "Foreseen", "Foresees", "identical", "send_ahead"]

MOST = 2**18  # bytes of the calls in one message; no frame is as short
MOST_CALLS = 1000
PLAIN = (bool, int, str, bytes, type(None))


@dataclass(frozen=True)
class Foreseen:
    """A call that a check makes of every program; ``packed`` is how it is sent."""

    check: str
    call: Call
    packed: bytes

    @classmethod
    def of(cls, check: str, call: Call) -> Foreseen:
        """Make it ready to be sent; WireError where it cannot be."""
        return cls(check, call, pack(call))


def identical(one: object, other: object) -> bool:
    """Tell whether two calls, or values of calls, are the same to the last bit.

    Quicker than to write them; of what is none of the usual values it says no.
    """
    kind = type(one)
    if kind is not type(other):
        return False
    if isinstance(one, np.ndarray | np.generic) and isinstance(other, np.ndarray | np.generic):
        same = one.dtype == other.dtype and one.shape == other.shape
        return same and one.tobytes() == other.tobytes()
    if isinstance(one, tuple | list) and isinstance(other, tuple | list):
        return len(one) == len(other) and all(map(identical, one, other))
    if isinstance(one, dict) and isinstance(other, dict):
        return identical([*one.items()], [*other.items()])
    if kind in (float, complex):
        return repr(one) == repr(other)  # which tells -0.0 from 0.0, and knows NaN
    if kind in PLAIN:
        return one == other
    fields: tuple[str, ...] = getattr(kind, "__match_args__", ())
    same_fields = (identical(getattr(one, each), getattr(other, each)) for each in fields)
    return bool(fields) and all(same_fields)


class Ahead:
    """The calls of some checks in the order in which they will be made, and answers to the first.

    A check that asks something else than was foreseen, or ends early, is over: what it did not ask
    has been answered in vain. Nothing is lost that was not answered: it is asked in its turn.
    """

    def __init__(self, calls: Iterable[Foreseen] = ()) -> None:
        self._calls = tuple(calls)
        self._starts: dict[str, int] = {}
        for place, each in enumerate(self._calls):
            self._starts.setdefault(each.check, place)
        self._at = self._end = 0
        self._answers: dict[int, bytes] = {}
        self._nonce = 0

    def begin(self, check: str) -> None:
        """Say which check asks from now on; empty for none."""
        self._at = self._end = self._starts.get(check, len(self._calls))
        while self._end < len(self._calls) and self._calls[self._end].check == check:
            self._end += 1
        self._answers = {at: each for at, each in self._answers.items() if at >= self._at}

    def expects(self, call: Call) -> bool:
        """Tell whether a call is the one that was foreseen here; else the check goes on alone."""
        if self._at >= self._end:
            return False
        if identical(call, self._calls[self._at].call):
            return True
        self._end = self._at
        return False

    def waiting(self) -> tuple[bytes, ...]:
        """Return the calls to send ahead now, packed: none where the next one has its answer."""
        if self._at in self._answers:
            return ()
        room, calls = MOST, []
        for each in self._calls[self._at : self._at + MOST_CALLS]:
            room -= len(each.packed)
            if room < 0:
                break
            calls.append(each.packed)
        return tuple(calls)

    def answered(self, packed: Iterable[bytes], nonce: int) -> None:
        """Keep what came of the calls that were sent."""
        self._answers = dict(enumerate(packed, self._at))
        self._nonce = nonce

    def take(self) -> tuple[bytes, int] | None:
        """Go on to the next call; return this one's answer with its nonce, where there is one."""
        packed = self._answers.pop(self._at, None)
        self._at += 1
        return None if packed is None else (packed, self._nonce)

    def forget(self) -> None:
        """Forget the answers: the process that gave them is gone, the next one is asked itself."""
        self._answers.clear()

    def give_up(self) -> None:
        """Foresee nothing any more."""
        self.__init__()  # type: ignore[misc]


@runtime_checkable
class Foresees(Protocol):
    """A session that can send calls ahead."""

    def foresee(self, ahead: Ahead) -> None:
        """Take these for the calls that will be made."""
        ...


def send_ahead(session: object, calls: Iterable[Call]) -> None:
    """Let a session have calls that are made next, in this order, where it can send them ahead."""
    if isinstance(session, Foresees):
        ahead = Ahead(Foreseen.of("next", call) for call in calls)
        ahead.begin("next")
        session.foresee(ahead)
