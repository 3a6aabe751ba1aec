"""How instructions stand for seconds, so that too slow is the same on every machine."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

from autograder.sandbox.policy import Limits

__all__ = ["BOUNDLESS", "PER_SECOND", "Tank"]

# A guest interprets Python some five times slower than the machine itself. This is what a loop in
# Python takes in 0.4 seconds of its own, in a guest in two, on the machine where it was measured.
PER_SECOND: Final = 20_000_000_000
BOUNDLESS: Final = 2**62
LAST_WORDS: Final = PER_SECOND // 10  # to leave when nobody asks for anything any more


@dataclass
class Tank:
    """The instructions that one guest may still have executed.

    total: what is left to the submission, whose guests share it. life: to this guest.
    granted: what the present request was given. requests: how many there were.
    """

    limits: Limits
    total: int
    life: int
    granted: int = 0
    requests: int = 0

    @classmethod
    def full(cls, limits: Limits, total: int | None = None) -> Tank:
        """Begin a guest's life; ``total`` is what others have left of the submission's."""
        return cls(limits, _fuel(limits.total) if total is None else total, _fuel(limits.cpu))

    def grant(self) -> int:
        """Return what the next request may take: the top level first, then call after call."""
        seconds = self.limits.wall if self.requests else self.limits.loading
        self.requests += 1
        self.granted = max(0, min(_fuel(seconds), self.total, self.life))
        return self.granted

    def spend(self, left: int) -> None:
        """Take off the total what a request has used."""
        used = max(0, self.granted - left)
        self.total, self.life, self.granted = self.total - used, self.life - used, 0

    @property
    def dry(self) -> Literal["wall", "cpu", "total"]:
        """Name the limit that was passed by who has nothing left."""
        if self.total <= self.granted:
            return "total"
        return "cpu" if self.life <= self.granted else "wall"

    @property
    def loading(self) -> bool:
        """Whether the top level is what runs."""
        return self.requests == 1

    @property
    def imports(self) -> int:
        """What the imports of a program may take besides."""
        return _fuel(self.limits.imports)


def _fuel(seconds: float) -> int:
    return round(seconds * PER_SECOND)
