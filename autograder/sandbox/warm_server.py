"""The warm server's own process: imports once, then forks a keeper and a program for each order.

It runs no line of a learner's, and keeps to one thread, because a fork of more may hang.
"""

from __future__ import annotations

import contextlib
import gc
import json
import os
import select
import signal
import socket
import tempfile

from autograder.data import mnist_file
from autograder.data.offline import serve_mnist
from autograder.sandbox.child import serve_standard, warm_up
from autograder.sandbox.generators import reseed
from autograder.sandbox.isolate import usual_signals
from autograder.sandbox.policy import Limits

__all__ = ["main"]

_LARGEST = 65536


def main(*preload: str) -> None:
    """Serve the orders that come over standard input, until the one who gives them is gone."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # keepers are reaped by the kernel
    warm_up(preload)
    with contextlib.suppress(ImportError):
        from autograder.sandbox.cells import prepare

        prepare()  # IPython, for the cells of notebooks
    serve_mnist(mnist_file)
    gc.collect()
    gc.freeze()  # a collection in a fork would copy every page of what is here
    control = socket.socket(fileno=os.dup(0))
    with contextlib.suppress(OSError):
        while True:
            data, descriptors, _, _ = socket.recv_fds(control, _LARGEST, 2)
            if not data:
                break
            if os.fork() == 0:
                control.close()
                try:
                    _keep(data, *descriptors)
                finally:
                    os._exit(1)
            for descriptor in descriptors:
                os.close(descriptor)
    os._exit(0)  # frameworks take a second to clean up after themselves


def _keep(data: bytes, channel: int, status: int) -> None:
    """Start a program's process, say how it ended, and reap it when nobody asks any more.

    Its number is not given away before: whoever ordered it kills it by that.
    """
    usual_signals()
    order = json.loads(data)
    number = os.fork()
    if number == 0:
        try:
            os.close(status)
            _serve(Limits.from_argument(order["limits"]), order["temporary"], channel)
        finally:
            os._exit(1)
    os.close(channel)
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.setpgid(number, number)  # whichever of the two comes first
    reports = socket.socket(fileno=status)
    reports.send(str(number).encode())
    alive = os.pidfd_open(number)
    with contextlib.suppress(OSError):
        ready, _, _ = select.select([alive, reports.fileno()], [], [])
        if alive in ready:
            ended = os.waitid(os.P_PID, number, os.WEXITED | os.WNOWAIT)
            assert ended is not None
            code = ended.si_status if ended.si_code == os.CLD_EXITED else -ended.si_status
            reports.send(str(code).encode())
            select.select([reports], [], [])  # until the other end is closed
    with contextlib.suppress(ProcessLookupError):
        os.killpg(number, signal.SIGKILL)
    os.waitpid(number, 0)
    os._exit(0)


def _serve(limits: Limits, temporary: dict[str, str], channel: int) -> None:
    with contextlib.suppress(PermissionError):
        os.setpgid(0, 0)
    for standard in (0, 1):
        os.dup2(channel, standard)
    os.close(channel)
    os.environ.update(temporary)
    tempfile.tempdir = None
    reseed()
    serve_standard(limits)
