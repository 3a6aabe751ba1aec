"""Choosing where submissions run."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from autograder.sandbox.policy import Limits

if TYPE_CHECKING:
    from autograder.sandbox.caged import CageDoor
    from autograder.sandbox.forkserver import ForkServer
    from autograder.sandbox.remote import Process
    from autograder.sandbox.session import Session
    from autograder.sandbox.warm import WarmServer
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
    warm: after each plain session the next process is made ready, the framework imported: for a
    file that is run again and again.
    """

    def __init__(
        self,
        kind: Kind,
        framework: str = "numpy",
        *,
        hidden: tuple[Path, ...] = (),
        early: Limits | None = None,
        warm: bool = False,
    ) -> None:
        self.kind = kind
        self._framework = framework
        self._hidden = hidden
        self._server: ForkServer | None = None
        self._door: CageDoor | None = None
        self._ready: tuple[Channel, Process] | None = None
        self._early = early
        self._warm = warm
        self._warm_server: WarmServer | None = None
        if kind == "cage":
            self._build()
        elif warm and sys.platform == "linux":
            from autograder.sandbox.warm import WarmServer

            self._warm_server = WarmServer(PRELOAD[framework])
        elif kind == "plain" and early is not None:
            self._ready = self._start(early)

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
            return self._open_plain(program, limits)
        from autograder.sandbox.inprocess import InProcessSession

        return InProcessSession(program, limits)

    def _open_plain(self, program: Program, limits: Limits) -> Session:
        # NumPy comes with it; this module stays light, so that a process can start before that.
        from autograder.sandbox.remote import RemoteSession

        ready, self._ready = (self._ready, None) if limits == self._early else (None, self._ready)
        # At once and not when it is asked for: it starts beside what the caller does.
        link = ready or self._start(limits)
        if self._warm and self._warm_server is None and self._ready is None:
            self._early, self._ready = limits, self._start(limits)
        return RemoteSession(program, limits, lambda: self._start(limits), ready=link)

    def _start(self, limits: Limits) -> tuple[Channel, Process]:
        if self._warm_server is not None:
            return self._warm_server.start(limits)
        from autograder.sandbox.plain import start_plain

        return start_plain(limits, preload=PRELOAD[self._framework] if self._warm else ())

    def close(self) -> None:
        """End the server and everything it started."""
        if self._warm_server is not None:
            self._warm_server.close()
        if self._door is not None:
            self._door.close()
        if self._server is not None:
            self._server.close()
        if self._ready is not None:
            channel, process = self._ready
            process.kill()
            channel.close()
            self._ready = None
