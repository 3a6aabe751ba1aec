"""The trusted side of the cage: starts a fork server, proves its layers, orders children."""

from __future__ import annotations

import contextlib
import itertools
import os
import shutil
import socket
import tempfile
import threading
from collections.abc import Iterable, Iterator
from pathlib import Path
from types import TracebackType
from typing import Self

from autograder.errors import CageError, EngineFault
from autograder.sandbox.bubblewrap import PRIVATE
from autograder.sandbox.caged import CagedChild
from autograder.sandbox.launch import Joined, Launched, launch
from autograder.sandbox.layers import Layers, Mode
from autograder.sandbox.orders import LARGEST, UP, End, Line, Order, Trial
from autograder.sandbox.places import Places, find_places
from autograder.sandbox.policy import MIB, Limits
from autograder.wire.channel import SocketChannel

__all__ = ["ForkServer", "Ordered"]

_MODES: tuple[Mode, ...] = ("namespaces", "landlock")
_SECONDS_TO_CAGE = 60.0  # ours, not the submission's: a busy machine
_TRIAL_LIMITS = Limits()


class ForkServer:
    """A process in the cage that has imported ``preload`` and is forked for each submission.

    preload: modules, in the order of their import. hidden: folders and files that submissions
    must not see even if Python's own libraries lie around them. mode: asks for one mode only;
    otherwise the stronger that works here is taken. line: to a server of the full cage that is
    there already, or will be; where nothing comes of it, one is started.

    Raises CageError when no mode holds what :data:`autograder.sandbox.layers.REQUIRED` names.
    May be used from several threads.
    """

    def __init__(
        self,
        preload: tuple[str, ...],
        hidden: tuple[Path, ...] = (),
        mode: Mode | None = None,
        line: Line | None = None,
    ) -> None:
        self._preload = preload
        self._hidden = tuple(path.resolve() for path in hidden)
        self._lock = threading.Lock()
        self._process: Launched | Joined | None = None
        self._closed = False
        self.layers = self._joined(line) or self._start(_MODES if mode is None else (mode,))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def spawn(self, limits: Limits, imports: Iterable[str] = ()) -> CagedChild:
        """Fork a child, locked up and waiting for a program that needs these ``imports``.

        A server that died since the last child is started again. Raises EngineFault when it dies
        now or cannot lock a child up.
        """
        return self.order(limits, imports).up()

    def order(self, limits: Limits, imports: Iterable[str] = ()) -> Ordered:
        """Have a child forked without waiting for it; else like spawn()."""
        with self._lock:
            if self._closed:
                raise EngineFault("The fork server is closed.")
            if self._process is None or not self._process.alive():
                self._stop()
                self.layers = self._start((self.layers.mode,))
            return self._order(Order(limits, tuple(sorted(imports))))

    def close(self) -> None:
        """End every child, and the server where it is ours alone; may be called again."""
        self._closed = True
        self._stop()

    # ---- starting ----

    def _joined(self, line: Line | None) -> Layers | None:
        """Use a server that others use too, if its layers hold."""
        if line is None:
            return None
        self._process = Joined(line)
        try:
            self._process.ready()
            return self._proved("namespaces", find_places())
        except (CageError, EngineFault):
            self._stop()
            return None
        except BaseException:
            self._stop()
            raise

    def _start(self, modes: tuple[Mode, ...]) -> Layers:
        """Start in the first mode that holds."""
        troubles = []
        places = find_places()
        for mode in modes:
            try:
                self._process = launch(mode, places, self._preload, self._hidden)
                self._process.ready()
                return self._proved(mode, places)
            except (CageError, EngineFault) as error:
                self._stop()
                troubles.append(f"{mode}: {error}")
            except BaseException:
                self._stop()
                raise
        raise CageError(
            f"The kernel cages nothing here ({'; '.join(troubles)}).",
            "Run `gradeflow doctor` to see what is missing, or, if you trust every submission, "
            "grade with --no-sandbox.",
        )

    def _proved(self, mode: Mode, places: Places) -> Layers:
        assert self._process is not None
        with _bait(self._hidden, places, mode) as trial:
            child = self._order(Order(_TRIAL_LIMITS, trial=trial)).up()
            try:
                data = child.raw(_SECONDS_TO_CAGE)
                layers = Layers.from_attempt(
                    data, mode, self._process.bubblewrap, _landlock_version()
                )
            except (OSError, KeyError, ValueError) as error:
                raise CageError(f"the first child did not answer: {error}") from error
            finally:
                child.kill()
                child.channel.close()
        if layers.fatal:
            raise CageError(f"these layers were attacked and do not hold: {layers.fatal}")
        return layers

    # ---- children ----

    def _order(self, order: Order) -> Ordered:
        process = self._process
        assert process is not None
        ours, theirs = socket.socketpair()
        reports, warden = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        child = CagedChild(
            SocketChannel(ours, order.limits.frame * MIB), reports, order.limits, self._abandon
        )
        with _asking(process, ours, reports), theirs, warden:
            sent = (theirs.fileno(), warden.fileno())
            socket.send_fds(process.control, [order.pack()], sent)
        return Ordered(child, ours, reports, process)

    def _abandon(self) -> None:
        """Give up a server whose warden does not obey: all that is ours there dies."""
        self._stop()

    def _stop(self) -> None:
        process, self._process = self._process, None
        if process is not None:
            process.stop()


