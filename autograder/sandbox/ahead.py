"""What checks are known to ask of a program, and what it has answered before it was asked."""

from __future__ import annotations

import struct
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass, field
from typing import Any, Protocol, runtime_checkable

import numpy as np

from autograder.wire.codec import Answer, pack, timed
from autograder.wire.protocol import Call, Returned

__all__ = ["Ahead", "Foreseen", "Foresees", "identical", "send_ahead", "token_of"]

MOST = 2**18  # bytes of the calls in one message; no frame is as short
MOST_CALLS = 1000
MOST_KNOWN = 8  # answers to a call that are remembered
LONGEST_KNOWN = 4096  # bytes
PLAIN = (bool, int, str, bytes, type(None))
UNSHARED = (*PLAIN, float, complex, np.generic, np.ndarray)  # which, copied, nobody else can change
_DOUBLE = struct.Struct("<d").pack


@dataclass(frozen=True)
class Foreseen:
    """A call that a check makes of every program; ``packed`` is how it is sent."""

    check: str
    call: Call
    packed: bytes
    _same: Hashable = field(repr=False)
    _known: dict[bytes, Any] = field(default_factory=dict, repr=False, compare=False)

    @classmethod
    def of(cls, check: str, call: Call) -> Foreseen:
        """Make it ready to be sent; WireError where it cannot be."""
        return cls(check, call, pack(call), token_of(call))

    def is_made(self, call: Call) -> bool:
        """Tell whether this is the call that is made, to the last bit."""
        return token_of(call) == self._same

    def read(self, packed: bytes, nonce: int, unpack: Callable[[], Answer]) -> Answer:
        """Read an answer to it: what somebody of the class has answered before is known.

        Raises what ``unpack`` does, which reads it whole.
        """
        alone = timed(packed, nonce)
        if alone is None:
            return unpack()
        seconds, value = alone
        if value in self._known:
            return Returned(_own(self._known[value]), seconds=seconds)
        answer = unpack()
        short = len(value) <= LONGEST_KNOWN and len(self._known) < MOST_KNOWN
        if short and isinstance(answer, Returned) and isinstance(answer.value, UNSHARED):
            self._known[value] = _own(answer.value)
        return answer


def _own(value: Any) -> Any:
    """Return a value that nobody else can change."""
    return value.copy() if isinstance(value, np.ndarray) else value


def identical(one: object, other: object) -> bool:
    """Tell whether two calls, or values of calls, are the same to the last bit.

    Quicker than to write them; of what is none of the usual values it says no.
    """
    return token_of(one) == token_of(other)


def token_of(value: Any) -> Hashable:
    """Return what equals that of the same value, to the last bit, and of no other."""
    kind = type(value)
    make = _TOKENS.get(kind)
    if make is not None:
        return make(value)
    if isinstance(value, np.generic):
        return _token_of_array(value)
    fields: tuple[str, ...] = getattr(kind, "__match_args__", ())
    # Of what is not known no two are the same.
    return (kind, *[token_of(getattr(value, each)) for each in fields]) if fields else object()


def _token_of_array(value: np.ndarray[Any, Any] | np.generic) -> Hashable:
    return type(value), value.dtype.str, value.shape, value.tobytes()


_TOKENS: dict[type, Callable[[Any], Hashable]] = {
    np.ndarray: _token_of_array,
    # By its bytes, which tell -0.0 from 0.0, and know NaN.
    float: lambda value: (float, _DOUBLE(value)),
    complex: lambda value: (complex, _DOUBLE(value.real), _DOUBLE(value.imag)),
    tuple: lambda value: (tuple, *map(token_of, value)),
    list: lambda value: (list, *map(token_of, value)),
    dict: lambda value: (dict, *map(token_of, value), *map(token_of, value.values())),
    **{kind: lambda value: (type(value), value) for kind in PLAIN},
}


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
        if self._calls[self._at].is_made(call):
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

    def take(self) -> tuple[Foreseen, bytes, int] | None:
        """Go on to the next call; return this one, its answer and the nonce, where it has one."""
        packed = self._answers.pop(self._at, None)
        self._at += 1
        return None if packed is None else (self._calls[self._at - 1], packed, self._nonce)

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
