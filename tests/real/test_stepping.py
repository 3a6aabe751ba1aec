"""A learner steps through their own function, with breakpoint(), pdb and pytest in a terminal."""

import os
import shutil
import sys
from pathlib import Path

import pytest

from tools.classroom.material import MARKER

pexpect = pytest.importorskip("pexpect")
pytestmark = [
    pytest.mark.real,
    pytest.mark.skipif(sys.platform == "win32", reason="pexpect drives POSIX terminals"),
]

ROOT = Path(__file__).parents[2]
BIN = Path(sys.executable).parent
RIGHT = MARKER.sub("", (ROOT / "solutions/01_neuron/neuron.py").read_text("utf-8"))
LINE = "return np.tanh(z)"
STOP = "seen = 41 + 1\n    print('from the learner')\n    breakpoint()\n    "
STOPS = RIGHT.replace(LINE, STOP + LINE)


@pytest.fixture
def room(tmp_path):
    shutil.copy(ROOT / "course.toml", tmp_path)
    shutil.copytree(ROOT / "assignments/01_neuron", tmp_path / "assignments/01_neuron")
    return tmp_path


def terminal(room, command, *args):
    environment = {**os.environ, "TERM": "dumb", "GRADEFLOW_LANGUAGE": "en", "PYTHONBREAKPOINT": ""}
    del environment["PYTHONBREAKPOINT"]
    return pexpect.spawn(
        str(BIN / command), list(args), cwd=room, env=environment, dimensions=(40, 120),
        encoding="utf-8", timeout=60,
    )  # fmt: skip


def write(room, text):
    (room / "assignments/01_neuron/neuron.py").write_text(text, "utf-8")


def step_to_the_end(child):
    """Answer the debugger: what is known here, where it stands; then let it go on."""
    child.expect(r"\(Pdb\) ")
    child.sendline("p seen + 1")
    child.expect("43")
    child.expect(r"\(Pdb\) ")
    child.sendline("where")
    child.expect(r"neuron\.py\(\d+\)tanh")
    child.expect(r"\(Pdb\) ")
    while True:
        child.sendline("c")
        if child.expect([r"\(Pdb\) ", pexpect.EOF]):
            return child.before


def test_a_breakpoint_stops_gradeflow_check_in_the_learner_s_own_line(room):
    write(room, STOPS)
    child = terminal(room, "gradeflow", "check", "neuron", "--task", "tanh")
    child.expect("run right here")
    child.expect("from the learner")
    said = step_to_the_end(child)
    assert "checks pass" in said or "Well done" in said
    child.close()
    assert child.exitstatus == 0


def test_a_breakpoint_stops_pytest_though_it_keeps_what_is_printed(room):
    write(room, STOPS)
    child = terminal(room, "pytest", "assignments/01_neuron", "-k", "tanh and worked")
    said = step_to_the_end(child)
    assert "passed" in said


def test_with_s_what_the_program_prints_is_seen(room):
    write(room, RIGHT.replace(LINE, f"print('z is', z.shape)\n    {LINE}"))
    child = terminal(room, "pytest", "assignments/01_neuron", "-s", "-k", "tanh")
    child.expect(r"z is \(")
    child.expect(pexpect.EOF)


def test_pdb_stops_where_it_was_told_to_in_the_learner_s_file(room):
    write(room, RIGHT)
    number = next(n for n, line in enumerate(RIGHT.splitlines(), 1) if LINE in line)
    where = f"assignments/01_neuron/neuron.py:{number}"
    checked = ("-m", "autograder", "check", "neuron", "--task", "tanh")
    child = terminal(room, "python", "-m", "pdb", *checked)
    child.expect(r"\(Pdb\) ")
    child.sendline(f"break {where}")
    child.expect(r"Breakpoint 1 at")
    child.expect(r"\(Pdb\) ")
    child.sendline("c")
    child.expect(rf"neuron\.py\({number}\)tanh")
    child.sendline("p z.dtype")
    child.expect("float64")
    child.close(force=True)


def test_without_a_terminal_a_breakpoint_is_told_as_what_it_is(room):
    import subprocess

    write(room, STOPS)
    done = subprocess.run(
        [str(BIN / "gradeflow"), "check", "neuron", "--task", "tanh"],
        cwd=room, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False,
        env={**os.environ, "GRADEFLOW_LANGUAGE": "en"},
    )  # fmt: skip
    assert done.returncode == 1
    assert "Nobody can answer the debugger here" in done.stdout
