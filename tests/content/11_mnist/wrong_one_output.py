# loses: build_model compile_model fit
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
            keras.layers.Flatten(),
            keras.layers.Dense(128, activation="relu"),
            keras.layers.Dense(64, activation="relu"),
            keras.layers.Dense(1, activation="softmax"),
        ]
    )


def compile_model(model):
    model.compile(optimizer="adam", loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    return model


def fit(model, x, y, x_val, y_val, epochs):
    return model.fit(x, y, epochs=epochs, validation_data=(x_val, y_val), verbose=0)


def plot_history(history):
    fig, (ax1, ax2) = plt.subplots(1, 2)
    ax1.plot(history.history["loss"], label="loss")
    ax1.plot(history.history["val_loss"], label="val_loss")
    ax1.legend()
    ax2.plot(history.history["accuracy"], label="accuracy")
    ax2.plot(history.history["val_accuracy"], label="val_accuracy")
    ax2.legend()
    return fig


def first10(model, x):
    return np.argmax(model.predict(x[:10], verbose=0), axis=1)


def accuracy(model, x, y):
    return model.evaluate(x, y, verbose=0)[1]