class Ordered:
    """A child that was ordered, and may not be there yet."""

    def __init__(
        self,
        child: CagedChild,
        channel: socket.socket,
        reports: socket.socket,
        process: Launched | Joined,
    ) -> None:
        self._child = child
        self._channel = channel
        self._reports = reports
        self._process = process

    def up(self) -> CagedChild:
        """Wait until it is locked up; once.

        Raises EngineFault when the server has died or cannot lock it up.
        """
        with _asking(self._process, self._channel, self._reports):
            self._reports.settimeout(_SECONDS_TO_CAGE)
            word = self._reports.recv(LARGEST)
            self._reports.settimeout(None)
            if not word:
                raise EngineFault(f"The fork server has died. {self._process.last_words()}")
            if word != UP:
                trouble = End.unpack(word).trouble
                raise EngineFault(f"A child could not be locked up: {trouble}.")
        return self._child


@contextlib.contextmanager
def _asking(process: Launched | Joined, *sockets: socket.socket) -> Iterator[None]:
    """Ask a server; where that fails its sockets are closed, and EngineFault says why."""
    try:
        yield
    except BaseException as error:
        for each in sockets:
            each.close()
        if isinstance(error, OSError):
            last_words = process.last_words()
            raise EngineFault(f"The fork server does not answer: {error}. {last_words}") from error
        raise


def _landlock_version() -> int:
    import landlockpy

    return landlockpy.abi_version()


@contextlib.contextmanager
def _bait(hidden: tuple[Path, ...], places: Places, mode: Mode) -> Iterator[Trial]:
    """Lay out what the trial goes for: secrets, sockets that listen, places to write."""
    folder = Path(tempfile.mkdtemp(prefix="gradeflow-trial-"))
    with contextlib.ExitStack() as stack:
        stack.callback(shutil.rmtree, folder, ignore_errors=True)
        canary = folder / "canary"
        canary.write_bytes(b"seen")
        # Readable by all: nothing but the cage may stand in the way.
        canary.chmod(0o644)
        folder.chmod(0o755)
        name = f"gradeflow-{os.urandom(8).hex()}"
        local = stack.enter_context(socket.socket(socket.AF_UNIX))
        local.bind("\0" + name)
        local.listen()
        port = 0
        with contextlib.suppress(OSError):  # a host without IPv4
            network = stack.enter_context(socket.socket())
            network.bind(("127.0.0.1", 0))
            network.listen()
            port = network.getsockname()[1]
        secrets = [canary, Path("/etc/passwd"), Path("/etc/shadow"), *_files_in(hidden)]
        folders = [folder, places.engine, Path.home(), Path("/dev/shm"), *hidden]  # noqa: S108
        folders += [Path("/"), Path("/usr/lib"), Path("/var/tmp"), *places.packages]  # noqa: S108
        if mode == "namespaces":  # a home may lie there, and inside it is the submission's own
            folders = [each for each in folders if each != PRIVATE]
        token = f"gradeflow-trial-{os.urandom(8).hex()}"
        yield Trial(
            tuple(map(str, secrets)), tuple(str(each / token) for each in folders), port, name
        )


def _files_in(hidden: tuple[Path, ...]) -> Iterator[Path]:
    """Find a few files under each hidden path."""
    for path in hidden:
        if path.is_file():
            yield path
            continue
        files = (Path(root, name) for root, _, names in os.walk(path) for name in names)
        yield from itertools.islice(files, 3)
