"""Submissions in WebAssembly: keepers that take turns, and what was tried of them."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import socket
import tempfile
import threading
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

from autograder.errors import CageError
from autograder.sandbox.layers import Layers
from autograder.sandbox.policy import Limits
from autograder.sandbox.remote import RemoteSession
from autograder.sandbox.webassembly.host import Guest, Keeper, Tell
from autograder.sandbox.webassembly.pinned import check_package

if TYPE_CHECKING:
    from autograder.wire.channel import Channel
    from autograder.wire.protocol import Program

__all__ = ["FRAMEWORKS", "WebAssemblyCage", "check_framework"]

FRAMEWORKS = ("numpy", "matplotlib")
MOST_IDLE = 3  # keepers that wait: as many as one submission has guests at once, less one
SLACK = 4.0  # the clock is for what only waits: what computes is counted


def check_framework(framework: str) -> None:
    """Make sure that guests have a framework; CageError says what to do where they have not."""
    if framework not in FRAMEWORKS:
        name = {"torch": "PyTorch", "tensorflow": "TensorFlow"}.get(framework, framework)
        raise CageError(
            f"WebAssembly: {name} does not run in it",
            "Grade this exercise on a Linux that has Landlock or lets you make namespaces, in WSL "
            "2 on Windows, or in the container that Containerfile makes; exercises in NumPy can be "
            "graded here.",
        )


class WebAssemblyCage:
    """Opens a session in a guest of its own for each submission, the next one ahead of time.

    hidden: what no guest may see, for the trial to go for.
    tell: hears of what is made once on a machine.

    instead: why no stronger cage was taken, where one was looked for.

    Raises CageError when there is no such cage here, or it does not hold.
    """

    def __init__(
        self, framework: str, hidden: tuple[Path, ...] = (), tell: Tell | None = None
    ) -> None:
        check_framework(framework)
        check_package()
        from autograder.sandbox.opening import PRELOAD

        self.instead = ""
        self._preload = PRELOAD[framework]
        self._idle: list[Keeper] = []
        self._all: set[Keeper] = set()
        self._lock = threading.Lock()
        self._closed = False
        first = self._keeper(tell)
        try:
            self.layers = _proved(first, hidden)
        except BaseException:
            first.kill()
            raise
        self.versions = tuple(first.versions.items())
        self._idle.append(first)
        self._helper = ThreadPoolExecutor(1, "guests")
        self._next: tuple[Limits, Future[Guest]] | None = None

    def open(self, program: Program, limits: Limits) -> RemoteSession:
        """Hold a program in a guest."""
        first = self._prepared(limits) or self._guest(limits, [])

        def start() -> tuple[Channel, Guest]:
            guest = self._guest(limits, first.left)
            return guest, guest

        session = RemoteSession(program, limits, start, (first, first), slack=SLACK)
        self._next = limits, self._helper.submit(self._guest, limits, [])
        return session

    def close(self) -> None:
        """End every keeper; may be called again."""
        self._closed = True
        self._discard()
        self._helper.shutdown()
        with self._lock:
            keepers, self._all = self._all, set()
            self._idle.clear()
        for keeper in keepers:
            keeper.kill()

    def _prepared(self, limits: Limits) -> Guest | None:
        if self._next is None or self._next[0] != limits:
            self._discard()
            return None
        future, self._next = self._next[1], None
        guest = future.result()
        if guest.alive():
            return guest
        guest.kill()  # its keeper was killed while it waited
        return None

    def _discard(self) -> None:
        if self._next is not None:
            future, self._next = self._next[1], None
            with contextlib.suppress(Exception):  # what could not start need not be ended
                future.result().kill()

    def _guest(self, limits: Limits, left: list[int]) -> Guest:
        return Guest(self._free() or self._keeper(), limits, left, self._left)

    def _free(self) -> Keeper | None:
        with self._lock:
            while self._idle:
                keeper = self._idle.pop()
                if keeper.alive():
                    return keeper
                self._all.discard(keeper)
        return None

    def _keeper(self, tell: Tell | None = None) -> Keeper:
        keeper = Keeper(self._preload, tell)
        with self._lock:
            self._all.add(keeper)
        return keeper

    def _left(self, keeper: Keeper, gone: bool) -> None:
        """Take a keeper back, whose guest is gone or about to go."""
        if gone:
            self._rest(keeper)
        elif not self._closed:
            self._helper.submit(self._settle, keeper)

    def _settle(self, keeper: Keeper) -> None:
        if keeper.settle():
            self._rest(keeper)
        else:
            self._end(keeper)

    def _rest(self, keeper: Keeper) -> None:
        with self._lock:
            if len(self._idle) < MOST_IDLE and not self._closed:
                self._idle.append(keeper)
                return
        self._end(keeper)

    def _end(self, keeper: Keeper) -> None:
        with self._lock:
            self._all.discard(keeper)
        keeper.kill()


def _proved(keeper: Keeper, hidden: tuple[Path, ...]) -> Layers:
    with _bait(hidden) as trial:
        data = keeper.attempt(trial)
    try:
        layers = Layers.of_guest(data, keeper.versions)
    except (KeyError, ValueError) as error:
        raise CageError(f"WebAssembly: the first guest did not answer: {error}") from error
    if layers.fatal:
        raise CageError(f"WebAssembly: these layers were attacked and do not hold: {layers.fatal}")
    return layers


@contextlib.contextmanager
def _bait(hidden: tuple[Path, ...]) -> Iterator[bytes]:
    """Lay out what the trial goes for: a secret, a socket that listens, places to write."""
    folder = Path(tempfile.mkdtemp(prefix="gradeflow-trial-"))
    with contextlib.ExitStack() as stack:
        stack.callback(shutil.rmtree, folder, ignore_errors=True)
        canary = folder / "canary"
        canary.write_bytes(b"seen")
        network = stack.enter_context(socket.socket())
        port = 0
        with contextlib.suppress(OSError):  # a host without IPv4
            network.bind(("127.0.0.1", 0))
            network.listen()
            port = network.getsockname()[1]
        secrets = [canary, Path("/etc/passwd"), *(file for file in hidden if file.is_file())]
        token = f"gradeflow-trial-{os.urandom(8).hex()}"
        places = [folder, Path("/"), Path("/usr/local/lib"), Path("/engine"), *hidden]
        # Behind the engine's own folder, too: what is one name there may be a way on this system.
        ways = [*(path.as_posix() for path in secrets), *(f"/engine/IPython/{p}" for p in secrets)]
        yield json.dumps(
            {
                "secrets": ways,
                "writable": [(path / token).as_posix() for path in places],
                "port": port,
            }
        ).encode()
