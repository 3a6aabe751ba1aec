"""A session without a cage: a learner's own program in a process of its own, on any system.

It keeps a mistake from harming the grader: an endless loop is stopped, a crash is survived. It
keeps nothing from a program that means harm: that is what the cage is for.
"""

from __future__ import annotations

import contextlib
import os
import signal
import site
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import autograder
from autograder.errors import KilledOutside
from autograder.sandbox.orphan import parent_argument
from autograder.sandbox.policy import MIB, ONE_THREAD, Limits
from autograder.sandbox.scratch import Scratch
from autograder.wire.channel import Channel, PipeChannel, SocketChannel
from autograder.wire.protocol import Crashed, Death, Stopped

if TYPE_CHECKING:
    from autograder.sandbox.remote import Process

__all__ = ["AS_IN_THE_CAGE", "BOOT", "ROOT", "death_by", "isolated", "start_plain"]

ROOT = str(Path(autograder.__file__).resolve().parent.parent)
# The root serves for this one import: a course's other folders are no modules of a program's.
BOOT = (
    "import sys, importlib; root, module, *ours = sys.argv[1:]; known = root in sys.path; "
    "sys.path.insert(0, root); main = importlib.import_module(module).main; "
    "known or sys.path.remove(root); sys.argv[1:] = []; main(*ours)"
)
_SECONDS_TO_DIE = 1.0
# As in the cage: a thread for each core would take its stack and buffers from the memory limit, a
# window would wait for somebody to close it, and a graphics card gives other last digits.
AS_IN_THE_CAGE = {
    **ONE_THREAD,
    "MPLBACKEND": "Agg",
    "TF_CPP_MIN_LOG_LEVEL": "3",
    "CUDA_VISIBLE_DEVICES": "",
}


def start_plain(
    limits: Limits, *, pipes: bool = os.name == "nt", preload: tuple[str, ...] = ()
) -> tuple[Channel, Process]:
    """Start a process that serves one program: over a socket, or over ``pipes`` on Windows.

    preload: modules that it imports before it is asked for anything.
    """
    if pipes:
        return _over_pipes(limits, preload)
    import socket  # a Windows socket cannot be a process's standard input

    ours, theirs = socket.socketpair()
    try:
        with theirs:
            process = _Plain(limits, theirs.fileno(), theirs.fileno(), preload)
        return SocketChannel(ours, limits.frame * MIB), process
    except BaseException:
        ours.close()
        raise


def isolated() -> list[str]:
    """Return the interpreter and its options: nothing of the environment changes how it starts.

    A learner's own packages stay where they keep them, though: NumPy may be installed for the user
    only.
    """
    return [sys.executable, *(["-E", "-P"] if site.ENABLE_USER_SITE else ["-I"])]


def _over_pipes(limits: Limits, preload: tuple[str, ...]) -> tuple[Channel, Process]:
    requests_out, requests_in = os.pipe()
    answers_out, answers_in = os.pipe()
    channel = PipeChannel(answers_out, requests_in, limits.frame * MIB)
    try:
        return channel, _Plain(limits, requests_out, answers_in, preload)
    except BaseException:
        channel.close()
        raise
    finally:
        os.close(requests_out)
        os.close(answers_in)


def death_by(code: int, limits: Limits) -> Death:
    """Say what an exit code means of a process without a cage; below nought it is a signal.

    Raises KilledOutside: no limit of ours sends signal 9, and a program has no reason to.
    """
    if code >= 0:
        return Crashed(code=code)
    if -code == getattr(signal, "SIGXCPU", None):
        return Stopped("cpu", limits.cpu)
    if -code == getattr(signal, "SIGKILL", None):
        raise KilledOutside
    return Crashed(signal=-code)


class _Plain:
    """A child process in a session of its own, so that what it starts can be ended with it."""

    def __init__(
        self, limits: Limits, requests: int, answers: int, preload: tuple[str, ...]
    ) -> None:
        self._limits = limits
        said = (limits.as_argument(), parent_argument(), *preload)
        # Its temporary files go with it: TensorFlow leaves one for each function that it compiles.
        self._scratch = Scratch()
        try:
            self._process = subprocess.Popen(
                [*isolated(), "-c", BOOT, ROOT, "autograder.sandbox.child", *said],
                env={**os.environ, **AS_IN_THE_CAGE, **self._scratch.environment},
                stdin=requests,
                stdout=answers,
                start_new_session=True,
                creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
            )
        except BaseException:
            self._scratch.remove()
            raise
        self._ended = False

    def kill(self) -> None:
        """End the process, and on POSIX all that stayed in its group, and reap it."""
        if self._ended:
            return
        self._ended = True
        self._kill_group()
        # One that the kernel holds is left behind rather than waited for.
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(timeout=5.0)
        self._scratch.remove()

    def verdict(self) -> Death:
        """Say why the process ended; one that closed its channel but lives broke the protocol.

        Raises KilledOutside.
        """
        try:
            code = self._process.wait(timeout=_SECONDS_TO_DIE)
        except subprocess.TimeoutExpired:
            self.kill()
            return Crashed(protocol=True)
        self.kill()
        return death_by(code, self._limits)

    def _kill_group(self) -> None:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            if os.name == "posix":
                # The group has the process's number, which is not given away while it is in use;
                # the process itself is reaped only now or just before.
                os.killpg(self._process.pid, signal.SIGKILL)
            else:
                self._process.kill()
