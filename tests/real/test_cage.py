"""What an honest submission may do in the cage; attacks on it stand in tests/redteam."""

from __future__ import annotations

import sys

import pytest

if sys.platform != "linux":
    pytest.skip("the cage is there on Linux only", allow_module_level=True)

from autograder.sandbox.caged import CageDoor, caged_session
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


HAS = "import sys\n\n\ndef has(name):\n    return name in sys.modules\n"


def of(source, **more):
    return Program("asked", (Part("asked", source),), **more)


@pytest.mark.parametrize(
    ("program", "there"),
    [
        (of(HAS), set()),
        (of(HAS, notebook=True), set()),
        (of(HAS, notebook=True, display=True), {"IPython"}),
        (of("%pwd\n" + HAS, notebook=True), {"IPython"}),
        (of(HAS + "\n\nhere = get_ipython().run_line_magic('lsmagic', '')\n"), {"IPython"}),
        (of(HAS + "\n\n# matplotlib draws\n"), {"matplotlib.pyplot"}),
        (of("%matplotlib inline\n" + HAS, notebook=True), {"IPython", "matplotlib.pyplot"}),
    ],
)
def test_what_a_program_needs_is_imported_once_for_its_class_and_costs_no_other(program, there):
    with ForkServer(("numpy",), mode="namespaces") as server:
        for _ in range(2):
            session = caged_session(server, program, LIMITS)
            try:
                assert not session.load().failures
                names = "IPython", "matplotlib.pyplot"
                found = {name for name in names if session.call(Call(Name("has"), (name,))).value}
            finally:
                session.close()
            assert found == there


def test_a_child_that_waits_is_for_whoever_comes_whatever_the_one_before_needed(monkeypatch):
    with ForkServer(("numpy",), mode="namespaces") as server:
        orders, order = [], server.order
        monkeypatch.setattr(server, "order", lambda *given: orders.append(given) or order(*given))
        door = CageDoor(server)
        for source in (HAS, "%pwd\n" + HAS, HAS, "%pwd\n" + HAS, HAS):
            session = door.open(of(source, notebook=True), LIMITS)
            assert not session.load().failures
            session.close()
        door.close()
    # One for each and one that waits; only the first that needed more made that one needless.
    assert len(orders) == 5 + 1 + 1


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
