"""Starting and stopping the fork server's process, in bubblewrap or on its own."""

from __future__ import annotations

import contextlib
import json
import os
import select
import signal
import socket
import subprocess
import tempfile
import threading
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import IO

from autograder.data import COURSE_FILE, mnist_file
from autograder.errors import CageError, refusal
from autograder.sandbox import bubblewrap
from autograder.sandbox.isolate import ENVIRONMENT
from autograder.sandbox.layers import Mode
from autograder.sandbox.orders import JOIN, LARGEST, READY, Line, Setup
from autograder.sandbox.places import Places, find_places
from autograder.sandbox.scratch import Scratch

__all__ = ["Joined", "Launched", "launch", "launch_for_several", "may_cage"]

_SECONDS_TO_IMPORT = 300.0  # TensorFlow from a cold disk
_SECONDS_TO_LEAVE = 2.0
_LEAST_LANDLOCK = 3  # below, a file that may be read may be emptied
_FIRST_UID = 1_900_000_000
# Only the named folders are searched, and none of their .pth files runs. What modules want done at
# a fork is for processes of several threads, or for generators, which each inmate seeds itself; an
# inmate would copy 150 pages for it, and can fork no more.
_BOOT = (
    "import os, sys; os.register_at_fork = lambda **_: None; "
    "descriptor, *sys.path[len(sys.path):] = sys.argv[1:]; sys.argv[1:] = []; "
    "from autograder.sandbox.server import main; main(int(descriptor))"
)


class Launched:
    """A server's process: ``control`` takes its orders; ``bubblewrap`` is a version, or empty."""

    def __init__(
        self,
        process: subprocess.Popen[bytes],
        control: socket.socket,
        complaints: IO[bytes],
        version: str = "",
        init: int | None = None,
        scratch: Scratch | None = None,
    ) -> None:
        self.control = control
        self.bubblewrap = version
        self._process = process
        self._complaints = complaints
        self._init = init
        self._scratch = scratch

    @property
    def scratch(self) -> str:
        """Where its submissions may write, without namespaces."""
        return self._scratch.path if self._scratch else ""

    def alive(self) -> bool:
        """Tell whether it still runs: bubblewrap may do so a moment longer than what is in it."""
        return self._process.poll() is None and not _hung_up(self.control)

    def last_words(self) -> str:
        """Return the end of what it wrote to its standard error."""
        with contextlib.suppress(OSError, ValueError):
            size = os.fstat(self._complaints.fileno()).st_size
            text = os.pread(self._complaints.fileno(), 2000, max(0, size - 2000))
            return text.decode(errors="replace").strip()
        return ""

    def begin(self, setup: Setup) -> None:
        """Tell it how to start."""
        try:
            self.control.send(setup.pack())
        except OSError as error:
            raise CageError(f"the server did not start: {self.last_words() or error}") from error

    def ready(self) -> None:
        """Wait until everything is imported; CageError says why it cannot be."""
        _wait(self.control, self.last_words)

    def join(self) -> Line | None:
        """Return another line to it, for another grader; None if it is gone."""
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            try:
                socket.send_fds(self.control, [JOIN], [theirs.fileno()])
            except OSError:
                ours.close()
                return None
        return Line(ours, self.bubblewrap)

    def stop(self) -> None:
        """End it and everything in its process namespace."""
        self.control.close()  # it leaves when nobody is there
        try:
            self._process.wait(_SECONDS_TO_LEAVE)
        except subprocess.TimeoutExpired:
            # The first process inside takes all others with it; bubblewrap itself would not.
            if self._init is not None:
                with contextlib.suppress(ProcessLookupError):
                    signal.pidfd_send_signal(self._init, signal.SIGKILL)
            self._process.kill()
            self._process.wait()
        if self._init is not None:
            os.close(self._init)
            self._init = None
        self._complaints.close()
        if self._scratch is not None:
            self._scratch.remove()


class Joined:
    """A server that others use too, by one's own line to it."""

    def __init__(self, line: Line) -> None:
        self.control = line.control
        self.bubblewrap = line.bubblewrap

    def ready(self) -> None:
        """Wait until everything is imported; CageError says that it will not be."""
        _wait(self.control, self.last_words)

    def alive(self) -> bool:
        """Tell whether it still listens."""
        return not _hung_up(self.control)

    def last_words(self) -> str:
        """Return nothing: what it said is with whoever started it."""
        return ""

    def stop(self) -> None:
        """Hang up: it ends all that was ordered by this line."""
        self.control.close()


def launch_for_several(preload: tuple[str, ...], hidden: tuple[Path, ...]) -> Launched | None:
    """Start a server in the full cage for graders who will join it; None where there is none.

    It imports meanwhile. Who has started it stops it; each grader proves its layers anew.
    """
    try:
        resolved = tuple(path.resolve() for path in hidden)
        return launch("namespaces", find_places(), preload, resolved)
    except CageError:
        return None


def _hung_up(control: socket.socket) -> bool:
    """Tell whether nobody listens at the other end, where nobody speaks unasked."""
    if control.fileno() < 0:
        return True
    poller = select.poll()
    poller.register(control, select.POLLIN)
    return bool(poller.poll(0))


def _wait(control: socket.socket, last_words: Callable[[], str]) -> None:
    try:
        control.settimeout(_SECONDS_TO_IMPORT)
        word = control.recv(LARGEST)
        control.settimeout(None)
    except OSError as error:
        raise CageError(f"the server did not start: {last_words() or error}") from error
    if word != READY:
        reason = word.decode(errors="replace").strip() or last_words()
        raise CageError(f"the server did not start: {reason}")


