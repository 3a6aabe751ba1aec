"""What one submission may cost the process that grades it: its checks, evidence and picture.

A learner's values meet trusted code there, NumPy's and ours, which no exception of Python's gets
out of: a pattern that looks back, a sort of millions. So the kernel ends the whole process when its
processor time is used up, and whoever started it replaces it. Memory is refused where it is asked
for, which a check meets as any other exception.

A learner's own command, and their notebook's kernel, must live on. There what takes too long is
left by an exception.
"""

from __future__ import annotations

import contextlib
import os
import signal
import threading
import time
from collections.abc import Callable, Generator, Iterable, Iterator
from pathlib import Path
from types import FrameType
from typing import Any, Protocol, TypeVar

from autograder.sandbox.policy import MIB, Limits

try:
    import resource
except ImportError:  # Windows
    resource = None  # type: ignore[assignment]

__all__ = ["OVER", "Meter", "OwnMeter", "TooCostly", "affordable", "aside", "metered", "release"]

OVER = 74
"""Exit code of a process that waited too long; one that computed too long dies of SIGPROF."""
LEAST_MEMORY = 1024  # MiB; a reference in TensorFlow runs here too
SHARE_ASIDE = 4  # the exercise's own programs may take so many times what a submission may
PATIENCE = 60.0  # seconds by the clock beyond all that; only what hangs takes that long
_LOOK = 0.5  # seconds between two looks at the clock

SHARE_AFTER = 0.1  # of the time, for each thing that is begun when it is used up

_aside_left = 0.0
_T = TypeVar("_T")


class TooCostly(BaseException):
    """What a submission returned keeps the process that checks it busy for too long."""


def affordable(work: Callable[[], _T], otherwise: _T) -> _T:
    """Find out what is worth telling, if what a learner returned leaves memory and time for it."""
    try:
        return work()
    except (MemoryError, TooCostly):
        return otherwise


class Bounds(Protocol):
    """Bounds what a submission costs."""

    def start(self) -> None:
        """Begin with a submission."""
        ...

    def stop(self) -> None:
        """Be done with it."""
        ...


def metered(entries: Iterable[_T], meter: Bounds | None) -> Generator[_T, None, None]:
    """Yield entries, and bound what happens until the next one is asked for."""
    for entry in entries:
        if meter is None:
            yield entry
            continue
        meter.start()
        try:
            yield entry
        finally:
            meter.stop()


class Meter:
    """Bounds this process from ``start`` to ``stop``, by the limits of an exercise.

    Processor time: ``limits.total`` seconds, as the program itself has. Memory: ``limits.memory``
    MiB beyond what is in use at the start. Where the system has no such limits (macOS for memory,
    Windows for both) what hangs is ended by the clock alone.
    """

    def __init__(self, limits: Limits) -> None:
        self._seconds = limits.total
        self._memory = _allowed(limits)
        # What a program is waited for is no fault of the checks, nor costs its submission one.
        self._wall = limits.waiting + (2 + SHARE_ASIDE) * limits.total + PATIENCE
        self._deadline = 0.0
        threading.Thread(target=self._watch, name="meter", daemon=True).start()

    def start(self) -> None:
        """Begin with a submission."""
        global _aside_left
        _aside_left = SHARE_ASIDE * self._seconds
        self._deadline = time.monotonic() + self._wall
        _limit_more_data(self._memory)
        if hasattr(signal, "setitimer"):
            signal.setitimer(signal.ITIMER_PROF, self._seconds)

    def stop(self) -> None:
        """Be done with it."""
        self._deadline = 0.0
        if hasattr(signal, "setitimer"):
            signal.setitimer(signal.ITIMER_PROF, 0)

    def _watch(self) -> None:
        while True:
            time.sleep(_LOOK)
            if 0 < self._deadline < time.monotonic():
                os._exit(OVER)


