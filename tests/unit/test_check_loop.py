"""The learner's loop: one task at a time, what is wrong first, and what comes next."""

import io
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest
from typer.testing import CliRunner

from autograder.catalogue import load_exercise
from autograder.cli.app import app
from autograder.cli.checking import still_there
from autograder.cli.progress import Progress
from autograder.grading.alone import own_choice

RIGHT = "import numpy as np\n\ndef tanh(z):\n    return np.tanh(z)\n"
WRONG = RIGHT + "\ndef relu(z):\n    return np.abs(z)\n\ndef d_relu(z):\n    return z\n"
COURSE = 'exercises = ["01_neuron", "05_layers"]\nlanguages = ["en", "zh"]\n[title]\nen = "C"\n'


@pytest.fixture(scope="module")
def course(tmp_path_factory, pytestconfig):
    """A learner's copy of two exercises, with tanh right and relu wrong in the first."""
    root = tmp_path_factory.mktemp("course")
    for name in ("01_neuron", "05_layers"):
        shutil.copytree(pytestconfig.rootpath / "assignments" / name, root / "assignments" / name)
    (root / "course.toml").write_text(COURSE, encoding="utf-8")
    stub = root / "assignments" / "01_neuron" / "neuron.py"
    text = stub.read_text(encoding="utf-8")
    text = text.replace('raise NotImplementedError("tanh")', "return np.tanh(z)")
    text = text.replace('raise NotImplementedError("relu")', "return np.abs(z)")
    text = text.replace('raise NotImplementedError("d_relu")', "return z")
    stub.write_text(text, encoding="utf-8")
    return root


@pytest.fixture
def home(course, monkeypatch):
    monkeypatch.delenv("GRADEFLOW_LANGUAGE", raising=False)
    monkeypatch.chdir(course)
    shutil.rmtree(course / "assignments" / ".gradeflow", ignore_errors=True)
    return course


def gradeflow(*arguments):
    return CliRunner().invoke(app, list(arguments))


@pytest.mark.usefixtures("home")
def test_the_first_task_that_is_wrong_is_in_full_and_each_other_one_line():
    lines = gradeflow("check", "1").output.splitlines()
    told = [line for line in lines if line.startswith(("✘", "✔", "○"))]
    assert [line.split()[1] for line in told] == [
        *("relu", "sigmoid", "tanh", "d_sigmoid", "d_tanh", "d_relu", "neuron")
    ]
    assert lines[2] == told[0]
    between = lines[lines.index(told[1]) : lines.index(told[-1]) + 1]
    assert between == told[1:]
    assert any("--all" in line for line in lines)


@pytest.mark.usefixtures("home")
def test_with_all_every_task_that_is_wrong_is_in_full():
    short, whole = (gradeflow("check", "1", *more).output for more in ((), ("--all",)))
    assert short.count("call") < whole.count("call")
    assert "d_relu(" not in short
    assert "d_relu(" in whole


@pytest.mark.parametrize(
    "arguments", [("tanh",), ("1", "--task", "tanh"), ("--task", "tanh")], ids=" ".join
)
@pytest.mark.usefixtures("home")
def test_one_task_is_checked_by_its_name(arguments):
    done = gradeflow("check", *arguments)
    assert done.exit_code == 0
    assert "tanh" in done.output
    assert "sigmoid  " not in done.output
    assert "Next: relu" in done.output  # nobody has looked at the others yet: the one behind it


@pytest.mark.usefixtures("home")
def test_after_a_task_that_passes_the_one_is_told_that_did_not():
    gradeflow("check", "1")
    assert "Next: sigmoid" in gradeflow("check", "tanh").output


@pytest.mark.usefixtures("home")
def test_a_name_that_is_an_exercise_s_and_a_task_s_is_the_exercise_s():
    assert "relu" in gradeflow("check", "neuron").output


@pytest.mark.usefixtures("home")
def test_a_misspelt_task_is_suggested_where_no_exercise_is_near():
    assert "Did you mean d_sigmoid?" in str(gradeflow("check", "d_sigmod").exception)


def test_a_task_of_several_exercises_is_asked_for_with_an_example(home):
    shutil.copytree(home / "assignments" / "01_neuron", home / "assignments" / "05_twin")
    try:
        text = (home / "course.toml").read_text(encoding="utf-8")
        (home / "course.toml").write_text(text.replace("05_layers", "05_twin"), encoding="utf-8")
        told = str(gradeflow("check", "tanh").exception)
    finally:
        (home / "course.toml").write_text(COURSE, encoding="utf-8")
        shutil.rmtree(home / "assignments" / "05_twin")
    assert "gradeflow check 01_neuron --task tanh" in told


def test_one_task_alone_calls_no_exercise_begun_and_forgets_nothing_of_the_others(home):
    notes = Progress(home / "assignments")
    gradeflow("check", "tanh")
    assert notes.of("01_neuron") == {}
    gradeflow("check", "1")
    before = notes.of("01_neuron")
    gradeflow("check", "tanh")
    assert notes.of("01_neuron") == before
    assert notes.first_open("01_neuron") == "sigmoid"


@pytest.mark.usefixtures("home")
def test_the_list_tells_the_course_s_points_and_what_to_do_now():
    before = gradeflow("list").output
    assert "0 of 2 exercises done, 0 of " in " ".join(before.split())
    assert "Next: 01_neuron. Write sigmoid" in " ".join(before.split())
    gradeflow("check", "1")
    assert "done, 0 of " not in " ".join(gradeflow("list").output.split())


