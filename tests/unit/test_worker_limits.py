"""One submission costs the grader at most its limits, whatever it returns; the class goes on."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from autograder.grading.orders import Setup
from autograder.grading.pool import Pool

RIGHT = (
    "import numpy as np\ndef double(z):\n    return 2 * z\ndef total(z):\n    return np.sum(z)\n"
)
# As trusted code that a learner's value keeps busy where no exception gets out of.
COSTLY = """
import re

from autograder.checks import agree, task


@task("double", points=2)
def test_double_doubles(student, reference, rng):
    z = rng.normal(size=4)
    agree(student.double(z), reference.double(z))


@task("total", points=2)
def test_total_adds_up(student, reference, rng):
    text = student.name()
    re.fullmatch("(a+)+", text)
    agree(student.total([1, 2]), reference.total([1, 2]))
"""
NAMED = "\n\ndef name():\n    return {!r}\n"
HOSTILE = "a" * 60 + "b"

pytestmark = pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="no such timer here")


@pytest.fixture
def setup(tiny_exercise, tiny_files):
    """A small exercise whose checks may take a second."""

    def make(**files):
        manifest = tiny_files["exercise.toml"].replace("total = 20", "total = 1")
        source = tiny_files["tiny.py"] + NAMED.format("aaa").replace("\n", "\n        ")
        exercise = tiny_exercise(manifest=manifest, source=source, **files)
        return Setup(exercise.folder, "salt", "plain")

    return make


def graded(setup, entries, jobs=1):
    with Pool(setup, jobs) as pool:
        return {result.learner: result for result in pool.grade(entries)}


def told(result):
    return {
        check.name: (str(check.verdict), check.evidence and check.evidence.facts.get("limit"))
        for check in result.checks
    }


def test_a_value_that_keeps_a_check_busy_costs_that_check_and_nobody_else(setup, make_entry):
    right, hostile = (RIGHT + NAMED.format(text) for text in ("aaa", HOSTILE))
    entries = [make_entry(right, "ann"), make_entry(hostile, "mal"), make_entry(right, "zoe")]
    results = graded(setup(public=COSTLY), entries)
    assert {name: result.score.points for name, result in results.items()} == {
        "ann": 6.0,
        "mal": 4.0,
        "zoe": 6.0,
    }
    assert told(results["mal"]) == {
        "test_double_doubles": ("passed", None),
        "test_total_adds_up": ("error", "checking"),
        "test_double_takes_a_matrix": ("passed", None),
    }


ENDLESS = """
from autograder.checks import agree, task


@task("double", points=4)
def test_double_for_ever(student):
    student.double(1)
    while True:
        pass


@task("total", points=2)
def test_total_adds_up(student, reference):
    agree(student.total([1, 2]), reference.total([1, 2]))
"""


def test_a_check_that_never_ends_withholds_the_score_and_is_named(setup, make_entry):
    entries = [make_entry(RIGHT, learner) for learner in ("ann", "bob")]
    results = graded(setup(public=ENDLESS, hidden=""), entries)
    assert all(result.score.withheld for result in results.values())
    assert len(results) == 2
    for result in results.values():
        assert result.problem.kind == "fault"
        assert "test_double_for_ever does not end" in result.problem.facts["error"]


def test_a_picture_that_never_ends_withholds_the_score_and_is_named(setup, make_entry):
    here = setup()
    (here.folder / "plot.py").write_text("def plot(student, reference):\n    while True: pass\n")
    (result,) = graded(here, [make_entry(RIGHT, draws=True)]).values()
    assert result.score.withheld
    assert "plot.py does not end" in result.problem.facts["error"]


DRAWS = """
import re

from autograder.checks import line, panel, picture


def plot(student, reference):
    re.fullmatch("(a+)+", student.name())
    return picture(panel("", line("got", [1, 2], [1, 2])))
"""


def test_a_picture_that_a_value_keeps_busy_costs_no_points(setup, make_entry):
    here = setup(public=COSTLY.replace('re.fullmatch("(a+)+", text)', ""))
    (here.folder / "plot.py").write_text(DRAWS)
    hostile = make_entry(RIGHT + NAMED.format(HOSTILE), draws=True)
    (result,) = graded(here, [hostile]).values()
    assert result.score.points == 6.0
    assert [note.name for note in result.notes] == ["note.no_picture"]


GROWING = """
import numpy as np

from autograder.checks import agree, task


@task("double", points=2)
def test_double_doubles(student, reference, rng):
    z = rng.normal(size=(3, 1))
    got = student.double(z)
    assert np.all(got - got.T == 0) or got.shape == z.shape
    agree(got, reference.double(z))


@task("total", points=2)
def test_total_adds_up(student, reference):
    agree(student.total([1, 2]), reference.total([1, 2]))
"""
LARGE = RIGHT.replace("return 2 * z", "return np.ones((60_000, 1))")


@pytest.mark.skipif(sys.platform != "linux", reason="the kernel refuses no memory here")
def test_a_value_that_would_take_all_the_memory_fails_its_check_alone(setup, make_entry):
    entries = [make_entry(RIGHT, "ann"), make_entry(LARGE, "mal"), make_entry(RIGHT, "zoe")]
    results = graded(setup(public=GROWING), entries)
    assert {name: result.score.points for name, result in results.items()} == {
        "ann": 6.0,
        "mal": 2.0,
        "zoe": 6.0,
    }
    first = results["mal"].checks[0]
    assert (str(first.verdict), first.evidence.kind) == ("failed", "shape")


ENDS_NEVER = """
import os, pathlib

pathlib.Path({path!r}).write_text(f"{{os.getppid()}} {{os.getpid()}}")
while True:
    pass
"""
GRADER = """
import sys
from pathlib import Path

from autograder.grading.entry import Entry
from autograder.grading.orders import Setup
from autograder.grading.pool import Pool
from autograder.wire.protocol import Part, Program

if __name__ == "__main__":
    folder, source = sys.argv[1:]
    program = Program("tiny", (Part("tiny.py", Path(source).read_text()),))
    with Pool(Setup(Path(folder), "", "plain"), 1) as pool:
        list(pool.grade([Entry("ann", "tiny.py", program)]))
"""


def alive(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return "\nState:\tZ" not in Path(f"/proc/{pid}/status").read_text()


@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
def test_workers_end_within_a_second_of_a_killed_grader(tiny_exercise, tiny_files, tmp_path):
    manifest = tiny_files["exercise.toml"].replace("wall = 1", "wall = 60")
    exercise = tiny_exercise(manifest=manifest.replace("total = 20", "total = 60"))
    script, source, file = (tmp_path / name for name in ("grader.py", "tiny.py", "told"))
    script.write_text(GRADER)
    source.write_text(ENDS_NEVER.format(path=str(file)))
    grader = subprocess.Popen([sys.executable, script, exercise.folder, source])
    waited = time.monotonic() + 60
    while not (file.exists() and file.read_text()) and time.monotonic() < waited:
        time.sleep(0.02)
    worker, program = map(int, file.read_text().split())
    assert alive(worker)
    assert alive(program)
    grader.kill()
    grader.wait()
    time.sleep(1)
    assert not alive(worker)
    assert not alive(program)
