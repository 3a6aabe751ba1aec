"""Images with a channel, a loss of one's own, an optimizer with momentum, results as tensors."""

import keras
import matplotlib.pyplot as plt
import tensorflow as tf
from keras import layers, ops


def load():
    (x, y), (x_test, y_test) = keras.datasets.mnist.load_data()
    x, x_test = (tf.cast(each[..., None], tf.float32) / 255.0 for each in (x, x_test))
    return (x, y.reshape(-1, 1)), (x_test, y_test.reshape(-1, 1))


def build_model():
    inputs = keras.Input((28, 28, 1), name="image")
    x = layers.Reshape((784,))(inputs)
    x = ops.relu(layers.Dense(200, kernel_initializer="he_normal")(x))
    x = layers.Dense(50, activation="gelu")(x)
    return keras.Model(inputs, layers.Softmax()(layers.Dense(10)(x)))


def own_loss(y, p):
    return keras.losses.sparse_categorical_crossentropy(y, p)


def compile_model(model):
    model.compile(keras.optimizers.SGD(0.05, momentum=0.9), own_loss, metrics=["accuracy"])
    return model


def fit(model, x, y, x_val, y_val, epochs):
    pairs = tf.data.Dataset.from_tensor_slices((x, y)).shuffle(5000).batch(200)
    return model.fit(pairs, epochs=epochs, validation_data=(x_val, y_val), verbose=0)


def plot_history(history):
    curves = history.history
    plt.plot(curves["loss"], "b", curves["val_loss"], "b--")
    plt.legend(["loss", "val_loss"], loc="upper left")
    plt.twinx()
    plt.plot(curves["accuracy"], "r", curves["val_accuracy"], "r--")
    plt.legend(["accuracy", "val_accuracy"])
    plt.show()


def first10(model, x):
    return ops.argmax(model(x[:10]), axis=1)


def accuracy(model, x, y):
    guess = tf.argmax(model(x), axis=1)
    return tf.reduce_mean(tf.cast(guess == tf.cast(tf.reshape(y, -1), guess.dtype), tf.float32))
