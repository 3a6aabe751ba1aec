"""A worker: one long pytest session with its own sandbox, fed by a pool in another process."""

from __future__ import annotations

import contextlib
import functools
import signal
import tempfile
from collections.abc import Iterator
from multiprocessing.connection import Connection
from typing import TYPE_CHECKING

from autograder.catalogue import load_exercise
from autograder.errors import GradeFlowError
from autograder.grading.entry import Entry
from autograder.grading.loop import run_checks
from autograder.grading.nursery import FORKS, born
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
    read_entry,
)
from autograder.grading.unwinding import until_told
from autograder.model import Considered, Result
from autograder.plugin.bench import open_bench
from autograder.sandbox.meter import Meter, metered
from autograder.sandbox.opening import Sandbox
from autograder.sandbox.orphan import leave_with
from autograder.sandbox.scratch import Scratch
from autograder.wire.protocol import Shown

if TYPE_CHECKING:
    from autograder.sandbox.orders import Line

__all__ = ["work"]


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
            tell=lambda seconds: connection.send_bytes(pack(Making(seconds))),
        )
        shown: list[tuple[Shown, ...]] = []
        why: list[tuple[Considered, ...]] = []

        def send(result: Result) -> None:
            graded = Graded(result, shown[-1] if shown else (), why[-1] if why else ())
            shown.clear()
            why.clear()
            connection.send_bytes(pack(Done(graded)))

        with contextlib.closing(sandbox):
            connection.send_bytes(pack(Ready(ENGINE)))
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
            connection.send_bytes(pack(Failed(str(error))))
    except (BrokenPipeError, ConnectionResetError):
        pass  # the parent is gone, and with it whoever wanted the results


def _fed(connection: Connection) -> Iterator[Entry]:
    while True:
        try:
            yield read_entry.decode(connection.recv_bytes())
        except EOFError:
            return


def _tell(stage: Stage, name: str) -> None:
    stage.value = name.encode()[: LONGEST_STAGE - 1]
