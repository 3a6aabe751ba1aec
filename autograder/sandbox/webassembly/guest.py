"""What runs inside a guest: the engine's own child, behind the one door that leads out.

A guest has no signal, no second thread and no clock that interrupts. So its host counts what it
computes, in instructions, and what it waits for as if it had computed.
"""

from __future__ import annotations

import contextlib
import errno
import gc
import importlib
import json
import math
import os
import sys
import tempfile
import time
from collections.abc import Callable, Collection, Iterable, Iterator
from importlib.abc import MetaPathFinder
from ipaddress import ip_address
from typing import TYPE_CHECKING, Any

from autograder.sandbox import spent
from autograder.sandbox.alarm import Alarm
from autograder.sandbox.webassembly.fuel import PER_SECOND
from autograder.sandbox.webassembly.words import (
    ANSWER,
    COUNT,
    ENOUGH,
    LONGER,
    LONGEST_SLEEP,
    NEXT,
    REQUEST,
    SLEEP,
    TURN,
)
from autograder.wire.channel import Closed

if TYPE_CHECKING:
    from autograder.sandbox.policy import Limits

__all__ = ["main", "prepare"]

HOME = "/tmp"  # noqa: S108 - the guest's own, in its keeper's memory
MOMENT = 0.001  # seconds by the clock, in which no more than that can be computed
LATER = (  # what the child imports only when it is needed, and every guest would import again
    "autograder.sandbox.cells",
    "autograder.sandbox.display",
    "asyncio",
    "linecache",
    "traceback",
)


def prepare(preload: Iterable[str], absent: Collection[str] = ()) -> None:
    """Import what guests need, before their memory is copied for all that follow.

    absent: packages that are not there for a program, though the guest has them.
    """
    os.chdir(HOME)
    tempfile.tempdir = HOME  # found by writing a file otherwise, by each guest
    for name in ("autograder.sandbox.child", *preload, *LATER):
        importlib.import_module(name)
    from autograder.sandbox.cells import prepare as prepare_cells

    prepare_cells()
    _do_without_sockets()
    sys.meta_path.insert(0, _Absent(absent))
    _warn_of_floats()
    spent.count_by(_computed)
    time.sleep = _sleep  # type: ignore[assignment]
    gc.collect()
    gc.freeze()


def main(limited: str) -> None:
    """Serve one program; ``limited`` is what ``Limits.as_argument`` wrote."""
    from autograder.sandbox.child import serve
    from autograder.sandbox.generators import reseed
    from autograder.sandbox.policy import Limits

    reseed()
    limits: Limits = Limits.from_argument(limited)
    with contextlib.suppress(Closed):
        serve(_Door(), limits, alarm=_Told)


class _Door:
    """The channel to the host: a call that comes back when there is something to do."""

    def send(self, payload: bytes, deadline: float | None) -> None:
        del deadline
        _call(ANSWER + payload)

    def recv(self, deadline: float | None) -> bytes:
        del deadline
        answer = _call(NEXT)
        _computed.forget()
        if answer[:1] != REQUEST:
            raise Closed("Nobody asks for anything any more.")
        return answer[1:]

    def close(self) -> None:
        pass


class _Told(Alarm):
    """Leaves the counting to the host, and tells it when a library is imported."""

    def __init__(self, ring: Callable[[], None]) -> None:
        del ring
        self._usable = False

    @contextlib.contextmanager
    def put_off(self, seconds: float = 0.0) -> Iterator[None]:
        """Have the host let an import take its time."""
        if not seconds:
            yield
            return
        _call(LONGER)
        try:
            yield
        finally:
            _call(ENOUGH)


def _call(request: bytes) -> bytes:
    _host = importlib.import_module("_host")  # there is one in a guest alone
    answer: bytes = _host.call(request)
    return answer


class _Computed:
    """Tells how much has been computed, by instructions: a busy machine makes no call a slow one.

    To ask the host takes longer than most calls do; what it said a moment ago holds still.
    """

    def __init__(self) -> None:
        self._clock = time.perf_counter  # bound before a learner's code can replace it
        self.forget()

    def forget(self) -> None:
        """Ask anew next time: a request begins, and with it another count."""
        self._asked, self._said = -math.inf, 0.0

    def __call__(self) -> float:
        now = self._clock()
        if now - self._asked > MOMENT:
            self._asked, self._said = now, -float(_call(COUNT)) / PER_SECOND
        return self._said


_computed = _Computed()


def _sleep(seconds: float, /) -> None:
    """Wait as time.sleep does; it counts as if it were computed."""
    length = float(seconds)
    if not length >= 0:  # what is no number is no length either
        raise ValueError("sleep length must be non-negative")
    _call(SLEEP + str(min(length, LONGEST_SLEEP)).encode())


def _warn_of_floats() -> None:
    """Let NumPy warn of what it computes; its types are fixed, and only the host can open them."""
    from autograder.sandbox.webassembly.floats import TYPES, watch

    def turn() -> None:
        _call(TURN + json.dumps([(id(each), each.__flags__) for each in TYPES]).encode())

    turn()
    watch()
    turn()


class _Absent(MetaPathFinder):
    """Finds nothing of some packages, as where they are not installed."""

    def __init__(self, names: Collection[str]) -> None:
        self._names = frozenset(names)

    def find_spec(self, name: str, path: object, target: object = None) -> None:
        """Refuse to go on looking for them."""
        del path, target
        if name.partition(".")[0] in self._names:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)


def _do_without_sockets() -> None:
    """Let asyncio make a loop, and whoever goes for the network meet what other cages have for it.

    Here there is neither another thread nor a socket to wake a loop by, and no name is looked up.
    """
    import socket
    from asyncio import selector_events

    def refuse(host: object, *more: object, **named: object) -> None:
        del more, named
        with contextlib.suppress(ValueError):
            ip_address(str(host))
            raise PermissionError(errno.EPERM, "Operation not permitted")
        raise socket.gaierror(-3, "Temporary failure in name resolution")

    socket.getaddrinfo = refuse  # type: ignore[assignment]
    base: Any = selector_events.BaseSelectorEventLoop
    base._make_self_pipe = base._close_self_pipe = lambda _self: None
    base._ssock = base._csock = None
