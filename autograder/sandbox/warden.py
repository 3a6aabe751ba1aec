"""The warden: one trusted process beside each inmate, which starts it, watches it and ends it.

It stands outside of the inmate's process namespace and lives exactly as long as the inmate. When
the grader hangs up on it, the inmate is killed; when it dies itself, the kernel kills the inmate.
"""

from __future__ import annotations

import contextlib
import os
import select
import shutil
import signal
import socket
import tempfile
import time
from collections.abc import Callable, Iterator
from typing import Protocol

from autograder.sandbox import isolate, kernel
from autograder.sandbox.generators import reseed
from autograder.sandbox.isolate import Isolation
from autograder.sandbox.orders import UP, End, Order
from autograder.sandbox.policy import MIB, Limits

__all__ = ["PRIVATE", "ending", "keep", "leaving", "memory_of"]

PRIVATE = "/tmp"  # noqa: S108 - each inmate's own, freshly mounted
POLL = 50  # ms between two looks at the inmate's memory
_TIME_TO_LEAVE = 5000  # ms, on a machine that is short of all
_EXITING = 4  # PF_EXITING, of a process's flags in the kernel
_MEMORY = (b"RssAnon:", b"RssShmem:", b"VmSwap:", b"VmPTE:")
_MOST_FILES = 8192
_GO = b"go"
_READY = b"ready"

_leave = os._exit  # bound before a submission can replace it


class Usage(Protocol):
    """CPU seconds of a process that has ended."""

    @property
    def ru_utime(self) -> float:
        """In its own code."""
        ...

    @property
    def ru_stime(self) -> float:
        """In the kernel."""
        ...


Work = Callable[[int, Order], None]


def keep(
    isolation: Isolation, order: Order, channel: int, status: int, scratch: str, work: Work
) -> None:
    """Keep one inmate from its start to its end; runs in a fork of the server.

    ``work(channel, order)`` is what the inmate does once it is locked up. ``scratch`` is the
    folder in which one is made for the inmate, without namespaces.
    """
    server = os.getppid()
    isolate.usual_signals()
    kernel.die_with_parent()
    if os.getppid() != server:
        return
    channel, status = isolate.keep_only(channel, status)
    reports = socket.socket(fileno=status)
    place = PRIVATE
    try:
        # Undumpable like the server, this process could not write its own user map.
        kernel.set_dumpable(True)
        if isolation.namespaces:
            isolate.enter_namespaces()
        else:
            place = tempfile.mkdtemp(dir=scratch)
        warden = _Warden(isolation, order, place, reports)
        warden.start(channel, work)
        reports.send(UP)
        reports.send(warden.watch().pack())
    except OSError as error:
        reports.send(End(trouble=str(error)).pack())
    finally:
        if not isolation.namespaces:
            with contextlib.suppress(RecursionError):  # nested deep on purpose; goes at the end
                shutil.rmtree(place, ignore_errors=True)


class _Warden:
    def __init__(
        self, isolation: Isolation, order: Order, place: str, reports: socket.socket
    ) -> None:
        self._isolation = isolation
        self._order = order
        self._place = place
        self._reports = reports
        self._pid = 0
        self._inherited = 0

    def start(self, channel: int, work: Work) -> None:
        """Fork the inmate and wait until it is locked up; OSError says why it could not be."""
        with open("/proc/self/status", "rb", buffering=0) as file:  # noqa: PTH123 - keep it quick
            self._inherited = memory_of(file.read(16384))
        ours, theirs = socket.socketpair()
        self._pid = os.fork()
        if self._pid == 0:
            code = 1
            try:
                self._inmate(channel, theirs.fileno(), work)
                code = 0
            finally:
                _leave(code)
        theirs.close()
        # The grader must see the channel close when the inmate goes.
        os.close(channel)
        with ours:
            word = ours.recv(1000)
            if word != _READY:
                os.kill(self._pid, signal.SIGKILL)
                os.waitpid(self._pid, 0)
                raise OSError(word.decode(errors="replace") or "the inmate died in its setup")
            # From here on hostile code may run under this very user: it must not trace us.
            kernel.set_dumpable(False)
            ours.send(_GO)

    def _inmate(self, channel: int, warden: int, work: Work) -> None:
        kernel.die_with_parent()
        channel, warden = isolate.keep_only(channel, warden)
        handshake = socket.socket(fileno=warden)
        try:
            isolate.usual_signals()
            reseed()
            isolate.confine(self._isolation, self._order.limits, self._place)
        except BaseException as error:
            handshake.send(f"{type(error).__name__}: {error}".encode()[:1000])
            _leave(1)
        handshake.send(_READY)
        # Nothing comes if the warden died before its death could have killed us.
        if handshake.recv(len(_GO)) != _GO:
            _leave(1)
        handshake.close()
        work(channel, self._order)

    def watch(self) -> End:
        """Wait for the end, bringing it about where the grader asks or a limit is passed."""
        limits = self._order.limits
        inmate = os.pidfd_open(self._pid)
        waiting = select.poll()
        waiting.register(inmate, select.POLLIN)
        waiting.register(self._reports, select.POLLIN)
        limit = ""
        # Held open, it also keeps the kernel's entry for /proc/<pid> alive, on which the inmate's
        # Landlock rule for /proc/self hangs.
        with open(f"/proc/{self._pid}/status", "rb", buffering=0) as status:  # noqa: PTH123
            while True:
                events = dict(waiting.poll(POLL))
                if inmate in events:
                    break
                if self._reports.fileno() in events:  # the grader asks, or is gone
                    # Of one that is leaving, how it ends says why: not what the grader wants.
                    if leaving(self._pid) and _ended(inmate, _TIME_TO_LEAVE):
                        break
                    limit = "asked"
                else:
                    limit = self._passed(limits, status.read(16384))
                    status.seek(0)
                if limit:
                    signal.pidfd_send_signal(inmate, signal.SIGKILL)
                    break
            _, how, usage = os.wait4(self._pid, 0)
        return ending(how, usage, limits, limit)

    def _passed(self, limits: Limits, status: bytes) -> str:
        if _computed(self._pid) >= limits.cpu:
            return "cpu"
        if _MEMORY[0] not in status:  # the first thread has left; others may live and hold it
            status = _status_of_another(self._pid)
        if memory_of(status) > self._inherited + limits.memory * MIB:
            return "memory"
        if not self._isolation.namespaces:
            # Namespaces bound both by themselves.
            if _field(status, b"Threads:") > limits.processes + 1:
                return "processes"
            if _overfull(self._place, 4 * limits.file_size * MIB):
                return "files"
        return ""


