"""What a learner's program does with TensorFlow's tapes, told as facts."""

from __future__ import annotations

import numpy as np
import pytest
from installed import need

from autograder.checks import Student, TapeUse, tape_use
from autograder.sandbox.inprocess import InProcessSession

pytestmark = pytest.mark.real
need("tensorflow")

BLOCK = """
import tensorflow as tf
def slope(f, x):
    x = tf.{made}
    with tf.GradientTape() as tape:
        {watch}
        y = f(x)
    return tape.gradient(y, x)
"""
DIFFERENCES = "def slope(f, x):\n    return (f(x + 1e-5) - f(x - 1e-5)) / 2e-5\n"
RIGHT = TapeUse(1, asked=True, went_back=True, backs=1, recorded=True, watched=True)


def used(source: str) -> TapeUse:
    student = Student(InProcessSession.of(source, "tensors"))
    return tape_use(student, "slope", np.array([1.0, 2.0]))


@pytest.mark.parametrize(
    ("made", "watch"),
    [("constant(x)", "tape.watch(x)"), ("Variable(x)", "pass")],
)
def test_a_watched_tensor_and_a_variable_are_gone_back_to(made, watch):
    assert used(BLOCK.format(made=made, watch=watch)) == RIGHT


def test_a_tensor_that_nobody_watches_is_told():
    use = used(BLOCK.format(made="constant(x)", watch="pass"))
    assert use == TapeUse(1, asked=True, recorded=True)


def test_whole_numbers_are_told():
    use = used(BLOCK.format(made="cast(x, tf.int32)", watch="tape.watch(x)"))
    assert use.integer
    assert not use.went_back


def test_differences_call_f_often_and_ask_no_tape():
    assert used(DIFFERENCES) == TapeUse(calls=2)


def test_a_program_without_the_function_leaves_no_trace_on_the_tapes():
    assert used("x = 1\n") == TapeUse()
    assert used(BLOCK.format(made="Variable(x)", watch="pass")) == RIGHT
