"""What checks are known to ask of a program, and what it has answered before it was asked."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from autograder.wire.protocol import Call
from autograder.wire.values import encode

__all__ = ["Ahead", "Foreseen", "Foresees", "key_of", "send_ahead"]

MOST = 2**18  # bytes of the calls in one message; no frame is as short
MOST_CALLS = 1000


@dataclass(frozen=True)
class Foreseen:
    """A call that a check makes of every program; ``key`` tells it from all others."""

    check: str
    call: Call
    key: bytes


def key_of(call: Call) -> bytes:
    """Return what tells a call from every other.

    Raises WireError for one that cannot be sent.
    """
    return encode((call.target, call.args, call.kwargs, call.keep), strict=True)


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
        if key_of(call) == self._calls[self._at].key:
            return True
        self._end = self._at
        return False

    def waiting(self) -> tuple[Call, ...]:
        """Return the calls to send ahead now: none where the next one has its answer."""
        if self._at in self._answers:
            return ()
        room, calls = MOST, []
        for each in self._calls[self._at : self._at + MOST_CALLS]:
            room -= len(each.key)
            if room < 0:
                break
            calls.append(each.call)
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
        ahead = Ahead(Foreseen("next", call, key_of(call)) for call in calls)
        ahead.begin("next")
        session.foresee(ahead)
