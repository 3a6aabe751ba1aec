"""``gradeflow nbgrader autograde``: the whole class in parallel, with one writer."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import subprocess
import sys
import threading
import time

import nbgrader_course as c
import pytest
from nbgrader_course import DOUBLE, NAME, SQUARE, TOTAL

pytestmark = pytest.mark.real

COMMAND = ("-m", "autograder.cli", "nbgrader", "autograde", NAME)
NBGRADERS = ("-m", "nbgrader", "autograde", NAME)


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    root = c.make_course(tmp_path_factory.mktemp("course"))
    notebook = c.released(root)
    answers = {
        "right": {"double": DOUBLE, "total": TOTAL},
        "squared": {"double": SQUARE, "total": TOTAL},
        "half": {"double": "def double(z):\n    return 2 * z if z.ndim == 1 else z\n"},
        "exits": {"double": "import os\nos._exit(0)", "total": TOTAL},
        "chatty": {"double": DOUBLE + "print('hello')\ndouble(21)", "total": TOTAL},
    }
    for student, given in answers.items():
        c.submit(root, student, c.answered(notebook, **given))
    c.submit(root, "broken", "{broken")
    return root


@pytest.fixture
def fresh(course, tmp_path):
    """A copy of the course in which nobody has been graded."""
    root = tmp_path / "course"
    shutil.copytree(course, root)
    return root


def told(root):
    """Everything that the gradebook and the autograded notebooks say of a class."""
    students = sorted(c.scores(root))
    comments = {student: c.comments(root, student) for student in students}
    return c.gradebook_scores(root), comments, {s: c.autograded(root, s) for s in students}


def test_the_class_at_once_has_the_scores_and_notebooks_of_nbgraders_own_command(fresh, tmp_path):
    stock = tmp_path / "stock"
    shutil.copytree(fresh, stock)
    c.nbgrader(stock, "autograde", NAME)
    c.run(fresh, *COMMAND, "--jobs", "2")
    assert told(fresh) == told(stock)
    assert len(c.scores(fresh)) == 6
    # The two know of each other's work: nobody is graded twice.
    assert "6 unchanged" in c.run(fresh, *COMMAND)
    assert "6 unchanged" in c.nbgrader(fresh, "autograde", NAME)


@pytest.mark.parametrize("command", [COMMAND, NBGRADERS], ids=["ours", "nbgraders"])
def test_everyone_is_graded_whatever_they_or_their_file_are_called(fresh, command):
    shutil.rmtree(fresh / "submitted")
    answered = c.answered(c.released(fresh), double=DOUBLE, total=TOTAL)
    c.submit(fresh, "fay[1]", answered)
    c.submit(fresh, "renamed", None, **{"tiny (1).ipynb": json.dumps(answered)})
    c.submit(fresh, "script", None, tiny__py="import numpy as np\n" + DOUBLE + TOTAL)
    c.run(fresh, *command)
    full = {"double": 4.0, "total": 2.0}
    assert c.scores(fresh) == dict.fromkeys(("fay[1]", "renamed", "script"), full)
    shown = c.cell_of(c.autograded(fresh, "renamed"), "double")["source"]
    assert "".join(shown) == DOUBLE, "what was graded is what is shown"
    c.nbgrader(fresh, "generate_feedback", NAME, "--student", "fay[1]")
    c.nbgrader(fresh, "generate_feedback", NAME)
    assert len(list(fresh.glob(f"feedback/*/{NAME}/tiny.html"))) == 3


@pytest.mark.parametrize("command", [COMMAND, NBGRADERS], ids=["ours", "nbgraders"])
def test_what_was_graded_before_stays_when_nobody_can_be_graded(fresh, command):
    c.run(fresh, *command, "--student", "right")
    before = c.autograded(fresh, "right")
    hidden = fresh / "solutions" / NAME / "test_hidden.py"
    hidden.write_text("import nothing_of_the_kind\n", encoding="utf-8")
    said = c.run(fresh, *command, "--student", "right", fails=True)
    assert "nothing_of_the_kind" in said
    assert c.autograded(fresh, "right") == before


@pytest.mark.parametrize("command", [COMMAND, NBGRADERS], ids=["ours", "nbgraders"])
def test_who_may_not_be_graded_is_named_and_the_others_are_graded(fresh, command):
    with (fresh / "nbgrader_config.py").open("a", encoding="utf-8") as config:
        config.write("get_config().Autograde.create_student = False\n")
    with c.opened(fresh) as book:
        book.add_student("right")
    said = c.run(fresh, *command, "--student", "chatty", fails=True)
    assert "nbgrader db student add chatty" in said
    said = c.run(fresh, *command, fails=True)
    assert "nbgrader db student add chatty" in said
    assert c.scores(fresh) == {"right": {"double": 4.0, "total": 2.0}}


LATE = """
from nbgrader.plugins import BasePlugin


