import io
import json
import re
import subprocess
import sys

import msgspec
import pytest
from typer.main import get_command
from typer.testing import CliRunner

from autograder.catalogue import find_course
from autograder.cli.app import app, main
from autograder.cli.places import warn_of_salt

COMMANDS = get_command(app).commands
EXPORTS = COMMANDS["export"].commands


def gradeflow(*arguments, cwd):
    """Run a command as a shell would, in this process."""
    out, err = (io.TextIOWrapper(io.BytesIO(), encoding="utf-8") for _ in range(2))
    code = 0
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(cwd)
        patch.setattr(sys, "argv", ["gradeflow", *arguments])
        patch.setattr(sys, "stdout", out)
        patch.setattr(sys, "stderr", err)
        try:
            main()
        except SystemExit as left:
            code = left.code
    out.flush()
    err.flush()
    said = (stream.buffer.getvalue().decode() for stream in (out, err))
    return subprocess.CompletedProcess(arguments, code, *said)


@pytest.fixture
def course(tiny_exercise, tmp_path):
    tiny_exercise()
    (tmp_path / "course.toml").write_text(
        'exercises = ["01_tiny"]\n[title]\nen = "C"\nzh = "课"\n', encoding="utf-8"
    )
    return tmp_path


def test_the_commands_are_these():
    assert set(COMMANDS) == {
        "list", "check", "hint", "grade", "build", "audit", "new-exercise", "doctor", "export",
        "explain", "groups", "learn", "nbgrader", "play", "regrade", "release", "report", "reset",
        "similar", "start", "watch",
    }  # fmt: skip


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_every_command_has_help_with_an_example(name):
    done = CliRunner().invoke(app, [name, "--help"])
    assert done.exit_code == 0
    assert re.search(rf"Example: gradeflow {name}\b", done.output)


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_every_option_and_argument_of_a_command_is_explained(name):
    unexplained = [
        parameter.name
        for parameter in COMMANDS[name].params
        if parameter.name not in ("help", "jobs") and not getattr(parameter, "help", None)
    ]
    assert not unexplained


@pytest.mark.parametrize("name", sorted(EXPORTS))
def test_every_export_has_help_with_an_example_and_explains_its_options(name):
    done = CliRunner().invoke(app, ["export", name, "--help"])
    assert done.exit_code == 0
    assert f"Example: gradeflow export {name} " in done.output
    unexplained = [
        parameter.name
        for parameter in EXPORTS[name].params
        if parameter.name != "help" and not getattr(parameter, "help", None)
    ]
    assert not unexplained


def test_help_lists_every_command():
    output = CliRunner().invoke(app, ["--help"]).output
    assert all(name in output for name in COMMANDS)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_help_says_of_every_command_a_whole_sentence(language, monkeypatch):
    monkeypatch.setenv("GRADEFLOW_LANGUAGE", language)
    for group in ([], ["export"], ["nbgrader"]):
        assert "..." not in CliRunner().invoke(app, [*group, "--help"]).output.split("\n\n", 1)[1]


def test_in_an_empty_folder_the_first_exercise_starts_a_course(tmp_path, monkeypatch):
    (tmp_path / ".venv").mkdir()
    monkeypatch.chdir(tmp_path)
    done = CliRunner().invoke(app, ["new-exercise", "01_words"])
    assert "started a course" in done.output
    course = find_course(tmp_path)
    assert (course.exercises, course.languages) == (("01_words",), ("en",))
    assert len(course.salt) == 32
    assert course.authored("01_words").languages == ("en",)


@pytest.mark.parametrize(
    ("name", "file", "says"),
    [("01_words", "essay.txt", "a new one is started in an empty folder"), ("words", "", "digits")],
)
def test_where_no_course_can_be_started_nothing_is_written(tmp_path, monkeypatch, name, file, says):
    if file:
        (tmp_path / file).touch()
    monkeypatch.chdir(tmp_path)
    assert says in str(CliRunner().invoke(app, ["new-exercise", name]).exception)
    assert not (tmp_path / "course.toml").exists()


def test_where_there_are_no_exercises_build_says_how_to_start_one(tmp_path, monkeypatch):
    (tmp_path / "course.toml").write_text('exercises = []\n[title]\nen = "C"\n', "utf-8")
    monkeypatch.chdir(tmp_path)
    assert "gradeflow new-exercise" in CliRunner().invoke(app, ["build"]).output


@pytest.mark.parametrize("command", [("groups", "1"), ("report", "1"), ("export", "csv", "1")])
def test_results_of_nbgraders_commands_are_pointed_at(course, monkeypatch, command):
    (course / "build" / "nbgrader" / "results" / "01_tiny").mkdir(parents=True)
    monkeypatch.chdir(course)
    says = str(CliRunner().invoke(app, command).exception)
    assert "build/nbgrader/results/01_tiny: name that folder with --results" in says


def one_sentence(done, says):
    assert done.returncode == 2
    assert done.stdout == ""
    assert "Traceback" not in done.stderr
    assert done.stderr.startswith("gradeflow: ")
    assert says in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


@pytest.mark.parametrize(
    "arguments",
    [
        ("check", "99_nothing"),
        ("grade", "99_nothing", "."),
        ("audit", "99_nothing"),
        ("export", "csv", "99_nothing"),
        ("export", "gradescope-bundle", "99_nothing"),
    ],
    ids=lambda arguments: arguments[0],
)
def test_an_unknown_exercise_is_one_sentence_and_exit_code_2(course, arguments):
    one_sentence(gradeflow(*arguments, cwd=course), "There is no exercise '99_nothing'")


