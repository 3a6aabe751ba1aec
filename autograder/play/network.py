"""The network on the learner's side: built of their functions, in the process that holds them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from autograder.play.fitting import Unfit, entry_of, fitting, pair_of
from autograder.play.own import towards_inputs
from autograder.play.setting import Setting

__all__ = ["Network"]

Array: TypeAlias = NDArray[Any]
Functions: TypeAlias = dict[str, Callable[..., Any]]
Layers: TypeAlias = list[dict[str, Any]]


class Network:
    """Weights, and the functions that run and change them.

    functions: by their tasks' names, the learner's or what stands in; X, Y: the training samples.
    steps, epochs: made so far. log: of each update its rows and its dropout masks.
    """

    def __init__(self, setting: Setting, functions: Functions, X: Array, Y: Array) -> None:
        self.setting, self.use = setting, functions
        self.X, self.Y = X, Y
        self.layers = _first_weights(setting)
        self.grads: Layers = []
        self.steps, self.epochs = 0, 0
        self.log: list[tuple[Array, list[Array]]] = []
        self._rows = self._dealt(np.random.default_rng([setting.seed, 8]))
        self._chance = np.random.default_rng([setting.seed, 9])

    # ---- one update ----

    def step(self) -> None:
        """Make one update: forward, loss, backward, penalties, descent."""
        rows = next(self._rows)
        X, Y = self.X[rows], self.Y[rows]
        masks: list[Array] = []
        if self.setting.dropout and self.setting.layers:
            grads = self._step_with_dropout(X, Y, masks)
        else:
            out, cache = self.forward(X)
            grads = self._backward(cache, self.layers, self.slope_of_loss(Y, out))
        self.grads = grads
        self._descend(self._penalized(grads))
        self.steps += 1
        self.log.append((rows, masks))

    def forward(self, X: Array, layers: Layers | None = None) -> tuple[Array, list[Any]]:
        """Run the network on samples, (n, d) to (n, 1), and return its cache too."""
        layers = self.layers if layers is None else layers
        out, cache = pair_of("forward", self.use["forward"](X, [dict(each) for each in layers]))
        fits = isinstance(cache, list | tuple) and len(cache) == len(layers)
        if not fits or not all(isinstance(each, dict) for each in cache):
            raise Unfit("forward", "cache", type(cache).__name__, f"[{{…}}] × {len(layers)}")
        wide = layers[-1]["W"].shape[1]
        return fitting("forward", "out", out, (len(X), wide)), list(cache)

    def loss(self, Y: Array, out: Array) -> float:
        """Return the loss of predictions."""
        name = self.setting.loss
        return float(fitting(name, "result", self.use[name](Y, out), ()))

    def slope_of_loss(self, Y: Array, out: Array) -> Array:
        """Return the gradient of the loss in the predictions."""
        name = f"d_{self.setting.loss}"
        return fitting(name, "result", self.use[name](Y, out), out.shape)

    def _backward(self, cache: list[Any], layers: Layers, dout: Array) -> Layers:
        found = self.use["backward"](cache, layers, dout)
        if not isinstance(found, list | tuple) or len(found) != len(layers):
            raise Unfit("backward", "grads", type(found).__name__, f"[{{…}}] × {len(layers)}")
        return [
            {
                name: fitting(
                    "backward", name, entry_of("backward", grads, name), layer[name].shape
                )
                for name in ("W", "b")
            }
            for grads, layer in zip(found, layers, strict=True)
        ]

    def backward(self, X: Array, Y: Array) -> Layers:
        """Return the gradients of the loss on samples, without dropout and penalties."""
        out, cache = self.forward(X)
        return self._backward(cache, self.layers, self.slope_of_loss(Y, out))

    def _step_with_dropout(self, X: Array, Y: Array, masks: list[Array]) -> Layers:
        """Go forwards and backwards layer by layer, with dropout behind each hidden one."""
        rate = self.setting.dropout / 100
        A, kept = X, []
        for layer in self.layers:
            out, cache = self.forward(A, [layer])
            kept.append((A, cache))
            A = out
            if layer is not self.layers[-1]:
                told = self.use["dropout_forward"](out, rate, self._chance, True, "bernoulli")
                thinned, mask = pair_of("dropout_forward", told)
                A = fitting("dropout_forward", "out", thinned, out.shape)
                masks.append(fitting("dropout_forward", "mask", mask, out.shape))
        dout, grads = self.slope_of_loss(Y, A), []
        for at in reversed(range(len(self.layers))):
            if at < len(masks):
                back = self.use["dropout_backward"](dout, masks[at], rate)
                dout = fitting("dropout_backward", "result", back, dout.shape)
            found, dout = self._through(self.layers[at], *kept[at], dout, first=at == 0)
            grads.append(found)
        return grads[::-1]

    def _through(
        self, layer: dict[str, Any], A: Array, cache: list[Any], dout: Array, *, first: bool
    ) -> tuple[dict[str, Any], Array]:  # fmt: skip
        """Return a layer's gradients, and the gradient in what went into it.

        `backward` returns no gradient of an input. So the input is given to it as the weights of
        one layer more, in front, whose own input is the identity matrix: A = I @ A + 0.
        """
        if first or "backward" in self.setting.own:
            found = self._backward(cache, [layer], dout)[0]
            return found, dout if first else towards_inputs(A, layer, dout)
        n, d = A.shape
        before = {"W": A, "b": np.zeros(d), "f": "linear"}
        its_cache = {"X": np.eye(n), "Z": A, "A": A}
        into, found = self._backward([its_cache, *cache], [before, layer], dout)
        return found, into["W"]

    def _penalized(self, grads: Layers) -> Layers:
        pairs = [(each["W"], each["b"]) for each in grads]
        params = [(each["W"], each["b"]) for each in self.layers]
        for kind, strength in (("l1", self.setting.l1), ("l2", self.setting.l2)):
            if strength:
                told = self.use["add_penalty"](0.0, pairs, params, strength, kind)
                _, pairs = pair_of("add_penalty", told)
        if pairs and not (isinstance(pairs, list | tuple) and len(pairs) == len(grads)):
            raise Unfit("add_penalty", "grads", type(pairs).__name__, f"[(…, …)] × {len(grads)}")
        split = [pair_of("add_penalty", each) for each in pairs]
        return [
            {
                name: fitting("add_penalty", f"d{name}", value, each[name].shape)
                for name, value in zip(("W", "b"), both, strict=True)
            }
            for both, each in zip(split, self.layers, strict=True)
        ]

    def _descend(self, grads: Layers) -> None:
        """Change all weights and biases in one call, under names of their own: W1, b1, W2."""
        flat, moves = _named(self.layers), _named(grads)
        new = self.use["sgd_step"](flat, moves, self.setting.rate)

        def moved(name: str, old: Array) -> Array:
            return fitting("sgd_step", name, entry_of("sgd_step", new, name), old.shape)

        self.layers = [
            {"W": moved(f"W{at}", old["W"]), "b": moved(f"b{at}", old["b"]), "f": old["f"]}
            for at, old in enumerate(self.layers, 1)
        ]

    def _dealt(self, rng: np.random.Generator) -> Iterator[Array]:
        n = len(self.X)
        size = min(self.setting.batch or n, n)
        while True:
            told = self.use["batches"](n, size, rng)
            if not isinstance(told, list | tuple) or not told:
                raise Unfit("batches", "result", type(told).__name__, "[array, …]")
            for rows in told:
                numbers = np.asarray(rows)
                whole = numbers.ndim == 1 and numbers.size and numbers.dtype.kind in "iu"
                if not whole or numbers.min() < 0 or numbers.max() >= n:
                    raise Unfit(
                        "batches", "result", f"{numbers.dtype} {numbers.shape}", f"0 … {n - 1}"
                    )
                yield numbers
            self.epochs += 1

    # ---- what is seen ----

    def surfaces(self, places: Array) -> list[Array]:
        """Return every layer's activations at the inputs of a grid, each (n, units)."""
        pairs = [(each["W"], each["b"]) for each in self.layers]
        curves = [self.use.get(each["f"], _same) for each in self.layers]
        out, steps = pair_of("mlp_forward", self.use["mlp_forward"](places, pairs, curves))
        del out
        if not isinstance(steps, list | tuple) or len(steps) != len(pairs):
            raise Unfit("mlp_forward", "cache", type(steps).__name__, f"[(Z, A)] × {len(pairs)}")
        return [
            fitting("mlp_forward", "A", pair_of("mlp_forward", each)[1], (len(places), len(b)))
            for each, (_, b) in zip(steps, pairs, strict=True)
        ]

    def count(self) -> int:
        """Return the number of weights and biases."""
        told = self.use["param_count"](list(self.setting.sizes))
        return int(fitting("param_count", "result", told, ()))


def _same(z: Array) -> Array:
    return z


def _named(layers: Layers) -> dict[str, Any]:
    return {f"{name}{at}": each[name] for at, each in enumerate(layers, 1) for name in ("W", "b")}


def _first_weights(setting: Setting) -> Layers:
    rng = np.random.default_rng([setting.seed, 7])
    curves = [*[setting.activation] * len(setting.layers), setting.output]
    layers = []
    for into, out, curve in zip(setting.sizes, setting.sizes[1:], curves, strict=False):
        spread = np.sqrt((2.0 if curve == "relu" else 1.0) / into)
        W = rng.normal(0.0, 1.0, (into, out)) * spread
        layers.append({"W": W, "b": np.zeros(out), "f": curve})
    return layers
