"""The page's network in Keras, in a process of its own: Dense, optimizers.SGD, GradientTape."""

from __future__ import annotations

from typing import Any

import keras
import tensorflow as tf

from autograder.play.setting import Setting

__all__ = ["Driver"]

TINY = 1e-12


class Driver:
    """Makes the very updates that another network has made: its rows, its dropout masks."""

    def __init__(self, note: str) -> None:
        del note  # no function of a learner's runs here
        keras.backend.set_floatx("float64")

    def __call__(self, order: str, *given: Any) -> tuple[str, Any]:
        """Carry out an order: make or advance."""
        return "done", getattr(self, f"_{order}")(*given)

    def _make(self, said: Any, X: Any, Y: Any, train: int, weights: Any) -> dict[str, Any]:
        self._setting = Setting.read(said)
        self._X, self._Y, self._train = tf.constant(X), tf.constant(Y), train
        layers = [keras.layers.Dense(len(b), activation=f) for _, b, f in weights]
        self._model = keras.Sequential([keras.Input((X.shape[1],)), *layers])
        self._model.set_weights([array for W, b, _ in weights for array in (W, b)])
        self._descent = keras.optimizers.SGD(self._setting.rate)
        return self._seen()

    def _advance(self, log: Any) -> dict[str, Any]:
        variables = self._model.trainable_variables
        for rows, masks in log:
            with tf.GradientTape() as tape:
                out = self._out(tf.gather(self._X, rows), masks)
                loss = self._loss(tf.gather(self._Y, rows), out) + self._penalty()
            self._descent.apply(tape.gradient(loss, variables), variables)
        return self._seen()

    def _out(self, X: Any, masks: Any = ()) -> Any:
        keep = 1 - self._setting.dropout / 100
        for at, layer in enumerate(self._model.layers):
            X = layer(X)
            if at < len(masks):
                X = X * masks[at] / keep
        return X

    def _loss(self, Y: Any, out: Any) -> Any:
        error = out - Y
        match self._setting.loss:
            case "l1":
                return tf.reduce_mean(tf.abs(error))
            case "l2":
                return tf.reduce_mean(tf.square(error)) / 2
            case "rmse":
                return tf.sqrt(tf.reduce_mean(tf.square(error)))
            case "bce":  # Keras' own clips at 1e-7
                p = tf.clip_by_value(out, TINY, 1 - TINY)
                return -tf.reduce_mean(Y * tf.math.log(p) + (1 - Y) * tf.math.log(1 - p))
        return tf.reduce_mean(tf.square(error))

    def _penalty(self) -> Any:
        weights = [layer.kernel for layer in self._model.layers]
        sizes = tf.add_n([tf.reduce_sum(tf.abs(each)) for each in weights])
        squares = tf.add_n([tf.reduce_sum(tf.square(each)) for each in weights])
        return self._setting.l1 * sizes + self._setting.l2 * squares

    def _seen(self) -> dict[str, Any]:
        X, Y, train = self._X, self._Y, self._train
        arrays = self._model.get_weights()
        return {
            "train": float(self._loss(Y[:train], self._out(X[:train]))),
            "test": float(self._loss(Y[train:], self._out(X[train:]))),
            "layers": list(zip(arrays[::2], arrays[1::2], strict=True)),
        }
