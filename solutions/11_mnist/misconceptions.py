"""Wrong variants of 11_mnist: what a learner with each misunderstanding writes."""

import numpy as np

from autograder.diagnosis import misconception

# A11.1 Softmax twice: in the last layer, and again in a loss that expects logits.


@misconception("A11.1")
def compile_model(model):
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(optimizer="adam", loss=loss, metrics=["accuracy"])
    return model


# A11.2 No softmax at all: scores go into a loss that expects probabilities.


@misconception("A11.2")
def build_model():
    return keras.Sequential(
        [
            keras.Input((28, 28)),
            keras.layers.Flatten(),
            keras.layers.Dense(128, activation="relu"),
            keras.layers.Dense(64, activation="relu"),
            keras.layers.Dense(10),
        ]
    )


# A11.3 Labels of one form, a loss for the other.


@misconception("A11.3")
def compile_model(model):
    model.compile(optimizer="adam", loss="categorical_crossentropy", metrics=["accuracy"])
    return model


@misconception("A11.3")
def load():
    (x_train, y_train), (x_test, y_test) = keras.datasets.mnist.load_data()
    y_train, y_test = keras.utils.to_categorical(y_train), keras.utils.to_categorical(y_test)
    return (x_train / 255.0, y_train), (x_test / 255.0, y_test)


# A11.4 Pixels not scaled, or scaled twice.


@misconception("A11.4")
def load():
    return keras.datasets.mnist.load_data()


@misconception("A11.4")
def load():
    (x_train, y_train), (x_test, y_test) = keras.datasets.mnist.load_data()
    x_train, x_test = x_train / 255.0, x_test / 255.0
    x_train, x_test = x_train / 255.0, x_test / 255.0
    return (x_train, y_train), (x_test, y_test)


# A11.5 The sizes of the full data set written into the program.


@misconception("A11.5")
def load():
    (x_train, y_train), (x_test, y_test) = keras.datasets.mnist.load_data()
    x_train = x_train.reshape(60000, 784) / 255.0
    x_test = x_test.reshape(10000, 784) / 255.0
    return (x_train, y_train), (x_test, y_test)


# A11.6 What Keras had in other years.


@misconception("A11.6")
def first10(model, x):
    return model.predict_classes(x[:10])


@misconception("A11.6")
def fit(model, x, y, x_val, y_val, epochs):
    return model.fit(x, y, nb_epoch=epochs, validation_data=(x_val, y_val), verbose=0)


@misconception("A11.6")
def compile_model(model):
    optimizer = keras.optimizers.Adam(lr=0.001)
    model.compile(optimizer, loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    return model


@misconception("A11.6")
def load():
    from keras.utils import np_utils

    (x_train, y_train), (x_test, y_test) = keras.datasets.mnist.load_data()
    y_train, y_test = np_utils.to_categorical(y_train), np_utils.to_categorical(y_test)
    return (x_train / 255.0, y_train), (x_test / 255.0, y_test)


# A11.7 The history's old keys, and validation values without validation.


@misconception("A11.7")
def plot_history(history):
    figure, axes = plt.subplots()
    for key in ("loss", "val_loss", "acc", "val_acc"):
        axes.plot(history.history[key], label=key)
    axes.legend()
    return figure


@misconception("A11.7")
def fit(model, x, y, x_val, y_val, epochs):
    return model.fit(x, y, epochs=epochs, verbose=0)


# A11.8 The prediction compared with itself.


@misconception("A11.8")
def accuracy(model, x, y):
    prediction = np.argmax(model.predict(x, verbose=0), axis=1)
    y = prediction
    return float(np.mean(prediction == y))


# A11.9 A name that only the notebook's memory has.


@misconception("A11.9")
def plot_history(history):
    figure, axes = plt.subplots()
    for key in ("loss", "val_loss", "accuracy", "val_accuracy"):
        axes.plot(my_history.history[key], label=key)
    return figure


@misconception("A11.9")
def first10(model, x):
    return np.argmax(probabilities[:10], axis=1)


# A11.10 A text and a number cannot be added.


@misconception("A11.10")
def accuracy(model, x, y):
    value = model.evaluate(x, y, verbose=0)[1]
    print("accuracy: " + value)
    return value
