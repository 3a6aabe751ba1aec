"""PyTorch, TensorFlow and matplotlib in the cage: values across the wire, training, figures."""

from __future__ import annotations

import importlib.util
import sys
import threading

import numpy as np
import pytest

if sys.platform != "linux":
    pytest.skip("the cage is there on Linux only", allow_module_level=True)

from autograder.checks import figures, probe, tf_tensor, torch_tensor
from autograder.sandbox.opening import Sandbox
from autograder.sandbox.policy import Limits
from autograder.sandbox.proxy import Student
from autograder.wire.protocol import Part, Program

pytestmark = pytest.mark.real

LIMITS = Limits(wall=60, total=120, memory=2048)
SETUP = "make setup-all"

TORCH = """
import torch

def doubled(t):
    return {"twice": [2 * t], "shape": t.shape, "dtype": t.dtype}

def spoiled(t):
    t += 1
    return t.requires_grad_()

def train():
    torch.manual_seed(1)
    model = torch.nn.Linear(3, 1)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    for _ in range(3):
        optimizer.zero_grad()
        loss = model(torch.ones(8, 3)).pow(2).mean()
        loss.backward()
        optimizer.step()
    return list(model.parameters())
"""

TENSORFLOW = """
import tensorflow as tf

def doubled(t):
    return {"twice": [2 * t], "shape": t.shape, "dtype": t.dtype}

def slope(x):
    v = tf.Variable(x)
    with tf.GradientTape() as tape:
        y = v * v
    return tape.gradient(y, v), v

def looked_up():
    table = tf.Variable([[1.0], [2.0], [3.0]])
    with tf.GradientTape() as tape:
        y = tf.reduce_sum(tf.gather(table, [0, 2]))
    return tape.gradient(y, table)

def train():
    import keras
    keras.utils.set_random_seed(1)
    model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(1)])
    model.compile("sgd", "mse")
    model.fit(tf.ones((8, 3)), tf.zeros((8, 1)), epochs=1, verbose=0)
    return [*model.trainable_variables, model.layers[0].kernel]
"""

FIGURE = """
import matplotlib.pyplot as plt
plt.plot([1, 2, 3], label="损失")
plt.legend()
plt.savefig("curve.png")
plt.show()
"""


def framework(name):
    missing = importlib.util.find_spec(name) is None
    return pytest.param(name, marks=pytest.mark.skipif(missing, reason=f"needs {name}: {SETUP}"))


@pytest.fixture(scope="module")
def sandboxes():
    opened = {}

    def sandbox(name):
        if name not in opened:
            opened[name] = Sandbox("cage", name)
        return opened[name]

    yield sandbox
    for each in opened.values():
        each.close()


def held(sandbox, source):
    session = sandbox.open(Program("work", (Part("work.py", source),)), LIMITS)
    assert session.load().failures == ()
    return session, Student(session)


@pytest.fixture
def in_torch(sandboxes):
    pytest.importorskip("torch", reason=f"needs torch: {SETUP}")
    session, student = held(sandboxes("torch"), TORCH)
    yield student
    session.close()


@pytest.fixture
def in_tensorflow(sandboxes):
    if importlib.util.find_spec("tensorflow") is None:
        pytest.skip(f"needs tensorflow: {SETUP}")
    session, student = held(sandboxes("tensorflow"), TENSORFLOW)
    yield student
    session.close()


def test_torch_tensors_cross_both_ways_as_arrays(in_torch):
    given = np.arange(6, dtype=np.float32).reshape(2, 3)
    told = in_torch.doubled(torch_tensor(given))
    assert told["shape"] == (2, 3)
    assert told["dtype"] == "float32"
    assert (told["twice"][0].dtype, told["twice"][0].tolist()) == (np.float32, (2 * given).tolist())


def test_a_torch_tensor_modified_in_place_is_noticed(in_torch):
    outcome = in_torch.spoiled.outcome(torch_tensor(np.zeros(2)))
    assert outcome.value.tolist() == [1, 1]
    assert outcome.changed[0].tolist() == [1, 1]


def test_tensorflow_tensors_variables_and_sparse_gradients_cross_as_arrays(in_tensorflow):
    given = np.arange(6, dtype=np.float32).reshape(2, 3)
    told = in_tensorflow.doubled(tf_tensor(given))
    assert (told["shape"], told["dtype"]) == ((2, 3), "float32")
    assert told["twice"][0].tolist() == (2 * given).tolist()
    gradient, variable = in_tensorflow.slope(3.0)
    assert (gradient, variable) == (6, 3)
    assert in_tensorflow.looked_up().tolist() == [[1], [0], [1]]


def test_a_probe_reads_a_keras_model_as_arrays(in_tensorflow):
    kernel, bias, again = in_tensorflow.train()
    assert (kernel.shape, bias.shape) == ((3, 1), (1,))
    assert np.array_equal(kernel, again)


@pytest.mark.parametrize("name", ["matplotlib", framework("torch"), framework("tensorflow")])
def test_figures_are_drawn_shown_and_read_in_the_cage(sandboxes, name):
    session, student = held(sandboxes(name), FIGURE)
    try:
        (figure,) = figures(student)
        assert figure.lines[0].label == "损失"
        assert figure.lines[0].y.tolist() == [1, 2, 3]
    finally:
        session.close()


def test_mnist_is_loaded_offline_by_an_unmodified_script(sandboxes):
    if importlib.util.find_spec("tensorflow") is None:
        pytest.skip(f"needs tensorflow: {SETUP}")
    source = """
import tensorflow as tf
(x_train, y_train), (x_test, y_test) = tf.keras.datasets.mnist.load_data()
def shapes():
    return x_train.shape, y_train.shape, x_test.shape, y_test.shape, int(x_train.max())
"""
    session, student = held(sandboxes("tensorflow"), source)
    try:
        train, labels, test, _, brightest = student.shapes()
        assert train[1:] == test[1:] == (28, 28)
        assert labels == train[:1]
        assert brightest == 255
    finally:
        session.close()


@pytest.mark.parametrize(
    ("name", "source"), [("torch", TORCH), ("tensorflow", TENSORFLOW)], ids=["torch", "tensorflow"]
)
def test_children_train_two_at_a_time_and_none_hangs(sandboxes, name, source):
    if importlib.util.find_spec(name) is None:
        pytest.skip(f"needs {name}: {SETUP}")
    sandbox = sandboxes(name)
    trained = []
    one_opens = threading.Lock()

    def work():
        for _ in range(12):
            with one_opens:
                session, student = held(sandbox, source)
            try:
                trained.append(probe(student, first_weights)())
            finally:
                with one_opens:
                    session.close()

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=240)
    assert not any(thread.is_alive() for thread in threads)
    assert len(trained) == 24
    assert all(np.array_equal(each, trained[0]) for each in trained)


def first_weights(module):
    return module.train()[0]
