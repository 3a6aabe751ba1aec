import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from autograder.checks import show, show_call
from autograder.checks.evidence import MOST_TEXT
from autograder.wire.protocol import Call, Code, Handle, Name, Opaque, Seed


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (np.array([1.0, 2.5]), "array([1. , 2.5])"),
        (np.zeros((0, 3)), "array([], shape=(0, 3))"),
        (np.float64(0.1), "0.1"),
        (np.int64(3), "3"),
        (2.0, "2.0"),
        (1e300, "1e+300"),
        (float("nan"), "nan"),
        (float("-inf"), "-inf"),
        ((1,), "(1,)"),
        ((1, 2.0), "(1, 2.0)"),
        ([None, True], "[None, True]"),
        ({"a": [1]}, "{'a': [1]}"),
        ("it's", '"it\'s"'),
        (Name("sigmoid"), "sigmoid"),
        (Code("half", "def half(z): ..."), "half"),
        (Handle(3, "Sequential"), "<Sequential>"),
        (Opaque("generator", "x"), "<generator>"),
        (Seed(7), "np.random.default_rng(7)"),
    ],
)
def test_a_value_is_written_as_a_learner_would_type_it(value, text):
    assert show(value) == text


def test_the_lines_of_a_matrix_stand_under_each_other():
    assert show(np.eye(2)) == "array([[1., 0.],\n       [0., 1.]])"


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=2000),
    lambda inner: st.lists(inner, max_size=9) | st.dictionaries(st.text(max_size=9), inner),
    max_leaves=20,
) | hnp.arrays(st.sampled_from([np.float64, np.int8, np.bool_]), hnp.array_shapes(max_side=9))


@given(VALUES)
def test_no_value_is_written_longer_than_it_may_be(value):
    assert 0 < len(show(value)) <= MOST_TEXT


def test_a_call_is_written_with_positions_and_names():
    call = Call(Name("neuron"), (np.array([1.0]), Name("relu")), {"bias": 0.5})
    assert show_call(call) == "neuron(array([1.]), relu, bias=0.5)"


def test_a_call_of_an_object_that_stayed_behind_is_written_by_its_kind():
    assert show_call(Call(Handle(0, "Model"), (1,))) == "<Model>(1)"


def test_a_terminal_escape_in_a_text_is_shown_not_sent():
    assert "\x1b" not in show({"\x1b[31m": "\x1b]0;x\x07"})
