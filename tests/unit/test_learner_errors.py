"""What a learner's command says when it cannot be carried out: in their language, and kindly."""

import ast
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

import autograder
from autograder.catalogue import find_course, language_at
from autograder.cli.app import app
from autograder.cli.places import exercise_of
from autograder.errors import CourseError, EngineFault, GradeFlowError, SubmissionError
from autograder.messages import learner_error, number_of, told
from autograder.notebook import check as check_in_notebook

ROOT = Path(autograder.__file__).parent
LEARNERS = (
    "cli/checking.py",
    "cli/helping.py",
    "cli/listing.py",
    "cli/starting.py",
    "cli/places.py",
    "notebook.py",
    "grading/alone.py",
)


@pytest.fixture
def home(tmp_path, pytestconfig, monkeypatch):
    """A learner's copy of two exercises; the current folder is the course's."""
    monkeypatch.delenv("GRADEFLOW_LANGUAGE", raising=False)
    given = pytestconfig.rootpath / "assignments"
    for name in ("01_neuron", "05_layers"):
        shutil.copytree(given / name, tmp_path / "assignments" / name)
    course(tmp_path, "en")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def course(folder, language):
    (folder / "course.toml").write_text(
        'exercises = ["01_neuron", "03_xor", "05_layers"]\n'
        f'language = "{language}"\n[title]\nen = "C"\nzh = "课"\n',
        encoding="utf-8",
    )


def said(*arguments):
    """What a command that fails hands to whoever prints it."""
    error = CliRunner().invoke(app, arguments).exception
    assert type(error) is GradeFlowError
    return str(error)


MISTAKES = [
    (("check", "01_neurn"), "Did you mean 01_neuron?", "你是想写 01_neuron 吗？"),
    (("check", "99_nothing"), "There is no exercise '99_nothing'", "没有练习“99_nothing”"),
    (("check", "xor"), "has not been handed out yet", "它还没有发放"),
    (("check", "elsewhere"), "does not belong to an exercise", "不属于任何练习"),
    (("check", "neurn.py"), "There is no file neurn.py", "没有 neurn.py 这个文件"),
    (("check", "neuron.py"), "mean assignments/01_neuron/neuron.py?", "01_neuron/neuron.py 吗？"),
    (("check", "1", "--plot", "a.png"), "ends in .svg or .html", "以 .svg 或 .html 结尾"),
    (("check", "1", "--plot", "no/a.svg"), "there is no folder no", "没有文件夹 no"),
    (("check", "5", "--plot", "a.svg"), "05_layers has no picture", "05_layers 没有图"),
    (("hint", "sigmod"), "Did you mean sigmoid?", "你是想写 sigmoid 吗？"),
    (("hint", "qqq"), "There is no task 'qqq' in this course.", "这门课中没有任务“qqq”。"),
    (("hint", "05_layers"), "05_layers is an exercise.", "05_layers 是一个练习。"),
    (("hint", "Tanh", "--exercise", "1"), "Did you mean tanh?", "你是想写 tanh 吗？"),
    (("hint", "forward", "--exercise", "5_layer"), "Did you mean 05_layers?", "05_layers 吗？"),
]


@pytest.fixture
def mistaken(home):
    """A course in which each of the mistakes can be made."""
    (home / "assignments" / "05_layers" / "plot.py").unlink()
    (home / "elsewhere").mkdir()
    return home


@pytest.mark.parametrize(("arguments", "en", "zh"), MISTAKES)
@pytest.mark.usefixtures("mistaken")
def test_a_mistake_is_told_in_the_language_that_was_asked_for(arguments, en, zh):
    assert en in said(*arguments, "--language", "en")
    assert zh in said(*arguments, "--language", "zh")


@pytest.mark.parametrize("command", ["list", "check", "hint"])
def test_outside_a_course_a_learner_is_told_so_in_their_language(tmp_path, monkeypatch, command):
    monkeypatch.chdir(tmp_path)
    arguments = (command, "sigmoid")[: 1 if command == "list" else 2]
    assert "这里没有课程" in said(*arguments, "--language", "zh")
    assert "There is no course here" in said(*arguments, "--language", "en")


