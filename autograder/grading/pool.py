"""Grading on all cores: worker processes, each one long pytest session with its own sandbox.

The parent feeds entries and takes results; it alone writes. A worker that dies takes one
submission with it, which is tried once more on a fresh worker and then withheld as our fault.
"""

from __future__ import annotations

import contextlib
import dataclasses
import itertools
import multiprocessing
import sys
import threading
import types
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from typing import Any

from autograder.catalogue import load_exercise
from autograder.errors import EngineFault, GradeFlowError, refusal
from autograder.grading.entry import Entry
from autograder.grading.losses import Losses
from autograder.grading.nursery import Nursery, work
from autograder.grading.orders import (
    ENGINE,
    LONGEST_STAGE,
    Done,
    Failed,
    Graded,
    Making,
    Ready,
    Setup,
    Stage,
    pack,
    read_answer,
)
from autograder.model import Evidence, Result, Score
from autograder.sandbox.choosing import refuse_hopeless
from autograder.sandbox.orphan import parent_argument

__all__ = ["MAKING", "Pool", "withheld"]

SECONDS_TO_LEAVE = 5.0
MAKING = "preparing the WebAssembly cage, once on this machine: a minute or two, more on a busy one"
_said: list[float] = []
_MAIN = threading.Lock()


@contextlib.contextmanager
def _without_main() -> Iterator[None]:
    """Keep a new process from running the main script once more, which it needs nothing of.

    Behind nbgrader's command that would be two seconds of imports for each worker.
    """
    with _MAIN:
        main = sys.modules["__main__"]
        sys.modules["__main__"] = types.ModuleType("__main__")
        try:
            yield
        finally:
            sys.modules["__main__"] = main


@dataclass
class _Worker:
    process: multiprocessing.process.BaseProcess
    connection: Connection
    stage: Stage
    entry: Entry | None = None
    ready: bool = False
    proven: bool = False
    """It has graded somebody: the exercise's checks are read, the cage stands."""