def test_with_all_exercises_done_the_list_says_so(home):
    notes = home / "assignments" / ".gradeflow"
    notes.mkdir()
    one = '{"passed": 1, "checks": 1, "points": 1, "possible": 1}'
    (notes / "progress.json").write_text(
        f'{{"checks": {{"01_neuron": {one}, "05_layers": {one}}}}}'
    )
    assert "All exercises of the course are done" in gradeflow("list").output


def test_with_both_forms_worked_in_it_is_said_which_is_checked_and_why(home):
    folder = home / "assignments" / "01_neuron"
    notebook = folder / "neuron.ipynb"
    before = notebook.read_text(encoding="utf-8")
    try:
        notebook.write_text(
            before.replace('raise NotImplementedError(\\"relu\\")', "return 1"), encoding="utf-8"
        )
        os.utime(notebook, (1, 1))
        for _ in range(2):
            assert "neuron.py is checked: you have worked in both" in gradeflow("check", "1").output
        os.utime(notebook, (2**31, 2**31))
        assert "检查的是 neuron.ipynb" in gradeflow("check", "1", "--language", "zh").output
        assert own_choice(load_exercise(folder)).other == folder / "neuron.py"
    finally:
        notebook.write_text(before, encoding="utf-8")
        os.utime(notebook, (1, 1))
    assert "worked in both" not in gradeflow("check", "1").output


def test_a_picture_is_drawn_over_an_earlier_one_but_over_nothing_else(home, tmp_path):
    mine = tmp_path / "mine.svg"
    mine.write_text("<svg/>")
    assert "not drawn by gradeflow" in str(gradeflow("check", "1", "--plot", str(mine)).exception)
    assert mine.read_text() == "<svg/>"
    drawn = str(tmp_path / "drawn.svg")
    assert [gradeflow("check", "1", "--plot", drawn).exit_code for _ in range(2)] == [1, 1]


def test_python_m_autograder_is_the_command(home):
    command = [sys.executable, "-m", "autograder", "list"]
    done = subprocess.run(command, cwd=home, capture_output=True, text=True)
    assert (done.returncode, "01_neuron" in done.stdout) == (0, True)


@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        ("gradeflow che", "check"),
        ("gradeflow check 05", "05_layers"),
        ("gradeflow hint d_s", "d_sigmoid"),
    ],
)
def test_a_shell_completes_commands_exercises_and_tasks(home, typed, offered):
    words = {"_GRADEFLOW_COMPLETE": "complete_bash", "COMP_WORDS": typed}
    asked = os.environ | words | {"COMP_CWORD": str(len(typed.split()) - 1)}
    command = [str(Path(sys.executable).with_name("gradeflow"))]
    done = subprocess.run(command, cwd=home, env=asked, capture_output=True, text=True)
    assert offered in done.stdout.split()


@pytest.mark.parametrize("command", ["start", "list", "check", "watch", "hint", "reset"])
def test_the_help_of_a_learner_s_command_is_in_their_language(home, monkeypatch, command):
    monkeypatch.setenv("GRADEFLOW_LANGUAGE", "zh")
    text = gradeflow(command, "--help").output
    assert text.startswith("用法：")
    for english in ("Usage", "Options:", "Arguments:", "Show this", "required", "Example"):
        assert english not in text
    assert f"例子：gradeflow {command}" in text


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("chek",), "没有命令“chek”。你是想写 check 吗？"),
        (("check", "--foo"), "没有选项 --foo。"),
        (("hint",), "缺少 TASK。"),
        (("hint", "--language", "zh"), "缺少 TASK。"),
        (("hint", "tanh", "--rung", "x"), "命令写得不对："),
    ],
)
def test_a_wrong_call_is_told_in_the_learner_s_language(home, monkeypatch, arguments, told):
    if "--language" not in arguments:
        monkeypatch.setenv("GRADEFLOW_LANGUAGE", "zh")
    assert told in str(gradeflow(*arguments).exception)


def test_a_wrong_call_in_english_is_click_s_own(home):
    done = gradeflow("check", "--foo")
    assert done.exit_code == 2
    assert "No such option" in done.output
    # Typer reads it by pydantic, whose own word for an error is none of a learner's.
    assert "'--language': 'fr' is not one of" in gradeflow("check", "--language", "fr").output


class Terminal(io.StringIO):
    def isatty(self):
        return True


@pytest.mark.parametrize(("breath", "told"), [(0.0, True), (60.0, False)])
def test_who_waits_in_a_terminal_is_told_that_it_goes_on(home, monkeypatch, breath, told):
    monkeypatch.setattr("autograder.cli.checking.BREATH", breath)
    monkeypatch.setattr("sys.stderr", Terminal())
    with still_there(load_exercise(home / "assignments" / "01_neuron"), "en"):
        time.sleep(0.1 if told else 0)
    assert ("never ends is stopped after 2 seconds" in sys.stderr.getvalue()) is told


def test_work_under_another_name_is_asked_for_where_nothing_is_written(home):
    folder = home / "assignments" / "05_layers"
    handed_out = (folder / "layers.py").read_text(encoding="utf-8")
    copy, work = folder / "layers_copy.py", folder / "layers (1).py"
    copy.write_text(handed_out, encoding="utf-8")
    (folder / "helper.py").write_text("def step(z):\n    return z >= 0\n", encoding="utf-8")
    assert own_choice(load_exercise(folder)).misnamed is None
    work.write_text(
        handed_out.replace('raise NotImplementedError("softmax")', "return 1"), encoding="utf-8"
    )
    told = gradeflow("check", "softmax").output
    assert "nothing is written in it. Is your work in layers (1).py?" in told
    work.unlink()