def test_a_course_of_which_nothing_was_handed_out_says_so(home):
    shutil.rmtree(home / "assignments")
    assert "中还没有练习" in said("list", "--language", "zh")
    assert "There are no exercises in" in said("hint", "sigmoid")


def test_without_the_option_the_variable_and_then_the_course_choose_the_language(home, monkeypatch):
    course(home, "zh")
    assert "你是想写" in said("hint", "sigmod")
    monkeypatch.setenv("GRADEFLOW_LANGUAGE", "en")
    assert "Did you mean" in said("hint", "sigmod")
    assert "你是想写" in said("hint", "sigmod", "--language", "zh")


def test_the_language_is_that_of_the_course_to_which_the_named_folder_belongs(
    home, tmp_path_factory, monkeypatch
):
    course(home, "zh")
    monkeypatch.chdir(tmp_path_factory.mktemp("elsewhere"))
    folder = home / "assignments" / "01_neuron"
    assert "结尾的文件名" in said("check", str(folder), "--plot", "a.png")


def test_a_broken_course_file_chooses_no_language_and_hides_no_other_mistake(home):
    (home / "course.toml").write_text("language = zh")
    folder = home / "assignments" / "01_neuron"
    assert language_at(folder) == "en"
    assert "name a file that ends" in said("check", str(folder), "--plot", "a.png")


def test_what_is_wrong_with_the_course_is_told_as_no_fault_of_the_learner(home):
    (home / "assignments" / "01_neuron" / "exercise.toml").write_text("points = ")
    text = said("check", "1", "--language", "zh")
    assert text.startswith("课程的文件有问题，这不是你的错。")
    assert "exercise.toml: is not valid TOML" in text


def test_a_fault_of_ours_and_one_of_the_machine_are_told_in_the_learner_s_language():
    assert told(EngineFault("gone"), "zh").startswith("我们这边出了故障，这不是你的错。")
    refused = PermissionError(13, "Permission denied", "a.py")
    assert told(refused, "zh") == "你的电脑拒绝了这个操作：a.py: Permission denied"
    assert told(CourseError("x", Path("a"), 3), "en").endswith(": a:3: x")


def test_what_the_machine_refuses_is_told_in_the_language_that_was_asked_for(home, monkeypatch):
    def refuse(folder):
        raise PermissionError(13, "Permission denied", str(folder))

    monkeypatch.setattr("autograder.catalogue.course.load_exercise", refuse)
    assert said("list", "--language", "zh").startswith("你的电脑拒绝了这个操作：")
    assert said("list").startswith("Your computer refused: ")


def test_a_missing_file_is_told_with_the_one_that_may_be_meant(home):
    folder = Path("assignments", "01_neuron")
    wrong, right = folder / "nueron.py", folder / "neuron.py"
    (home / folder / "neuron.ipynb").unlink()
    assert said("check", str(wrong)).endswith(f"Did you mean {right}?")


def test_a_learner_s_file_under_another_name_is_found_in_both_languages(home):
    folder = home / "assignments" / "01_neuron"
    (folder / "neuron.ipynb").unlink()
    (folder / "neuron.py").rename(folder / "neuron (1).py")
    assert "把文件改名为 neuron.py" in said("check", "1", "--language", "zh")
    assert "rename your file to neuron.py" in said("check", "1")
    (folder / "neuron (1).py").unlink()
    (folder / "plot.py").unlink()
    assert "请重新获取这个练习" in said("check", "1", "--language", "zh")


@pytest.mark.parametrize("typed", ["neuron", "1", "01", "01_NEURON", "01_neuron/"])
@pytest.mark.usefixtures("home")
def test_a_short_form_is_accepted_for_an_exercise(typed):
    assert exercise_of(typed)[0].name == "01_neuron"


