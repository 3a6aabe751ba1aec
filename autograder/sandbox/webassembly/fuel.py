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
    """The instructions that a submission may still have executed; its lives share ``total``.

    granted: what the present request was given.
    """

    limits: Limits
    total: int
    granted: int = 0
    loaded: bool = False

    @classmethod
    def full(cls, limits: Limits) -> Tank:
        """Begin with all that the limits give."""
        return cls(limits, _fuel(limits.total))

    def grant(self) -> int:
        """Return what the next request may take: the top level first, then call after call."""
        seconds = self.limits.wall if self.loaded else self.limits.loading
        self.loaded = True
        self.granted = min(_fuel(seconds), self.total)
        return self.granted

    def spend(self, left: int) -> None:
        """Take off the total what a request has used."""
        self.total -= max(0, self.granted - left)
        self.granted = 0

    @property
    def dry(self) -> Literal["wall", "total"]:
        """Name the limit that was passed by who has nothing left."""
        return "total" if self.total <= self.granted else "wall"

    @property
    def imports(self) -> int:
        """What the imports of a program may take besides."""
        return _fuel(self.limits.imports)


def _fuel(seconds: float) -> int:
    return round(seconds * PER_SECOND)
