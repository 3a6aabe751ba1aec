"""What watching waits for: a file that was saved, a key that was pressed."""

from __future__ import annotations

import contextlib
import os
import queue
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

__all__ = ["Key", "Saved", "Waiting", "pressed", "saves"]

STEP = 10  # ms without another change, after which a save is taken to be whole
LONGEST = 200  # ms after which it is looked at in any case
ARROWS = {"\x1b[C": "n", "\x1b[B": "n", "\x1b[D": "p", "\x1b[A": "p", "\x03": "q", "\x04": "q"}


@dataclass(frozen=True)
class Saved:
    """A file of a learner's changed."""

    path: Path


@dataclass(frozen=True)
class Key:
    """A key was pressed; arrows count as the letters they stand for."""

    letter: str


Waiting = queue.SimpleQueue[Saved | Key]


@contextlib.contextmanager
def saves(folder: Path, waiting: Waiting) -> Iterator[None]:
    """Tell of every script and notebook that is saved under a folder.

    Editors write in place, or write another file and rename it: both are a change of that name.
    """
    import watchfiles

    stop = threading.Event()

    def work(_change: object, path: str) -> bool:
        name = Path(path).name
        return name.endswith((".py", ".ipynb")) and not name.startswith((".", "test_"))

    def look() -> None:
        changes = watchfiles.watch(
            folder, watch_filter=work, step=STEP, debounce=LONGEST, stop_event=stop,
            raise_interrupt=False,
        )  # fmt: skip
        for batch in changes:
            for path in sorted({path for _, path in batch}):
                waiting.put(Saved(Path(path)))

    threading.Thread(target=look, name="saves", daemon=True).start()
    try:
        yield
    finally:
        stop.set()


@contextlib.contextmanager
def pressed(waiting: Waiting, leave: Callable[[], None]) -> Iterator[None]:
    """Tell of every key, without the terminal waiting for the end of a line or echoing it.

    leave: called at once for ``q``: whoever waits for a check would see the key only after it.
    """
    with _letters() as read:

        def listen() -> None:
            with contextlib.suppress(OSError):
                while text := read():
                    for letter in [ARROWS[text]] if text in ARROWS else text.lower():
                        waiting.put(Key(letter))
                        if letter == "q":
                            leave()

        threading.Thread(target=listen, name="keys", daemon=True).start()
        yield


if sys.platform == "win32":

    @contextlib.contextmanager
    def _letters() -> Iterator[Callable[[], str]]:
        import msvcrt

        def read() -> str:
            letter = msvcrt.getwch()
            if letter in ("\0", "\xe0"):  # an arrow, which comes as two
                return {"M": "n", "P": "n", "K": "p", "H": "p"}.get(msvcrt.getwch(), " ")
            return letter

        yield read

else:

    @contextlib.contextmanager
    def _letters() -> Iterator[Callable[[], str]]:
        import termios
        import tty

        descriptor = sys.stdin.fileno()
        before = termios.tcgetattr(descriptor)
        tty.setcbreak(descriptor)
        now = termios.tcgetattr(descriptor)
        now[6][termios.VSUSP] = b"\0"  # stopped, it would leave its screen behind
        termios.tcsetattr(descriptor, termios.TCSANOW, now)
        try:
            yield lambda: os.read(descriptor, 32).decode(errors="replace")
        finally:
            termios.tcsetattr(descriptor, termios.TCSADRAIN, before)
