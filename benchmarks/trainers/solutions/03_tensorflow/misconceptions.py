import keras
import numpy as np

from autograder.diagnosis import misconception


@misconception("F1")
def train(x, y, epochs, seed):
    keras.utils.set_random_seed(seed)
    net = keras.Sequential([keras.layers.Dense(32, activation="relu"), keras.layers.Dense(10)])
    cost = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    net.compile(optimizer=keras.optimizers.Adam(0.01), loss=cost)
    history = net.fit(x, y, epochs=epochs, batch_size=32, verbose=0)
    return history.history["loss"], np.argmax(net.predict(x, verbose=0), axis=0)
