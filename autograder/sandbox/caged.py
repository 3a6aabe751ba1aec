"""A session with a program in the cage."""

from __future__ import annotations

import contextlib
import select
import signal
import socket
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from autograder.errors import CageError, EngineFault, KilledOutside
from autograder.sandbox.needs import needs_cells, needs_pyplot
from autograder.sandbox.opening import CELLS, PYPLOT
from autograder.sandbox.orders import LARGEST, End
from autograder.sandbox.policy import Limits
from autograder.sandbox.remote import RemoteSession
from autograder.wire.protocol import Crashed, Death, Program, Stopped

if TYPE_CHECKING:
    from autograder.sandbox.forkserver import ForkServer, Ordered
    from autograder.sandbox.layers import Layers
    from autograder.wire.channel import Channel

__all__ = ["Cage", "CageDoor", "CagedChild", "caged_session", "death_of"]

_SECONDS_TO_BE_KILLED = 10.0  # freeing gigabytes takes a while


def caged_session(
    server: ForkServer,
    program: Program,
    limits: Limits,
    ready: tuple[Channel, CagedChild] | None = None,
) -> RemoteSession:
    """Hold a program in the cage, a fresh child for each life it needs; ``ready`` is the first."""

    def start() -> tuple[Channel, CagedChild]:
        child = server.spawn(limits, _imports_of(program))
        return child.channel, child

    return RemoteSession(program, limits, start, ready)


def _imports_of(program: Program) -> frozenset[str]:
    needed = {CELLS: needs_cells(program), PYPLOT: needs_pyplot(program)}
    return frozenset(name for name, needs in needed.items() if needs)


class CageDoor:
    """Opens sessions in the cage, and has the next submission's child locked up beforehand.

    Locking one up takes the kernel some milliseconds, which pass while the submission before is
    still being checked. The child waits, empty, in walls of its own.
    """

    def __init__(self, server: ForkServer) -> None:
        self._server = server
        self._imports: frozenset[str] = frozenset()  # all that any program has needed so far
        self._next: tuple[tuple[Limits, frozenset[str]], Ordered] | None = None

    def open(self, program: Program, limits: Limits) -> RemoteSession:
        """Hold a program in the cage."""
        self._imports |= _imports_of(program)
        wanted = limits, self._imports
        ready = self._prepared(wanted)
        with contextlib.suppress(EngineFault, CageError):  # whoever comes next will hear of it
            # That one will most likely be of the same kind.
            self._next = wanted, self._server.order(*wanted)
        return caged_session(self._server, program, limits, ready)

    def close(self) -> None:
        """End the child that waits for nobody any more; the server is its owner's to close."""
        self._discard()

    def _prepared(self, wanted: tuple[Limits, frozenset[str]]) -> tuple[Channel, CagedChild] | None:
        if self._next is None or self._next[0] != wanted:
            self._discard()
            return None
        ordered, self._next = self._next[1], None
        child = ordered.up()
        if child.alive():
            return child.channel, child
        # It died while it waited: with its server, or by whoever kills processes here.
        child.kill()
        child.channel.close()
        return None

    def _discard(self) -> None:
        if self._next is not None:
            ordered, self._next = self._next[1], None
            with contextlib.suppress(EngineFault):  # what could not start need not be ended
                child = ordered.up()
                child.kill()
                child.channel.close()


class Cage:
    """A fork server and the door to it: what a cage of this kernel is to whoever opens sessions."""

    versions: tuple[tuple[str, str], ...] = ()  # submissions run on what the grader runs on

    def __init__(self, server: ForkServer) -> None:
        self._server = server
        self._door = CageDoor(server)

    @property
    def layers(self) -> Layers:
        """What was tried and holds."""
        return self._server.layers

    def open(self, program: Program, limits: Limits) -> RemoteSession:
        """Hold a program in the cage."""
        return self._door.open(program, limits)

    def close(self) -> None:
        """End the server and everything it started."""
        self._door.close()
        self._server.close()


class CagedChild:
    """One inmate, from outside: the channel to it, and the line to its warden.

    ``abandon`` is called when the warden does not answer any more: it must end them all.
    """

    def __init__(
        self, channel: Channel, warden: socket.socket, limits: Limits, abandon: Callable[[], None]
    ) -> None:
        self.channel = channel
        self._warden = warden
        self._limits = limits
        self._abandon = abandon
        self._end: End | None = None

    def raw(self, seconds: float) -> bytes:
        """Read one frame, as it is; OSError when none comes in time."""
        try:
            return self.channel.recv(time.monotonic() + seconds)
        except EOFError as error:
            raise OSError("it ended without a word") from error

    def alive(self) -> bool:
        """Tell whether its warden still watches it."""
        poller = select.poll()
        poller.register(self._warden, select.POLLIN)
        return self._end is None and not poller.poll(0)

    def kill(self) -> None:
        """End the inmate and wait until it is gone."""
        if self._end is None:
            self._end = self._ended()
        self._warden.close()

    def verdict(self) -> Death:
        """Say why it ended; one that closed its channel but lives on broke the protocol.

        Raises KilledOutside.
        """
        if self._end is None:
            self._end = self._ended()
        return death_of(self._end, self._limits)

    def _ended(self) -> End:
        """Have it ended, if it has not come to its end by itself; say how it did."""
        # Hanging up is the order to kill. It does nothing to one that is leaving already.
        with contextlib.suppress(OSError):
            self._warden.shutdown(socket.SHUT_WR)
        end = self._hear(_SECONDS_TO_BE_KILLED)
        if end is None:
            self._abandon()
        return end or End(signal=9, limit="asked")

    def _hear(self, seconds: float) -> End | None:
        """Wait for the warden's last word; None if it does not come in time."""
        poller = select.poll()
        poller.register(self._warden, select.POLLIN)
        if not poller.poll(seconds * 1000):
            return None
        try:
            word = self._warden.recv(LARGEST)
        except OSError:
            word = b""
        # A warden that is gone without a word has taken its inmate with it.
        return End.unpack(word) if word else End(signal=9)


def death_of(end: End, limits: Limits) -> Death:
    """Translate a warden's word.

    Raises KilledOutside where no limit was passed and nobody inside can have done it.
    """
    if end.limit == "memory":
        return Stopped("memory", limits.memory)
    if end.limit == "cpu":
        return Stopped("cpu", limits.cpu)
    if end.limit == "asked":  # whoever asks for its end has found its channel closed
        return Crashed(protocol=True)
    if end.signal == signal.SIGKILL and not end.limit:
        raise KilledOutside
    return Crashed(signal=end.signal, code=end.code)
