"""Choosing where submissions run."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Literal, get_args

from autograder.sandbox.policy import Limits

if TYPE_CHECKING:
    from autograder.sandbox.caged import Cage
    from autograder.sandbox.orders import Line
    from autograder.sandbox.remote import Process
    from autograder.sandbox.session import Session
    from autograder.sandbox.warm import WarmServer
    from autograder.sandbox.webassembly.cage import WebAssemblyCage
    from autograder.sandbox.webassembly.host import Tell
    from autograder.wire.channel import Channel
    from autograder.wire.protocol import Program

__all__ = ["KINDS", "Kind", "Sandbox"]

Kind = Literal["cage", "namespaces", "landlock", "webassembly", "plain", "none"]
"""Where submissions run: in the strongest cage that holds, in one that is named, or in none."""
KINDS: tuple[Kind, ...] = get_args(Kind)
EAGER = "autograder.sandbox.eager_torch"
CELLS, PYPLOT = "autograder.sandbox.cells", "matplotlib.pyplot"
_NUMPY = ("numpy", "numpy.random", "numpy.linalg")
_FRAMEWORKS = {
    "torch": ("numpy", "numpy.random", EAGER, "torch"),
    "tensorflow": ("numpy", "numpy.random", "tensorflow", "keras"),
}
_BARE = {"numpy": _NUMPY, "matplotlib": (*_NUMPY, PYPLOT)}
PRELOAD = _BARE | {name: (*modules, PYPLOT) for name, modules in _FRAMEWORKS.items()}
"""By framework, for a process that serves one program: what is imported before that comes."""
PRELOAD_IN_CAGE = _BARE | {name: (*modules, CELLS) for name, modules in _FRAMEWORKS.items()}
"""For a server that forks. What else the first program needs that draws, or is a notebook, it
imports when that one comes: each fork is quicker without, and IPython is little beside those."""


class Sandbox:
    """Where the submissions of one framework run, one session each.

    cage: in the strongest cage that holds here: forked from a warm server in namespaces, the same
    in Landlock, a guest in WebAssembly; or in the one that is named. Raises CageError when the
    host has none.
    plain: a process of its own, for a learner's own code on their own machine.
    none: this very process, for trusted code.

    hidden: folders that a caged submission must not see: the course, the other submissions.
    early: limits with which a first plain process starts at once, beside whatever the caller does
    before it opens a session; this module imports nothing heavy, so that it is early indeed.
    warm: after each plain session the next process is made ready, the framework imported: for a
    file that is run again and again.
    line: to a server in the cage that another process has started, for several.
    tell: hears how many seconds have gone into what a cage makes once on a machine.

    kind: ``cage``, ``plain`` or ``none``; which cage it is, ``layers`` says first.
    """

    def __init__(
        self,
        kind: Kind,
        framework: str = "numpy",
        *,
        hidden: tuple[Path, ...] = (),
        early: Limits | None = None,
        warm: bool = False,
        tell: Tell | None = None,
        line: Line | None = None,
    ) -> None:
        self.kind = kind if kind in ("plain", "none") else "cage"
        self._asked = kind
        self._tell = tell
        self._line = line
        self._framework = framework
        self._hidden = hidden
        self._cage: Cage | WebAssemblyCage | None = None
        self._ready: tuple[Channel, Process] | None = None
        self._early = early
        self._warm = warm
        self._warm_server: WarmServer | None = None
        if self.kind == "cage":
            self._build()
        elif warm and sys.platform == "linux":
            from autograder.sandbox.warm import WarmServer

            self._warm_server = WarmServer(PRELOAD[framework])
        elif kind == "plain" and early is not None:
            self._ready = self._start(early)

    def _build(self) -> None:
        from autograder.sandbox.choosing import build_cage

        line, self._line = self._line, None
        self._cage = build_cage(self._asked, self._framework, self._hidden, self._tell, line)

    def renew(self) -> None:
        """Start again with a fresh server, where there is one: this one was meddled with."""
        if self.kind == "cage":
            self.close()
            self._build()

    @property
    def layers(self) -> tuple[str, ...]:
        """The protections that were tried and hold; none outside the cage."""
        return self._cage.layers.summary() if self._cage else ()

    @property
    def versions(self) -> tuple[tuple[str, str], ...]:
        """What submissions run on, where that is not what the grader runs on."""
        return self._cage.versions if self._cage else ()

    @property
    def instead(self) -> str:
        """Why there is no stronger cage, where one was looked for; nothing where one holds."""
        return getattr(self._cage, "instead", "")

    def report(self) -> tuple[tuple[str, bool, str], ...]:
        """Say of each layer its name, whether it holds, and what it means."""
        return self._cage.layers.report() if self._cage else ()

    def open(self, program: Program, limits: Limits) -> Session:
        """Start a session for a submission."""
        if self._cage is not None:
            return self._cage.open(program, limits)
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
        if self._cage is not None:
            self._cage.close()
        if self._ready is not None:
            channel, process = self._ready
            process.kill()
            channel.close()
            self._ready = None
