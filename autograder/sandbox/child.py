"""The untrusted process: holds one learner's program and answers requests about it.

The learner's code runs in this very process and may patch anything here; what it says is checked
on the other side. All that this module owes is that an ordinary mistake of a learner is reported
as what it is.
"""

from __future__ import annotations

import contextlib
import importlib
import math
import os
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import NoReturn, Protocol

from autograder.data import mnist_file
from autograder.data.offline import serve_mnist
from autograder.errors import WireError
from autograder.sandbox.alarm import Alarm
from autograder.sandbox.loading import Unaided
from autograder.sandbox.orphan import leave_with
from autograder.sandbox.policy import MIB, Limits
from autograder.sandbox.program import Runner
from autograder.wire.channel import Channel, Closed, PipeChannel
from autograder.wire.codec import Answers, Begun, Message, Ready, nonce_of, pack, unpack
from autograder.wire.protocol import (
    Call,
    Calls,
    Loaded,
    Opaque,
    Program,
    Raised,
    Returned,
    Stopped,
)
from autograder.wire.values import Budget

__all__ = ["main", "serve", "serve_standard", "warm_up"]


class RunnerFactory(Protocol):
    """Makes the runner of a program; ``aid`` is to hear how far it is."""

    def __call__(self, program: Program, limits: Limits, *, aid: Unaided) -> Runner:
        """Make it."""
        ...


SHARE = 0.05  # seconds of computing after which no further one of several calls is begun

_leave = os._exit  # bound before a learner's code can replace it


def registered(program: Program, limits: Limits, *, aid: Unaided) -> Runner:
    """Make the runner of a process that is the program's own."""
    return Runner(program, limits, register=True, aid=aid)


def serve(
    channel: Channel,
    limits: Limits,
    runner_factory: RunnerFactory = registered,
    alarm: Callable[[Callable[[], None]], Alarm] = Alarm,
) -> None:
    """Answer requests until the peer is gone: a Program first, then Calls.

    alarm: makes what rings when a request has computed for too long.

    Says Ready before the first. Raises WireError for a request that breaks the protocol, since
    requests come from the trusted side.
    """
    servant = _Servant(channel, limits, runner_factory, alarm)
    with contextlib.suppress(Closed):
        channel.send(pack(Ready()), None)
        while True:
            channel.send(servant.answer(channel.recv(None)), None)


class _Servant(Unaided):
    def __init__(
        self,
        channel: Channel,
        limits: Limits,
        runner_factory: RunnerFactory,
        alarm: Callable[[Callable[[], None]], Alarm],
    ) -> None:
        self._channel = channel
        self._limits = limits
        self._runner_factory = runner_factory
        self._budget = Budget.for_frame(limits.frame * MIB)
        self._runner: Runner | None = None
        self._nonce = 0
        self._alarm = alarm(self._too_long)

    def answer(self, data: bytes) -> bytes:
        """Do what a request asks, and return the packed answer."""
        nonce = nonce_of(data)
        request = unpack(data, self._budget)
        del data  # the text of a probe is in it, and the program may look through every frame
        if not isinstance(request, Call | Calls if self._runner else Program):
            raise WireError(f"The request {type(request).__name__} comes out of turn.")
        if isinstance(request, Calls):
            calls = self._shelved(request.packed)
            del request
            return self._several(calls, nonce)
        held = [request]
        del request  # in this frame it could be read, as long as the call runs
        return self._one(held.pop(), nonce, self._budget)[0]

    def _several(self, calls: tuple[Call, ...], nonce: int) -> bytes:
        """Make calls in turn; those behind one that stops, or takes long, are asked for again."""
        whole = self._budget.max_bytes
        # The last answer, too, must find room among the others.
        room, budget = whole // 8, replace(self._budget, max_bytes=whole * 3 // 4)
        packed, spent = [], 0.0
        for call in calls:
            answer, seconds = self._one(call, nonce, budget, shelved=True)
            packed.append(answer)
            room -= len(answer)
            spent += seconds
            if room < 0 or spent > SHARE:
                break
        return pack(Answers(tuple(packed)), nonce, self._budget)

    def _shelved(self, packed: tuple[bytes, ...]) -> tuple[Call, ...]:
        """Make all functions of ours ready before the first call: their text must be gone by then.

        None of the calls is left where that fails; each will fail by itself.
        """
        assert self._runner is not None
        calls = [unpack(each, self._budget) for each in packed]
        if not all(isinstance(each, Call) for each in calls):
            raise WireError("Not all of several calls are calls.")
        try:
            shelf = self._runner.shelf
            return tuple(shelf.shelved(each) for each in calls if isinstance(each, Call))
        except BaseException:  # a learner's code may have changed what this uses
            return ()

    def _one(
        self, request: Message, nonce: int, budget: Budget, *, shelved: bool = False
    ) -> tuple[bytes, float]:
        """Do what a request asks: the packed answer, and how many seconds the program computed.

        Without end, where it was stopped.
        """
        try:
            if not shelved and self._runner and isinstance(request, Call):
                request = self._runner.shelf.shelved(request)
            outcome = self._do(request, nonce)
            seconds = math.inf if isinstance(outcome, Stopped) else getattr(outcome, "seconds", 0.0)
            return self._pack(outcome, nonce, budget), seconds
        except MemoryError:
            return pack(Stopped("memory", self._limits.memory), nonce), math.inf
        except Closed:
            raise
        except BaseException as error:  # a learner's code may throw anything, at any time
            return pack(Raised(type(error).__name__, ""), nonce), 0.0

    def _do(self, request: Message, nonce: int) -> Message:
        self._nonce = nonce
        if isinstance(request, Program):
            with self._alarm.after(self._limits.loading):
                self._runner = self._runner_factory(request, self._limits, aid=self)
                return self._runner.load()
        assert isinstance(request, Call)
        assert self._runner is not None
        with self._alarm.after(self._limits.wall):
            return self._runner.call(request)

    def begins(self, part: int) -> None:
        """Say which part runs: a process that dies while it loads can say no more."""
        if part:
            with self._alarm.put_off():
                self._channel.send(pack(Begun(part), self._nonce), None)

    @contextlib.contextmanager
    def importing(self) -> Iterator[None]:
        """Let a library take its time."""
        with self._alarm.put_off(self._limits.imports):
            yield

    def _too_long(self) -> None:
        """End at once: whatever was computed would go on."""
        self._channel.send(pack(Stopped("cpu", 0.0), self._nonce), None)
        _leave(0)

    def _pack(self, outcome: Message, nonce: int, budget: Budget) -> bytes:
        try:
            return pack(outcome, nonce, budget)
        except WireError:
            # A single value that is too long is replaced where it stands; this is the rest: very
            # many values, or changed arguments, that are too long together.
            if isinstance(outcome, Loaded):
                return pack(replace(outcome, shown=(), output=""), nonce, budget)
            if not isinstance(outcome, Returned):
                raise
            kind = f"{type(outcome.value).__name__} (too large)"
            return pack(replace(outcome, value=Opaque(kind, ""), changed={}), nonce, budget)


