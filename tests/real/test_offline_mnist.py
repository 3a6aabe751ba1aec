"""Keras' own load_data without a network, in unmodified programs."""

import json
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
from autograder.data.offline import serve_mnist
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


def offline_run(code, tmp_path, *, cwd):
    environment = {
        "KERAS_HOME": str(tmp_path),
        "PYTHONPATH": str(ROOT),
        "TF_CPP_MIN_LOG_LEVEL": "3",
        # Whatever fetches the file must fail.
        **dict.fromkeys(("http_proxy", "https_proxy"), "http://127.0.0.1:9"),
        "MPLBACKEND": "Agg",
    }
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, cwd=cwd
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout


SERVED = """
from autograder.data import offline_mnist
offline_mnist()
from keras.datasets import mnist
try:
    mnist.load_data()
except FileNotFoundError as error:
    print("none" in str(error))
"""
RELEASED = ROOT / "assignments" / "11_mnist"
LOADS = """
(x_train, y_train), (x_test, y_test) = keras.datasets.mnist.load_data()
print(x_train.shape, y_train.shape, x_test.shape, y_test.shape, x_train.dtype)
"""


def test_the_released_script_loads_its_digits_without_a_network(tmp_path):
    said = offline_run("from digits import *\n" + LOADS, tmp_path, cwd=RELEASED)
    assert said.splitlines() == [FORM]


def test_the_released_notebook_loads_its_digits_without_a_network(tmp_path):
    cells = json.loads((RELEASED / "digits.ipynb").read_text(encoding="utf-8"))["cells"]
    imports = next(
        "".join(cell["source"])
        for cell in cells
        if cell["cell_type"] == "code" and "import tensorflow" in "".join(cell["source"])
    )
    said = offline_run(imports + LOADS, tmp_path, cwd=tmp_path)
    assert said.splitlines() == [FORM]


def test_where_digits_are_served_already_a_program_that_asks_for_them_changes_nothing(tmp_path):
    code = PREPARED.format("serve_mnist(lambda: COURSE_FILE.parent / 'none')") + SERVED
    assert run(code, tmp_path) == ["True"]
