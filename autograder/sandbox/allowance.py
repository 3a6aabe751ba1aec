"""How long a program may take, in all the processes that it needs, and what it has taken of that.

What computes is counted by the process itself. The clock here is for what only waits, and for a
program that has taken its alarm away.
"""

from __future__ import annotations

from typing import NamedTuple

from autograder.sandbox.policy import PATIENCE, Limits
from autograder.wire.protocol import Limit, Stopped

__all__ = ["Allowance", "Taken", "Turn"]


class Turn(NamedTuple):
    """What one request may take: seconds of computing, and seconds by the clock."""

    computing: float
    patience: float


class Taken(NamedTuple):
    """What requests have taken: the seconds that count, and those by the clock."""

    seconds: float = 0.0
    clock: float = 0.0


class Allowance:
    """The time of one program.

    slack: how many times more patient the clock is where something better than a clock counts
    what is computed.

    loading, calling: what a request to load the program may take, and a call of it.
    taken: by all of them so far; who gives time back sets it to what it was.
    """

    def __init__(self, limits: Limits, slack: float = 1.0) -> None:
        self._limits = limits
        self.loading = Turn(
            limits.loading, slack * (limits.patience(limits.loading) + limits.imports)
        )
        self.calling = Turn(limits.wall, slack * limits.patience(limits.wall))
        self.taken = Taken()
        self._most = slack * limits.patience(limits.total)
        self._longest = slack * limits.waiting

    def left(self) -> float:
        """Return the seconds by the clock that all of it may still take; none from 0 down."""
        seconds, clock = self.taken
        return min(self._most - seconds, self._longest - clock)

    def spent(self) -> bool:
        """Tell whether nothing is left."""
        return self.left() <= 0

    def take(self, took: float, turn: Turn) -> None:
        """Count a request that took so many seconds by the clock."""
        seconds, clock = self.taken
        # No more than on a quiet machine: where one is busy, what never ends must not take
        # from the calls of other functions.
        self.taken = Taken(seconds + min(took, turn.patience / PATIENCE), clock + took)

    def stopped(self, limit: Limit, turn: Turn | None = None) -> Stopped:
        """Build the outcome with the limit's own amount, whatever a process claims."""
        amounts: dict[Limit, float] = {
            "wall": (turn or self.calling).computing,
            "total": self._limits.total,
            "cpu": self._limits.cpu,
            "memory": self._limits.memory,
            "output": self._limits.output / 1024,
        }
        return Stopped(limit, amounts[limit])
