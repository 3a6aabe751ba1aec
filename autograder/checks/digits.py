"""Looking at a Keras program for digits, whether it is written in functions or as a plain script.

Functions are asked; of a script, which has run once, what it has left is read. Everything below
that takes a ``module`` is a probe: its source runs beside the learner's program, and what it
returns is plain data. Probes share a *workbench*, an object that stays there, so that a model is
trained once however many checks look at it.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from autograder.checks.dense import demand_chain

__all__ = [
    "dense_stack",
    "forward",
    "given_model",
    "history_object",
    "left_behind",
    "loss_facts",
    "outputs",
    "structure",
    "trained_history",
    "workbench",
]


def workbench(module: Any) -> Any:
    """Probe: the program, made alike whatever its style; keep it and hand it to the others.

    ``script``: whether the program is a plain script that has left a model. ``data()``: what load
    gives, as four arrays. ``tail(model)``: the shape of one input. ``shaped(raw, model)``: uint8
    images as the program's own models take them. ``labelled(numbers)``: labels in the form of
    load's. ``model()``: a compiled model. ``trained(seed)``: a trained one with its history.
    ``fitted()``: what fit has made of digits under labels that no other data has. ``memory``: what
    the checks of one program share.
    """
    import types

    import keras
    import numpy as np

    names = ("load", "build_model", "compile_model", "fit", "plot_history", "first10", "accuracy")
    scope = vars(module)
    models = [value for value in scope.values() if isinstance(value, keras.Model)]
    named = scope.get("model")
    left = named if isinstance(named, keras.Model) else models[-1] if models else None
    script = left is not None and not all(callable(scope.get(name)) for name in names)
    # No dict: one that has a "loss" would be taken for a script's history.
    memory = scope.setdefault("_gradeflow", types.SimpleNamespace(told={})).told

    def data() -> Any:
        if "data" not in memory:
            loaded = module.load()
            pairs = loaded if len(loaded) == 2 else (loaded[:2], loaded[2:])
            (x, y), (x_test, y_test) = pairs
            memory["data"] = tuple(np.asarray(each) for each in (x, y, x_test, y_test))
        return memory["data"]

    def loaded_or_none() -> Any:
        if script:
            return None
        try:
            return data()
        except Exception:  # another check's business
            return None

    def tail(model: Any = None) -> tuple[int, ...]:
        shape = getattr(model, "input_shape", None) if getattr(model, "inputs", None) else None
        if isinstance(shape, tuple) and len(shape) > 1 and None not in shape[1:]:
            return shape[1:]
        found = (
            scalings()[0][0]
            if script
            else getattr((loaded_or_none() or [None])[0], "shape", ())[1:]
        )
        return tuple(found or (28, 28))

    def scalings() -> list[Any]:
        """List how a script may have scaled its digits: shape, factor, offset; likeliest first."""
        found = []
        for value in list(scope.values()):
            if not isinstance(value, np.ndarray) and type(value).__name__ != "EagerTensor":
                continue
            array = np.asarray(value)
            images = array.ndim > 1 and len(array) >= 100 and array[0].size == 784
            if images and array.dtype.kind in "uif" and array.max() > array.min():
                low, high = float(array.min()), float(array.max())
                found.append((array.shape[1:], (high - low) / 255, low))
        unknown = [((), 1 / 255, 0.0), ((), 1.0, 0.0), ((), 1 / 255**2, 0.0)]
        # Raw digits often lie beside the scaled ones, and a network may do as well on both.
        return sorted(found or unknown, key=lambda each: abs(np.log(255 * each[1])))

    def scaling() -> tuple[float, float]:
        """Find the factor and the offset of the digits on which a script has trained its model.

        Where its history tells a loss, that of these digits is the nearest to it; else they are
        those that it recognises best.
        """
        if "scaling" not in memory:
            raw, labels = keras.datasets.mnist.load_data()[1]
            told = trained(0)[1]
            reported = next((told[key][-1] for key in ("val_loss", "loss") if told.get(key)), None)
            best, memory["scaling"] = -np.inf, (1 / 255, 0.0)
            # A pipeline of tf.data may have divided what still lies there as it came.
            for _, factor, offset in [*scalings(), ((), 1 / 255, 0.0)]:
                x = (raw * factor + offset).astype("float32").reshape(-1, *tail(left))
                scores = np.asarray(left.predict(x, verbose=0), "float64")  # type: ignore[union-attr]
                if reported:
                    merit = -abs(np.log(max(cross_entropy(scores, labels), 1e-6) / reported))
                else:
                    merit = float(np.mean(np.argmax(scores, axis=1) == labels))
                if merit > best + 0.02:
                    best, memory["scaling"] = merit, (factor, offset)
        factor, offset = memory["scaling"]
        return factor, offset

    def cross_entropy(scores: Any, numbers: Any) -> float:
        if scores.min() < 0 or np.abs(scores.sum(axis=1) - 1).max() > 1e-2:
            scores = np.exp(scores - scores.max(axis=1, keepdims=True))
            scores /= scores.sum(axis=1, keepdims=True)
        chosen = scores[np.arange(len(scores)), numbers]
        return float(np.mean(-np.log(np.clip(chosen, 1e-7, 1))))

    def shaped(raw: Any, model: Any = None) -> Any:
        factor, offset = scaling() if script else (1 / 255, 0.0)
        x = np.asarray(raw, "float32") * np.float32(factor) + np.float32(offset)
        return x.reshape(-1, *tail(model))

    def one_hot() -> bool:
        known = loaded_or_none()
        return known is not None and known[1].ndim == 2 and known[1].shape[1] == 10

    def labelled(numbers: Any) -> Any:
        numbers = np.asarray(numbers)
        return np.eye(10, dtype="float32")[numbers] if one_hot() else numbers

    def model() -> Any:
        if script:
            return left
        made = module.build_model()
        compiled = module.compile_model(made)
        return compiled if isinstance(compiled, keras.Model) else made

    def history_of(value: Any) -> Any:
        series = getattr(value, "history", value)
        return series if isinstance(series, dict) and "loss" in series else None

    def series_left() -> dict[str, Any]:
        """Read the series of a loop of the script's own: its lists, by what they are called."""
        named = [pair for each in scope.values() if type(each) is dict for pair in each.items()]
        series: dict[str, Any] = {}
        for name, values in [*scope.items(), *named]:
            low = str(name).lower()
            kind = "loss" if "loss" in low else "accuracy" if "acc" in low else ""
            if not kind or not isinstance(values, list) or not values:
                continue
            try:
                numbers = [float(each) for each in values]
            except (TypeError, ValueError):
                continue
            held_out = any(part in low for part in ("val", "test"))
            series.setdefault(f"val_{kind}" if held_out else kind, numbers)
        return series if "loss" in series else {}

    def trained(seed: int) -> Any:
        if script:
            histories = [scope.get("history"), *scope.values(), getattr(left, "history", None)]
            found = [each for each in map(history_of, histories) if each is not None]
            return left, dict(found[0]) if found else series_left()
        if seed not in memory:
            keras.utils.set_random_seed(seed)
            made = model()
            history = module.fit(made, *data(), 10)
            memory[seed] = made, dict(history_of(history) or {})
        return memory[seed]

    def fitted() -> Any:
        """Give a model that fit has trained to call digits 7, validated with others as 2s.

        Beside it come its history, how likely a 7 was before and is now, and the validation data.
        The digits are there five times: a repeated digit is a step like any other, and costs less
        than an epoch's own work.
        """
        if "fitted" not in memory:
            raw, numbers = keras.datasets.mnist.load_data()[1]
            made = model()
            x = shaped(raw[(numbers != 7) & (numbers != 2)][:576], made)
            y, y_val = (labelled(np.full(n, digit)) for n, digit in ((2560, 7), (64, 2)))
            before = likely(made, x[:512])
            history = module.fit(made, np.concatenate([x[:512]] * 5), y, x[512:], y_val, 2)
            memory["fitted"] = made, history, (before, likely(made, x[:512])), (x[512:], y_val)
        return memory["fitted"]

    def likely(made: Any, x: Any) -> float:
        scores = np.asarray(made(x, training=False), float)
        scores = scores.reshape(len(x), -1)
        if scores.min() < 0 or np.abs(scores.sum(axis=1) - 1).max() > 1e-2:
            scores = np.exp(scores - scores.max(axis=1, keepdims=True))
            scores /= scores.sum(axis=1, keepdims=True)
        return float(scores[:, 7].mean()) if scores.shape[1:] == (10,) else 0.0

    return types.SimpleNamespace(
        script=script,
        data=data,
        tail=tail,
        scaling=scaling,
        shaped=shaped,
        one_hot=one_hot,
        labelled=labelled,
        memory=memory,
        model=model,
        trained=trained,
        fitted=fitted,
    )


