"""The cage as a whole: what it finds of itself, how it starts, survives and ends."""

from __future__ import annotations

import contextlib
import dataclasses
import importlib.util
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

if sys.platform != "linux":
    pytest.skip("the cage is there on Linux only", allow_module_level=True)

from autograder.errors import CageError, EngineFault, KilledOutside
from autograder.sandbox.caged import caged_session
from autograder.sandbox.forkserver import ForkServer
from autograder.sandbox.layers import REQUIRED
from autograder.sandbox.opening import PRELOAD
from autograder.sandbox.places import find_places
from autograder.sandbox.policy import ONE_THREAD, Limits
from autograder.wire.protocol import Call, Name, Part, Program, Returned

pytestmark = pytest.mark.real

NUMPY = ("numpy", "numpy.random", "numpy.linalg")
HONEST = Program("honest", (Part("honest.py", "def one():\n    return 1\n"),))
both_modes = pytest.mark.parametrize("mode", ["namespaces", "landlock"])


def answers(server, limits=None):
    session = caged_session(server, HONEST, limits or Limits())
    try:
        return session.call(Call(Name("one"))).value == 1
    finally:
        session.close()


def children_of(pid):
    found = []
    with contextlib.suppress(FileNotFoundError):
        for task in Path(f"/proc/{pid}/task").glob("*/children"):
            for child in task.read_text().split():
                found += [int(child), *children_of(int(child))]
    return found


def running(pids):
    """Which of these processes are there and not just waiting to be reaped."""
    alive = []
    for pid in pids:
        with contextlib.suppress(FileNotFoundError, ProcessLookupError):
            if Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in "ZX":
                alive.append(pid)
    return alive


def soon(condition, seconds=5.0):
    deadline = time.monotonic() + seconds
    while not (held := condition()) and time.monotonic() < deadline:
        time.sleep(0.02)
    return held


# ---- layers ----


def test_here_every_layer_holds():
    with ForkServer(NUMPY) as server:
        assert server.layers.mode == "namespaces"
        assert server.layers.missing == ()
        assert server.layers.landlock > 0
        assert server.layers.bubblewrap


def test_without_namespaces_what_is_required_holds_and_the_rest_is_named():
    with ForkServer(NUMPY, mode="landlock") as server:
        assert server.layers.mode == "landlock"
        assert server.layers.missing == ("processes", "scratch")
        assert set(REQUIRED) <= set(server.layers.summary())


@both_modes
def test_a_layer_that_is_missing_is_found_by_trying(mode, monkeypatch):
    """All of /etc is let in: the trial must see that the secrets can be read."""
    from autograder.sandbox import forkserver

    places = find_places()
    libraries = (path for path in places.readable if Path("/etc") not in path.parents)
    open_places = dataclasses.replace(places, readable=(Path("/etc"), *libraries))
    monkeypatch.setattr(forkserver, "find_places", lambda: open_places)
    with pytest.raises(CageError, match=r"do not hold: .*'files'"):
        ForkServer(NUMPY, mode=mode)


def test_no_cage_says_what_to_do():
    with pytest.raises(CageError, match=r"gradeflow doctor.*--no-sandbox"):
        ForkServer(("no_such_module",))


def test_a_hidden_folder_among_the_libraries_is_covered():
    packages = find_places().packages[0]
    if not os.access(packages, os.W_OK):
        pytest.skip("the packages of this Python cannot be written")
    hidden = packages / f"gradeflow_test_{os.getpid()}"
    hidden.mkdir()
    try:
        (hidden / "secret.py").write_text("answer = 42")
        with ForkServer(NUMPY, hidden=(hidden,), mode="namespaces") as server:
            assert server.layers.files
        # Landlock grants and cannot take back: it must refuse instead.
        with pytest.raises(CageError, match="is to be hidden but lies in"):
            ForkServer(NUMPY, hidden=(hidden,), mode="landlock")
    finally:
        (hidden / "secret.py").unlink()
        hidden.rmdir()


