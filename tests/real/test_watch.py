"""``gradeflow watch`` in a real terminal, and the warm processes behind it."""

import os
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from autograder.sandbox.opening import Sandbox
from autograder.sandbox.policy import Limits
from autograder.wire.protocol import Call, Crashed, Name, Part, Program, Stopped
from tools.classroom.material import MARKER

pexpect = pytest.importorskip("pexpect")
pytestmark = [
    pytest.mark.real,
    pytest.mark.skipif(sys.platform == "win32", reason="pexpect drives POSIX terminals"),
]

ROOT = Path(__file__).parents[2]
COMMAND = Path(sys.executable).with_name("gradeflow")
RIGHT = MARKER.sub("", (ROOT / "solutions/01_neuron/neuron.py").read_text("utf-8"))
LIMITS = Limits(wall=0.5, total=20.0)


@pytest.fixture
def room(tmp_path):
    shutil.copy(ROOT / "course.toml", tmp_path)
    for name in ("01_neuron", "02_gates"):
        shutil.copytree(ROOT / "assignments" / name, tmp_path / "assignments" / name)
    # Of two that nobody has begun the newer one is watched; which that is depends on the checkout.
    (tmp_path / "assignments" / "01_neuron" / "neuron.py").touch()
    return tmp_path


@pytest.fixture
def terminal(room):
    environment = {**os.environ, "TERM": "xterm-256color", "GRADEFLOW_LANGUAGE": "en"}
    environment.pop("DISPLAY", None)
    child = pexpect.spawn(
        str(COMMAND), ["watch", "1"], cwd=room, env=environment, dimensions=(40, 110),
        encoding="utf-8", timeout=60,
    )  # fmt: skip
    yield child
    child.close(force=True)


def save(room, text):
    (room / "assignments/01_neuron/neuron.py").write_text(text, "utf-8")


def test_a_save_shows_the_failing_call_and_a_right_one_goes_on_to_the_next_exercise(room, terminal):
    terminal.expect("0 of 2 exercises done")
    terminal.expect("Checked neuron.py")
    save(room, RIGHT.replace("return np.tanh(z)", "return np.tanh(-z)"))
    terminal.expect(r"✘ tanh")
    terminal.expect(r"tanh\(")
    save(room, RIGHT)
    terminal.expect("1 of 2 exercises done")
    terminal.expect("02_gates")
    terminal.send("q")
    terminal.expect(pexpect.EOF)
    terminal.wait()
    assert terminal.exitstatus == 0


def test_its_keys_move_between_tasks_give_hints_draw_and_change_the_language(room, terminal):
    terminal.expect("Checked neuron.py")
    terminal.send("n")
    terminal.expect(r"tanh .*Not written yet")
    terminal.send("h")
    terminal.expect("Hint 1 of")
    terminal.send("p")
    terminal.expect(r"sigmoid .*Not written yet")
    terminal.send("l")
    terminal.expect("退出")
    terminal.send("d")
    terminal.expect("图已画在")
    assert (room / "assignments/.gradeflow/01_neuron.html").stat().st_size > 1000
    terminal.send("q")
    terminal.expect(pexpect.EOF)


def test_an_endless_loop_can_be_left_at_once(room, terminal):
    terminal.expect("Checked neuron.py")
    save(room, "while True: pass\n")
    terminal.expect("Checking")
    time.sleep(0.5)
    terminal.send("q")
    terminal.expect(pexpect.EOF, timeout=5)


def test_without_a_terminal_each_save_prints_plain_lines(room):
    command = [COMMAND, "watch", "1", "--language", "en"]
    with subprocess.Popen(
        command, cwd=room, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True
    ) as watching:
        try:
            lines = iter(watching.stdout.readline, "")
            next(line for line in lines if "0 of 2 exercises" in line)
            save(room, RIGHT)
            told = next(line for line in lines if "✔ sigmoid" in line)
        finally:
            watching.terminate()
    assert not re.search("\x1b", told)


@pytest.fixture
def warm():
    sandbox = Sandbox("plain", "numpy", warm=True)
    yield sandbox
    sandbox.close()


def answers(sandbox, source, *names):
    session = sandbox.open(Program("m", (Part("m.py", source),)), LIMITS)
    try:
        return [session.call(Call(Name(name), (), {})) for name in names]
    finally:
        session.close()


def test_a_warm_process_tells_how_a_program_ends_and_serves_the_next(warm):
    source = (
        "import os\ndef leave(): os._exit(7)\ndef crash(): os.kill(os.getpid(), 11)\n"
        "def spin():\n    while True: pass\ndef fine(): return 1\n"
    )
    leave, crash, spin, fine = answers(warm, source, "leave", "crash", "spin", "fine")
    assert (leave, crash) == (Crashed(code=7), Crashed(signal=11))
    assert spin == Stopped("wall", 0.5)
    assert fine.value == 1


def test_programs_of_one_warm_server_draw_different_numbers_and_share_nothing(warm):
    source = (
        "import numpy, os\ndef draw(): return float(numpy.random.rand())\n"
        "def known(): return hasattr(numpy, 'mine')\nnumpy.seen = numpy.mine = 1\n"
        "def scratch(): return os.environ['TMPDIR']\n"
    )
    first = answers(warm, source, "draw", "scratch")
    second = answers(warm, source.replace("numpy.seen = numpy.mine = 1", ""), "draw", "known")
    assert first[0].value != second[0].value
    assert second[1].value is False
    assert not Path(first[1].value).exists()


def test_where_nothing_is_forked_the_next_process_waits_with_its_imports_done(monkeypatch):
    monkeypatch.setattr(sys, "platform", "darwin")
    sandbox = Sandbox("plain", "matplotlib", warm=True)
    source = (
        "import os, sys\nbefore = 'matplotlib.pyplot' in sys.modules\n"
        "def number(): return os.getpid()\ndef known(): return before\n"
    )
    try:
        first = answers(sandbox, source, "number", "known")
        second = answers(sandbox, source, "number", "known")
    finally:
        sandbox.close()
    assert first[0].value != second[0].value
    assert (first[1].value, second[1].value) == (True, True)