@pytest.mark.parametrize(
    "arguments",
    [("grade", "01_tny", "."), ("audit", "01_tny"), ("build", "01_tny"), ("export", "csv", "tny")],
    ids=lambda arguments: arguments[0],
)
def test_a_misspelt_exercise_is_one_sentence_that_says_what_may_be_meant(course, arguments):
    one_sentence(gradeflow(*arguments, cwd=course), "Did you mean 01_tiny?")


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("csv", "01_tiny"), "There are no results in results"),
        (("gradescope", "01_tiny", "ann"), "There are no results in results"),
        (("csv", "01_tiny", "01_tiny", "--results", "x"), "--results names the folder of one"),
    ],
)
def test_an_export_that_cannot_be_made_is_one_sentence_and_exit_code_2(course, arguments, says):
    one_sentence(gradeflow("export", *arguments, cwd=course), says)


@pytest.fixture
def graded(course):
    from autograder.model import Result, Score, to_json

    folder = course / "results" / "01_tiny"
    folder.mkdir(parents=True)
    for learner, points in (("ann", 6.0), ("王 芳", None)):
        result = Result("01_tiny", learner, "tiny.py", Score(6.0, points))
        (folder / f"{learner}.json").write_bytes(to_json(result))
    return course


def test_exporting_a_class_with_a_roster_names_who_handed_in_nothing(graded):
    (graded / "roster.csv").write_text("id,name\nann,Ann\nbob,Bob\n", encoding="utf-8")
    done = gradeflow("export", "csv", "01_tiny", "--roster", "roster.csv", cwd=graded)
    assert done.returncode == 0, done.stderr
    lines = (graded / "01_tiny.csv").read_text(encoding="utf-8-sig").splitlines()
    states = {line.split(",")[1]: line.split(",")[4:6] for line in lines[1:]}
    assert states == {
        "ann": ["graded", "6"],
        "bob": ["not_submitted", ""],
        "王 芳": ["withheld", ""],
    }


@pytest.mark.parametrize("command", [("explain",), ("export", "gradescope")], ids=" ".join)
def test_a_learner_without_a_result_is_told_who_has_one_the_same_by_every_command(graded, command):
    done = gradeflow(*command, "01_tiny", "zoe", cwd=graded)
    one_sentence(done, "01_tiny has results of ann, 王 芳, and none of 'zoe'.")


def test_an_export_of_an_exercise_in_short_form_carries_its_whole_name(graded):
    done = gradeflow("export", "csv", "tiny", cwd=graded)
    assert done.returncode == 0, done.stderr
    assert (graded / "01_tiny.csv").is_file()


def test_exporting_to_canvas_tells_who_got_no_score(graded):
    (graded / "g.csv").write_text(
        "Student,ID,SIS Login ID,Section,01_tiny (4711)\n"
        "    Points Possible,,,,6.00\nAnn,1,ann,A,\n芳 王,2,王 芳,A,3.00\n",
        encoding="utf-8",
    )
    done = gradeflow("export", "canvas", "01_tiny", "--into", "g.csv", "--out", "i.csv", cwd=graded)
    assert done.returncode == 0, done.stderr
    assert "1 without a score, their cells left as they were: 王 芳 (withheld)" in done.stderr
    text = (graded / "i.csv").read_text(encoding="utf-8")
    assert text.splitlines()[2:] == ["Ann,1,ann,A,6", "芳 王,2,王 芳,A,3.00"]


def test_a_table_can_be_piped(graded):
    done = gradeflow("export", "json", "01_tiny", "--out", "-", cwd=graded)
    assert json.loads(done.stdout)["tables"][0]["exercise"] == "01_tiny"
    assert done.stderr == ""


def test_outside_a_course_a_command_says_where_it_looked(tmp_path):
    one_sentence(gradeflow("list", cwd=tmp_path), "course.toml was looked for in this folder")


def test_a_broken_course_file_is_located(tmp_path):
    (tmp_path / "course.toml").write_text("exercises = \n", encoding="utf-8")
    one_sentence(gradeflow("list", cwd=tmp_path), "course.toml:1: is not valid TOML")


def test_the_version_is_printed_and_all_is_well(tmp_path):
    done = gradeflow("--version", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert re.fullmatch(r"gradeflow \d+\.\d+\.\d+\S*\n", done.stdout)


@pytest.mark.parametrize(("salt", "told"), [("", True), ("change-me", True), ("s3cr3t", False)])
def test_a_salt_that_everybody_knows_is_warned_of(course, capsys, salt, told):
    warn_of_salt(msgspec.structs.replace(find_course(course), salt=salt))
    assert ("is known to everybody" in capsys.readouterr().err) is told


@pytest.mark.parametrize("name", ["check", "doctor", "hint", "list", "reset", "start", "watch"])
@pytest.mark.parametrize("asked", [["--language", "zh"], ["--language=zh"]])
def test_help_speaks_the_language_that_is_asked_for_beside_it(name, asked, monkeypatch):
    monkeypatch.setenv("GRADEFLOW_LANGUAGE", "en")
    said = CliRunner().invoke(app, [name, *asked, "--help"]).output
    assert said.startswith("用法：")
    assert f"例子：gradeflow {name}" in said
    assert CliRunner().invoke(app, [name, "--help"]).output.startswith("Usage: ")
