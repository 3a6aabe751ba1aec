# loses: build_model

import matplotlib.pyplot as plt
import numpy as np
import tensorflow as tf

keras = tf.keras


def load():
    (x_train, y_train), (x_test, y_test) = keras.datasets.mnist.load_data()
    return (x_train / 255.0, y_train), (x_test / 255.0, y_test)


def build_model():
    return keras.Sequential(
        [
            keras.Input((28, 28)),
            keras.layers.Dense(128, activation="relu"),
            keras.layers.Dense(64, activation="relu"),
            keras.layers.Dense(10, activation="softmax"),
        ]
    )


def compile_model(model):
    model.compile(
        optimizer=keras.optimizers.SGD(0.1, momentum=0.9),
        loss="sparse_categorical_crossentropy",
        metrics=["accuracy"],
    )
    return model


def fit(model, x, y, x_val, y_val, epochs):
    return model.fit(x, y, epochs=epochs, validation_data=(x_val, y_val), verbose=0)


def plot_history(history):
    fig, (left, right) = plt.subplots(1, 2, figsize=(12, 4))
    left.plot(history.history["loss"], label="loss")
    left.plot(history.history["val_loss"], label="val_loss")
    right.plot(history.history["accuracy"], label="accuracy")
    right.plot(history.history["val_accuracy"], label="val_accuracy")
    for ax, name in ((left, "loss"), (right, "accuracy")):
        ax.set_xlabel("epoch")
        ax.set_ylabel(name)
        ax.legend()
    return fig


def first10(model, x):
    return np.argmax(model.predict(x[:10], verbose=0), axis=1)


def accuracy(model, x, y):
    return model.evaluate(x, y, verbose=0)[1]