def structure(module: Any, bench: Any, raw: Any) -> Any:
    """Probe: what a model consists of, and what it makes of images (n, 28, 28) of uint8.

    Found out once: whoever asks again asks of the same images.

    kernels: shapes of its trainable matrices. layers: class and activation of each layer, where
    the model is a plain sequence or graph of them. outputs: (n, 10) before any training; beside
    them those of the images' means with the first image.
    """
    import keras
    import numpy as np

    if "structure" in bench.memory:
        return bench.memory["structure"]
    model = bench.model() if bench.script else module.build_model()
    x = bench.shaped(raw, model)
    scores = np.asarray(model(x, training=False))
    halfway = np.asarray(model((x + x[:1]) / 2, training=False))

    def leaves(layer: Any) -> list[Any]:
        # In a graph, functions such as ops.relu are operations, but no layers.
        graph = isinstance(layer, keras.src.models.functional.Functional)
        inner = layer.operations if graph else getattr(layer, "layers", None)
        return [leaf for each in inner for leaf in leaves(each)] if inner else [layer]

    plain = isinstance(model, (keras.Sequential, keras.src.models.functional.Functional))
    found = leaves(model) if plain else []
    bench.memory["structure"] = {
        "kernels": [tuple(w.shape) for w in model.trainable_weights if len(w.shape) == 2],
        "layers": [
            (type(each).__name__, getattr(getattr(each, "activation", None), "__name__", ""))
            for each in found
        ],
        "outputs": scores,
        "halfway": halfway,
    }
    return bench.memory["structure"]


