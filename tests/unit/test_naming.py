import pytest

from autograder.catalogue import meant, similar

COURSE = ("01_neuron", "02_gates", "03_xor", "09_regularization", "10_xor_torch", "11_mnist")
TASKS = ("sigmoid", "tanh", "relu", "d_sigmoid", "XORNet")


@pytest.mark.parametrize(
    "typed", ["01_neuron", "neuron", "1", "01", "01_Neuron", "NEURON", "０１＿ｎｅｕｒｏｎ", "１"]
)
def test_a_short_form_of_an_exercise_is_that_exercise(typed):
    assert meant(typed, COURSE) == "01_neuron"


@pytest.mark.parametrize("typed", ["", "neurn", "7", "001", "xor_", "10_xor", "_", "中"])
def test_what_is_no_short_form_is_nobody_s(typed):
    assert meant(typed, COURSE) is None


def test_a_whole_name_comes_before_the_beginning_of_another():
    assert meant("xor", COURSE) == "03_xor"


def test_a_form_that_two_exercises_have_is_neither_s():
    assert meant("neuron", ("01_neuron", "02_neuron")) is None


def test_an_exact_name_is_meant_though_it_is_a_form_of_another_too():
    assert meant("neuron", ("01_neuron", "neuron")) == "neuron"


@pytest.mark.parametrize(
    ("typed", "wanted"),
    [
        ("01_neurn", "01_neuron"),
        ("neurno", "01_neuron"),
        ("1_neuron", "01_neuron"),
        ("01-neuron", "01_neuron"),
        ("gate", "02_gates"),
        ("10_xor", "10_xor_torch"),
        ("regular", "09_regularization"),
        ("minst", "11_mnist"),
        ("neuron", "01_neuron"),
    ],
)
def test_a_misspelt_exercise_is_recognized(typed, wanted):
    assert similar(typed, COURSE) == wanted


@pytest.mark.parametrize(
    ("typed", "wanted"),
    [("sigmod", "sigmoid"), ("Tanh", "tanh"), ("rleu", "relu"), ("xornet", "XORNet")],
)
def test_a_misspelt_task_is_recognized(typed, wanted):
    assert similar(typed, TASKS) == wanted


@pytest.mark.parametrize("typed", ["", "99", "99_nothing", "13_convolution", "a", "x" * 10_000])
def test_nothing_is_suggested_for_what_resembles_nothing(typed):
    assert similar(typed, COURSE) == ""


def test_nothing_is_like_anything_in_an_empty_course():
    assert similar("01_neuron", ()) == ""