def leaving(pid: int) -> bool:
    """Tell whether a process is on its way out, as it is before the kernel closes its channel.

    With all its threads: the first one may leave by itself, and the others live on.
    """
    stats = (stat.rpartition(b")")[2].split() for stat in _of_threads(pid, "stat"))
    return all(int(fields[6]) & _EXITING for fields in stats)


def _status_of_another(pid: int) -> bytes:
    """Return the status of a thread that has memory, or nothing: they have all the same."""
    return next((each for each in _of_threads(pid, "status") if _MEMORY[0] in each), b"")


def _of_threads(pid: int, name: str) -> Iterator[bytes]:
    """Read what the kernel says of each thread of a process, as long as it is there."""
    with contextlib.suppress(OSError):
        for each in os.listdir(f"/proc/{pid}/task"):  # noqa: PTH208 - as quick as it can be
            with contextlib.suppress(OSError):
                with open(f"/proc/{pid}/task/{each}/{name}", "rb", buffering=0) as file:  # noqa: PTH123
                    text = file.read(16384)
                if text:
                    yield text


def _ended(process: int, patience: int) -> bool:
    """Wait for the end of a process, given by its descriptor, for so many milliseconds."""
    waiting = select.poll()
    waiting.register(process, select.POLLIN)
    return bool(waiting.poll(patience))


def _computed(pid: int) -> float:
    """Return the CPU seconds of a process, all its threads together; 0 once it is ending."""
    # The kernel's clock of another process, as clock_getcpuclockid(3) numbers it. It counts what
    # was computed; the kernel's own limit counts in ticks, and may come too early.
    with contextlib.suppress(OSError):
        return time.clock_gettime(~pid << 3 | 2)
    return 0.0


def memory_of(status: bytes) -> int:
    """Count, in bytes, the memory that is a process's own; RSS alone counts libraries too.

    ``status`` is the text of ``/proc/<pid>/status``. Shared memory counts: no rlimit sees it.
    """
    return 1024 * sum(_field(status, name) for name in _MEMORY)


def _field(status: bytes, name: bytes) -> int:
    start = status.find(b"\n" + name)
    if start < 0:
        return 0  # a process that is ending has no memory any more
    return int(status[start + 1 + len(name) :].split(None, 1)[0])


def _overfull(folder: str, size: int) -> bool:
    """Tell whether a folder holds more than ``size`` bytes, or more files than it may.

    What cannot be counted, being nested too deep, is too much.
    """
    files = 0
    try:
        # By descriptors: paths would end at 4096 bytes, and files could hide below.
        for _, _, names, here in os.fwalk(folder, onerror=_unless_removed):
            files += 1 + len(names)
            for name in names:
                with contextlib.suppress(FileNotFoundError):
                    size -= os.stat(name, dir_fd=here, follow_symlinks=False).st_blocks * 512
            if size < 0 or files > _MOST_FILES:
                return True
    except (OSError, RecursionError):
        return True
    return False


def _unless_removed(error: OSError) -> None:
    if not isinstance(error, FileNotFoundError):
        raise error


def ending(how: int, usage: Usage, limits: Limits, limit: str) -> End:
    """Say how an inmate ended: ``how`` is a wait status, ``limit`` why it was killed, if it was."""
    if limit in ("cpu", "memory", "processes", "files"):
        return End(signal=signal.SIGKILL, limit=limit)
    code = os.waitstatus_to_exitcode(how)
    if limit == "asked" and -code == signal.SIGKILL:
        return End(signal=signal.SIGKILL, limit=limit)
    if code >= 0:
        return End(code=code)
    # What is killed at the end of its CPU time, by whomever, would have been stopped by us.
    spent = usage.ru_utime + usage.ru_stime >= limits.cpu
    if -code == signal.SIGXCPU or (-code == signal.SIGKILL and spent):
        return End(signal=-code, limit="cpu")
    return End(signal=-code)