def may_cage() -> bool:
    """Tell at a glance whether a server could start in any mode; whether it holds is tried then."""
    import landlockpy

    if landlockpy.abi_version() >= _LEAST_LANDLOCK:
        return True
    user = [] if os.geteuid() == 0 else ["--unshare-user"]
    try:
        command = [
            str(bubblewrap.find_bwrap()),
            *user,
            "--unshare-pid",
            "--ro-bind",
            "/",
            "/",
            "true",
        ]
        done = subprocess.run(command, capture_output=True, timeout=10, check=False)
    except (CageError, OSError, subprocess.SubprocessError):
        return False
    return done.returncode == 0


def launch(
    mode: Mode, places: Places, preload: tuple[str, ...], hidden: tuple[Path, ...]
) -> Launched:
    """Start a server, which is ready some time later; CageError says why there is none."""
    mnist = mnist_file() if "keras" in preload else None
    elsewhere = mnist not in (None, COURSE_FILE)
    if mnist is not None and elsewhere and bubblewrap.PRIVATE not in mnist.parents:
        places = replace(places, readable=(*places.readable, mnist))
    start = _in_bubblewrap if mode == "namespaces" else _alone
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    try:
        with theirs:
            launched, readable = start(places, hidden, ours, theirs.fileno())
    except BaseException:
        ours.close()
        raise
    # A user that is nobody else's: its processes can be counted, and nobody else's signalled.
    uid = _FIRST_UID + os.getpid() % 100_000_000
    names = tuple(str(path) for path in readable)
    digits = str(mnist or "")
    try:
        launched.begin(Setup(preload, mode == "namespaces", names, uid, launched.scratch, digits))
    except BaseException:
        launched.stop()
        raise
    return launched


def _command(executable: Path, descriptor: int, paths: Sequence[Path]) -> list[str]:
    command = [str(executable), "-I", "-S", "-B", "-c", _BOOT, str(descriptor)]
    return [*command, *map(str, paths)]


def _in_bubblewrap(
    places: Places, hidden: tuple[Path, ...], control: socket.socket, descriptor: int
) -> tuple[Launched, tuple[Path, ...]]:
    bwrap = bubblewrap.find_bwrap()
    laid = bubblewrap.mounts(places, hidden)
    packages = bubblewrap.packages_inside(places)
    told, tells = os.pipe()
    complaints = tempfile.TemporaryFile()  # noqa: SIM115 - lives as long as the server
    try:
        command = bubblewrap.arguments(
            bwrap,
            laid,
            {**ENVIRONMENT, "HOME": "/tmp"},  # noqa: S108 - its own
            _command(places.executable, descriptor, (bubblewrap.ENGINE_HOME, *packages)),
            info_fd=tells,
            # The kernel means the thread that starts it, not its process: elsewhere than in the
            # main thread it would die too early. It leaves when the grader hangs up anyway.
            die_with_parent=threading.current_thread() is threading.main_thread(),
        )
        try:
            process = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=complaints,
                pass_fds=(descriptor, tells),
            )  # fmt: skip
        finally:
            os.close(tells)
        init = _first_process(told)
    except OSError as error:
        raise CageError(f"bubblewrap did not start: {refusal(error)}") from error
    finally:
        os.close(told)
    version = bubblewrap.version(bwrap)
    launched = Launched(process, control, complaints, f"{version} ({bwrap})", init)
    inside = (path for path in places.readable if path not in places.packages)
    return launched, (*inside, *packages, bubblewrap.ENGINE_HOME / "autograder")


def _first_process(told: int) -> int | None:
    """Read from bubblewrap the number of the first process inside, and hold on to it."""
    text = b""
    poller = select.poll()
    poller.register(told, select.POLLIN)
    while poller.poll(10_000) and (piece := os.read(told, 4096)):
        text += piece
        if b"}" in text:
            break
    try:
        return os.pidfd_open(int(json.loads(text)["child-pid"]))
    except (ValueError, KeyError, ProcessLookupError):
        return None  # it ended at once; why, it says on its standard error


def _alone(
    places: Places, hidden: tuple[Path, ...], control: socket.socket, descriptor: int
) -> tuple[Launched, tuple[Path, ...]]:
    _check_landlock(places, hidden)
    complaints = tempfile.TemporaryFile()  # noqa: SIM115 - lives as long as the server
    scratch = Scratch(passable=True)
    try:
        process = subprocess.Popen(
            _command(places.executable, descriptor, (places.engine.parent, *places.packages)),
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=complaints,
            pass_fds=(descriptor,), env=dict(ENVIRONMENT, HOME=scratch.path), cwd="/",
            start_new_session=True,
        )  # fmt: skip
    except OSError as error:
        scratch.remove()
        raise CageError(f"the server did not start: {refusal(error)}") from error
    launched = Launched(process, control, complaints, scratch=scratch)
    return launched, (*places.readable, places.engine)


def _check_landlock(places: Places, hidden: tuple[Path, ...]) -> None:
    import landlockpy

    version = landlockpy.abi_version()
    if version < _LEAST_LANDLOCK:
        raise CageError(
            f"without namespaces Landlock ABI {_LEAST_LANDLOCK} is needed (Linux 6.2); "
            f"this kernel has {version or 'none'}"
        )
    for folder in hidden:
        for path in (*places.readable, places.engine):
            # Landlock grants, it cannot take back.
            if path == folder or path in folder.parents:
                raise CageError(f"{folder} is to be hidden but lies in {path}, which Python needs")
