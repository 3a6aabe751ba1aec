"""The seam between checks and whatever holds a program."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from autograder.sandbox.policy import Limits
    from autograder.wire.protocol import Call, Loaded, Outcome, Program

__all__ = ["Opener", "Session"]


class Session(Protocol):
    """One program that answers calls.

    The reference, a wrong variant, frozen answers, a learner's file on their own machine and a
    learner's file in the cage are all sessions, so a check never knows which it talks to.
    A session answers every call with an outcome: what a program does wrong is data, not an
    exception. It raises only for faults of our own (:class:`autograder.errors.EngineFault`).
    """

    def load(self) -> Loaded:
        """Run the program's top level, once; later calls return the same answer."""
        ...

    def call(self, call: Call) -> Outcome:
        """Call a function of the program."""
        ...

    def close(self) -> None:
        """End the program and everything it started."""
        ...


class Opener(Protocol):
    """Starts sessions; a sandbox is one.

    kind: ``cage``, ``plain`` or ``none``, as stored in results.
    layers: the protections that were tried and hold.
    versions: of what submissions run on, where that is not what the grader runs on.
    """

    @property
    def kind(self) -> str:
        """How submissions run here."""
        ...

    @property
    def layers(self) -> tuple[str, ...]:
        """What protects against them."""
        ...

    @property
    def versions(self) -> tuple[tuple[str, str], ...]:
        """What submissions run on, where that is not what the grader runs on."""
        ...

    def open(self, program: Program, limits: Limits) -> Session:
        """Start a session for a submission."""
        ...