class Late(BasePlugin):
    def late_submission_penalty(self, student_id, score, total_seconds_late):
        return {points}
"""


@pytest.mark.parametrize("command", [COMMAND, NBGRADERS], ids=["ours", "nbgraders"])
def test_penalties_and_points_follow_what_has_changed_without_being_asked(fresh, command):
    command = (*command, "--student", "right")
    late = fresh / "late_days.py"
    late.write_text(LATE.format(points=1.5), encoding="utf-8")
    with (fresh / "nbgrader_config.py").open("a", encoding="utf-8") as config:
        config.write('get_config().AssignLatePenalties.plugin_class = "late_days.Late"\n')
    c.run(fresh, *command)
    assert total_of(fresh, "right") == (6.0, 0.0, 6.0)
    with c.opened(fresh) as book:
        book.update_or_create_assignment(NAME, duedate="2025-12-31 12:00:00 UTC")
    c.run(fresh, *command)
    assert total_of(fresh, "right") == (6.0, 1.5, 6.0)
    late.write_text(LATE.format(points=2.25), encoding="utf-8")
    c.run(fresh, *command)
    assert total_of(fresh, "right") == (6.0, 2.25, 6.0)
    with c.opened(fresh) as book:
        book.grant_extension(NAME, "right", days=7)
    c.run(fresh, *command)
    assert total_of(fresh, "right") == (6.0, 0.0, 6.0)
    fewer_points(fresh)
    c.run(fresh, *command)
    assert total_of(fresh, "right") == (4.0, 0.0, 4.0)


def total_of(root, student):
    with c.opened(root) as book:
        submission = book.find_submission(NAME, student)
        return submission.score, submission.late_submission_penalty, submission.max_score


def fewer_points(root):
    """Let the first task be worth two points less, in its checks as in its declaration."""
    folder = root / "solutions" / NAME
    for name in ("exercise.toml", "test_public.py", "test_hidden.py"):
        text = (folder / name).read_text(encoding="utf-8")
        text = text.replace('name = "double"\npoints = 4', 'name = "double"\npoints = 2')
        text = text.replace("points = 6", "points = 4").replace(
            '"double", points=2', '"double", points=1'
        )
        (folder / name).write_text(text, encoding="utf-8")


def test_totals_of_another_scheme_are_told_and_regrading_lets_them_follow(fresh):
    c.run(fresh, *COMMAND)
    fewer_points(fresh)
    # One is graded anew; the others have six points of four, which must not stay there silently.
    said = c.run(fresh, *COMMAND, "--student", "right")
    assert "5 who were not asked for have scores of another scheme" in said
    assert total_of(fresh, "chatty")[::2] == (6.0, 4.0)
    regrade = ("-m", "autograder.cli", "regrade", NAME, "--nbgrader")
    said = c.run(fresh, *regrade, fails=True)
    assert "The whole is worth 4 points, and was worth 6." in said
    assert "test_double_doubles" not in said  # no verdict changes
    assert total_of(fresh, "chatty")[::2] == (6.0, 4.0), "nothing was written"
    c.run(fresh, *regrade, "--apply")
    assert total_of(fresh, "chatty")[::2] == (4.0, 4.0)
    assert total_of(fresh, "squared")[::2] == (2.0, 4.0)


def test_without_a_notebook_the_script_is_graded_and_nothing_is_nothing(fresh):
    c.submit(fresh, "script", None, tiny__py="import numpy as np\n" + DOUBLE + TOTAL)
    c.submit(fresh, "nothing", None)
    c.run(fresh, *COMMAND, "--student", "[ns]*")
    assert c.scores(fresh)["script"] == {"double": 4.0, "total": 2.0}
    assert c.scores(fresh)["nothing"] == {"double": 0.0, "total": 0.0}
    assert "Neither a notebook nor a script" in c.comments(fresh, "nothing")["double"]


def test_a_changed_hidden_check_is_graded_again_without_being_asked(fresh):
    c.run(fresh, *COMMAND)
    assert c.scores(fresh)["squared"]["double"] == 0.0
    hidden = fresh / "solutions" / NAME / "test_hidden.py"
    text = hidden.read_text(encoding="utf-8")
    hidden.write_text(text.replace("4711.25 + rng.normal(size=(2, 3))", "2.0"), encoding="utf-8")
    c.run(fresh, *COMMAND)
    assert c.scores(fresh)["squared"]["double"] == 2.0


def test_killed_in_the_middle_and_run_again_it_finishes_what_is_left(fresh):
    notebook = c.released(fresh)
    slow = f"import time\ntime.sleep(2)\n{DOUBLE}"
    for number in range(4):
        c.submit(fresh, f"slow{number}", c.answered(notebook, double=slow, total=TOTAL))
    process = subprocess.Popen(
        [sys.executable, *COMMAND, "--jobs", "1"],
        cwd=fresh,
        env={**os.environ, "PYTHONPATH": str(c.ROOT)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    # Eight seconds of sleep lie behind the first result, and one worker is to sleep them all.
    wait_for(lambda: stored(fresh) or process.poll() is not None)
    process.kill()
    process.wait(timeout=30)
    done = stored(fresh)
    assert 1 <= done < 10
    said = c.run(fresh, *COMMAND, "--jobs", "2")
    assert f"{done} unchanged" in said
    assert len(c.scores(fresh)) == 10
    assert all(c.scores(fresh)[f"slow{n}"] == {"double": 4.0, "total": 2.0} for n in range(4))
    assert not list(fresh.glob("autograded/*/.*"))


def stored(root):
    return len(list((root / "build" / "nbgrader" / "results" / NAME).glob("[!.]*.json")))


def wait_for(condition, seconds=180):
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until
        time.sleep(0.02)


@pytest.mark.parametrize("command", [COMMAND, NBGRADERS])
def test_a_gradebook_that_is_locked_for_a_while_is_waited_for(fresh, command):
    holder = sqlite3.connect(fresh / "gradebook.db", check_same_thread=False)
    holder.execute("BEGIN EXCLUSIVE")
    # Longer than SQLite waits by itself, which is five seconds, however slowly the command starts.
    release = threading.Timer(7.0, holder.rollback)
    release.start()
    try:
        c.run(fresh, *command, "--student", "right")
    finally:
        release.cancel()
        holder.close()
    assert c.scores(fresh)["right"] == {"double": 4.0, "total": 2.0}


def test_a_second_run_at_the_same_time_is_refused(fresh):
    from autograder.grading.store import ResultStore
    from autograder.nbgrader.results import results_folder

    with ResultStore(results_folder(fresh, NAME)):
        said = c.run(fresh, *COMMAND, fails=True)
    assert "Another run is writing results" in said


def test_a_gradebook_without_the_assignment_says_what_to_run(fresh):
    (fresh / "gradebook.db").unlink()
    said = c.run(fresh, *COMMAND, fails=True)
    assert f"nbgrader generate_assignment {NAME}" in said
    assert "Traceback" not in said


def test_who_has_handed_in_nothing_at_all_is_not_graded(fresh):
    shutil.rmtree(fresh / "submitted")
    said = c.run(fresh, *COMMAND, fails=True)
    assert "Nobody has handed in 01_tiny" in said
