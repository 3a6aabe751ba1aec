"""The grade command from outside, in the real cage, as an instructor runs it."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import pytest
from warm_python import WarmPython

from autograder.catalogue import find_course

pytestmark = pytest.mark.real

COURSE = find_course(Path(__file__))
EXERCISE = "01_neuron"
RIGHT = (COURSE.solutions / EXERCISE / "neuron.py").read_text(encoding="utf-8")
WRONG = RIGHT.replace("return np.tanh(z)", "return 2 * sigmoid(z) - 1")
GRADE = [sys.executable, "-m", "autograder.cli", "grade", EXERCISE]


@pytest.fixture
def course(tmp_path):
    """Copy the course, so that a test may change its checks."""
    root = tmp_path / "course"
    shutil.copytree(COURSE.solutions, root / "solutions")
    shutil.copy(COURSE.root / "course.toml", root)
    return root


ENVIRONMENT = os.environ | {"PYTHONPATH": str(COURSE.root), "COLUMNS": "200"}


@pytest.fixture(scope="module")
def warm():
    python = WarmPython(COURSE.root, ENVIRONMENT)
    yield python
    python.leave()


@pytest.fixture
def grade(course, warm):
    """Give a function that runs the command in the course's folder: its exit code and words."""

    def run(*arguments):
        return warm.run(["autograder.cli", "grade", EXERCISE, *map(str, arguments)], course)

    return run


def class_of(folder, **sources):
    folder.mkdir(exist_ok=True)
    for learner, source in sources.items():
        (folder / f"{learner}.py").write_text(source, encoding="utf-8")
    return folder


def points(out):
    results = (json.loads(path.read_text(encoding="utf-8")) for path in sorted(out.glob("*.json")))
    return {result["learner"]: result["score"]["points"] for result in results}


def test_a_class_is_graded_with_its_misconceptions_named(grade, tmp_path):
    folder = class_of(tmp_path / "class", ann=RIGHT, bob=WRONG, cem="def sigmoid(:\n")
    code, said = grade(folder, "--out", tmp_path / "out")
    assert code == 0, said
    scores = points(tmp_path / "out")
    assert scores["ann"] == 60
    assert 0 < scores["bob"] < 60
    assert scores["cem"] == 0
    assert "A1.7" in said
    assert "SyntaxError" in said


def test_each_learner_gets_a_page_and_the_class_overview_lies_elsewhere(grade, tmp_path):
    folder = class_of(tmp_path / "class", ann=RIGHT, bob=WRONG)
    arguments = (folder, "--out", tmp_path / "out", "--feedback", tmp_path / "pages")
    assert grade(*arguments)[0] == 0
    kept = (tmp_path / "pages" / "ann.html").stat().st_mtime_ns
    (tmp_path / "pages" / "bob.html").unlink()
    assert grade(*arguments)[0] == 0  # nothing is graded anew
    assert (tmp_path / "pages" / "ann.html").stat().st_mtime_ns == kept
    pages = {path.name: path.read_text("utf-8") for path in (tmp_path / "pages").iterdir()}
    assert pages.keys() == {"ann.html", "bob.html"}
    assert "60 of 60 points" in pages["ann.html"]
    assert "only half as steep" in pages["bob.html"]
    assert "ann.py" not in pages["bob.html"]
    overview = (tmp_path / "out" / "overview.html").read_text("utf-8")
    assert all(name in overview for name in (">ann<", ">bob<", "A1.7"))


def test_a_zip_from_moodle_is_graded_as_it_comes(grade, tmp_path):
    path = tmp_path / "moodle.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("Ann Lee_123_assignsubmission_file_/neuron.py", RIGHT)
        archive.writestr("王 芳_124_assignsubmission_file_/neuron.py", WRONG)
    code, said = grade(path, "--out", tmp_path / "out")
    assert code == 0, said
    assert len(points(tmp_path / "out")) == 2


def test_only_what_changed_is_graded_again(grade, tmp_path):
    folder = class_of(tmp_path / "class", ann=RIGHT, bob=RIGHT)
    out = tmp_path / "out"
    grade(folder, "--out", out)
    before = {path.name: path.stat().st_mtime_ns for path in out.glob("*.json")}
    class_of(folder, bob=WRONG, cem=RIGHT)
    code, said = grade(folder, "--out", out)
    assert code == 0, said
    after = {path.name: path.stat().st_mtime_ns for path in out.glob("*.json")}
    assert "1 unchanged" in said
    assert after["ann.json"] == before["ann.json"]
    assert after["bob.json"] > before["bob.json"]
    assert points(out).keys() == {"ann", "bob", "cem"}


