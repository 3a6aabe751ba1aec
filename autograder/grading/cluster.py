"""Grading on a Dask cluster: each thread of its workers keeps a warm pool of one, as here.

The cluster is trusted, like the machine that asks: the cage stands on each worker. The course must
lie on every machine at the same path, with the same contents, which is checked.
"""

from __future__ import annotations

import itertools
import multiprocessing
import threading
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import msgspec

import autograder
from autograder.errors import GradeFlowError
from autograder.grading.entry import Entry
from autograder.grading.orders import Setup
from autograder.grading.pool import Pool, withheld
from autograder.grading.store import digest_folder
from autograder.model import Result

__all__ = ["Cluster"]

AHEAD = 3
"""Entries that a thread of the cluster is given before it is done with the first."""
PATIENCE = 5.0
"""Seconds to wait for a scheduler to answer."""


class Cluster:
    """Grades like a Pool, on the workers of a Dask cluster. A context manager.

    address: of the scheduler, such as ``tcp://10.0.0.1:8786``.

    Raises GradeFlowError when Dask is not installed, no scheduler answers, or no worker is there.
    """

    def __init__(self, setup: Setup, address: str) -> None:
        self._setup = setup
        self._client = _connected(address)

    def __enter__(self) -> Cluster:
        return self

    def __exit__(self, *exception: object) -> None:
        self._client.run(_close_desks, on_error="ignore")
        self._client.close()

    def grade(self, entries: Iterable[Entry]) -> Iterator[Result]:
        """Yield a result for each entry, in the order in which they are done.

        A submission that loses its worker again and again is withheld as our fault.

        Raises GradeFlowError when a worker has no cage, or another course or engine.
        """
        from distributed import KilledWorker, as_completed

        same = contents(self._setup.folder)
        tasks: dict[Any, Entry] = {}
        waiting = iter(entries)

        def submitted(most: int) -> Iterator[Any]:
            for entry in itertools.islice(waiting, most):
                packed = msgspec.msgpack.encode(entry)
                task = self._client.submit(grade_there, self._setup, same, packed, pure=False)
                tasks[task] = entry
                yield task

        try:
            threads = sum(self._client.nthreads().values())
            done = as_completed(list(submitted(AHEAD * threads)), loop=self._client.loop)
            for task in done:
                entry = tasks.pop(task)
                try:
                    yield msgspec.msgpack.decode(task.result(), type=Result)
                except KilledWorker:
                    yield withheld(self._setup, entry, "the Dask worker died")
                for another in submitted(1):
                    done.add(another)
        finally:
            self._client.cancel(list(tasks))


def grade_there(setup: Setup, same: str, packed: bytes) -> bytes:
    """Grade one entry; run by a thread of a Dask worker. Returns the result as MessagePack.

    same: what ``contents`` said where the entry comes from.

    Raises GradeFlowError when this machine has another course or engine, or cannot grade.
    """
    entry = msgspec.msgpack.decode(packed, type=Entry)
    with _LOCK:
        desk = _DESKS.setdefault(threading.get_ident(), _Desk())
    return msgspec.msgpack.encode(desk.grade(setup, same, entry))


def contents(exercise: Path) -> str:
    """Return a hash of an exercise and of the engine, as they are on this machine."""
    return digest_folder([exercise]) + digest_folder([Path(autograder.__file__).parent])


class _Desk:
    """Where one thread grades: its warm pool, for the exercise that it last had."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._for: tuple[Setup, str] | None = None
        self._pool: Pool | None = None

    def grade(self, setup: Setup, same: str, entry: Entry) -> Result:
        with self._lock:
            if self._pool is None or self._for != (setup, same):
                self._leave()
                _demand_the_same(setup, same)
                self._pool, self._for = Pool(setup, 1), (setup, same)
            return next(iter(self._pool.grade([entry])))

    def close(self) -> None:
        """Wait for the submission in work, if there is one, and end the processes."""
        with self._lock:
            self._leave()

    def _leave(self) -> None:
        if self._pool is not None:
            self._pool.__exit__()
        self._pool = None


_DESKS: dict[int, _Desk] = {}
_LOCK = threading.Lock()


def _close_desks() -> None:
    """Close every desk of this Dask worker, without holding up its event loop."""
    with _LOCK:
        desks = list(_DESKS.values())
        _DESKS.clear()
    for desk in desks:
        threading.Thread(target=desk.close, daemon=True).start()


def _demand_the_same(setup: Setup, same: str) -> None:
    if multiprocessing.current_process().daemon:
        raise GradeFlowError(
            "Dask's workers run as daemons, which may not start the processes that grade: start "
            "them with DASK_DISTRIBUTED__WORKER__DAEMON=False, or `dask worker --no-nanny`."
        )
    if not setup.folder.is_dir():
        raise GradeFlowError(
            f"A Dask worker has no {setup.folder}: the course must lie there on every machine."
        )
    if contents(setup.folder) != same:
        raise GradeFlowError(
            f"A Dask worker has another {setup.folder}, or another version of gradeflow: bring the "
            "same course and the same version to every machine."
        )


def _connected(address: str) -> Any:  # distributed has no types
    try:
        from distributed import Client
    except ImportError:
        raise GradeFlowError(
            'Dask is not installed: run `pip install "gradeflow[dask]"`.'
        ) from None
    try:
        client: Any = Client(address, timeout=PATIENCE, set_as_default=False)
    except (OSError, ValueError) as error:
        raise GradeFlowError(
            f"No Dask scheduler answers at {address} ({error}). Start one with `dask scheduler`, "
            "and workers with `dask worker ADDRESS --no-nanny`."
        ) from None
    if not client.scheduler_info()["workers"]:
        client.close()
        raise GradeFlowError(
            f"The Dask scheduler at {address} has no workers: start some with "
            f"`dask worker {address} --no-nanny`."
        )
    return client