class OwnMeter:
    """Bounds this process as :class:`Meter` does, and leaves it alive.

    What takes too long is left by :class:`TooCostly` where it is, and what is begun after that when
    it has had a tenth of the time. Only the main thread hears of it, between two steps of Python;
    where the system has no such timer (Windows), nothing does.
    """

    def __init__(self, limits: Limits) -> None:
        self._seconds = limits.total
        self._memory = _allowed(limits)
        self._before: tuple[Any, tuple[int, int] | None] | None = None

    def start(self) -> None:
        """Begin with a submission."""
        global _aside_left
        _aside_left = SHARE_ASIDE * self._seconds
        in_main = threading.current_thread() is threading.main_thread()
        if not in_main or not hasattr(signal, "setitimer"):
            return
        data = resource.getrlimit(resource.RLIMIT_DATA) if resource else None
        self._before = signal.signal(signal.SIGPROF, self._ring), data
        _limit_more_data(self._memory)
        signal.setitimer(signal.ITIMER_PROF, self._seconds)

    def stop(self) -> None:
        """Be done with it: the process is again as it was."""
        if self._before is None:
            return
        signal.setitimer(signal.ITIMER_PROF, 0)
        (handler, data), self._before = self._before, None
        signal.signal(signal.SIGPROF, handler)
        if data is not None:
            _limit_data(data[0])

    @contextlib.contextmanager
    def paused(self) -> Iterator[None]:
        """Let the learner's own code run in this very process: it has limits of its own."""
        if self._before is None:
            yield
            return
        left = signal.getitimer(signal.ITIMER_PROF)[0]
        signal.setitimer(signal.ITIMER_PROF, 0)
        if self._before[1] is not None:
            _limit_data(self._before[1][0])
        try:
            yield
        finally:
            _limit_more_data(self._memory)
            signal.setitimer(signal.ITIMER_PROF, max(0.001, left))

    def _ring(self, _number: int, _frame: FrameType | None) -> None:
        signal.setitimer(signal.ITIMER_PROF, SHARE_AFTER * self._seconds)
        raise TooCostly


@contextlib.contextmanager
def aside() -> Iterator[None]:
    """Let a program of the exercise's own run, at first at no cost to the submission.

    The first of a class to make a mistake would otherwise pay for the training of every variant.
    """
    global _aside_left
    left = signal.getitimer(signal.ITIMER_PROF)[0] if hasattr(signal, "getitimer") else 0.0
    if not left:
        yield
        return
    granted, _aside_left = _aside_left, 0.0  # what runs aside within has this share and no other
    signal.setitimer(signal.ITIMER_PROF, left + granted)
    try:
        yield
    finally:
        used = max(0.0, left + granted - signal.getitimer(signal.ITIMER_PROF)[0])
        _aside_left = max(0.0, granted - used)
        # Nought would switch the timer off.
        signal.setitimer(signal.ITIMER_PROF, max(0.001, left - max(0.0, used - granted)))


def release() -> None:
    """Take the limit of memory off: for a process that one under a meter has started."""
    if resource is not None:
        _limit_data(resource.RLIM_INFINITY)


def _allowed(limits: Limits) -> int:
    return max(limits.memory, LEAST_MEMORY) * MIB


def _limit_more_data(amount: int) -> None:
    """Refuse more memory than is in use now and so many bytes."""
    data = _data_in_use()
    if data is not None:
        _limit_data(data + amount)


def _limit_data(amount: int) -> None:
    assert resource is not None
    _, hard = resource.getrlimit(resource.RLIMIT_DATA)
    soft = amount if hard == resource.RLIM_INFINITY else hard
    if hard != resource.RLIM_INFINITY and amount != resource.RLIM_INFINITY:
        soft = min(amount, hard)
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_DATA, (soft, hard))


def _data_in_use() -> int | None:
    """Return the bytes that RLIMIT_DATA counts; None where the kernel does not say."""
    if resource is None:
        return None
    try:
        text = Path("/proc/self/status").read_bytes()
    except OSError:
        return None
    for line in text.splitlines():
        if line.startswith(b"VmData:"):
            return int(line.split()[1]) * 1024
    return None
