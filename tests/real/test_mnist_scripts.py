"""Plain scripts for exercise 11 that go wrong: each is named, and keeps what it has earned."""

from pathlib import Path

import pytest
from installed import need

from autograder.catalogue import load_exercise
from autograder.grading.entry import Entry
from autograder.grading.loop import run_checks
from autograder.plugin.bench import open_bench
from autograder.sandbox.opening import Sandbox
from autograder.wire.protocol import Part, Program

need("tensorflow")
pytestmark = pytest.mark.real
ROOT = Path(__file__).parents[2]

# One epoch: enough to be graded, though not for the points of the accuracy.
SCRIPT = """
import matplotlib.pyplot as plt
import numpy as np
import tensorflow as tf

tf.keras.utils.set_random_seed(1)
(x_train, y_train), (x_test, y_test) = tf.keras.datasets.mnist.load_data()
x_train, x_test = x_train / 255.0, x_test / 255.0
model = tf.keras.Sequential([
    tf.keras.Input((28, 28)),
    tf.keras.layers.Flatten(),
    tf.keras.layers.Dense(64, activation="relu"),
    tf.keras.layers.Dense(32, activation="relu"),
    tf.keras.layers.Dense(10, activation="softmax"),
])
model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
history = model.fit(x_train, y_train, 128, epochs=1, validation_data=(x_test, y_test))
for key in ("loss", "val_loss", "accuracy", "val_accuracy"):
    plt.plot(history.history[key], label=key)
plt.show()
prediction = np.argmax(model.predict(x_test), axis=1)
print(prediction[:10])
loss, acc = model.evaluate(x_test, y_test)
"""


def instead(old, new):
    assert old in SCRIPT
    return SCRIPT.replace(old, new)


SCALING = "x_train, x_test = x_train / 255.0, x_test / 255.0\n"
LOSS = '"sparse_categorical_crossentropy"'
ITSELF = "y_test = prediction\nacc = np.mean(y_test == prediction)"
ARRAYS = "model.fit(x_train, y_train, 128, epochs=1, validation_data=(x_test, y_test))"
PIPELINES = """
def scaled(image, label):
    return tf.cast(image, tf.float32) / 255.0, label

make = tf.data.Dataset.from_tensor_slices
train, test = (make(each).map(scaled).batch(128) for each in ((x_train, y_train), (x_test, y_test)))
"""
TAPE = """
loss_of = tf.keras.losses.SparseCategoricalCrossentropy()
optimizer = tf.keras.optimizers.Adam()
x, y = tf.constant(x_train, tf.float32), tf.constant(y_train)
losses, accuracies, val_losses, val_accuracies = [], [], [], []
for start in range(0, len(x), 128):
    with tf.GradientTape() as tape:
        loss = loss_of(y[start : start + 128], model(x[start : start + 128]))
    gradients = tape.gradient(loss, model.trainable_variables)
    optimizer.apply_gradients(zip(gradients, model.trainable_variables))
parts = (x, y, losses, accuracies), (x_test, y_test, val_losses, val_accuracies)
for inputs, labels, *kept in parts:
    p = model(inputs)
    kept[0].append(float(loss_of(labels, p)))
    kept[1].append(float(np.mean(np.argmax(p, axis=1) == labels)))
for each in (losses, accuracies, val_losses, val_accuracies):
    plt.plot(each)
"""


def with_a_tape():
    head, _, rest = SCRIPT.partition("model.compile(")
    tail = rest[rest.index("prediction = ") :].replace(
        "loss, acc = model.evaluate(x_test, y_test)", "print(f'accuracy {val_accuracies[0]:.4f}')"
    )
    return head + TAPE + tail


RIGHT = {
    "right": SCRIPT,
    "scaled by tf.data": instead(SCALING, PIPELINES)
    .replace(ARRAYS, "model.fit(train, epochs=1, validation_data=test)")
    .replace("predict(x_test)", "predict(x_test / 255.0)")
    .replace("evaluate(x_test, y_test)", "evaluate(test)"),
    "a tape and no compile": with_a_tape(),
}
WRONG = {
    "A11.1": instead(LOSS, "tf.keras.losses.SparseCategoricalCrossentropy(from_logits=True)"),
    "A11.2": instead('10, activation="softmax"', "10"),
    "A11.3": instead(LOSS, '"categorical_crossentropy"'),
    "A11.4": instead(SCALING, ""),
    "A11.4 twice": instead(SCALING, SCALING * 2),
    "A11.5": instead(SCALING, SCALING + "x_train = x_train.reshape(60000, 28, 28)\n"),
    "A11.6": instead("epochs=1", "nb_epoch=1"),
    "A11.6 import": "from keras.utils import np_utils\n" + SCRIPT,
    "A11.7": instead('"accuracy", "val_accuracy"', '"acc", "val_acc"'),
    "A11.8": instead("loss, acc = model.evaluate(x_test, y_test)", ITSELF),
    "A11.9": instead("history = model", "hist = model"),
    "A11.10": SCRIPT + 'print("accuracy: " + acc)\n',
}


@pytest.fixture(scope="module")
def results():
    exercise = load_exercise(ROOT / "solutions" / "11_mnist")
    found = {}
    sandbox = Sandbox("cage", exercise.framework)
    programs = {**RIGHT, **WRONG}
    try:
        entries = (
            Entry(name, "digits.py", Program(exercise.module, (Part("digits.py", source),)))
            for name, source in programs.items()
        )
        run_checks(
            open_bench(exercise, "salt"), sandbox, entries, lambda r: found.update({r.learner: r})
        )
    finally:
        sandbox.close()
    return found


@pytest.mark.parametrize("name", RIGHT)
def test_a_script_trained_for_one_epoch_loses_points_for_its_accuracy_alone(results, name):
    lost = {check.task for check in results[name].checks if check.points < check.worth}
    assert lost <= {"fit"}
    assert results[name].diagnoses == ()


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_script_is_named_as_what_it_is(results, name):
    result = results[name]
    assert result.problem is None
    assert result.diagnoses == (name.partition(" ")[0],)
    assert result.score.points < result.score.possible


def test_a_script_that_breaks_off_at_its_end_keeps_what_it_has_done_before(results):
    points = [results[name].score.points for name in ("right", "A11.10")]
    assert points[1] == points[0] - 4
