"""Functional API, images flattened while loading, scores with from_logits=True, axes in one row."""

import matplotlib.pyplot as plt
import numpy as np
from tensorflow import keras
from tensorflow.keras import layers


def load():
    train, test = keras.datasets.mnist.load_data()

    def flat(pair):
        images, labels = pair
        return images.reshape(len(images), -1).astype("float32") / 255, labels.astype("int64")

    return flat(train), flat(test)


def build_model():
    inputs = keras.Input(shape=(784,))
    h = layers.Dense(128)(inputs)
    h = layers.ReLU()(h)
    h = layers.Dense(64, activation="tanh")(h)
    return keras.Model(inputs, layers.Dense(10)(h))


def compile_model(model):
    model.compile(
        keras.optimizers.Adam(learning_rate=5e-3),
        keras.losses.SparseCategoricalCrossentropy(from_logits=True),
        metrics=["accuracy"],
    )
    return model


def fit(model, x, y, x_val, y_val, epochs):
    return model.fit(x, y, 250, epochs, validation_data=(x_val, y_val), verbose=0)


def plot_history(history):
    _fig, ax = plt.subplots()
    for key, values in history.history.items():
        ax.plot(range(1, len(values) + 1), values, "o-", label=key)
    ax.legend()
    return ax


def first10(model, x):
    return [int(np.argmax(row)) for row in model(x[:10]).numpy()]


def accuracy(model, x, y):
    return model.evaluate(x, y, verbose=0, return_dict=True)["accuracy"]
