"""The fork server's own process: imports once, then forks a warden for each order.

It never runs a line of a submission and holds nothing secret; it only must keep to one thread,
because a fork of more is a process that hangs.
"""

from __future__ import annotations

import contextlib
import functools
import gc
import importlib
import os
import select
import shutil
import signal
import socket
import traceback
from pathlib import Path

from autograder.sandbox import isolate, kernel, meter, syscalls, warden
from autograder.sandbox.attempt import attempt
from autograder.sandbox.isolate import Isolation
from autograder.sandbox.orders import JOIN, LARGEST, READY, WITHOUT_TRIAL, End, Order, Setup
from autograder.sandbox.policy import MIB

__all__ = ["main"]

_NOBODY = 65534


def main(descriptor: int) -> None:
    """Serve until the grader hangs up. Says ``ready``, or what hinders it."""
    control = socket.socket(fileno=descriptor)
    meter.release()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the grader decides what an interrupt ends
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # wardens are reaped by the kernel
    try:
        setup = Setup.unpack(control.recv(LARGEST))
        isolation = _prepare(setup)
    except Exception:
        control.send(traceback.format_exc(limit=-3).encode()[-LARGEST // 2 :])
        return
    control.send(READY)
    _serve(control, isolation, setup.scratch)
    if setup.scratch:  # the grader may have been killed
        with contextlib.suppress(RecursionError):
            shutil.rmtree(setup.scratch, ignore_errors=True)
    os._exit(0)  # frameworks take a second to clean up after themselves


def _prepare(setup: Setup) -> Isolation:
    import autograder.sandbox.child  # noqa: F401 - what inmates run, imported before the fork

    for name in setup.preload:
        importlib.import_module(name)
    from autograder.sandbox.cells import prepare

    prepare()  # IPython, for the cells of notebooks
    if setup.mnist:
        _serve_mnist(Path(setup.mnist))
    root = os.geteuid() == 0
    if root and not setup.namespaces:
        os.chown(setup.scratch, setup.uid, setup.uid)
        kernel.drop_bounding_set()
        kernel.keep_capabilities_over_setuid()
    if root:
        _become(setup.uid)
    read_search = root and not setup.namespaces and not _reads_python()
    if root and not setup.namespaces:
        kernel.set_capabilities(*([isolate.CAP_DAC_READ_SEARCH] if read_search else []))
    # Nobody but root traces the server or reads its memory, whoever's user it has.
    kernel.set_dumpable(False)
    policy = syscalls.build_filter(
        own_tree=setup.namespaces, own_pid=1 if setup.namespaces else None
    )
    walls = isolate.build_walls(setup.readable)
    if setup.namespaces:
        isolate.own_environment(warden.PRIVATE)
    gc.collect()
    gc.freeze()  # what is here stays: a collection in a child would copy every page of it
    return Isolation(setup.namespaces, walls, policy, setup.namespaces or root, read_search)


def _serve_mnist(wanted: Path) -> None:
    from autograder.data import COURSE_FILE
    from autograder.data.offline import serve_mnist

    # As the user that it will be: a file in somebody's home may be out of reach without namespaces.
    file = wanted if wanted.is_file() else COURSE_FILE
    serve_mnist(lambda: file if os.access(file, os.R_OK) else COURSE_FILE)


def _become(uid: int) -> None:
    for number in (uid, _NOBODY):  # a container may not map the first
        try:
            os.setgroups([])
            os.setresgid(number, number, number)
            os.setresuid(number, number, number)
        except OSError:
            continue
        return
    raise PermissionError("The server cannot give up being root.")


def _reads_python() -> bool:
    return os.access(os.__file__, os.R_OK)


def _serve(control: socket.socket, isolation: Isolation, scratch: str) -> None:
    """Take orders by every line, until whoever started the server has hung up."""
    lines = {control.fileno(): _Line(control)}
    waiting = select.poll()
    waiting.register(control, select.POLLIN)
    while True:
        for number, _ in waiting.poll():
            line = lines[number]
            data, descriptors = line.heard()
            if data == JOIN and line.control is control:
                joined = _Line(socket.socket(fileno=descriptors[0]))
                lines[descriptors[0]] = joined
                waiting.register(joined.control, select.POLLIN)
                with contextlib.suppress(OSError):  # that grader has gone; others go on
                    joined.control.send(READY)
            elif data:
                channel, status = descriptors
                line.wardens += _serve_one(data, channel, status, isolation, scratch)
            elif line.control is control:
                return
            else:
                waiting.unregister(number)
                del lines[number]
                line.close()


class _Line:
    """A grader that gives orders, and the wardens of what it has ordered."""

    def __init__(self, control: socket.socket) -> None:
        self.control = control
        self.wardens: list[int] = []

    def heard(self) -> tuple[bytes, list[int]]:
        """Take the next message; an empty one when the grader has hung up."""
        self._forget()
        try:
            data, descriptors, _, _ = socket.recv_fds(self.control, LARGEST, 2)
        except OSError:
            return b"", []
        return data, descriptors

    def close(self) -> None:
        """End all that was ordered by it: the kernel ends an inmate with its warden."""
        for each in self.wardens:
            with contextlib.suppress(ProcessLookupError):
                signal.pidfd_send_signal(each, signal.SIGKILL)
            os.close(each)
        self.control.close()

    def _forget(self) -> None:
        """Let go of the wardens that have ended."""
        ended = select.poll()
        for each in self.wardens:
            ended.register(each, select.POLLIN)
        for each, _ in ended.poll(0):
            os.close(each)
            self.wardens.remove(each)


def _serve_one(
    data: bytes, channel: int, status: int, isolation: Isolation, scratch: str
) -> list[int]:
    """Answer one order; return a descriptor of the new warden, where there is one."""
    try:
        known = _known(data) if data.endswith(WITHOUT_TRIAL) else None
        threads = len(os.listdir("/proc/self/task"))  # noqa: PTH208 - once for each child
        if threads != 1:
            raise OSError(f"an imported module started {threads - 1} threads in the server")
        number = os.fork()
        if number == 0:
            try:
                order = known or Order.unpack(data)
                warden.keep(isolation, order, channel, status, scratch, _inmate)
            finally:
                os._exit(0)
        with contextlib.suppress(ProcessLookupError):  # it has ended already
            return [os.pidfd_open(number)]
    except OSError as error:
        with contextlib.suppress(OSError), socket.socket(fileno=os.dup(status)) as reports:
            reports.send(End(trouble=str(error)).pack())
    finally:
        os.close(channel)
        os.close(status)
    return []


@functools.lru_cache(maxsize=4)
def _known(data: bytes) -> Order:
    """Read an order once for all children; one with a trial names secrets, and is not kept here."""
    return Order.unpack(data)


def _inmate(channel: int, order: Order) -> None:
    """Run in the cage: the program's session, or the trial of the layers."""
    from autograder.sandbox.child import serve
    from autograder.wire.channel import SocketChannel

    link = SocketChannel(socket.socket(fileno=channel), order.limits.frame * MIB)
    if order.trial is None:
        serve(link, order.limits)
    else:
        link.send(attempt(order.trial, order.limits), None)
