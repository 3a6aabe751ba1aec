"""Programs in real uncaged processes: what they do to themselves is an answer."""

import gc
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import numpy as np
import pytest

from autograder.sandbox.opening import Sandbox
from autograder.sandbox.plain import start_plain
from autograder.sandbox.policy import Limits
from autograder.sandbox.remote import RemoteSession
from autograder.wire.protocol import (
    Call,
    Code,
    Crashed,
    Failure,
    Missing,
    Name,
    Part,
    Program,
    Raised,
    Returned,
    Stopped,
)

pytestmark = pytest.mark.real

LIMITS = Limits(wall=5.0, total=30.0, memory=512, output=8, frame=4)
HASTY = Limits(wall=0.3, total=30.0, memory=512, output=8, frame=4)
linux = pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")


@pytest.fixture
def opened():
    made = []

    def make(*sources, limits=LIMITS, pipes=False):
        parts = tuple(Part(f"cell {i}", source) for i, source in enumerate(sources, 1))
        program = Program("learner", parts)
        if pipes:
            session = RemoteSession(program, limits, lambda: start_plain(limits, pipes=True))
        else:
            session = Sandbox("plain").open(program, limits)
        made.append(session)
        return session

    yield make
    for session in made:
        session.close()


def call(session, name, *args, **kwargs):
    return session.call(Call(Name(name), args, kwargs))


FINE = "def double(x):\n    print('doubling')\n    return x * 2\n"


@pytest.mark.parametrize("pipes", [False, True])
def test_a_function_is_called_with_an_array_and_returns_one(opened, pipes):
    session = opened(FINE, pipes=pipes)
    assert session.load().names == {"double": "function"}
    answer = call(session, "double", np.ones((10, 10)))
    assert answer.value.tolist() == [[2.0] * 10] * 10
    assert answer.output == "doubling\n"


@pytest.mark.parametrize("pipes", [False, True])
def test_an_endless_loop_is_stopped_and_the_next_call_answered(opened, pipes):
    session = opened(FINE + "def spin():\n    while True: pass\n", limits=HASTY, pipes=pipes)
    assert call(session, "spin") == Stopped("wall", 0.3)
    assert call(session, "double", 4).value == 8


@pytest.mark.parametrize("pipes", [False, True])
def test_an_exit_below_python_is_a_crash_and_the_next_call_answered(opened, pipes):
    session = opened(FINE + "import os\ndef leave(code): os._exit(code)\n", pipes=pipes)
    assert call(session, "leave", 0) == Crashed(code=0)
    assert call(session, "leave", 3) == Crashed(code=3)
    assert call(session, "double", 4).value == 8


@pytest.mark.skipif(os.name == "nt", reason="signals of POSIX")
def test_a_signal_is_named(opened):
    session = opened("import os\ndef die(n): os.kill(os.getpid(), n)\n")
    assert call(session, "die", int(signal.SIGSEGV)) == Crashed(signal=signal.SIGSEGV)


def test_a_polite_exit_is_only_an_exception(opened):
    session = opened(FINE + "import sys\ndef leave(): sys.exit(0)\n")
    assert call(session, "leave").kind == "SystemExit"
    assert call(session, "double", 4).value == 8


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere no limit of the kind binds")
def test_a_memory_bomb_is_the_memory_limit(opened):
    bomb = "import numpy as np\ndef bomb():\n    return np.ones(2**27).sum()\n"
    session = opened(FINE + bomb)
    assert call(session, "bomb") == Stopped("memory", 512)
    assert call(session, "double", 4).value == 8


@linux
def test_cpu_time_is_limited(opened):
    limits = Limits(wall=8.0, total=30.0, cpu=1.0, frame=4)
    session = opened("def spin():\n    while True: pass\n", limits=limits)
    assert call(session, "spin") == Stopped("cpu", 1.0)


def test_a_flood_of_output_is_the_output_limit(opened):
    session = opened(FINE + "def flood():\n    while True: print('x' * 1000)\n")
    assert call(session, "flood") == Stopped("output", 8 / 1024)
    assert call(session, "double", 4).value == 8


def test_what_is_written_past_python_does_not_reach_the_channel(opened, capfd):
    source = (
        "import os, sys\ndef shout():\n"
        "    os.write(1, b'x' * 99)\n    os.write(2, b'x' * 99)\n"
        "    sys.__stdout__.write('y')\n    sys.__stdout__.flush()\n    return os.read(0, 5)\n"
    )
    assert call(opened(source), "shout").value == b""
    assert capfd.readouterr() == ("", "")


