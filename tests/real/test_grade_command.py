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


def grade(course, *arguments, **more):
    command = [*GRADE, *map(str, arguments)]
    environment = os.environ | {"PYTHONPATH": str(COURSE.root), "COLUMNS": "200"}
    return subprocess.run(
        command, cwd=course, env=environment, capture_output=True, text=True, timeout=120, **more
    )


def class_of(folder, **sources):
    folder.mkdir(exist_ok=True)
    for learner, source in sources.items():
        (folder / f"{learner}.py").write_text(source, encoding="utf-8")
    return folder


def points(out):
    results = (json.loads(path.read_text(encoding="utf-8")) for path in sorted(out.glob("*.json")))
    return {result["learner"]: result["score"]["points"] for result in results}


def test_a_class_is_graded_with_its_misconceptions_named(course, tmp_path):
    folder = class_of(tmp_path / "class", ann=RIGHT, bob=WRONG, cem="def sigmoid(:\n")
    done = grade(course, folder, "--out", tmp_path / "out")
    assert done.returncode == 0, done.stderr
    scores = points(tmp_path / "out")
    assert scores["ann"] == 60
    assert 0 < scores["bob"] < 60
    assert scores["cem"] == 0
    assert "A1.7" in done.stdout
    assert "SyntaxError" in done.stdout


def test_each_learner_gets_a_page_and_the_class_overview_lies_elsewhere(course, tmp_path):
    folder = class_of(tmp_path / "class", ann=RIGHT, bob=WRONG)
    arguments = (folder, "--out", tmp_path / "out", "--feedback", tmp_path / "pages")
    assert grade(course, *arguments).returncode == 0
    kept = (tmp_path / "pages" / "ann.html").stat().st_mtime_ns
    (tmp_path / "pages" / "bob.html").unlink()
    assert grade(course, *arguments).returncode == 0  # nothing is graded anew
    assert (tmp_path / "pages" / "ann.html").stat().st_mtime_ns == kept
    pages = {path.name: path.read_text("utf-8") for path in (tmp_path / "pages").iterdir()}
    assert pages.keys() == {"ann.html", "bob.html"}
    assert "60 of 60 points" in pages["ann.html"]
    assert "only half as steep" in pages["bob.html"]
    assert "ann.py" not in pages["bob.html"]
    overview = (tmp_path / "out" / "overview.html").read_text("utf-8")
    assert all(name in overview for name in (">ann<", ">bob<", "A1.7"))


def test_a_zip_from_moodle_is_graded_as_it_comes(course, tmp_path):
    path = tmp_path / "moodle.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("Ann Lee_123_assignsubmission_file_/neuron.py", RIGHT)
        archive.writestr("王 芳_124_assignsubmission_file_/neuron.py", WRONG)
    done = grade(course, path, "--out", tmp_path / "out")
    assert done.returncode == 0, done.stderr
    assert len(points(tmp_path / "out")) == 2


def test_only_what_changed_is_graded_again(course, tmp_path):
    folder = class_of(tmp_path / "class", ann=RIGHT, bob=RIGHT)
    out = tmp_path / "out"
    grade(course, folder, "--out", out)
    before = {path.name: path.stat().st_mtime_ns for path in out.glob("*.json")}
    class_of(folder, bob=WRONG, cem=RIGHT)
    done = grade(course, folder, "--out", out)
    after = {path.name: path.stat().st_mtime_ns for path in out.glob("*.json")}
    assert "1 unchanged" in done.stdout
    assert after["ann.json"] == before["ann.json"]
    assert after["bob.json"] > before["bob.json"]
    assert points(out).keys() == {"ann", "bob", "cem"}


def test_a_changed_hidden_check_regrades_the_class(course, tmp_path):
    folder = class_of(tmp_path / "class", ann=RIGHT)
    out = tmp_path / "out"
    grade(course, folder, "--out", out)
    hidden = course / "solutions" / EXERCISE / "test_hidden.py"
    hidden.write_text(hidden.read_text(encoding="utf-8") + "\n# mended\n", encoding="utf-8")
    assert "unchanged" not in grade(course, folder, "--out", out).stdout


def test_force_grades_what_has_not_changed(course, tmp_path):
    folder = class_of(tmp_path / "class", ann=RIGHT)
    grade(course, folder, "--out", tmp_path / "out")
    assert "unchanged" not in grade(course, folder, "--out", tmp_path / "out", "--force").stdout


def test_an_interrupt_loses_nothing_and_the_next_run_finishes(course, tmp_path):
    # Each waits: on a busy machine the class must not be through before the interrupt comes.
    waits = f"{RIGHT}\nimport time\n\ntime.sleep(0.3)\n"
    everyone = {f"learner{number:02}": waits for number in range(24)}
    folder = class_of(tmp_path / "class", **everyone)
    out = tmp_path / "out"
    with subprocess.Popen(
        [*GRADE, str(folder), "--out", str(out), "--jobs", "1"],
        cwd=course,
        env=os.environ | {"PYTHONPATH": str(COURSE.root)},
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
    assert 5 <= len(kept) < 24
    assert set(kept.values()) == {60}
    done = grade(course, folder, "--out", out)
    assert f"{len(kept)} unchanged" in done.stdout
    assert len(points(out)) == 24


def test_json_is_all_that_is_printed_for_a_script(course, tmp_path):
    folder = class_of(tmp_path / "class", ann=RIGHT)
    done = grade(course, folder, "--out", tmp_path / "out", "--json")
    (result,) = json.loads(done.stdout)
    assert result["score"] == {"possible": 60.0, "points": 60.0}
    assert result["schema_version"] == 1


def test_without_a_cage_it_says_what_that_means(course, tmp_path):
    folder = class_of(tmp_path / "class", ann=RIGHT)
    done = grade(course, folder, "--out", tmp_path / "out", "--no-sandbox")
    assert "No cage" in done.stdout
    (result,) = (json.loads(path.read_text()) for path in (tmp_path / "out").glob("*.json"))
    assert result["sandbox"] == "plain"
    assert result["layers"] == []


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["nowhere"], "nowhere does not exist"),
        (["empty"], "no submission"),
    ],
)
def test_a_mistake_of_the_instructor_is_one_sentence(course, tmp_path, arguments, says):
    (course / "empty").mkdir()
    done = grade(course, *arguments, "--out", tmp_path / "out")
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    assert says.lower() in done.stderr.lower()


def test_an_unknown_exercise_is_named_with_those_that_there_are(course):
    command = [*GRADE[:-1], "99_nothing", "x"]
    environment = os.environ | {"PYTHONPATH": str(COURSE.root)}
    done = subprocess.run(command, cwd=course, env=environment, capture_output=True, text=True)
    assert done.returncode == 2
    assert "01_neuron" in done.stderr
