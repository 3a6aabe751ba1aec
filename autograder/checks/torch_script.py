"""What a plain PyTorch script leaves behind: a trained network, and the trace of its last step.

A script that trains at its top level cannot be called. But its network can be read, and after the
last ``backward`` the gradients stay in the parameters. The step itself can be taken back, since the
optimizer holds all that it was made of, and so the weights *before* it are known. There the
gradient must be that of the loss: a missing ``zero_grad``, a loss with one sigmoid too many, labels
of another shape or a wrong input leave another one behind.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain, combinations
from typing import Any

import numpy as np

from autograder.checks.dense import (
    ACTIVATIONS,
    Array,
    Layers,
    demand_chain,
    forward,
    row_gradients,
    sigmoid,
)
from autograder.checks.evidence import Mismatch
from autograder.model import Evidence
from autograder.sandbox.proxy import Student, probe

__all__ = ["TorchScript", "torch_script"]

# A gradient comes in float32, at weights that were found by subtracting in float32.
CLOSE = 1e-2
TINY = 1e-6
MOST_WEIGHTS = 200_000  # of a network whose last step is worked out in every way


@dataclass(frozen=True)
class TorchScript:
    """A network found in a program, and what is known of how it was trained.

    outputs: what the network itself gives for the rows that it was shown, in the shape it gave.
    layers: its dense layers (W, b) in order, empty when they are no chain.
    activation: with which the layers reproduce the outputs; ``none`` for a linear network, empty
        where nothing tried does (another architecture).
    probability: whether the outputs are probabilities; else they are logits.
    untrained: how many of the parameters no optimizer holds; None when no optimizer is left.
    gradient: what the last backward left, in one line; None where there is none. Zeros may have
        been left by a backward or put there by clearing.
    before: the layers before the last step; None where the optimizer does not tell.
    """

    outputs: Array
    layers: Layers
    activation: str
    probability: bool
    untrained: int | None
    gradient: Array | None
    before: Layers | None

    def logits(self, x: Array) -> Array:
        """Work out the logits (n,) of rows x (n, d) from the weights."""
        return forward(self.layers, self.activation, x)[:, 0]

    def last_step(self, x: Array, y: Array) -> str:
        """Name what the last step was, for the data x (n, d), y (n, 1) of the training.

        ``right``: the gradient of a known loss, for all rows or some; ``first_alone``: for the
        first row alone, which is right where its turn had come. ``double_sigmoid``, ``broadcast``,
        ``first_row``: that of the loss with this mistake. ``cleared``: no gradient was left.
        ``unknown``: the architecture or the optimizer does not tell. ``other``: the gradient is
        that of no loss known here, at the weights before the step.
        """
        if self.gradient is None:
            return "cleared"
        if self.before is None or not self.activation or self.gradient.size > MOST_WEIGHTS:
            return "unknown" if self.gradient.any() else "cleared"
        for name, gradients in self._candidates(x, y).items():
            for wanted in gradients:
                gap = np.linalg.norm(self.gradient - wanted)
                if gap <= CLOSE * np.linalg.norm(wanted) + TINY:
                    return name
        # Zeros may be the gradient of a network that is stuck; that was tried above.
        return "other" if self.gradient.any() else "cleared"

    def _candidates(self, x: Array, y: Array) -> dict[str, list[Array]]:
        """Gradients by what would leave them behind, at the weights before the last step."""
        assert self.before is not None
        layers = self.before

        def rows(inputs: Array, slopes: Array) -> Array:
            return row_gradients(layers, self.activation, inputs, slopes)

        z = forward(layers, self.activation, x)
        first = np.repeat(x[:1], len(x), axis=0)
        at_first = np.repeat(z[:1], len(x), axis=0)
        p = sigmoid(z)
        twice = (sigmoid(p) - y) * p * (1 - p)
        # Each output against each label, as broadcasting (n, 1) with (n,) does.
        everyone = np.full_like(y, y.mean())
        return {
            "right": [g for s in _slopes(z, y) for g in _batches(rows(x, s), but=(0,))],
            "first_alone": [rows(x, s)[0] for s in _slopes(z, y)],
            "double_sigmoid": _batches(rows(x, twice)),
            "broadcast": [g for s in _slopes(z, everyone) for g in _whole(rows(x, s), len(x))],
            "first_row": [g for s in _slopes(at_first, y) for g in _batches(rows(first, s))],
        }


def _slopes(z: Array, y: Array) -> list[Array]:
    """Return the derivatives of the losses with respect to the logits: cross-entropy, squares."""
    p = sigmoid(z)
    return [p - y, 2 * (p - y) * p * (1 - p), 2 * (z - y)]


def _batches(rows: Array, but: tuple[int, ...] = ()) -> list[Array]:
    """Return the mean and the sum over every batch that rows can form, but one."""
    count = len(rows)
    chosen = chain.from_iterable(combinations(range(count), size) for size in range(count, 0, -1))
    picked = [rows[list(batch)] for batch in chosen if batch != but]
    return [g for batch in picked for g in (batch.mean(axis=0), batch.sum(axis=0))]


def _whole(rows: Array, count: int) -> list[Array]:
    total = rows.sum(axis=0)
    return [total / count, total, total * count]


def torch_script(
    student: Student, x: Array, *, shows: str = "", name: str = "model"
) -> TorchScript:
    """Read the network that a script's top level left under a name.

    x: rows (n, d), fresh ones, on which the network is asked.
    shows: key of the exercise's message that a learner reads in place of the call.

    Raises CallFailed when the network cannot be run on such rows, Mismatch when it is none.
    """
    told = probe(student, network_left, shows=shows)(name, np.asarray(x, dtype=np.float32))
    try:
        return _read(told, np.asarray(x, dtype=np.float64))
    except (TypeError, ValueError, KeyError, IndexError, AttributeError):
        # The probe runs beside the learner's code, which may have bent what it uses.
        raise Mismatch(Evidence("unusable"), told) from None


def _read(told: dict[str, Any], x: Array) -> TorchScript:
    outputs = np.asarray(told["outputs"], dtype=np.float64)
    layers = [(_array(W).T, _array(b)) for W, b in told["layers"]]
    activation, probability = _form_of(layers, x, outputs)
    gradients = told["gradients"]
    gradient = None
    if gradients and not any(each is None for pair in gradients for each in pair):
        gradient = np.concatenate([np.r_[_array(W).T.ravel(), _array(b)] for W, b in gradients])
    moves = told["moves"]
    before = None
    if moves and not any(each is None for pair in moves for each in pair):
        pairs = zip(layers, moves, strict=True)
        before = [(_sum(W, _array(dW).T), _sum(b, _array(db))) for (W, b), (dW, db) in pairs]
    untrained = told["untrained"]
    return TorchScript(
        outputs=outputs,
        layers=layers,
        activation=activation,
        probability=probability,
        untrained=None if untrained is None else int(untrained),
        gradient=gradient,
        before=before,
    )


def _sum(one: Array, other: Array) -> Array:
    """Add two arrays of one shape; of others, NumPy would make one as large as their product."""
    if one.shape != other.shape:
        raise ValueError(f"shapes {one.shape} and {other.shape}")
    return np.asarray(one + other)


def _array(values: object) -> Array:
    return np.asarray(values, dtype=np.float64)


def _form_of(layers: Layers, x: Array, outputs: Array) -> tuple[str, bool]:
    """Find the activation with which the layers give these outputs, as logits or probabilities."""
    in_unit = bool(((outputs >= 0) & (outputs <= 1)).all())
    if not layers or layers[-1][0].shape[-1:] != (1,):
        return "", in_unit
    try:
        demand_chain(layers, x.shape[1])
    except ValueError:
        return "", in_unit
    # Weights may lie where curves agree; so ``none`` comes last, a reproach that must be proved.
    for activation in sorted(ACTIVATIONS, key=lambda name: name == "none"):
        z = forward(layers, activation, x)[:, 0]
        for probability, wanted in ((False, z), (True, sigmoid(z))):
            if np.allclose(outputs.ravel(), wanted, rtol=1e-4, atol=1e-5):
                return activation, probability
    return "", in_unit


def network_left(module: Any, name: str, x: Any) -> dict[str, Any]:
    """Probe: a network's outputs, dense layers, gradients, and the move of its last step."""
    import torch

    model = getattr(module, name)
    parameters = list(model.parameters())
    rows = torch.tensor(x, dtype=parameters[0].dtype if parameters else torch.float32)
    with torch.no_grad():
        outputs = model(rows)
    dense = [each for each in model.modules() if isinstance(each, torch.nn.Linear)]
    dense = [each for each in dense if each.bias is not None]
    whole = 2 * len(dense) == len(parameters)
    values = list(vars(module).values())
    optimizers = [each for each in values if isinstance(each, torch.optim.Optimizer)]
    held = {
        id(p): (opt, group)
        for opt in optimizers
        for group in opt.param_groups
        for p in group["params"]
    }

    def move(p: Any) -> Any:
        """Return what the last step took away from a parameter."""
        if id(p) not in held or p.grad is None:
            return None
        opt, group = held[id(p)]
        kind, state = type(opt).__name__, opt.state.get(p, {})
        if group.get("maximize") or group.get("nesterov") or group.get("amsgrad"):
            return None
        decay = group.get("weight_decay", 0)
        if kind == "SGD" and not decay:
            buffer = state.get("momentum_buffer") if group["momentum"] else p.grad
            return None if buffer is None else group["lr"] * buffer
        if kind in ("Adam", "AdamW") and (kind == "AdamW" or not decay) and "step" in state:
            first, second = group["betas"]
            steps = float(state["step"])
            mean = state["exp_avg"] / (1 - first**steps)
            spread = (state["exp_avg_sq"] / (1 - second**steps)).sqrt() + group["eps"]
            step = group["lr"] * mean / spread
            return (p.detach() + step) / (1 - group["lr"] * decay) - p.detach()
        if kind == "RMSprop" and not (decay or group["momentum"] or group["centered"]):
            return group["lr"] * p.grad / (state["square_avg"].sqrt() + group["eps"])
        return None

    pairs = [(each.weight, each.bias) for each in dense] if whole else []
    untrained = sum(id(p) not in held for p in parameters) if optimizers else None
    return {
        "outputs": outputs,
        "layers": [[W.detach(), b.detach()] for W, b in pairs],
        "gradients": [[W.grad, b.grad] for W, b in pairs],
        "moves": [[move(W), move(b)] for W, b in pairs],
        "untrained": untrained,
    }