def loss_facts(module: Any, bench: Any, scores: Any, labels: Any) -> Any:
    """Probe: the compiled loss on scores (n, 10), by the form of the labels; None where it raises.

    Beside the loss of the scores, taken as they are, that of the scores plus 5 and that of their
    softmax. hidden: whether a script has trained in a loop of its own, with a loss out of sight.
    Found out once: whoever asks again asks of the same scores.
    """
    import keras
    import numpy as np

    if "loss" in bench.memory:
        return bench.memory["loss"]
    model = bench.model()
    own = [each for each in vars(module).values() if isinstance(each, keras.losses.Loss)]
    form = "one_hot" if bench.one_hot() else "numbers"
    if bench.script and not model.compiled and not own:
        return {"form": form, "script": True, "hidden": True}
    exponents = np.exp(scores - scores.max(axis=1, keepdims=True))
    tried = (scores, scores + 5, exponents / exponents.sum(axis=1, keepdims=True))

    def value(y: Any, predicted: Any) -> Any:
        try:
            predicted = np.asarray(predicted, "float32")
            if not model.compiled and own:  # a loop of its own
                return float(np.asarray(own[0](y, predicted)))
            got = model.compute_loss(x=None, y=y, y_pred=predicted)
            return float(np.asarray(got)) - sum(float(np.asarray(each)) for each in model.losses)
        except Exception:
            return None

    forms = {"numbers": np.asarray(labels), "one_hot": np.eye(10, dtype="float32")[labels]}
    found = {form: [value(y, each) for each in tried] for form, y in forms.items()}
    bench.memory["loss"] = {**found, "form": form, "script": bench.script, "hidden": False}
    return bench.memory["loss"]


def outputs(module: Any, bench: Any, seed: int, raw: Any) -> Any:
    """Probe: what the trained model says of images (n, 28, 28) of uint8: (n, 10)."""
    import numpy as np

    model = bench.trained(seed)[0]
    return np.asarray(model.predict(bench.shaped(raw, model), verbose=0), "float32")


def dense_stack(module: Any, bench: Any, seed: int) -> Any:
    """Probe: the trained model's layers as (activation, W, b), if it is nothing but a dense stack.

    None for any other architecture: it has to be asked.
    """
    import keras
    import numpy as np

    model = bench.trained(seed)[0]
    idle = {"InputLayer", "Flatten", "Reshape", "Dropout"}
    if type(model) is not keras.Sequential:
        return None
    stack = []
    for layer in model.layers:
        if type(layer) is keras.layers.Dense and layer.use_bias:
            weights = (np.asarray(layer.kernel), np.asarray(layer.bias))
            stack.append((layer.activation.__name__, *weights))
        elif type(layer).__name__ not in idle:
            return None
    known = {"relu", "tanh", "sigmoid", "linear", "softmax"}
    return stack if all(name in known for name, _, _ in stack) else None


