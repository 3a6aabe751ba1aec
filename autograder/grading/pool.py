"""Grading on all cores: worker processes, each one long pytest session with its own sandbox.

The parent feeds entries and takes results; it alone writes. A worker that dies takes one
submission with it, which is tried once more on a fresh worker and then withheld as our fault.
"""

from __future__ import annotations

import contextlib
import dataclasses
import functools
import itertools
import multiprocessing
import signal
import sys
import tempfile
import threading
import types
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

import msgspec

from autograder.catalogue import load_exercise
from autograder.diagnosis import Considered
from autograder.errors import EngineFault, GradeFlowError, refusal
from autograder.grading.loop import Entry, run_checks
from autograder.grading.losses import Losses
from autograder.grading.nursery import FORKS, Nursery, born
from autograder.grading.unwinding import until_told
from autograder.model import Evidence, Result, Score
from autograder.plugin.bench import open_bench
from autograder.sandbox.choosing import refuse_hopeless
from autograder.sandbox.meter import Meter, metered
from autograder.sandbox.opening import Kind, Sandbox
from autograder.sandbox.orphan import leave_with, parent_argument
from autograder.sandbox.scratch import Scratch
from autograder.wire.protocol import Shown

if TYPE_CHECKING:
    from autograder.sandbox.orders import Line

__all__ = ["MAKING", "Graded", "Pool", "Setup", "withheld"]

LONGEST_STAGE = 400
SECONDS_TO_LEAVE = 5.0
MAKING = "preparing the WebAssembly cage, once on this machine: a minute or two, more on a busy one"
_said: list[float] = []
_MAIN = threading.Lock()
Stage: TypeAlias = Any  # an array of bytes that two processes share; it has no type of its own


@dataclass(frozen=True)
class Setup:
    """What a worker needs to know before its first submission.

    hidden: what no submission may see: the course, the other submissions, the results.
    """

    folder: Path
    salt: str
    sandbox: Kind
    hidden: tuple[Path, ...] = ()


class Graded(msgspec.Struct, frozen=True):
    """A result, and what the program has shown, cell by cell, where that was asked for.

    considered: why its failures were called what they were, where that was asked for.
    """

    result: Result
    shown: tuple[Shown, ...] = ()
    considered: tuple[Considered, ...] = ()


class _Failed(msgspec.Struct, frozen=True, tag=True):
    """A worker could not start: the message is for the user."""

    message: str


class _Ready(msgspec.Struct, frozen=True, tag=True):
    pass


class _Making(msgspec.Struct, frozen=True, tag=True):
    """A cage makes what this machine has not yet, once: so many seconds of the processor so far."""

    seconds: float


class _Done(msgspec.Struct, frozen=True, tag=True):
    graded: Graded


_pack = msgspec.msgpack.encode
_read_entry = msgspec.msgpack.Decoder(Entry)
_read_answer: msgspec.msgpack.Decoder[_Failed | _Making | _Ready | _Done] = msgspec.msgpack.Decoder(
    _Failed | _Making | _Ready | _Done
)


def work(
    connection: Connection, setup: Setup, stage: Stage, parent: str, line: Line | None = None
) -> None:
    """Run one worker: take entries from the connection until it closes.

    stage: says what is being done, to whoever looks when this process is gone.
    parent: who ends it with itself, as ``parent_argument`` wrote it.
    line: to a server in the cage that the workers share.
    """
    if FORKS:
        born()
    else:
        leave_with(parent, group=False)
    # Ctrl-C goes to the whole terminal; the parent decides what it means.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # Its temporary files go with it: TensorFlow leaves one for each function that it compiles.
    scratch = Scratch(passable=True)
    tempfile.tempdir = scratch.path
    until_told(lambda: _serve(connection, setup, stage, line))
    scratch.remove()


def _serve(connection: Connection, setup: Setup, stage: Stage, line: Line | None) -> None:
    try:
        exercise = load_exercise(setup.folder)
        bench = open_bench(exercise, setup.salt)
        sandbox = Sandbox(
            setup.sandbox,
            exercise.framework,
            hidden=setup.hidden,
            line=line,
            tell=lambda seconds: connection.send_bytes(_pack(_Making(seconds))),
        )
        shown: list[tuple[Shown, ...]] = []
        why: list[tuple[Considered, ...]] = []

        def send(result: Result) -> None:
            graded = Graded(result, shown[-1] if shown else (), why[-1] if why else ())
            shown.clear()
            why.clear()
            connection.send_bytes(_pack(_Done(graded)))

        with contextlib.closing(sandbox):
            connection.send_bytes(_pack(_Ready()))
            # Trusted programs run in this very process, and may take what they take.
            meter = None if setup.sandbox == "none" else Meter(exercise.limits)
            fed = metered(_fed(connection), meter)
            told = functools.partial(_tell, stage)
            run_checks(
                bench,
                sandbox,
                fed,
                send,
                shown.append,
                told,
                ahead=True,
                consider=why.append,
            )
    except GradeFlowError as error:
        with contextlib.suppress(OSError):
            connection.send_bytes(_pack(_Failed(str(error))))
    except (BrokenPipeError, ConnectionResetError):
        pass  # the parent is gone, and with it whoever wanted the results


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


def _fed(connection: Connection) -> Iterator[Entry]:
    while True:
        try:
            yield _read_entry.decode(connection.recv_bytes())
        except EOFError:
            return


def _tell(stage: Stage, name: str) -> None:
    stage.value = name.encode()[: LONGEST_STAGE - 1]


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

    def _start(self) -> None:
        if self._nursery is None:
            framework = load_exercise(self._setup.folder).framework
            refuse_hopeless(self._setup.sandbox, framework)
            self._nursery = Nursery(framework, self._setup.sandbox, self._setup.hidden)
        context: Any = self._nursery.context
        ours, theirs = context.Pipe()
        stage: Stage = context.RawArray("c", LONGEST_STAGE)
        line = self._nursery.line()
        given = (theirs, self._setup, stage, parent_argument(), line)
        process = context.Process(target=work, args=given, daemon=True)
        with _without_main(), self._nursery.imports():
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
                worker.connection.send_bytes(_pack(sent))

    def _take(self, worker: _Worker, waiting: _Waiting) -> Graded | None:
        try:
            answer = _read_answer.decode(worker.connection.recv_bytes())
        except (EOFError, OSError):
            return self._bury(worker, waiting)
        match answer:
            case _Failed(message):
                if worker.proven:
                    raise GradeFlowError(message)
                if worker.entry is not None:
                    waiting.again(worker.entry)
                self._do_without(GradeFlowError(message), worker)
                return None
            case _Making(seconds):
                self._making(seconds)
                return None
            case _Ready():
                worker.ready = True
                return None
            case _Done(graded):
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
