"""The warm engine behind nbgrader's commands: workers that stay for a while.

formgrader grades one learner in each of its requests, in one process: the next one need not wait
for an import of PyTorch again.
"""

from __future__ import annotations

import atexit
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from autograder.catalogue import Course, Exercise
from autograder.grading.orders import Setup
from autograder.grading.pool import Pool
from autograder.grading.store import digest_folder
from autograder.sandbox.opening import Kind

__all__ = ["close_engines", "setup_for", "warm_pool"]

IDLE_SECONDS = 30.0
_warm: dict[tuple[Setup, str], _Kept] = {}
_door = threading.RLock()


@dataclass
class _Kept:
    pool: Pool
    timer: threading.Timer


def setup_for(course: Course, exercise: Exercise, sandbox: Kind) -> Setup:
    """Return how a worker starts; no submission may see the course."""
    return Setup(exercise.folder, course.salt, sandbox, (course.root.resolve(),))


@contextmanager
def warm_pool(course: Course, exercise: Exercise, sandbox: Kind, jobs: int) -> Iterator[Pool]:
    """Lend the workers of an exercise: those that are warm, or new ones, as many as jobs at most.

    Raises GradeFlowError when no worker can start: no cage, a broken exercise.
    """
    setup = setup_for(course, exercise, sandbox)
    with _door:
        # Checks that were changed meanwhile are collected anew.
        key = (setup, digest_folder([setup.folder]))
        kept = _warm.pop(key, None)
        if kept is not None:
            kept.timer.cancel()
        pool = kept.pool if kept is not None else Pool(setup, jobs)
        try:
            yield pool
        except BaseException:
            pool.__exit__()  # interrupted: a worker may still be busy
            raise
        timer = threading.Timer(IDLE_SECONDS, _expire, (key,))
        timer.daemon = True
        _warm[key] = _Kept(pool, timer)
        timer.start()


def close_engines() -> None:
    """End every worker; whoever grades next starts anew."""
    with _door:
        for key in [*_warm]:
            _close(key)


def _expire(key: tuple[Setup, str]) -> None:
    with _door:
        kept = _warm.get(key)
        if kept is not None and kept.timer is threading.current_thread():
            _close(key)


def _close(key: tuple[Setup, str]) -> None:
    kept = _warm.pop(key)
    kept.timer.cancel()
    kept.pool.__exit__()


atexit.register(close_engines)