def test_a_hidden_folder_that_is_the_libraries_is_refused():
    with pytest.raises(CageError, match="Python needs it"):
        ForkServer(NUMPY, hidden=(find_places().packages[0],), mode="namespaces")


def test_a_module_that_starts_a_thread_is_refused():
    packages = find_places().packages[0]
    if not os.access(packages, os.W_OK):
        pytest.skip("the packages of this Python cannot be written")
    module = packages / f"gradeflow_test_threads_{os.getpid()}.py"
    module.write_text("import threading; threading.Thread(target=threading.Event().wait).start()")
    try:
        with pytest.raises(CageError, match="started 1 threads in the server"):
            ForkServer((module.stem,), mode="namespaces")
    finally:
        module.unlink()


# ---- survival ----


@both_modes
def test_many_children_leave_nothing_behind(mode):
    others = len(running(children_of(os.getpid())))  # servers that other tests share
    with ForkServer(NUMPY, mode=mode) as server:
        assert answers(server)
        alone = others + (3 if mode == "namespaces" else 1)  # bubblewrap is two processes
        assert soon(lambda: len(running(children_of(os.getpid()))) == alone)
        before = len(list(Path("/proc/self/fd").iterdir()))
        inside = running(children_of(os.getpid()))
        for _ in range(100):
            child = server.spawn(Limits())
            child.kill()
            child.channel.close()
        assert len(list(Path("/proc/self/fd").iterdir())) == before
        assert soon(lambda: running(children_of(os.getpid())) == inside)
        if os.geteuid() == 0:  # none but root looks into the server
            descriptors = [len(list(Path(f"/proc/{pid}/fd").iterdir())) for pid in inside]
            assert max(descriptors) < 20
        assert answers(server)


@both_modes
def test_a_server_that_died_is_started_again(mode):
    others = running(children_of(os.getpid()))  # servers that other tests share
    with ForkServer(NUMPY, mode=mode) as server:
        for pid in reversed(running(children_of(os.getpid()))):
            if pid not in others:
                os.kill(pid, signal.SIGKILL)
        assert soon(lambda: not server._process.alive())
        assert answers(server)


def test_a_server_that_dies_while_asked_is_a_fault_of_ours(monkeypatch):
    with ForkServer(NUMPY) as server:
        monkeypatch.setattr(server._process, "alive", lambda: True)  # as it was a moment before
        server._process.control.close()
        with pytest.raises(EngineFault, match="does not answer"):
            server.spawn(Limits())


def test_a_closed_server_says_so():
    server = ForkServer(NUMPY)
    server.close()
    server.close()
    with pytest.raises(EngineFault, match="closed"):
        server.spawn(Limits())


@both_modes
def test_an_interrupt_at_the_keyboard_does_not_end_the_server(mode):
    others = running(children_of(os.getpid()))  # servers that other tests share
    with ForkServer(NUMPY, mode=mode) as server:
        for pid in set(running(children_of(os.getpid()))) - set(others):
            # What the server only tried of the cage ends by itself, perhaps before this line.
            with contextlib.suppress(ProcessLookupError, FileNotFoundError):
                if Path(f"/proc/{pid}/comm").read_text().startswith("python"):
                    os.kill(pid, signal.SIGINT)
        assert answers(server)


@both_modes
def test_an_inmate_dies_with_its_server_and_is_its_only_process(mode):
    others = len(running(children_of(os.getpid())))
    with ForkServer(NUMPY, mode=mode) as server:
        alone = others + (3 if mode == "namespaces" else 1)
        assert soon(lambda: len(running(children_of(os.getpid()))) == alone)
        before = set(running(children_of(os.getpid())))
        child = server.spawn(Limits())
        (inmate,) = (pid for pid in running(children_of(os.getpid())) if pid not in before)
        stat = Path(f"/proc/{inmate}/stat").read_text()
        os.kill(int(stat.rpartition(")")[2].split()[1]), signal.SIGKILL)  # its parent, the server
        assert soon(lambda: not running([inmate]))
        with pytest.raises(KilledOutside):
            child.verdict()
        child.kill()
        child.channel.close()
        assert answers(server)


