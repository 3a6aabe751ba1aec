"""`gradeflow play` refuses with one sentence before anything starts."""

import importlib.util
import shutil
import socket
from pathlib import Path

import pytest
from typer.testing import CliRunner

from autograder.cli.app import app
from autograder.errors import GradeFlowError

ROOT = Path(__file__).parents[2]


@pytest.fixture
def said(tmp_path, monkeypatch):
    """What the command says in a course without an exercise."""
    monkeypatch.delenv("GRADEFLOW_LANGUAGE", raising=False)
    monkeypatch.chdir(tmp_path)
    shutil.copy(ROOT / "course.toml", tmp_path)
    (tmp_path / "assignments").mkdir()

    def run(*options):
        error = CliRunner().invoke(app, ["play", *options]).exception
        assert type(error) is GradeFlowError
        return str(error)

    return run


def lacking(monkeypatch, *names):
    found = importlib.util.find_spec
    monkeypatch.setattr(
        importlib.util, "find_spec", lambda name: None if name in names else found(name)
    )


def test_what_is_not_installed_is_named_by_its_extra(said, monkeypatch):
    lacking(monkeypatch, "uvicorn")
    assert 'pip install "gradeflow[play]"' in said()


def test_a_framework_that_is_not_installed_is_named_by_its_extra(said, monkeypatch):
    lacking(monkeypatch, "tensorflow")
    assert 'pip install "gradeflow[tensorflow]"' in said("--framework", "tensorflow")


def test_a_course_without_its_exercises_is_told_which_are_meant(said):
    assert "07_backprop" in said()
    assert "08_descent" in said("--language", "zh")


def test_a_port_that_is_taken_is_told_with_what_to_do(said):
    shutil.copytree(ROOT / "assignments" / "01_neuron", "assignments/01_neuron")
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        text = said("--port", str(other.getsockname()[1]))
    assert "Name another with --port" in text
