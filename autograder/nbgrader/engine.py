"""The warm engine behind nbgrader's commands: one for all submissions of a command.

nbgrader hands over one notebook at a time, and formgrader one in each of its requests. So the
workers stay, for a while, in case another one comes. Where it is known which comes next, that one
is graded while nbgrader is still busy with its gradebook and its files.
"""

from __future__ import annotations

import atexit
import os
import threading
from collections.abc import Sequence
from pathlib import Path

from autograder.errors import GradeFlowError
from autograder.grading.loop import Entry
from autograder.grading.pool import Graded, Pool, Setup
from autograder.grading.store import digest_folder
from autograder.sandbox.opening import Kind

__all__ = ["WORKERS", "close_engines", "grade_one", "setup_for"]

IDLE_SECONDS = 30.0
WORKERS = min(2, os.cpu_count() or 1)
"""How many grade at once: nbgrader itself, which takes one at a time, keeps no more busy."""
_engines: dict[tuple[Setup, str], _Engine] = {}
_door = threading.RLock()


def setup_for(folder: Path, salt: str, sandbox: Kind, hidden: tuple[Path, ...]) -> Setup:
    """Return how a worker starts; ``hidden`` is what no submission may see."""
    return Setup(folder, salt, sandbox, tuple(dict.fromkeys(path.resolve() for path in hidden)))


def grade_one(entry: Entry, setup: Setup, coming: Sequence[Entry] = ()) -> Graded:
    """Grade one submission on the engine that waits for it, or on a new one.

    coming: those that will be asked for next, as far as is known.

    Raises GradeFlowError when no worker can start: no cage, a broken exercise. It is not tried
    again for every learner of a class.
    """
    with _door:
        # Checks that were changed meanwhile are collected anew.
        key = (setup, digest_folder([setup.folder]))
        engine = _engines.setdefault(key, _Engine(setup))
        return engine.grade(entry, coming)


def close_engines() -> None:
    """End every worker; whoever grades next starts anew."""
    with _door:
        while _engines:
            _engines.popitem()[1].close()


class _Engine:
    def __init__(self, setup: Setup) -> None:
        self._setup = setup
        self._pool: Pool | None = None
        self._refusal: GradeFlowError | None = None
        self._timer: threading.Timer | None = None

    def grade(self, entry: Entry, coming: Sequence[Entry]) -> Graded:
        if self._refusal is not None:
            raise self._refusal
        self._rest()
        try:
            if self._pool is None:
                self._pool = Pool(self._setup, WORKERS)
            graded = self._pool.one(entry, coming)
        except GradeFlowError as error:
            self._refusal = error
            self.close()
            raise
        except BaseException:
            self.close()  # interrupted: a worker may still be busy with this one
            raise
        self._timer = threading.Timer(IDLE_SECONDS, self._expire)
        self._timer.daemon = True
        self._timer.start()
        return graded

    def close(self) -> None:
        self._rest()
        if self._pool is not None:
            self._pool.__exit__()
            self._pool = None

    def _rest(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _expire(self) -> None:
        with _door:
            if self._timer is not None and self._timer is threading.current_thread():
                self.close()


atexit.register(close_engines)
