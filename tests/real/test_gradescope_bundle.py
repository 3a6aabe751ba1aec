"""The exported autograder, run as Gradescope runs it: unpacked, its script executed as it is."""

import json
import os
import shutil
import stat
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from autograder.catalogue import find_course

pytestmark = pytest.mark.real

COURSE = find_course(Path(__file__))
EXERCISE = "01_neuron"
RIGHT = (COURSE.solutions / EXERCISE / "neuron.py").read_text(encoding="utf-8")
WRONG = RIGHT.replace("return np.tanh(z)", "return 2 * sigmoid(z) - 1")
HOSTILE = """
import os, pathlib, sys
for place in ("{root}/results/results.json", "{root}/results/forged.json"):
    try:
        pathlib.Path(place).write_text('{{"score": 60}}')
    except OSError:
        pass
try:
    print(pathlib.Path("{root}/source/course/solutions/01_neuron/test_hidden.py").read_text())
except OSError as error:
    print("kept out:", error)
os.kill(os.getppid(), 9)
"""


# Runs a program with some of the kernel's calls refused, as a container's own filter refuses them.
FORBIDDING = """
import errno, os, sys
from seccompy import Action, ArgCmp, CmpOp, Filter
names, program = sys.argv[1].split(","), sys.argv[2]
rules = Filter(default=Action.ALLOW)
for name in names:
    flag = {"clone": 0x10000000}.get(name)  # CLONE_NEWUSER
    args = None if flag is None else [ArgCmp(0, CmpOp.MASKED_EQ, flag, flag)]
    rules.errno(name, errno.ENOSYS if args is None else errno.EPERM, args=args)
rules.load()
os.execv(program, [program])
"""
NAMESPACES = ("unshare", "setns", "mount", "pivot_root", "clone", "clone3")
LANDLOCK = ("landlock_create_ruleset",)
linux = pytest.mark.skipif(sys.platform != "linux", reason="the cage is there on Linux only")


