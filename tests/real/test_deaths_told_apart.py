"""Who computes for too long was too slow, whatever it does; a kill from outside is ours."""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import threading
import time
from pathlib import Path

import pytest

if sys.platform != "linux":
    pytest.skip("the cage is there on Linux only", allow_module_level=True)

from autograder.errors import KilledOutside
from autograder.sandbox.caged import caged_session
from autograder.sandbox.forkserver import ForkServer
from autograder.sandbox.opening import Sandbox
from autograder.sandbox.policy import Limits
from autograder.wire.protocol import Call, Name, Part, Program, Stopped

pytestmark = pytest.mark.real

# By the clock it may take far longer, as in an exercise that trains.
SLOW = Limits(wall=60.0, total=120.0, cpu=0.5)
LONG = Limits(wall=60.0, total=120.0, cpu=60.0)
DEAF = """
import signal

def fine():
    return 1

def hush():
    signal.pthread_sigmask(signal.SIG_BLOCK, range(1, 65))

def spin():
    return sum(range(10**15))  # one step of Python's: nothing is heard in it

def deaf():
    hush()
    spin()
"""
DEAF_AT_ONCE = DEAF + "\nfine()\ndeaf()\n"


@pytest.fixture(scope="module", params=["namespaces", "landlock"])
def server(request):
    with ForkServer(("numpy", "numpy.random"), mode=request.param) as server:
        yield server


@pytest.fixture(params=["plain", "warm"])
def uncaged(request):
    with contextlib.closing(Sandbox("plain", warm=request.param == "warm")) as sandbox:
        yield sandbox


def caged(server, limits=SLOW, source=DEAF):
    return contextlib.closing(caged_session(server, program(source), limits))


def program(source):
    return Program("deaf", (Part("deaf.py", source),))


def below(pid):
    with contextlib.suppress(FileNotFoundError, ProcessLookupError):
        for task in Path(f"/proc/{pid}/task").glob("*/children"):
            for child in map(int, task.read_text().split()):
                yield child
                yield from below(child)


def busiest():
    """Return which of our processes has computed for longest since we began to look."""
    first = {pid: computed(pid) for pid in below(os.getpid())}
    time.sleep(0.2)
    return max(first, key=lambda pid: computed(pid) - first[pid])


def computed(pid):
    with contextlib.suppress(OSError):
        return time.clock_gettime(~pid << 3 | 2)
    return 0.0


def test_a_call_deaf_to_all_signals_was_too_slow(server):
    with caged(server) as session:
        assert session.call(Call(Name("deaf"))) == Stopped("cpu", 0.5)
        assert not session.interrupted
        assert session.call(Call(Name("fine"))).value == 1


def test_a_top_level_deaf_to_all_signals_was_too_slow_and_its_functions_answer(server):
    with caged(server, source=DEAF_AT_ONCE) as session:
        assert [failure.outcome for failure in session.load().failures] == [Stopped("cpu", 0.5)]
        assert not session.interrupted
        assert session.call(Call(Name("fine"))).value == 1


def raided(session):
    """Kill what a session's program runs in while it computes; return whether it was so told."""
    assert session.call(Call(Name("fine"))).value == 1
    raid = threading.Timer(0.2, lambda: os.kill(busiest(), signal.SIGKILL))
    raid.start()
    with pytest.raises(KilledOutside):
        session.call(Call(Name("spin")))
    return session.interrupted


def test_a_kill_from_outside_says_nothing_of_a_program_in_the_cage(server):
    with caged(server, LONG) as session:
        assert raided(session)


def test_a_kill_from_outside_says_nothing_of_a_program_without_a_cage(uncaged):
    with contextlib.closing(uncaged.open(program(DEAF), LONG)) as session:
        assert raided(session)


def test_without_a_cage_one_that_does_not_hear_is_ended_by_the_clock_and_was_too_slow(uncaged):
    limits = Limits(wall=0.1, total=10.0, cpu=1.0)
    with contextlib.closing(uncaged.open(program(DEAF), limits)) as session:
        assert session.call(Call(Name("deaf"))) == Stopped("wall", 0.1)
        assert not session.interrupted