def test_a_changed_hidden_check_regrades_the_class(course, grade, tmp_path):
    folder = class_of(tmp_path / "class", ann=RIGHT)
    out = tmp_path / "out"
    grade(folder, "--out", out)
    hidden = course / "solutions" / EXERCISE / "test_hidden.py"
    hidden.write_text(hidden.read_text(encoding="utf-8") + "\n# mended\n", encoding="utf-8")
    code, said = grade(folder, "--out", out)
    assert code == 0, said
    assert "unchanged" not in said


def test_force_grades_what_has_not_changed(grade, tmp_path):
    folder = class_of(tmp_path / "class", ann=RIGHT)
    grade(folder, "--out", tmp_path / "out")
    code, said = grade(folder, "--out", tmp_path / "out", "--force")
    assert code == 0, said
    assert "unchanged" not in said


def test_an_interrupt_loses_nothing_and_the_next_run_finishes(course, grade, tmp_path):
    # Each waits: on a busy machine the class must not be through before the interrupt comes.
    waits = f"{RIGHT}\nimport time\n\ntime.sleep(0.3)\n"
    everyone = {f"learner{number:02}": waits for number in range(16)}
    folder = class_of(tmp_path / "class", **everyone)
    out = tmp_path / "out"
    with subprocess.Popen(
        [*GRADE, str(folder), "--out", str(out), "--jobs", "1"],
        cwd=course,
        env=ENVIRONMENT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
        # A job in the background has inherited that interrupts are ignored.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
        text=True,
    ) as running:
        until = time.monotonic() + 60
        while len(list(out.glob("*.json"))) < 5 and time.monotonic() < until:
            time.sleep(0.02)
        os.killpg(running.pid, signal.SIGINT)  # Ctrl-C goes to the whole terminal
        _, errors = running.communicate(timeout=60)
    assert running.returncode == 130
    assert "Traceback" not in errors
    kept = points(out)
    assert 5 <= len(kept) < 16
    assert set(kept.values()) == {60}
    code, said = grade(folder, "--out", out)
    assert code == 0, said
    assert f"{len(kept)} unchanged" in said
    assert len(points(out)) == 16


def test_json_is_all_that_is_printed_for_a_script(course, tmp_path):
    folder = class_of(tmp_path / "class", ann=RIGHT)
    command = [*GRADE, folder, "--out", tmp_path / "out", "--json"]
    done = subprocess.run(command, cwd=course, env=ENVIRONMENT, capture_output=True, text=True)
    (result,) = json.loads(done.stdout)
    assert result["score"] == {"possible": 60.0, "points": 60.0}
    assert result["schema_version"] == 1


def test_without_a_cage_it_says_what_that_means(grade, tmp_path):
    folder = class_of(tmp_path / "class", ann=RIGHT)
    _, said = grade(folder, "--out", tmp_path / "out", "--no-sandbox")
    assert "No cage" in said
    (result,) = (json.loads(path.read_text()) for path in (tmp_path / "out").glob("*.json"))
    assert result["sandbox"] == "plain"
    assert result["layers"] == []


def test_a_submission_called_like_a_module_is_imported_by_nobody(course, warm, tmp_path):
    out = tmp_path / "out of the cage"
    source = f"open({str(out)!r}, 'w')\n"
    folder = class_of(course / "handed_in", typing=source, msgspec=source, tracemalloc=source)
    command = ["autograder.cli", "grade", EXERCISE, ".", "--out", str(tmp_path / "results")]
    code, said = warm.run(command, folder)
    assert code == 0, said
    assert len(points(tmp_path / "results")) == 3
    assert not out.exists()


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["nowhere"], "nowhere does not exist"),
        (["empty"], "no submission"),
    ],
)
def test_a_mistake_of_the_instructor_is_one_sentence(course, grade, tmp_path, arguments, says):
    (course / "empty").mkdir()
    code, said = grade(*arguments, "--out", tmp_path / "out")
    assert code == 2
    assert "Traceback" not in said
    assert says.lower() in said.lower()


def test_an_unknown_exercise_is_named_with_those_that_there_are(course):
    command = [*GRADE[:-1], "99_nothing", "x"]
    done = subprocess.run(command, cwd=course, env=ENVIRONMENT, capture_output=True, text=True)
    assert done.returncode == 2
    assert "01_neuron" in done.stderr
