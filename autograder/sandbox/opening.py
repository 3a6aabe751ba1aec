"""Choosing where submissions run."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Literal

from autograder.sandbox.policy import Limits

if TYPE_CHECKING:
    from autograder.sandbox.caged import CageDoor
    from autograder.sandbox.forkserver import ForkServer
    from autograder.sandbox.remote import Process
    from autograder.sandbox.session import Session
    from autograder.wire.channel import Channel
    from autograder.wire.protocol import Program

__all__ = ["Kind", "Sandbox"]

Kind = Literal["cage", "plain", "none"]
PRELOAD = {
    "numpy": ("numpy", "numpy.random", "numpy.linalg"),
    # The first optimizer imports torch._dynamo, 836 modules: before the fork it costs nothing.
    "matplotlib": ("numpy", "numpy.random", "numpy.linalg", "matplotlib.pyplot"),
    "torch": ("numpy", "numpy.random", "torch", "torch._dynamo", "matplotlib.pyplot"),
    "tensorflow": ("numpy", "numpy.random", "tensorflow", "keras", "matplotlib.pyplot"),
}


class Sandbox:
    """Where the submissions of one framework run, one session each.

    cage: forked from a warm server inside the cage. Raises CageError when the host has none.
    plain: a process of its own, for a learner's own code on their own machine.
    none: this very process, for trusted code.

    hidden: folders that a caged submission must not see: the course, the other submissions.
    early: limits with which a first plain process starts at once, beside whatever the caller does
    before it opens a session; this module imports nothing heavy, so that it is early indeed.
    """

    def __init__(
        self,
        kind: Kind,
        framework: str = "numpy",
        *,
        hidden: tuple[Path, ...] = (),
        early: Limits | None = None,
    ) -> None:
        self.kind = kind
        self._framework = framework
        self._hidden = hidden
        self._server: ForkServer | None = None
        self._door: CageDoor | None = None
        self._ready: tuple[Channel, Process] | None = None
        self._early = early
        if kind == "cage":
            self._build()
        elif kind == "plain" and early is not None:
            from autograder.sandbox.plain import start_plain

            self._ready = start_plain(early)

    def _build(self) -> None:
        from autograder.sandbox.caged import CageDoor
        from autograder.sandbox.forkserver import ForkServer

        self._server = ForkServer(PRELOAD[self._framework], hidden=self._hidden)
        self._door = CageDoor(self._server)

    def renew(self) -> None:
        """Start again with a fresh server, where there is one: this one was meddled with."""
        if self.kind == "cage":
            self.close()
            self._build()

    @property
    def layers(self) -> tuple[str, ...]:
        """The protections that were tried and hold; none outside the cage."""
        return self._server.layers.summary() if self._server else ()

    def report(self) -> tuple[tuple[str, bool, str], ...]:
        """Say of each layer its name, whether it holds, and what it means."""
        return self._server.layers.report() if self._server else ()

    def open(self, program: Program, limits: Limits) -> Session:
        """Start a session for a submission."""
        if self._door is not None:
            return self._door.open(program, limits)
        if self.kind == "plain":
            from autograder.sandbox.plain import plain_session

            ready = self._ready if limits == self._early else None
            if ready is not None:
                self._ready = None
            return plain_session(program, limits, ready)
        from autograder.sandbox.inprocess import InProcessSession

        return InProcessSession(program, limits)

    def close(self) -> None:
        """End the server and everything it started."""
        if self._door is not None:
            self._door.close()
        if self._server is not None:
            self._server.close()
        if self._ready is not None:
            channel, process = self._ready
            process.kill()
            channel.close()
            self._ready = None