def export(out, *options):
    command = [sys.executable, "-m", "autograder.cli", "export", "gradescope-bundle", EXERCISE]
    done = subprocess.run(
        [*command, "--out", str(out), *options], cwd=COURSE.root, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    assert "give it to no learner" in done.stdout
    return out


@pytest.fixture(scope="module")
def zipped(tmp_path_factory):
    return export(tmp_path_factory.mktemp("bundle") / "bundle.zip")


@pytest.fixture
def container(zipped, tmp_path):
    """Lay a folder out as Gradescope does: source/, run_autograder beside it, submission/."""
    root = tmp_path / "autograder"
    for name in ("source", "submission", "results"):
        (root / name).mkdir(parents=True)
    with zipfile.ZipFile(zipped) as archive:
        for entry in archive.infolist():
            path = Path(archive.extract(entry, root / "source"))
            path.chmod(entry.external_attr >> 16)
    shutil.copy(root / "source" / "run_autograder", root)
    return root


def run(root, forbidden=(), **files):
    for name, text in files.items():
        (root / "submission" / name.replace("__", ".")).write_text(text, encoding="utf-8")
    environment = {
        "PATH": os.environ["PATH"],
        "GRADEFLOW_ROOT": str(root),
        "GRADEFLOW_PYTHON": sys.executable,
    }
    command = [root / "run_autograder"]
    if forbidden:
        command = [sys.executable, "-c", FORBIDDING, ",".join(forbidden), *command]
    return subprocess.run(
        command,
        cwd="/",
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
    )


def results(root):
    return json.loads((root / "results" / "results.json").read_text(encoding="utf-8"))


def test_the_zip_has_what_gradescope_wants_at_its_root_and_executable(container):
    for name in ("setup.sh", "run_autograder"):
        script = container / "source" / name
        assert script.stat().st_mode & stat.S_IXUSR
        assert subprocess.run(["bash", "-n", script], check=False).returncode == 0
    requirements = (container / "source" / "requirements.txt").read_text(encoding="utf-8")
    assert "numpy==" in requirements
    assert "torch" not in requirements  # the exercise needs none


def test_a_right_submission_gets_all_points_from_the_caged_engine(container):
    done = run(container, neuron__py=RIGHT)
    assert done.returncode == 0, done.stdout + done.stderr
    written = results(container)
    assert written["score"] == 60
    assert written["extra_data"]["sandbox"] == "cage"
    assert {test["visibility"] for test in written["tests"]} == {"visible", "after_published"}


def test_a_wrong_submission_is_told_its_misconception(container):
    run(container, neuron__py=WRONG)
    written = results(container)
    assert 0 < written["score"] < 60
    assert written["extra_data"]["misconceptions"] == ["A1.7"]
    assert any("half as steep" in test["output"] for test in written["tests"])


def test_a_submission_neither_reads_the_hidden_checks_nor_writes_its_score(container):
    done = run(container, neuron__py=HOSTILE.format(root=container))
    assert done.returncode == 0, done.stdout + done.stderr
    written = results(container)
    assert written["score"] == 0
    assert list((container / "results").iterdir()) == [container / "results" / "results.json"]
    hidden = (container / "source/course/solutions" / EXERCISE / "test_hidden.py").read_text()
    first_check = next(line for line in hidden.splitlines() if line.startswith("def test_"))
    assert first_check not in json.dumps(written) + done.stdout


def test_of_several_files_the_one_with_the_work_is_graded(container):
    assert run(container, a__py=RIGHT, b__py="import math\n").returncode == 0
    assert results(container)["score"] == 60


def test_without_a_file_to_grade_the_learner_is_told_what_to_hand_in(container):
    assert run(container).returncode == 0
    written = results(container)
    assert written["score"] == 0
    assert "Hand in one file called neuron.py or neuron.ipynb" in written["output"]


def test_a_fault_of_ours_leaves_no_results_not_even_those_of_before(container):
    (container / "results" / "results.json").write_text('{"score": 60}')
    checks = container / "source/course/solutions" / EXERCISE / "test_public.py"
    checks.write_text("def broken(:\n")
    done = run(container, neuron__py=RIGHT)
    assert done.returncode == 1
    assert "a check file is broken" in done.stdout
    assert not (container / "results" / "results.json").exists()


@linux
def test_where_namespaces_are_forbidden_the_submission_is_caged_by_what_remains(container):
    done = run(container, forbidden=NAMESPACES, neuron__py=RIGHT)
    assert done.returncode == 0, done.stdout + done.stderr
    written = results(container)
    assert written["score"] == 60
    assert written["extra_data"]["layers"][0] == "landlock"
    assert {"files", "writes", "network", "trace"} <= set(written["extra_data"]["layers"])
    run(container, forbidden=NAMESPACES, neuron__py=HOSTILE.format(root=container))
    assert results(container)["score"] == 0
    assert list((container / "results").iterdir()) == [container / "results" / "results.json"]


@linux
def test_where_no_cage_can_be_had_no_score_is_given_and_the_instructor_told_what_to_do(container):
    (container / "results" / "results.json").write_text('{"score": 60}')
    done = run(container, forbidden=NAMESPACES + LANDLOCK, neuron__py=RIGHT)
    assert done.returncode == 1
    assert not (container / "results" / "results.json").exists()
    said = done.stdout.splitlines()[0]
    assert said.startswith("gradeflow: No score is given, because this container allows no cage")
    assert "make the autograder again with --allow-uncaged" in said
    assert "--no-sandbox" not in done.stdout  # another command's
    assert "this kernel has none" in done.stdout


@linux
def test_an_autograder_that_may_go_uncaged_does_so_only_where_it_must_and_says_so(container):
    settings = container / "source" / "gradeflow.json"
    told = settings.read_text().replace('"allow_uncaged":false', '"allow_uncaged":true')
    settings.write_text(told)
    run(container, neuron__py=RIGHT)
    assert results(container)["extra_data"]["sandbox"] == "cage"
    done = run(container, forbidden=NAMESPACES + LANDLOCK, neuron__py=RIGHT)
    assert "No cage can be had in this container" in done.stdout
    written = results(container)
    assert (written["score"], written["extra_data"]["sandbox"]) == (60, "plain")
    assert "forge its score" in written["extra_data"]["remarks"][0]


def test_the_command_writes_what_the_instructor_allowed_into_the_zip(zipped, tmp_path):
    with zipfile.ZipFile(zipped) as archive:
        assert json.loads(archive.read("gradeflow.json"))["allow_uncaged"] is False
    export(tmp_path / "allowed.zip", "--allow-uncaged")
    with zipfile.ZipFile(tmp_path / "allowed.zip") as archive:
        assert json.loads(archive.read("gradeflow.json"))["allow_uncaged"] is True