class _Waiting:
    """Entries whose turn comes, made one by one as they are taken."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        self._entries = iter(entries)
        self._ready: deque[Entry] = deque()

    def count(self, most: int) -> int:
        """Tell how many wait, up to ``most``."""
        self._ready.extend(itertools.islice(self._entries, max(0, most - len(self._ready))))
        return min(most, len(self._ready))

    def take(self) -> Entry | None:
        """Take the next one, or None where nobody waits."""
        return self._ready.popleft() if self.count(1) else None

    def again(self, entry: Entry) -> None:
        """Put one back to the front."""
        self._ready.appendleft(entry)


def _said_once(seconds: float) -> None:
    """Say on standard error what takes so long, where nobody shows it better."""
    if not _said:
        _said.append(seconds)
        print(f"gradeflow: {MAKING}.", file=sys.stderr)


class Pool:
    """Worker processes for one exercise. A context manager: leaving it ends them all.

    making: hears of what a cage makes once on a machine: the seconds of the processor so far.

    Where some workers start and others cannot, those that can go on alone, and a line on standard
    error says why.
    """

    def __init__(
        self, setup: Setup, jobs: int, making: Callable[[float], None] = _said_once
    ) -> None:
        self._setup = setup
        self._jobs = jobs
        self._making = making
        self._workers: list[_Worker] = []
        self._losses = Losses()
        self._nursery: Nursery | None = None
        self._lacking: list[GradeFlowError] = []

    def __enter__(self) -> Pool:
        return self

    def __exit__(self, *exception: object) -> None:
        for worker in self._workers:
            worker.connection.close()
            if worker.entry is not None or not worker.ready:
                worker.process.terminate()
        for worker in self._workers:
            _wait_for(worker.process)
        self._workers.clear()
        if self._nursery is not None:
            self._nursery.close()
            self._nursery = None

    def begin(self) -> None:
        """Have what all workers need imported, while the caller does something else.

        Where the system refuses that, warm_up() says so.
        """
        with contextlib.suppress(OSError), _without_main():
            self._prepared().begin()

    def warm_up(self, workers: int) -> None:
        """Start workers before there is anything to grade, at most as many as there are jobs."""
        while len(self._workers) < min(self._jobs, workers):
            self._add()

    def grade(self, entries: Iterable[Entry]) -> Iterator[Result]:
        """Yield a result for each entry, in the order in which they are done.

        May be called again: the workers stay warm.

        Raises GradeFlowError when a worker cannot start: no cage, a broken exercise.
        """
        return (graded.result for graded in self.graded(entries))

    def graded(self, entries: Iterable[Entry]) -> Iterator[Graded]:
        """Yield for each entry the result, and what its program has shown; else like grade().

        An entry is taken from ``entries`` when its turn comes: only as many are held as jobs.
        """
        waiting = _Waiting(entries)
        self.warm_up(waiting.count(self._jobs))
        for worker in self._workers:  # those that are ready since an earlier call
            self._give(worker, waiting)
        while waiting.count(1) or any(worker.entry for worker in self._workers):
            while self._losses.hopeless and (left := waiting.take()) is not None:
                yield Graded(withheld(self._setup, left, self._losses.hopeless))
            if not any(worker.entry for worker in self._workers) and not waiting.count(1):
                break
            taken = [self._take(worker, waiting) for worker in self._answering()]
            # Workers go on first: whoever takes the results will write them to a disk.
            for worker in self._workers:
                self._give(worker, waiting)
            yield from (graded for graded in taken if graded is not None)

    def _answering(self) -> list[_Worker]:
        by_connection = {worker.connection: worker for worker in self._workers}
        # wait returns what it was given
        return [by_connection[each] for each in wait(list(by_connection))]  # type: ignore[index]

    def _add(self) -> None:
        try:
            self._start()
        except OSError as error:
            why = f"the system refuses what a worker needs: {refusal(error)}"
            self._do_without(GradeFlowError(why))

    def _do_without(self, why: GradeFlowError, worker: _Worker | None = None) -> None:
        """Go on with those workers that there are; where there is none, nothing can be graded."""
        if worker is not None:
            self._workers.remove(worker)
            worker.connection.close()
            _wait_for(worker.process)
        if not self._workers:
            raise why
        self._jobs = len(self._workers)
        self._lacking.append(why)
        self._say_what_lacks()

    def _say_what_lacks(self) -> None:
        # Not before one works: where all fail alike, the last one's error says it.
        if self._lacking and any(worker.proven for worker in self._workers):
            told, count = str(self._lacking[0]).rstrip("."), len(self._workers)
            rest = f"{count} job{'s go' if count > 1 else ' goes'} on without it"
            print(f"gradeflow: A worker could not start: {told}. {rest}.", file=sys.stderr)
            self._lacking.clear()

    def _prepared(self) -> Nursery:
        if self._nursery is None:
            framework = load_exercise(self._setup.folder).framework
            refuse_hopeless(self._setup.sandbox, framework)
            self._nursery = Nursery(framework, self._setup.sandbox, self._setup.hidden)
        return self._nursery

    def _start(self) -> None:
        nursery = self._prepared()
        context: Any = nursery.context
        ours, theirs = context.Pipe()
        stage: Stage = context.RawArray("c", LONGEST_STAGE)
        line = nursery.line()
        given = (theirs, self._setup, stage, parent_argument(), line)
        process = context.Process(target=work, args=given, daemon=True)
        with _without_main(), nursery.imports():
            process.start()
        theirs.close()
        if line is not None:
            line.control.close()
        self._workers.append(_Worker(process, ours, stage))

    def _give(self, worker: _Worker, waiting: _Waiting) -> None:
        if worker.ready and worker.entry is None and (entry := waiting.take()) is not None:
            worker.entry = entry
            cuts = self._losses.cuts(entry.learner)
            sent = dataclasses.replace(entry, cuts=cuts) if cuts else entry
            with contextlib.suppress(OSError):  # a dead worker is noticed when it is read
                worker.connection.send_bytes(pack(sent))

    def _take(self, worker: _Worker, waiting: _Waiting) -> Graded | None:
        try:
            answer = read_answer.decode(worker.connection.recv_bytes())
        except (EOFError, OSError):
            return self._bury(worker, waiting)
        match answer:
            case Failed(message):
                if worker.proven:
                    raise GradeFlowError(message)
                if worker.entry is not None:
                    waiting.again(worker.entry)
                self._do_without(GradeFlowError(message), worker)
                return None
            case Making(seconds):
                self._making(seconds)
                return None
            case Ready(engine):
                _refuse_another(engine)
                worker.ready = True
                return None
            case Done(graded):
                worker.entry, worker.proven = None, True
                self._say_what_lacks()
                self._losses.forget(graded.result.learner)
                return graded

    def _bury(self, worker: _Worker, waiting: _Waiting) -> Graded | None:
        """Replace a worker that died; try its submission again, or withhold it."""
        entry = worker.entry
        if entry is None and not worker.ready:
            worker.process.join()
            died = f"a grading worker died while starting (exit code {worker.process.exitcode})"
            self._do_without(EngineFault(f"{died}; run `gradeflow doctor`"), worker)
            return None
        self._workers.remove(worker)
        worker.connection.close()
        worker.process.join()
        self._add()
        if entry is None:
            return None
        stage = worker.stage.value.decode(errors="replace")
        reason = self._losses.why_not_again(entry.learner, worker.process.exitcode, stage)
        if not reason:
            waiting.again(entry)
            return None
        self._losses.forget(entry.learner)
        return Graded(withheld(self._setup, entry, reason))


def _refuse_another(engine: str) -> None:
    """Refuse a worker that runs another copy of the engine: what it is sent may mean otherwise."""
    if engine != ENGINE:
        raise GradeFlowError(
            f"Two copies of GradeFlow are found here: this command runs {ENGINE}, its workers run "
            f"{engine or 'an older one'}. Run the installed command, `gradeflow`, and not "
            "`python -m autograder` from a folder that has a copy of its own."
        )


def _wait_for(process: multiprocessing.process.BaseProcess) -> None:
    """Wait until a worker has ended that has nothing more to do, or end it."""
    process.join(timeout=SECONDS_TO_LEAVE)
    if process.is_alive():
        process.kill()
        process.join()


def withheld(setup: Setup, entry: Entry, error: str) -> Result:
    """Make the result of a submission that we could not grade: our fault, no score."""
    exercise = load_exercise(setup.folder)
    return Result(
        exercise=exercise.name,
        learner=entry.learner,
        file=entry.file,
        score=Score(exercise.points),
        problem=Evidence("fault", facts={"error": error}),
        fingerprint="",  # never fresh: the next run tries again
        sha256=entry.sha256,
    )
