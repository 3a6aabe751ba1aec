"""Keras' own load_data without a network, in unmodified programs."""

import subprocess
import sys
from pathlib import Path

import pytest
from installed import need

need("tensorflow")
pytestmark = pytest.mark.real
ROOT = Path(__file__).parents[2]

PREPARED = """
from autograder.data import COURSE_FILE
from autograder.sandbox.offline import serve_mnist
{}
"""
WAYS = """
import tensorflow as tf
from tensorflow.keras.datasets import mnist
import keras
from keras.datasets.mnist import load_data
ours = (tf.keras.datasets.mnist.load_data, keras.datasets.mnist.load_data)
for load in (*ours, mnist.load_data, load_data):
    for args in ((), ("mnist.npz",)):
        (x_train, y_train), (x_test, y_test) = load(*args)
        print(x_train.shape, y_train.shape, x_test.shape, y_test.shape, x_train.dtype)
"""
# The other data sets still fetch their files as Keras does.
OTHERS = """
from keras.src.datasets import fashion_mnist, mnist
from keras.src.utils.file_utils import get_file
print(fashion_mnist.get_file is get_file, mnist.get_file is get_file)
"""
FORM = "(5000, 28, 28) (5000,) (1000, 28, 28) (1000,) uint8"


def run(script, tmp_path):
    environment = {
        "KERAS_HOME": str(tmp_path),
        "PYTHONPATH": str(ROOT),
        "TF_CPP_MIN_LOG_LEVEL": "3",
    }
    done = subprocess.run(
        [sys.executable, "-c", script], env=environment, capture_output=True, text=True, check=True
    )
    return done.stdout.splitlines()


@pytest.mark.parametrize(
    "order",
    [
        "import sys; serve_mnist(lambda: COURSE_FILE); assert 'keras' not in sys.modules",
        "import tensorflow; serve_mnist(lambda: COURSE_FILE)",
        "serve_mnist(lambda: COURSE_FILE.parent / 'none'); import tensorflow; "
        "serve_mnist(lambda: COURSE_FILE)",
    ],
    ids=["before, importing nothing", "after", "again"],
)
def test_every_way_to_load_mnist_gives_the_course_split_and_nothing_else_changes(order, tmp_path):
    said = run(PREPARED.format(order) + WAYS + OTHERS, tmp_path)
    assert said == [FORM] * 8 + ["True False"]
    assert not (tmp_path / "datasets").exists()