def test_a_forged_frame_breaks_the_protocol(opened):
    source = FINE + (
        "import os\ndef forge():\n    for fd in range(3, 20):\n"
        "        try: os.write(fd, b'\\xff' * 64)\n        except OSError: pass\n    return 1\n"
    )
    session = opened(source)
    assert call(session, "forge") == Crashed(protocol=True)
    assert call(session, "double", 4).value == 8


def test_a_process_that_closes_its_channel_and_stays_breaks_the_protocol(opened):
    source = "import os, time\ndef hide():\n    os.closerange(3, 50)\n    time.sleep(60)\n"
    assert call(opened(source), "hide") == Crashed(protocol=True)


def test_a_top_level_that_never_ends_leaves_its_functions_to_be_graded(opened):
    session = opened(FINE + "while True: pass\n\ndef later(): return 1\n", limits=HASTY)
    loaded = session.load()
    assert loaded.failures == (Failure("cell 1", Stopped("wall", HASTY.loading)),)
    assert call(session, "double", 4).value == 8
    assert call(session, "later").value == 1


def test_the_cell_that_kills_is_named(opened):
    session = opened(FINE, "import os", "os._exit(5)", "def later(): return 1")
    assert session.load().failures == (Failure("cell 3", Crashed(code=5)),)
    assert call(session, "later").value == 1


def test_a_definition_that_never_ends_is_left_out_and_what_follows_runs(opened):
    endless = "class Endless:\n    while True: pass\n"
    session = opened(FINE, endless, "after = double\n", limits=HASTY)
    assert session.load().failures == (Failure("cell 2", Stopped("wall", HASTY.loading)),)
    assert call(session, "after", 4).value == 8


def test_the_whole_submission_is_bounded(opened):
    limits = Limits(wall=0.3, total=0.7, frame=4)
    session = opened("def spin():\n    while True: pass\n", limits=limits)
    session.load()
    start = time.monotonic()
    outcomes = {call(session, "spin") for _ in range(50)}
    assert Stopped("total", 0.7) in outcomes
    assert time.monotonic() - start < 20


def test_a_program_cannot_import_what_is_forbidden(opened):
    program = Program("learner", (Part("a.py", "import fractions\n"),), forbidden=("fractions",))
    session = Sandbox("plain").open(program, LIMITS)
    (failure,) = session.load().failures
    session.close()
    assert failure.outcome.kind == "ForbiddenImport"


def test_a_program_sees_neither_our_arguments_nor_the_working_directory(opened):
    code = Code("see", "def see(module):\n    import sys\n    return sys.path, sys.argv[1:]\n")
    paths, arguments = opened("").call(Call(code)).value
    assert arguments == []
    assert "" not in paths


def test_the_environment_does_not_change_how_python_starts(opened, monkeypatch):
    monkeypatch.setenv("PYTHONOPTIMIZE", "2")
    monkeypatch.setenv("PYTHONPATH", "/nowhere")
    session = opened("import sys\ndef see(): return sys.flags.optimize, '/nowhere' in sys.path\n")
    assert call(session, "see").value == (0, False)


def test_a_dataclass_of_the_learner_s_works(opened):
    source = (
        "from __future__ import annotations\nfrom dataclasses import dataclass\n"
        "@dataclass\nclass P:\n    x: int\ndef make(): return P(3).x\n"
    )
    assert call(opened(source), "make").value == 3


def test_a_handle_is_called_where_it_lives(opened):
    session = opened("def adder(n):\n    return lambda x: x + n\n")
    kept = session.call(Call(Name("adder"), (3,), keep=True))
    assert session.call(Call(kept.value, (4,))).value == 7


def test_missing_and_raised_are_told_apart(opened):
    session = opened("def sigmoid(x): raise ValueError('no')\n")
    assert call(session, "sigmod", 1) == Missing("sigmod", ("sigmoid",))
    answer = call(session, "sigmoid", 1)
    assert isinstance(answer, Raised)
    assert (answer.kind, answer.message, answer.trace[0].line) == ("ValueError", "no", 1)


# ---- nothing is left behind --------------------------------------------------------------------


