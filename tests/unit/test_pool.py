import errno
import multiprocessing
import os
import re
import time

import pytest

from autograder.errors import GradeFlowError
from autograder.grading import nursery, pool
from autograder.grading.nursery import Nursery
from autograder.grading.orders import Setup
from autograder.grading.pool import Pool

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


def test_workers_that_run_another_copy_of_the_engine_grade_nobody(setup, make_entry, monkeypatch):
    monkeypatch.setattr(pool, "ENGINE", "/elsewhere/autograder")
    with pytest.raises(GradeFlowError, match="/elsewhere/autograder, its workers"):
        graded(setup(), [make_entry(RIGHT, "right")])


# The first worker to read these checks can use them, no other; it waits for that other.
ONE_ALONE = """
import pathlib
import time
import numpy as np
from autograder.checks import agree, task

FLAG = pathlib.Path({flag!r})
try:
    FLAG.touch(exist_ok=False)
except FileExistsError:
    FLAG.write_text("met")
    raise RuntimeError("no room")

@task("double", points=2)
def test_double(student, reference, rng):
    until = time.monotonic() + 30
    while not FLAG.read_text() and time.monotonic() < until:
        time.sleep(0.1)
    time.sleep(0.2)  # the news is on its way
    agree(student.double(3.0), reference.double(3.0))

@task("total", points=2)
def test_total(student, reference, rng):
    agree(student.total(np.ones(3)), reference.total(np.ones(3)))
"""


def test_where_a_second_worker_cannot_start_the_first_goes_on_and_it_is_said(
    setup, make_entry, tmp_path, capfd
):
    public = ONE_ALONE.format(flag=str(tmp_path / "flag"))
    names = "abcdefgh"  # so many that the news comes before they are all done
    results = graded(setup(public=public), [make_entry(RIGHT, name) for name in names])
    assert [results[name].score.points for name in names] == [6.0] * len(names)
    said = capfd.readouterr().err
    assert said.count("gradeflow: A worker could not start: ") == 1
    assert re.search("(?s)no room.*1 job goes on without it", said)


def test_where_no_worker_can_start_the_reason_is_the_error(setup, make_entry, tmp_path, capfd):
    (tmp_path / "flag").touch()
    public = ONE_ALONE.format(flag=str(tmp_path / "flag"))
    with pytest.raises(GradeFlowError, match=r"(?s)a check file is broken.*no room"):
        graded(setup(public=public), [make_entry(RIGHT, name) for name in "abc"])
    assert "goes on" not in capfd.readouterr().err
    assert not multiprocessing.active_children()


def test_a_process_that_the_system_refuses_is_one_job_fewer(setup, make_entry, monkeypatch, capfd):
    def start(self, first=[True]):  # noqa: B006 - shared by the calls
        if not first:
            raise BlockingIOError(errno.EAGAIN, "Resource temporarily unavailable")
        first.clear()
        started(self)

    started = Pool._start
    monkeypatch.setattr(Pool, "_start", start)
    assert len(graded(setup(), [make_entry(RIGHT, name) for name in "ab"])) == 2
    assert "Resource temporarily unavailable. 1 job goes on" in capfd.readouterr().err


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


def test_what_cannot_be_begun_ahead_is_begun_with_the_first_worker(setup, make_entry, monkeypatch):
    def refused(_nursery):
        raise OSError(errno.EAGAIN, "no process")

    monkeypatch.setattr(Nursery, "begin", refused)
    with Pool(setup(), 1) as pool:
        pool.begin()
        (result,) = pool.grade([make_entry(RIGHT, "ann")])
    assert result.score.points == 6.0
    assert nursery._pools == 0
