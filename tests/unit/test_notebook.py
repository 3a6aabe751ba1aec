"""check("sigmoid") in a cell: what it returns, what it shows, and what it leaves alone."""

import builtins
import shutil
import sys

import numpy as np
import pytest

from autograder.messages import texts
from autograder.notebook import check


@pytest.fixture
def neuron(tmp_path, pytestconfig):
    """A learner's copy of exercise 1, and nothing else of the course."""
    given = pytestconfig.rootpath / "assignments" / "01_neuron"
    return shutil.copytree(given, tmp_path / "01_neuron")


@pytest.fixture
def define(monkeypatch):
    """Define functions where a notebook's cells do."""

    def define(**functions):
        for name, function in functions.items():
            monkeypatch.setattr(sys.modules["__main__"], name, function, raising=False)

    return define


def relu(z):
    return np.maximum(z, 0.0)


def test_points_read_as_a_plain_number_that_a_notebook_hides_and_nothing_goes_to_stderr(
    neuron, define, capfd
):
    define(relu=relu)
    points = check("relu", folder=neuron)
    shown = capfd.readouterr()
    assert builtins.float(repr(points)) == points  # as nbgrader takes it
    assert points._repr_html_() == ""
    assert points > 0
    assert "✔ relu" in shown.out
    assert shown.err == ""


@pytest.mark.parametrize("task", ["relu", "tanh", "reluu"])
def test_while_nbgrader_validates_the_reason_goes_to_stderr(
    neuron, define, capfd, monkeypatch, task
):
    monkeypatch.setenv("NBGRADER_VALIDATING", "1")
    define(relu=lambda z: z)
    assert check(task, folder=neuron, language="en") == 0.0
    reasons = {
        "relu": "The value is not the expected one.",
        "tanh": "tanh is not defined yet: run the cell above.",
        "reluu": "There is no task 'reluu' here.",
    }
    assert reasons[task] in capfd.readouterr().err


def test_validation_hears_nothing_of_what_is_right(neuron, define, capfd, monkeypatch):
    monkeypatch.setenv("NBGRADER_VALIDATING", "1")
    define(relu=relu)
    assert check("relu", folder=neuron) > 0
    assert capfd.readouterr().err == ""


def test_where_there_is_only_text_the_reasons_come_as_text(neuron, define, capfd):
    define(relu=lambda z: z)
    assert check("relu", folder=neuron, language="zh") == 0.0
    shown = capfd.readouterr().out
    assert "✘ relu" in shown
    assert "应为" in shown
    assert "<div" not in shown


def test_an_unknown_task_is_told_in_a_sentence(neuron, capfd):
    assert check("reluu", folder=neuron) == 0.0
    assert "There is no task 'reluu' here. The tasks are: sigmoid" in capfd.readouterr().out


@pytest.mark.parametrize("text", ["import nothing_like_it", "def plot(s, r):\n    return 1 / 0"])
def test_a_picture_that_cannot_be_made_here_costs_a_sentence_and_no_points(
    neuron, define, told, text
):
    (neuron / "plot.py").write_text(text)
    define(relu=relu)
    assert check("relu", folder=neuron) > 0
    assert "No picture could be drawn" in told[-1]._repr_html_()
    assert "<img" not in told[-1]._repr_html_()


def test_the_picture_of_the_task_stands_below_its_message(neuron, define, told):
    define(relu=relu)
    check("relu", folder=neuron)
    assert told[-1]._repr_html_().count("<img") == 1


@pytest.mark.parametrize(("task", "pictures"), [("relu", 1), ("neuron", 0)])
def test_no_other_task_s_function_runs_for_a_task_s_picture(neuron, define, told, task, pictures):
    called = []
    define(relu=relu, neuron=lambda x, w, b, f: f(np.dot(x, w) + b), tanh=called.append)
    check(task, folder=neuron)
    assert told[-1]._repr_html_().count("<img") == pictures
    assert called == []


@pytest.fixture
def told(monkeypatch):
    """What a kernel is given to display."""
    import IPython.display

    shown = []
    monkeypatch.setattr(IPython.display, "display", shown.append)
    return shown


# What no check in a kernel can be: a file that broke off, the time of a whole file, a hidden check,
# several tasks at once; and what is about a file indeed.
ELSEWHERE = {
    *("unreached", "cut_short", "stopped_total", "missing_all", "FileNotFoundError"),
    *("object_array", "play_elsewhere", "missing_hidden", "misspelt_hidden", "not_callable_hidden"),
}


@pytest.mark.parametrize(("language", "word"), [("en", "file"), ("zh", "文件")])
def test_what_is_told_of_a_learner_s_file_has_a_form_for_notebooks(language, word):
    told = {
        key: text
        for key, text in texts(language).items()
        if key.partition(".")[0] in ("evidence", "advice") and not key.endswith("_notebook")
    }
    about_files = {key for key, text in told.items() if word in text.lower().replace("文件夹", "")}
    for key in about_files:
        if key.partition(".")[2] not in ELSEWHERE:
            assert word not in texts(language)[f"{key}_notebook"].lower(), key
