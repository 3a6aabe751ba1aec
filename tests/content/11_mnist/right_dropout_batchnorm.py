"""model.add, batch normalization and dropout, a line for the eye, two figures."""

import matplotlib.pyplot as plt
import numpy as np
import tensorflow as tf
from tensorflow.keras.layers import Activation, BatchNormalization, Dense, Dropout, Flatten
from tensorflow.keras.models import Sequential


def load():
    data = tf.keras.datasets.mnist.load_data()
    return tuple((np.float32(images) / np.float32(255), labels) for images, labels in data)


def build_model():
    model = Sequential()
    model.add(tf.keras.Input((28, 28)))
    model.add(Flatten())
    for units in (160, 80):
        model.add(Dense(units, use_bias=False))
        model.add(BatchNormalization())
        model.add(Activation("relu"))
        model.add(Dropout(0.1))
    model.add(Dense(10))
    model.add(Activation("softmax"))
    return model


def compile_model(model):
    model.compile(optimizer="nadam", loss=["sparse_categorical_crossentropy"], metrics=["accuracy"])
    return model


def fit(model, x, y, x_val, y_val, epochs):
    model.fit(x=x, y=y, batch_size=200, epochs=epochs, validation_data=(x_val, y_val), verbose=0)
    return model.history


def plot_history(history):
    figures = []
    for title in ("loss", "accuracy"):
        figure = plt.figure()
        figures.append(figure)
        axes = figure.add_subplot()
        axes.plot(history.epoch, history.history[title], "--", label="training")
        axes.plot(history.epoch, history.history["val_" + title], label="validation")
        axes.axhline(0, color="grey")
        axes.set_title(title)
        axes.legend()
    return figures


def first10(model, x):
    return np.array([model.predict(image[None], verbose=0).argmax() for image in x[:10]])


def accuracy(model, x, y):
    return np.mean(np.argmax(model.predict(x, verbose=0), axis=-1) == y)
