"""The untrusted process: holds one learner's program and answers requests about it.

The learner's code runs in this very process and may patch anything here; what it says is checked
on the other side. All that this module owes is that an ordinary mistake of a learner is reported
as what it is.
"""

from __future__ import annotations

import contextlib
import math
import os
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace

from autograder.data import mnist_file
from autograder.data.offline import serve_mnist
from autograder.errors import WireError
from autograder.sandbox.orphan import leave_with
from autograder.sandbox.policy import MIB, Limits
from autograder.sandbox.program import Runner
from autograder.wire.channel import Channel, Closed, PipeChannel
from autograder.wire.codec import Begun, Message, Ready, nonce_of, pack, unpack
from autograder.wire.protocol import (
    Call,
    Loaded,
    Opaque,
    Part,
    Program,
    Raised,
    Returned,
    Stopped,
)
from autograder.wire.values import Budget

__all__ = ["main", "serve"]

RunnerFactory = Callable[[Program, Limits], Runner]
_leave = os._exit  # bound before a learner's code can replace it


def registered(program: Program, limits: Limits) -> Runner:
    """Make the runner of a process that is the program's own."""
    return Runner(program, limits, register=True)


def serve(channel: Channel, limits: Limits, runner_factory: RunnerFactory = registered) -> None:
    """Answer requests until the peer is gone: a Program first, then Calls.

    Says Ready before the first. Raises WireError for a request that breaks the protocol, since
    requests come from the trusted side.
    """
    servant = _Servant(channel, limits, runner_factory)
    with contextlib.suppress(Closed):
        channel.send(pack(Ready()), None)
        while True:
            request = channel.recv(None)
            channel.send(servant.answer(request), None)


class _Servant:
    def __init__(self, channel: Channel, limits: Limits, runner_factory: RunnerFactory) -> None:
        self._channel = channel
        self._limits = limits
        self._runner_factory = runner_factory
        self._budget = Budget.for_frame(limits.frame * MIB)
        self._runner: Runner | None = None

    def answer(self, data: bytes) -> bytes:
        """Do what a request asks, and return the packed answer."""
        nonce = nonce_of(data)
        request = unpack(data, self._budget)
        if not isinstance(request, Call if self._runner else Program):
            raise WireError(f"The request {type(request).__name__} comes out of turn.")
        try:
            outcome = self._do(request, nonce)
            return self._pack(outcome, nonce)
        except MemoryError:
            return pack(Stopped("memory", self._limits.memory), nonce)
        except Closed:
            raise
        except BaseException as error:  # a learner's code may throw anything, at any time
            return pack(Raised(type(error).__name__, ""), nonce)

    def _do(self, request: Message, nonce: int) -> Message:
        if isinstance(request, Program):
            parts = _Announced(request.parts, lambda index: self._begun(index, nonce))
            self._runner = self._runner_factory(replace(request, parts=parts), self._limits)
            return self._runner.load()
        assert isinstance(request, Call)
        assert self._runner is not None
        return self._runner.call(request)

    def _begun(self, index: int, nonce: int) -> None:
        if index:
            self._channel.send(pack(Begun(index), nonce), None)

    def _pack(self, outcome: Message, nonce: int) -> bytes:
        try:
            return pack(outcome, nonce, self._budget)
        except WireError:
            # A single value that is too long is replaced where it stands; this is the rest: very
            # many values, or changed arguments, that are too long together.
            if isinstance(outcome, Loaded):
                return pack(replace(outcome, shown=(), output=""), nonce, self._budget)
            if not isinstance(outcome, Returned):
                raise
            kind = f"{type(outcome.value).__name__} (too large)"
            return pack(replace(outcome, value=Opaque(kind, ""), changed={}), nonce, self._budget)


class _Announced(tuple[Part, ...]):
    """A program's parts, which tell of each when its turn comes.

    A process that dies while it loads can say no more; the keeper then knows in which part.
    """

    tell: Callable[[int], None]

    def __new__(cls, parts: tuple[Part, ...], tell: Callable[[int], None]) -> _Announced:
        announced = super().__new__(cls, parts)
        announced.tell = tell
        return announced

    def __iter__(self) -> Iterator[Part]:
        for index, part in enumerate(super().__iter__()):
            self.tell(index)
            yield part


# ---- a process without a cage -----------------------------------------------------------------


def main(limited: str, parent: str) -> None:
    """Serve over what were standard input and output, and leave without any cleaning up.

    ``limited`` is what ``Limits.as_argument`` wrote, ``parent`` what ``parent_argument`` did.
    """
    leave_with(parent)
    limits = Limits.from_argument(limited)
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
        (resource.RLIMIT_CPU, seconds, seconds + 1),
    ):
        with contextlib.suppress(ValueError, OSError):  # a lower limit is set already
            resource.setrlimit(kind, (soft, hard))


if __name__ == "__main__":
    main(*sys.argv[1:])
