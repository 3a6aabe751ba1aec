"""The fork server's own process: imports once, then forks an inmate for each order.

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
import time
import traceback
from pathlib import Path

from autograder.sandbox import isolate, kernel, meter, syscalls, warden
from autograder.sandbox.attempt import attempt
from autograder.sandbox.isolate import Isolation
from autograder.sandbox.opening import CELLS
from autograder.sandbox.orders import JOIN, LARGEST, READY, WITHOUT_TRIAL, End, Order, Setup
from autograder.sandbox.policy import MIB
from autograder.sandbox.warden import POLL, Warden, memory_of

__all__ = ["main"]

_NOBODY = 65534
_LEAST_MANY = 20


def main(descriptor: int) -> None:
    """Serve until the grader hangs up. Says ``ready``, or what hinders it."""
    control = socket.socket(fileno=descriptor)
    meter.release()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the grader decides what an interrupt ends
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
    # They import what inmates run, before the fork.
    from autograder.sandbox.rehearsal import rehearse, rehearse_torch

    for name in setup.preload:
        _import(name)
    rehearse()
    if "torch" in setup.preload:
        rehearse_torch()
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
    gc.freeze()
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
    house = _House(control, isolation, scratch)
    while house.goes_on:
        house.turn()


class _Line:
    """A grader that gives orders, and the wardens of what it has ordered."""

    def __init__(self, control: socket.socket) -> None:
        self.control = control
        self.wardens: list[Warden] = []

    def heard(self) -> tuple[bytes, list[int]]:
        """Take the next message; an empty one when the grader has hung up."""
        try:
            data, descriptors, _, _ = socket.recv_fds(self.control, LARGEST, 2)
        except OSError:
            return b"", []
        return data, descriptors


class _House:
    """All lines and wardens of a server; ``control`` is the line of who has started it."""

    def __init__(self, control: socket.socket, isolation: Isolation, scratch: str) -> None:
        self._control = control
        self._isolation = isolation
        self._scratch = scratch
        self._lines = {control.fileno(): _Line(control)}
        self._next_look = 0.0
        self._served, self._many = 0, _many()
        self.goes_on = True

    def turn(self) -> None:
        """Wait for what comes next, and do it; look after all inmates in between."""
        wardens = {at: each for each in self._wardens() for at in each.descriptors}
        waiting = select.poll()
        for descriptor in (*self._lines, *wardens):
            waiting.register(descriptor, select.POLLIN)
        for descriptor, _ in waiting.poll(self._patience() if wardens else None):
            if descriptor in wardens:
                wardens[descriptor].hear(descriptor)
            elif descriptor in self._lines:
                self._listen(self._lines[descriptor])
        if time.monotonic() >= self._next_look:
            self._next_look = time.monotonic() + POLL / 1000
            for each in self._wardens():
                each.look()
        for line in self._lines.values():
            line.wardens = [each for each in line.wardens if not each.ended]

    def _wardens(self) -> list[Warden]:
        return [each for line in self._lines.values() for each in line.wardens if not each.ended]

    def _patience(self) -> float:
        return max(0.0, (self._next_look - time.monotonic()) * 1000)

    def _listen(self, line: _Line) -> None:
        data, descriptors = line.heard()
        if data == JOIN and line.control is self._control:
            joined = _Line(socket.socket(fileno=descriptors[0]))
            self._lines[descriptors[0]] = joined
            with contextlib.suppress(OSError):  # that grader has gone; others go on
                joined.control.send(READY)
        elif data:
            channel, status = descriptors
            line.wardens += _serve_one(data, channel, status, self._isolation, self._scratch)
            self._served += 1
            if self._served == self._many:
                with contextlib.suppress(OSError):  # it would be quicker, no more
                    kernel.use_large_pages()
        elif line.control is self._control:
            self.goes_on = False
        else:
            # Whoever hangs up takes along what it has ordered; it is reaped all the same.
            for each in line.wardens:
                each.kill("asked")
            self._lines[self._control.fileno()].wardens += line.wardens
            del self._lines[line.control.fileno()]
            line.control.close()


def _serve_one(
    data: bytes, channel: int, status: int, isolation: Isolation, scratch: str
) -> list[Warden]:
    """Answer one order; return the new inmate's warden, where there is one."""
    reports = socket.socket(fileno=status)
    try:
        order = _known(data) if data.endswith(WITHOUT_TRIAL) else Order.unpack(data)
        threads = len(os.listdir("/proc/self/task"))  # noqa: PTH208 - once for each child
        if threads != 1:
            raise OSError(f"an imported module started {threads - 1} threads in the server")
        for name in order.imports:
            with contextlib.suppress(ImportError):  # what is not installed fails in the program
                _import(name)
        return [Warden(isolation, order, channel, reports, scratch, _inmate)]
    except OSError as error:
        with contextlib.suppress(OSError), reports:
            reports.send(End(trouble=str(error)).pack())
    finally:
        os.close(channel)  # the grader must see it close when the inmate goes
    return []


def _many() -> int:
    """Return after how many inmates large pages are worth it: as many as this process has MiB.

    To lay a MiB takes 2 ms, and each fork of it is 0.03 ms quicker.
    """
    with open("/proc/self/status", "rb", buffering=0) as file:  # noqa: PTH123 - as in wardens
        return max(_LEAST_MANY, memory_of(file.read(16384)) // MIB)


@functools.lru_cache(maxsize=4)
def _known(data: bytes) -> Order:
    """Read an order once for all children; one with a trial names secrets, and is not kept here."""
    return Order.unpack(data)


@functools.cache
def _import(name: str) -> None:
    """Import a module for all inmates to come. Raises ImportError."""
    module = importlib.import_module(name)
    if name == CELLS:
        module.prepare()
    gc.collect()
    gc.freeze()  # what is here stays: a collection in a child would copy every page of it


def _inmate(channel: int, order: Order) -> None:
    """Run in the cage: the program's session, or the trial of the layers."""
    from autograder.sandbox.child import serve
    from autograder.wire.channel import SocketChannel

    link = SocketChannel(socket.socket(fileno=channel), order.limits.frame * MIB)
    if order.trial is None:
        serve(link, order.limits)
    else:
        link.send(attempt(order.trial, order.limits), None)
