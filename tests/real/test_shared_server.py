"""Workers share what takes long to import: a process that forks them, a server in the cage."""

import os
import time
from pathlib import Path

import pytest

from autograder.errors import KilledOutside
from autograder.grading.nursery import FORKS, Nursery
from autograder.sandbox.caged import caged_session
from autograder.sandbox.forkserver import ForkServer
from autograder.sandbox.launch import launch_for_several
from autograder.sandbox.policy import Limits
from autograder.wire.protocol import Call, Name, Part, Program

NUMPY = ("numpy", "numpy.random")
LIMITS = Limits(wall=20.0, total=200.0)
PROGRAM = Program("m", (Part("m.py", "def f(x): return x + 1"),))
CALL = Call(Name("f"), (1,))

pytestmark = pytest.mark.skipif(not FORKS, reason="workers import for themselves here")


@pytest.fixture
def shared():
    server = launch_for_several(NUMPY, ())
    if server is None:
        pytest.skip("no full cage here")
    yield server
    server.stop()


@pytest.fixture
def grader(shared):
    """Open a grader's own end of the shared server."""
    made = []

    def join():
        line = shared.join()
        assert line is not None
        made.append(ForkServer(NUMPY, line=line))
        return made[-1]

    yield join
    for server in made:
        server.close()


def lives(number: int) -> bool:
    return Path(f"/proc/{number}").exists()


def eventually(condition) -> bool:
    end = time.monotonic() + 20
    while not condition() and time.monotonic() < end:
        time.sleep(0.02)
    return bool(condition())


def test_two_graders_order_from_one_server_and_one_leaves(grader):
    first, second = grader(), grader()
    assert "namespaces" in first.layers.summary()
    inmates = [server.spawn(LIMITS) for server in (first, second)]
    assert all(inmate.alive() for inmate in inmates)
    first.close()
    assert eventually(lambda: not inmates[0].alive())
    assert inmates[1].alive()
    for inmate in inmates:
        inmate.kill()
        inmate.channel.close()


def test_when_the_shared_server_dies_a_grader_starts_its_own(shared, grader):
    server = grader()
    session = caged_session(server, PROGRAM, LIMITS)
    session.load()
    shared.stop()
    with pytest.raises(KilledOutside):
        session.call(CALL)
    assert session.call(CALL).value == 2
    session.close()


def tell_parent(pipe):
    pipe.send(os.getppid())


def test_workers_are_forks_of_one_process_that_ends_with_the_last_pool():
    nurseries = [Nursery("numpy", "none", ()) for _ in range(2)]
    parents = []
    for nursery in nurseries:
        ours, theirs = nursery.context.Pipe()
        with nursery.imports():
            process = nursery.context.Process(target=tell_parent, args=(theirs,))
            process.start()
        parents.append(ours.recv())
        process.join()
    nurseries[0].close()
    assert lives(parents[0])
    nurseries[1].close()
    assert parents[0] == parents[1] != os.getpid()
    assert eventually(lambda: not lives(parents[0]))