# ---- a process without a cage -----------------------------------------------------------------


def main(limited: str, parent: str, *preload: str) -> None:
    """Serve over what were standard input and output, and leave without any cleaning up.

    ``limited`` is what ``Limits.as_argument`` wrote, ``parent`` what ``parent_argument`` did.
    ``preload`` are modules to import before the program comes.
    """
    leave_with(parent)
    import autograder.sandbox.eager_torch  # noqa: F401 - else a first optimizer takes a second

    warm_up(preload)
    serve_standard(Limits.from_argument(limited))


def warm_up(preload: Iterable[str]) -> None:
    """Import ahead of time what a program will; one that is not installed fails in the program."""
    for name in preload:
        with contextlib.suppress(ImportError):
            importlib.import_module(name)


def serve_standard(limits: Limits) -> NoReturn:
    """Serve one program over what were standard input and output, within its limits."""
    channel = PipeChannel(os.dup(0), os.dup(1), limits.frame * MIB)
    # What the program prints is captured by the runner; what it writes past that must not reach
    # the channel, nor may it read requests.
    silence = os.open(os.devnull, os.O_RDWR)
    for standard in (0, 1, 2):
        os.dup2(silence, standard)
    os.close(silence)
    serve_mnist(mnist_file)
    _limit_resources(limits)
    code = 1
    try:
        serve(channel, limits)
        code = 0
    finally:
        # Neither the learner's exit handlers nor their threads may keep the process.
        _leave(code)


def _limit_resources(limits: Limits) -> None:
    """Set what the system holds for us: memory and CPU time; nothing where it cannot."""
    try:
        import resource
    except ImportError:
        return
    memory = limits.memory * MIB
    seconds = math.ceil(limits.cpu)
    for kind, soft, hard in (
        # RLIMIT_AS would count what libraries merely reserve.
        (resource.RLIMIT_DATA, memory, memory),
        # Its signal says that it was this limit. A program that does not listen goes on until
        # the clock ends it: the signal 9 of a hard limit could have come from anybody.
        (resource.RLIMIT_CPU, seconds, resource.getrlimit(resource.RLIMIT_CPU)[1]),
    ):
        with contextlib.suppress(ValueError, OSError):  # a lower limit is set already
            resource.setrlimit(kind, (soft, hard))


if __name__ == "__main__":
    main(*sys.argv[1:])