def test_a_hint_is_given_for_a_task_of_an_exercise_in_short_form(home):
    done = CliRunner().invoke(app, ["hint", "forward", "--exercise", "layers"])
    assert done.exit_code == 0
    assert "forward" in done.output
    assert (home / "assignments" / ".gradeflow").is_dir()


def test_a_task_of_two_exercises_asks_for_a_choice(home, pytestconfig):
    given = pytestconfig.rootpath / "assignments" / "07_backprop"
    shutil.copytree(given, home / "assignments" / "03_xor")
    assert "'forward' is a task of 07_backprop, 05_layers" in said("hint", "forward")
    assert "07_backprop、05_layers。请用 --exercise" in said("hint", "forward", "--language", "zh")


def test_in_a_notebook_a_misspelt_task_is_told_in_the_learner_s_language(home, capsys):
    folder = home / "assignments" / "01_neuron"
    assert check_in_notebook("sigmod", folder=folder, language="zh") == 0.0
    assert capsys.readouterr().out.rstrip().endswith("你是想写 sigmoid 吗？")
    check_in_notebook("sigmod", folder=folder)
    assert capsys.readouterr().out.rstrip().endswith("Did you mean sigmoid?")
    course(home, "zh")
    check_in_notebook("sigmoid", folder=home)
    assert "旁边没有 exercise.toml" in capsys.readouterr().out


def test_a_language_that_there_is_not_leaves_the_course_s_own(home):
    course(home, "zh")
    assert language_at(home, "fr") == "zh"


def test_the_command_prints_one_sentence_and_no_traceback(home):
    done = subprocess.run(
        [sys.executable, "-m", "autograder.cli", "check", "01_neurn", "--language", "zh"],
        capture_output=True, encoding="utf-8", cwd=home,
        env={"PYTHONPATH": str(ROOT.parent), "PYTHONUTF8": "1"},
    )  # fmt: skip
    assert done.returncode == 2
    assert done.stdout == ""
    assert re.fullmatch(
        r"gradeflow: .*没有练习“01_neurn”。.*你是想写 01_neuron 吗？\n", done.stderr
    )


def test_an_error_for_a_learner_is_english_where_nobody_chose_a_language():
    error = learner_error("error.no_task", task="{a}", names=("b", "c"), similar="b")
    assert str(error) == "There is no task '{a}' here. The tasks are: b, c. Did you mean b?"
    assert told(error, "zh") == "这里没有任务“{a}”。这里的任务有：b、c。你是想写 b 吗？"


def test_a_list_of_nothing_is_called_none():
    error = learner_error("error.no_exercise_of", name="a", names=())
    assert str(error).endswith("The course has: none.")


def test_an_unreadable_submission_is_told_like_every_other_error():
    assert "第 3 行" in told(SubmissionError("submission.not_json", line=3), "zh")


def test_no_control_characters_of_a_name_reach_a_terminal():
    error = learner_error("error.outside", name="\x1b[2Ja")
    assert told(error, "en").startswith("[2Ja does not")


@pytest.mark.parametrize("path", LEARNERS)
def test_what_only_learners_meet_holds_no_sentence_of_its_own(path):
    tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
    raised = {
        node.func.id
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    }
    assert not {name for name in raised if name.endswith("Error") and name != "NotImplementedError"}


def test_an_instructor_s_typing_mistake_gets_a_suggestion_too(tiny_exercise, tmp_path):
    tiny_exercise()
    (tmp_path / "course.toml").write_text(
        'exercises = ["01_tiny"]\n[title]\nen = "C"\nzh = "课"\n', encoding="utf-8"
    )
    found = find_course(tmp_path)
    assert found.authored(found.meant("tiny")).name == "01_tiny"
    with pytest.raises(GradeFlowError, match=r"'01_tny' here\. Did you mean 01_tiny\?"):
        found.authored("01_tny")


def test_one_thing_is_counted_as_one():
    assert [number_of(count, "score") for count in (0, 1, 2)] == ["0 scores", "1 score", "2 scores"]
