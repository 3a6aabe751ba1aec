import re
import subprocess
import sys

import pytest
from typer.main import get_command
from typer.testing import CliRunner

from autograder.cli.app import app

COMMANDS = get_command(app).commands


def gradeflow(*arguments, cwd):
    return subprocess.run(
        [sys.executable, "-m", "autograder.cli", *arguments],
        capture_output=True,
        text=True,
        cwd=cwd,
        env=None,
    )


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


def test_help_lists_every_command():
    output = CliRunner().invoke(app, ["--help"]).output
    assert all(name in output for name in COMMANDS)


def one_sentence(done, says):
    assert done.returncode == 2
    assert done.stdout == ""
    assert "Traceback" not in done.stderr
    assert done.stderr.startswith("gradeflow: ")
    assert says in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


@pytest.mark.parametrize(
    "arguments",
    [("check", "99_nothing"), ("grade", "99_nothing", "."), ("audit", "99_nothing")],
    ids=lambda arguments: arguments[0],
)
def test_an_unknown_exercise_is_one_sentence_and_exit_code_2(course, arguments):
    one_sentence(gradeflow(*arguments, cwd=course), "There is no exercise '99_nothing'")


def test_outside_a_course_a_command_says_where_it_looked(tmp_path):
    one_sentence(gradeflow("list", cwd=tmp_path), "course.toml was looked for in this folder")


def test_a_broken_course_file_is_located(tmp_path):
    (tmp_path / "course.toml").write_text("exercises = \n", encoding="utf-8")
    one_sentence(gradeflow("list", cwd=tmp_path), "course.toml:1: is not valid TOML")


def test_every_reason_for_leaving_a_file_out_has_words():
    from autograder.cli.instructor import LEFT_OUT
    from autograder.submission.discover import SKIP_REASONS

    assert LEFT_OUT.keys() == SKIP_REASONS