def forward(x: NDArray[Any], stack: list[tuple[str, NDArray[Any], NDArray[Any]]]) -> NDArray[Any]:
    """Compute, outside of the learner's process, what a dense stack says of x (n, d): (n, 10).

    Raises ValueError where the layers' shapes do not follow each other.
    """
    a = np.asarray(x, float).reshape(len(x), -1)
    demand_chain([(W, b) for _, W, b in stack], a.shape[1])
    for activation, W, b in stack:  # noqa: N806 - as the course writes it
        z = a @ W.astype(float) + b
        if activation == "softmax":
            exponents = np.exp(z - z.max(axis=1, keepdims=True))
            a = exponents / exponents.sum(axis=1, keepdims=True)
        elif activation == "relu":
            a = np.maximum(z, 0)
        elif activation == "sigmoid":
            a = 1 / (1 + np.exp(-np.clip(z, -500, 500)))
        else:
            a = np.tanh(z) if activation == "tanh" else z
    return a


def trained_history(module: Any, bench: Any, seed: int) -> dict[str, list[float]]:
    """Probe: each series of the trained model's history."""
    series = bench.trained(seed)[1]
    return {str(key): [float(value) for value in values] for key, values in series.items()}


def history_object(module: Any, series: dict[str, list[float]]) -> Any:
    """Probe: a History as ``fit`` returns it, with given series; keep it."""
    import keras

    history = keras.callbacks.History()
    history.history = {key: list(values) for key, values in series.items()}
    history.epoch = list(range(len(series["loss"])))
    history.params = {"epochs": len(history.epoch), "verbose": 0}
    return history


def given_model(module: Any, bench: Any, weights: Any) -> Any:
    """Probe: a compiled model with given weights (W, b of each layer, relu, softmax); keep it.

    The one that there is gets the new weights: to compile another costs more than all that is
    asked of it. But for one that a program has compiled anew.
    """
    import keras

    known, compiled = bench.memory.get("given", (None, None))
    shapes = [each.shape for each in known.weights] if known is not None else []
    if shapes == [each.shape for each in weights] and known.optimizer is compiled:
        known.set_weights(weights)
        return known
    layers = [keras.layers.Dense(w.shape[1], activation="relu") for w in weights[::2]]
    layers[-1].activation = keras.activations.softmax
    tail = bench.tail(None if bench.script else module.build_model())
    model = keras.Sequential([keras.Input(tail), keras.layers.Flatten(), *layers])
    model.set_weights(weights)
    form = "categorical" if bench.one_hot() else "sparse_categorical"
    model.compile("sgd", f"{form}_crossentropy", metrics=["accuracy"])
    bench.memory["given"] = model, model.optimizer
    return model


def left_behind(module: Any, bench: Any) -> dict[str, Any]:
    """Probe: what a script has left that may be its first ten predictions, or its accuracy.

    outputs, labels: of its model on the test digits, and their labels. tens: each name's first ten
    numbers, or classes of the first ten rows. numbers: each name's numbers.
    """
    import keras
    import numpy as np

    def numeric(value: Any) -> Any:
        try:
            array = np.asarray(value)
        except Exception:  # whatever cannot be numbers is none of them
            return None
        return array if array.dtype.kind in "iuf" and array.size else None

    raw, labels = keras.datasets.mnist.load_data()[1]
    model = bench.trained(0)[0]
    scores = np.asarray(model.predict(bench.shaped(raw, model), verbose=0), "float32")
    tens: dict[str, Any] = {}
    numbers: dict[str, Any] = {}
    for name, value in list(vars(module).items()):
        if name.startswith("_") or isinstance(value, (str, bytes, type, keras.Model)):
            continue
        if isinstance(value, dict):
            value = [each for each in value.values() if np.isscalar(each)]
        array = numeric(value)
        if array is None:
            continue
        if array.size <= 5:
            numbers[name] = [float(each) for each in array.ravel()]
        elif array.ndim == 1 and len(array) >= 10:
            # The labels themselves say nothing of what the model predicts.
            if not (len(array) == len(labels) and np.array_equal(array, labels)):
                tens[name] = [int(each) for each in array[:10]]
        elif array.ndim == 2 and array.shape[1] == 10 and len(array) >= 10:
            known = np.array_equal(array.argmax(axis=1), labels[: len(array)])
            if not (known and len(array) == len(labels)):
                tens[name] = [int(each) for each in array[:10].argmax(axis=1)]
    return {"outputs": scores, "labels": labels, "tens": tens, "numbers": numbers}
