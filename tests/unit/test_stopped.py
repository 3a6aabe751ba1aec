"""What an exception of a program for Keras shows, read by its text."""

import pytest

from autograder.checks.stopped import why_stopped
from autograder.wire.protocol import Missing, Raised

NAMES = ("x_train", "model", "history", "first10")


def reason(kind, message):
    return why_stopped(Raised(kind, message), NAMES)[0]


def undefined(name):
    return reason("NameError", f"name '{name}' is not defined")


@pytest.mark.parametrize("name", ["my_history", "probabilities", "history", "encoder"])
def test_a_name_that_nothing_defines_may_be_left_in_a_notebook_s_memory(name):
    assert undefined(name) == "name"


@pytest.mark.parametrize("name", ["modle", "x_trian", "Model", "np", "tf", "pritn"])
def test_a_misspelling_and_a_missing_import_are_no_name_that_a_cell_has_left(name):
    assert undefined(name) == ""


def test_labels_are_blamed_only_where_the_model_s_outputs_have_their_form():
    said = "Argument `output` must have rank (ndim) `target.ndim - 1`. Received: target.shape={}, "
    said += "output.shape={}"
    assert reason("ValueError", said.format((32, 10), (32, 10))) == "labels"
    assert reason("ValueError", said.format("(None, 10)", "(None, 10)")) == "labels"
    assert reason("ValueError", said.format((32,), (32, 28, 10))) == ""


def test_what_newer_versions_lack_is_known_and_so_is_a_function_that_is_missing():
    assert reason("AttributeError", "no attribute 'predict_classes'") == "removed"
    assert why_stopped(Missing("fit"))[0] == "missing"