@both_modes
def test_everything_dies_with_a_killed_grader(mode):
    grader = subprocess.Popen(
        [sys.executable, "-c", GRADER, mode],
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(map(str, sys.path))},
    )
    with grader:
        assert grader.stdout.readline() == b"up\n"
        family = children_of(grader.pid)
        assert len(running(family)) >= 2
        grader.kill()
        grader.wait()
        assert soon(lambda: not running(family))
        scratch = Path(grader.stdout.readline().decode().strip())
        assert scratch == Path() or soon(lambda: not scratch.exists())


GRADER = """
import sys, time
from autograder.sandbox.forkserver import ForkServer
from autograder.sandbox.policy import ONE_THREAD, Limits
server = ForkServer(("numpy",), mode=sys.argv[1])
child = server.spawn(Limits())
print("up", server._process._scratch, sep="\\n", flush=True)
time.sleep(60)
"""


@both_modes
def test_closing_the_server_ends_its_children(mode):
    before = set(children_of(os.getpid()))
    server = ForkServer(NUMPY, mode=mode)
    child = server.spawn(Limits())
    family = [pid for pid in children_of(os.getpid()) if pid not in before]
    server.close()
    assert soon(lambda: not running(family))
    with pytest.raises(KilledOutside):
        child.verdict()
    child.kill()
    child.channel.close()


def test_two_children_live_side_by_side():
    with ForkServer(NUMPY) as server:
        sessions = [caged_session(server, HONEST, Limits()) for _ in range(3)]
        assert [session.call(Call(Name("one"))).value for session in sessions] == [1, 1, 1]
        for session in sessions:
            session.close()


def test_no_scratch_folder_stays():
    with ForkServer(NUMPY, mode="landlock") as server:
        assert answers(server)
        scratch = Path(server._process.scratch)
        assert soon(lambda: list(scratch.iterdir()) == [])
    assert not scratch.exists()


# ---- frameworks ----

TRAINING = """
def with_torch():
    import torch
    torch.manual_seed(0)
    model = torch.nn.Linear(4, 1)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    x = torch.randn(64, 4)
    losses = []
    for _ in range(10):
        optimizer.zero_grad()
        loss = ((model(x) - x.sum(1, keepdim=True)) ** 2).mean()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    torch.save(model.state_dict(), "model.pt")
    return losses

def with_keras():
    import keras
    import numpy as np
    model = keras.Sequential([keras.layers.Dense(1)])
    model.compile("sgd", "mse")
    x = np.ones((64, 4))
    losses = model.fit(x, x.sum(1), epochs=3, verbose=0).history["loss"]
    model.save("model.keras")
    keras.saving.load_model("model.keras")
    return losses
"""


# In namespaces, which are the rule, tests/real/test_frameworks.py trains fifty times.
def test_what_pytorch_does_once_for_all_inmates_starts_no_thread():
    code = (
        "import os, autograder.sandbox.eager_torch\n"
        "from autograder.sandbox.rehearsal import rehearse_torch\n"
        "rehearse_torch()\nprint(len(os.listdir('/proc/self/task')))"
    )
    once = {**os.environ, **ONE_THREAD}
    done = subprocess.run([sys.executable, "-c", code], env=once, capture_output=True, text=True)
    assert (done.stdout, done.stderr) == ("1\n", "")


@pytest.mark.parametrize(
    ("framework", "function"), [("torch", "with_torch"), ("tensorflow", "with_keras")]
)
def test_a_framework_trains_where_namespaces_are_forbidden(framework, function):
    if importlib.util.find_spec(framework) is None:
        pytest.skip(f'{framework} is not installed: pip install "gradeflow[{framework}]"')
    program = Program("training", (Part("training.py", TRAINING),))
    with ForkServer(PRELOAD[framework], mode="landlock") as server:
        for _ in range(2):
            session = caged_session(server, program, Limits(wall=60, total=120, memory=2048))
            outcome = session.call(Call(Name(function)))
            session.close()
            assert isinstance(outcome, Returned), outcome
            assert outcome.value[-1] < outcome.value[0]
