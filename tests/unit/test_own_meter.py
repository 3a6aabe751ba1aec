"""What a learner's function returns neither hangs nor fills their own machine, nor their kernel."""

import os
import resource
import signal
import subprocess
import sys

import pytest

from autograder import notebook
from autograder.grading.alone import check_alone
from autograder.sandbox.meter import Meter, OwnMeter, TooCostly
from autograder.sandbox.opening import Sandbox
from autograder.sandbox.policy import Limits

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="looks at the kernel's limits")

RIGHT = (
    "import numpy as np\ndef double(z):\n    return 2 * z\ndef total(z):\n    return np.sum(z)\n"
)
NAMED = "\n\ndef name():\n    return {!r}\n"
HOSTILE = RIGHT + NAMED.format("a" * 60 + "b")
# As trusted code that a learner's value keeps busy, or makes grow.
COSTLY = """
import re

import numpy as np
from autograder.checks import agree, task


@task("double", points=4)
def test_double_doubles(student, reference):
    z = np.ones((3, 1))
    got = student.double(z)
    assert np.all(got - got.T == 0) or got.shape == z.shape
    agree(got, reference.double(z))


@task("total", points=1)
def test_total_is_named(student, reference):
    re.fullmatch("(a+)+", student.name())


@task("total", points=1)
def test_total_adds_up(student, reference):
    agree(student.total([1, 2]), reference.total([1, 2]))
"""
BUSY = "import re\ndef plot(student, reference):\n    re.fullmatch('(a+)+', student.name())\n"


@pytest.fixture
def exercise(tiny_exercise, tiny_files):
    manifest = tiny_files["exercise.toml"].replace("total = 20", "total = 0.5")
    source = tiny_files["tiny.py"] + NAMED.format("aaa").replace("\n", "\n        ")
    return tiny_exercise(manifest=manifest, source=source, public=COSTLY, hidden="")


def as_before():
    return signal.getsignal(signal.SIGPROF), resource.getrlimit(resource.RLIMIT_DATA)


def checked(exercise, source, tmp_path, **given):
    path = tmp_path / "tiny.py"
    path.write_text(source)
    before = as_before()
    try:
        return check_alone(exercise, path, Sandbox("plain"), **given)
    finally:
        assert as_before() == before
        assert signal.getitimer(signal.ITIMER_PROF)[0] == 0


def told(result):
    return [(str(check.verdict), check.evidence and check.evidence.kind) for check in result.checks]


def test_a_value_that_keeps_a_check_busy_costs_that_check_alone(exercise, tmp_path):
    result = checked(exercise, HOSTILE, tmp_path)
    assert told(result) == [("passed", None), ("error", "stopped"), ("passed", None)]
    assert result.checks[1].evidence.facts == {"limit": "checking", "amount": 0.5}


def test_a_value_that_would_take_all_the_memory_costs_its_check_alone(exercise, tmp_path):
    large = HOSTILE.replace("return 2 * z", "return np.ones((60_000, 1))").replace("aab", "a")
    result = checked(exercise, large.replace("a" * 59, "aaa"), tmp_path)
    assert told(result) == [("failed", "shape"), ("passed", None), ("passed", None)]


def test_a_picture_that_a_value_keeps_busy_is_left_out_and_says_so(exercise, tmp_path):
    (exercise.folder / "plot.py").write_text(BUSY)
    quick = COSTLY.replace('re.fullmatch("(a+)+", student.name())', "student.name()")
    (exercise.folder / "test_public.py").write_text(quick)
    result = checked(exercise, HOSTILE, tmp_path, draws=True)
    assert [str(check.verdict) for check in result.checks] == ["passed", "passed", "passed"]
    assert [note.name for note in result.notes] == ["note.no_picture"]


def test_a_check_that_keeps_busy_with_the_reference_too_is_no_mistake_of_the_learner_s(
    exercise, tmp_path
):
    endless = COSTLY.replace("student.name())", "student.name() and 'a' * 60 + 'b')")
    (exercise.folder / "test_public.py").write_text(endless)
    result = checked(exercise, HOSTILE, tmp_path)
    assert result.checks[1].verdict == "fault"
    assert result.score.withheld


def test_what_rings_outside_of_a_check_is_told_as_what_it_is(exercise, tmp_path, monkeypatch):
    def busy(*_anything):
        raise TooCostly

    monkeypatch.setattr("autograder.grading.loop.asked_apart", busy)
    result = checked(exercise, RIGHT, tmp_path)
    assert (result.problem.kind, result.problem.facts["limit"]) == ("stopped", "checking")
    assert result.score.points == 0


# ---- a notebook's kernel ----


@pytest.fixture
def in_kernel(exercise, monkeypatch, capsys):
    """Define functions as a kernel does, and check a task."""

    def check(source, task):
        here = {"__name__": "__main__"}
        exec(source, here)
        monkeypatch.setitem(sys.modules, "__main__", type(sys)("__main__"))
        vars(sys.modules["__main__"]).update(here)
        before = as_before()
        points = notebook.check(task, folder=exercise.folder, language="en")
        assert as_before() == before
        return points, capsys.readouterr().out

    return check


def test_a_kernel_lives_through_a_value_that_keeps_a_check_busy(in_kernel):
    points, said = in_kernel(HOSTILE, "total")
    assert points == 1.0
    assert "took longer than 0.5 s, so it was stopped" in said


def test_what_the_learner_s_own_code_computes_in_a_kernel_does_not_count(in_kernel):
    slow = "import time\ndef total(z):\n    end = time.process_time() + 0.7\n"
    slow += "    while time.process_time() < end: pass\n    return float(sum(z))\n"
    assert in_kernel(RIGHT + slow + NAMED.format("aa"), "total")[0] == 2.0


def test_a_pause_gives_back_what_was_left():
    meter = OwnMeter(Limits(total=50))
    meter.start()
    try:
        with meter.paused():
            assert signal.getitimer(signal.ITIMER_PROF)[0] == 0
        assert 40 < signal.getitimer(signal.ITIMER_PROF)[0] < 50.1
    finally:
        meter.stop()


@pytest.mark.parametrize("limits", [Limits(), Limits(wall=2, total=30), Limits(wall=0.5, total=5)])
def test_a_worker_is_not_ended_for_a_program_that_only_waits(limits):
    # Its checks ask all that the clock gives, two of a picture wait once more.
    assert Meter(limits)._wall > limits.waiting + 2 * limits.patience(limits.wall)


# ---- what no exception gets out of ----

COMMAND = """
import sys
from autograder.sandbox import guard
from autograder.sandbox.policy import Limits

guard.IMPORTS = 0.0
with guard.Guard(Limits(total=0.1), "far too long"):
    if sys.argv[1] == "long":
        sum(range(10**15))
print("done")
"""


@pytest.mark.parametrize(
    ("length", "printed", "said", "code"),
    [("short", "done\n", "", 0), ("long", "", "far too long\n", -signal.SIGKILL)],
)
def test_a_command_that_no_exception_gets_out_of_is_ended_with_a_sentence(
    length, printed, said, code
):
    done = subprocess.run(
        [sys.executable, "-c", COMMAND, length],
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(map(str, sys.path))},
        timeout=60,
    )
    assert (done.stdout, done.stderr, done.returncode) == (printed, said, code)
