"""The wardens: what a server keeps of each inmate that it starts, watches and ends.

It stands outside of the inmates' process namespaces. When the grader hangs up on one of them, the
inmate is killed; when the server dies itself, the kernel kills all of them.
"""

from __future__ import annotations

import contextlib
import math
import os
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

__all__ = ["POLL", "PRIVATE", "Warden", "ending", "leaving", "memory_of"]

PRIVATE = "/tmp"  # noqa: S108 - each inmate's own, freshly mounted
POLL = 50  # ms between two looks at the inmate's memory
_SECONDS_TO_LEAVE = 5.0  # on a machine that is short of all
_LIMITS = ("cpu", "memory", "processes", "files", "asked")
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


class Warden:
    """What the server keeps of one inmate, from its fork to its end.

    ``work(channel, order)`` is what the inmate does once it is locked up. ``scratch`` is the
    folder in which one is made for the inmate, without namespaces. ``reports`` leads to the
    grader: the first word there is that the inmate is locked up, the last how it ended.

    Raises OSError where it cannot be forked. Whoever has made one waits for its ``descriptors``,
    and looks after it between two of them.
    """

    def __init__(
        self,
        isolation: Isolation,
        order: Order,
        channel: int,
        reports: socket.socket,
        scratch: str,
        work: Work,
    ) -> None:
        self._isolation = isolation
        self._order = order
        self._reports = reports
        self._place = PRIVATE if isolation.namespaces else tempfile.mkdtemp(dir=scratch)
        with open("/proc/self/status", "rb", buffering=0) as file:  # noqa: PTH123 - keep it quick
            self._inherited = memory_of(file.read(16384))
        self._handshake, theirs = socket.socketpair()
        user = os.getuid(), os.getgid()
        with theirs:
            fork = isolate.fork_into_namespaces if isolation.namespaces else os.fork
            self._pid = fork()
            if self._pid == 0:
                code = 1
                try:
                    _be_inmate(isolation, order, self._place, channel, theirs.fileno(), user, work)
                    code = 0
                finally:
                    _leave(code)
        self._inmate = os.pidfd_open(self._pid)
        # Held open, it also keeps the kernel's entry for /proc/<pid> alive, on which the inmate's
        # Landlock rule for /proc/self hangs.
        self._status = open(f"/proc/{self._pid}/status", "rb", buffering=0)  # noqa: PTH123, SIM115
        self._locked_up = False
        self._why = ""  # the limit for which it is being ended, or what went wrong in its setup
        self._leaves_by = math.inf  # one that the grader has hung up on while it was leaving
        self.ended = False

    @property
    def descriptors(self) -> tuple[int, ...]:
        """What to wait for: the inmate's end, the grader's word, and that it is locked up."""
        starting = () if self._locked_up else (self._handshake.fileno(),)
        ending = self._why or self._leaves_by < math.inf
        return (self._inmate,) if ending else (self._inmate, self._reports.fileno(), *starting)

    def hear(self, descriptor: int) -> None:
        """Do what is to be done when one of the descriptors speaks."""
        if descriptor not in self.descriptors or self.ended:
            return
        if descriptor == self._inmate:
            self._end()
        elif descriptor == self._reports.fileno():  # the grader asks, or is gone
            # Of one that is leaving, how it ends says why: not what the grader wants.
            if leaving(self._pid):
                self._leaves_by = time.monotonic() + _SECONDS_TO_LEAVE
            else:
                self.kill("asked")
        else:
            self._let_go()

    def look(self) -> None:
        """End it if it has passed a limit."""
        if self.ended or self._why:
            return
        if time.monotonic() >= self._leaves_by:
            self.kill("asked")
        elif self._locked_up:
            try:
                self._status.seek(0)
                limit = self._passed(self._order.limits, self._status.read(16384))
            except OSError as error:
                limit = str(error)
            if limit:
                self.kill(limit)

    def kill(self, why: str) -> None:
        """Have it ended, and say that this was why; its descriptor tells when it is gone."""
        if not self.ended:
            self._why = self._why or why
            signal.pidfd_send_signal(self._inmate, signal.SIGKILL)

    def _let_go(self) -> None:
        word = b""
        with contextlib.suppress(OSError):  # it died
            word = self._handshake.recv(1000)
            if word == _READY:
                self._handshake.send(_GO)
                self._locked_up = True
                self._handshake.close()
                self._tell(UP)
        if not self._locked_up:
            self.kill(word.decode(errors="replace") or "the inmate died in its setup")

    def _end(self) -> None:
        self.ended = True
        _, how, usage = os.wait4(self._pid, 0)
        if self._locked_up and self._why in ("", *_LIMITS):
            end = ending(how, usage, self._order.limits, self._why)
        else:
            end = End(trouble=self._why or "the inmate died in its setup")
        self._tell(end.pack())
        for each in (self._reports, self._handshake, self._status):
            each.close()
        os.close(self._inmate)
        if not self._isolation.namespaces:
            with contextlib.suppress(RecursionError):  # nested deep on purpose; goes at the end
                shutil.rmtree(self._place, ignore_errors=True)

    def _tell(self, word: bytes) -> None:
        with contextlib.suppress(OSError):  # the grader is gone
            self._reports.send(word)

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


def _be_inmate(
    isolation: Isolation,
    order: Order,
    place: str,
    channel: int,
    warden: int,
    user: tuple[int, int],
    work: Work,
) -> None:
    """Be locked up, and do the work."""
    kernel.die_with_parent()
    channel, warden = isolate.keep_only(channel, warden)
    handshake = socket.socket(fileno=warden)
    try:
        isolate.usual_signals()
        # Undumpable like the server, this process could not write its own user map.
        kernel.set_dumpable(True)
        if isolation.namespaces:
            isolate.enter_namespaces(*user)
        reseed()
        isolate.confine(isolation, order.limits, place)
    except BaseException as error:
        handshake.send(f"{type(error).__name__}: {error}".encode()[:1000])
        _leave(1)
    handshake.send(_READY)
    # Nothing comes if the server died before its death could have killed us.
    if handshake.recv(len(_GO)) != _GO:
        _leave(1)
    handshake.close()
    work(channel, order)


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
    if limit in _LIMITS[:-1]:
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
