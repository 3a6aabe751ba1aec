"""What an honest submission may do in the cage; attacks on it stand in tests/redteam."""

from __future__ import annotations

import sys

import pytest

if sys.platform != "linux":
    pytest.skip("the cage is there on Linux only", allow_module_level=True)

from autograder.sandbox.caged import caged_session
from autograder.sandbox.forkserver import ForkServer
from autograder.sandbox.policy import Limits
from autograder.wire.protocol import Call, Crashed, Name, Part, Program, Raised, Stopped

pytestmark = pytest.mark.real

LIMITS = Limits(wall=10.0, total=30.0, memory=256, file_size=4, processes=32)
PROGRAM = Program(
    "honest",
    (
        Part(
            "honest.py",
            """
import asyncio
import os
import shutil
import tempfile
import threading
import time

import numpy

def alive(x):
    return x + 1

def leave():
    os._exit(0)

def slow_memory(mib):
    hoard = []
    for _ in range(mib // 8):
        hoard.append(b"x" * (8 << 20))
        time.sleep(0.02)
    return "held"

def ordinary_work():
    with tempfile.TemporaryDirectory() as folder:
        numpy.save(f"{folder}/a.npy", numpy.ones(3))
        shutil.copy2(f"{folder}/a.npy", f"{folder}/b.npy")
        total = float(numpy.load(f"{folder}/b.npy").sum())

    async def wait():
        await asyncio.sleep(0.01)
        return total

    thread = threading.Thread(target=time.sleep, args=(0.01,))
    thread.start()
    thread.join()
    return asyncio.run(wait())
""",
        ),
    ),
)


@pytest.fixture(scope="module", params=["namespaces", "landlock"])
def server(request):
    with ForkServer(("numpy", "numpy.random", "numpy.linalg"), mode=request.param) as server:
        yield server


@pytest.fixture
def session(server):
    session = caged_session(server, PROGRAM, LIMITS)
    yield session
    session.close()


def test_memory_below_the_limit_may_be_used(session):
    assert session.call(Call(Name("slow_memory"), (120,))).value == "held"


def test_honest_work_is_not_hindered(server, session):
    outcome = session.call(Call(Name("ordinary_work")))
    if server.layers.processes:
        assert outcome.value == 3.0
    else:  # chmod, which copy2 uses, has no bounds there
        assert isinstance(outcome, Raised)
        assert outcome.kind == "PermissionError"


WITH_IPYTHON = "import sys\n\n\ndef has():\n    return 'IPython' in sys.modules\n"
OF_ITS_OWN = WITH_IPYTHON + "\n\nhere = get_ipython().run_line_magic('lsmagic', '')\n"


def test_ipython_is_there_for_cells_and_costs_a_class_of_scripts_nothing():
    def has(source, **more):
        program = Program("asked", (Part("asked", source),), **more)
        session = caged_session(server, program, LIMITS)
        try:
            assert not session.load().failures
            return session.call(Call(Name("has"))).value
        finally:
            session.close()

    with ForkServer(("numpy",), mode="namespaces") as server:
        assert has(WITH_IPYTHON) is False
        assert has(WITH_IPYTHON, notebook=True) is True
    with ForkServer(("numpy",), mode="namespaces") as server:
        assert has(OF_ITS_OWN) is True  # a script that a notebook was saved as


def test_limits_are_the_same_after_many_submissions(server):
    for _ in range(60):  # more than the server has MiB, when its memory is laid in large pages
        child = server.spawn(LIMITS)
        child.kill()
        child.channel.close()
    session = caged_session(server, PROGRAM, LIMITS)
    try:
        assert session.call(Call(Name("slow_memory"), (128,))).value == "held"
        assert session.call(Call(Name("slow_memory"), (512,))) == Stopped("memory", LIMITS.memory)
        assert session.call(Call(Name("alive"), (1,))).value == 2
    finally:
        session.close()


def test_a_new_life_begins_after_a_death(session):
    assert session.call(Call(Name("leave"))) == Crashed(code=0)
    assert session.call(Call(Name("alive"), (1,))).value == 2
