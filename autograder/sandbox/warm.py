"""A server without a cage that has a framework imported, and is forked for each run of a program.

For a learner's own machine, where the same file is run again and again: to import PyTorch takes
seconds, to fork a process that has done so takes milliseconds. Linux only: the libraries of other
systems do not survive a fork, or there is none, and a process is started ahead of time there.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import subprocess

from autograder.errors import EngineFault
from autograder.sandbox.plain import AS_IN_THE_CAGE, BOOT, ROOT, death_by, isolated
from autograder.sandbox.policy import MIB, Limits
from autograder.sandbox.scratch import Scratch
from autograder.wire.channel import Channel, SocketChannel
from autograder.wire.protocol import Crashed, Death

__all__ = ["WarmServer"]

_SECONDS_TO_IMPORT = 300.0  # TensorFlow from a cold disk
_SECONDS_TO_DIE = 1.0
_WORD = 4096


class WarmServer:
    """Imports ``preload`` in a process of its own, beside whatever the caller does."""

    def __init__(self, preload: tuple[str, ...]) -> None:
        self._preload = preload
        self._process: subprocess.Popen[bytes] | None = None
        self._control: socket.socket | None = None
        self._launch()

    def start(self, limits: Limits) -> tuple[Channel, _Forked]:
        """Fork a process that serves one program.

        Raises EngineFault when the server cannot be had, not even once more.
        """
        if self._process is None or self._process.poll() is not None:
            self.close()
            self._launch()
        assert self._control is not None
        with contextlib.ExitStack() as stack:
            scratch = Scratch()
            stack.callback(scratch.remove)
            try:
                ours, theirs = map(stack.enter_context, socket.socketpair())
                status, keeper = map(stack.enter_context, _pair())
                said = {"limits": limits.as_argument(), "temporary": scratch.environment}
                order = json.dumps(said).encode()
                socket.send_fds(self._control, [order], [theirs.fileno(), keeper.fileno()])
                theirs.close()
                keeper.close()
                status.settimeout(_SECONDS_TO_IMPORT)
                number = status.recv(_WORD)
                if not number:
                    raise OSError("it has died")
            except OSError as error:
                raise EngineFault(f"The warm server does not answer: {error}.") from error
            stack.pop_all()
        channel = SocketChannel(ours, limits.frame * MIB)
        return channel, _Forked(int(number), status, limits, scratch)

    def close(self) -> None:
        """End the server; may be called again. What it has forked ends with its own session."""
        if self._control is not None:
            self._control.close()
        if self._process is not None:
            self._process.kill()
            self._process.wait()
        self._process = self._control = None

    def _launch(self) -> None:
        self._control, theirs = _pair()
        with theirs:
            self._process = subprocess.Popen(
                [*isolated(), "-c", BOOT, ROOT, "autograder.sandbox.warm_server", *self._preload],
                env={**os.environ, **AS_IN_THE_CAGE},
                stdin=theirs.fileno(),
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                start_new_session=True,
            )


def _pair() -> tuple[socket.socket, socket.socket]:
    return socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)


class _Forked:
    """A fork that serves one program, and its keeper at the other end of ``status``."""

    def __init__(
        self, number: int, status: socket.socket, limits: Limits, scratch: Scratch
    ) -> None:
        self._number = number
        self._status = status
        self._limits = limits
        self._scratch = scratch
        self._ended = False

    def kill(self) -> None:
        """End it and all that stayed in its group; its keeper reaps it only after this."""
        if self._ended:
            return
        self._ended = True
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self._number, signal.SIGKILL)
        self._status.close()
        self._scratch.remove()

    def verdict(self) -> Death:
        """Say why it ended; one that closed its channel but lives broke the protocol.

        Raises KilledOutside.
        """
        self._status.settimeout(_SECONDS_TO_DIE)
        try:
            word = self._status.recv(_WORD)
        except OSError:
            word = b""
        self.kill()
        if not word:
            return Crashed(protocol=True)
        return death_by(int(word), self._limits)
