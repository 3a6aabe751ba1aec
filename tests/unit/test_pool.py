import multiprocessing
import os
import time

import pytest

from autograder.errors import GradeFlowError
from autograder.grading.pool import Pool, Setup

RIGHT = (
    "import numpy as np\ndef double(z):\n    return 2 * z\ndef total(z):\n    return np.sum(z)\n"
)
# Kills the worker it runs in; with a flag file only the first time.
DEADLY = """
import os, pathlib, signal
import numpy as np

flag = pathlib.Path({flag!r})

def double(z):
    if {always} or not flag.exists():
        flag.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return 2 * z

def total(z):
    return np.sum(z)
"""


@pytest.fixture
def setup(tiny_exercise):
    def make(kind="none", **files):
        return Setup(tiny_exercise(**files).folder, "salt", kind)

    return make


def graded(setup, entries, jobs=2):
    with Pool(setup, jobs) as pool:
        results = list(pool.grade(entries))
    assert not multiprocessing.active_children()
    return {result.learner: result for result in results}


def test_two_workers_grade_everybody_and_a_killed_one_loses_nothing(setup, make_entry, tmp_path):
    deadly = DEADLY.format(flag=str(tmp_path / "once"), always=False)
    entries = [make_entry(RIGHT, f"right {n}") for n in range(8)]
    entries.insert(3, make_entry(deadly, "once"))
    entries.insert(5, make_entry(DEADLY.format(flag=str(tmp_path / "x"), always=True), "always"))
    entries.append(make_entry("def double(z):\n    return z**2\n", "wrong"))
    results = graded(setup(), entries)
    assert len(results) == len(entries)
    assert {results[f"right {n}"].score.points for n in range(8)} == {6.0}
    assert results["once"].score.points == 6.0
    assert results["wrong"].score.points == 0.0
    assert results["wrong"].diagnoses == ("T1",)
    assert results["always"].score.withheld
    assert results["always"].score.possible == 6.0
    assert results["always"].problem.kind == "fault"
    assert results["always"].fingerprint == ""


def test_a_broken_exercise_ends_with_its_own_text(setup, make_entry):
    broken = setup(public="from autograder.checks import no_such_helper\n")
    with pytest.raises(GradeFlowError, match=r"(?s)a check file is broken.*no_such_helper"):
        graded(broken, [make_entry(RIGHT)], jobs=1)
    assert not multiprocessing.active_children()


ENDLESS = """
import os, pathlib

pathlib.Path({path!r}).write_text(str(os.getpid()))
while True:
    pass
"""


def test_leaving_early_leaves_no_process_behind(setup, make_entry, tiny_files, tmp_path):
    told = tmp_path / "pid"
    manifest = tiny_files["exercise.toml"].replace("wall = 1", "wall = 20")
    entries = [make_entry(ENDLESS.format(path=str(told)), "endless"), make_entry(RIGHT, "right")]
    with Pool(setup("plain", manifest=manifest), 2) as pool:
        assert next(iter(pool.grade(entries))).learner == "right"
        waited = time.monotonic() + 10
        while not (told.exists() and told.read_text()) and time.monotonic() < waited:
            time.sleep(0.01)
        pid = int(told.read_text())
    assert not multiprocessing.active_children()
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


def test_nobody_to_grade_starts_no_worker(setup):
    with Pool(setup(), 2) as pool:
        assert list(pool.grade([])) == []
        assert not multiprocessing.active_children()


# ---- one at a time, and what comes next meanwhile ----