def descriptors():
    return sorted(path.name for path in Path("/proc/self/fd").iterdir())


def children():
    return Path(f"/proc/self/task/{os.getpid()}/children").read_text().split()


def test_temporary_files_of_a_program_go_with_it(opened):
    source = (
        "import tempfile\n"
        "def keep():\n"
        "    with tempfile.NamedTemporaryFile('w', delete=False) as kept:\n"
        "        return kept.name\n"
    )
    session = opened(source)
    kept = Path(call(session, "keep").value)
    assert kept.exists()
    session.close()
    assert not kept.parent.exists()


@linux
@pytest.mark.parametrize("pipes", [False, True])
def test_no_descriptor_thread_or_process_is_left(pipes):
    source = "import os\ndef spin():\n    while True: pass\ndef leave(): os._exit(1)\n"
    program = Program("learner", (Part("a.py", source),))

    def once():
        session = RemoteSession(program, HASTY, lambda: start_plain(HASTY, pipes=pipes))
        for name in ("spin", "leave", "nothing"):
            call(session, name)
        session.close()

    once()
    gc.collect()
    before = descriptors(), children(), threading.active_count()
    once()
    gc.collect()
    assert (descriptors(), children(), threading.active_count()) == before


@linux
@pytest.mark.parametrize("ending", ["close", "spin", "leave"])
def test_what_a_program_started_dies_with_it(opened, ending):
    source = (
        "import os, subprocess, sys, time\n"
        "def start():\n"
        "    code = 'import time; time.sleep(60)'\n"
        "    return subprocess.Popen([sys.executable, '-I', '-c', code]).pid\n"
        "def spin():\n    while True: pass\n"
        "def leave(): os._exit(1)\n"
    )
    session = opened(source, limits=Limits(wall=0.5, total=30, frame=4))
    pid = call(session, "start").value
    assert Path(f"/proc/{pid}").exists()
    session.close() if ending == "close" else call(session, ending)
    assert _ended(pid)


GRADER = """
import sys, threading, time
from autograder.sandbox.opening import Sandbox
from autograder.sandbox.policy import Limits
from autograder.wire.protocol import Call, Name, Part, Program
source = "import os, time\\ndef pid(): return os.getpid()\\ndef spin():\\n    while True: pass\\n"
limits = Limits(wall=60, total=60, cpu=60)
made = []
def start():
    made.append(Sandbox("plain").open(Program("learner", (Part("a.py", source),)), limits))
    print(made[0].call(Call(Name("pid"))).value, flush=True)
if sys.argv[1] == "main":
    start()
else:
    starting = threading.Thread(target=start)
    starting.start()
    starting.join()
made[0].call(Call(Name("spin")))
"""


@linux
@pytest.mark.parametrize("thread", ["main", "another"])
def test_a_busy_program_does_not_outlive_a_grader_that_was_killed(thread):
    command = [sys.executable, "-c", GRADER, thread]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(map(str, sys.path))}
    with subprocess.Popen(command, stdout=subprocess.PIPE, env=environment) as grader:
        pid = int(grader.stdout.readline())
        try:
            time.sleep(1.5)  # longer than it takes to look once
            assert _alive(pid)  # also where the thread that started it has ended
        finally:
            grader.kill()
    assert _ended(pid)


@linux
def test_a_process_whose_grader_is_gone_before_it_could_listen_does_not_start():
    code = "from autograder.sandbox.orphan import leave_with; leave_with('{}'); print('on')"
    for argument, says in ((f"{os.getpid()}:kernel", "on\n"), ("1:kernel", "")):
        done = subprocess.run(
            [sys.executable, "-c", code.format(argument)],
            capture_output=True,
            text=True,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(map(str, sys.path))},
        )
        assert (done.stdout, done.returncode) == (says, 0 if says else 1)


def _ended(pid):
    deadline = time.monotonic() + 5
    while _alive(pid) and time.monotonic() < deadline:
        time.sleep(0.02)
    return not _alive(pid)


def _alive(pid):
    try:
        status = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return False
    return status.rpartition(")")[2].split()[0] != "Z"


def test_a_session_that_was_never_used_can_be_closed(opened):
    opened(FINE).close()


def test_the_answer_is_an_ordinary_outcome(opened):
    assert isinstance(call(opened(FINE), "double", 1), Returned)
