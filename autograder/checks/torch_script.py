"""What a plain PyTorch script leaves behind: a trained network, and the trace of its last step.

A script that trains at its top level cannot be called, but it can be run again, and watched: at
each step of an optimizer the weights and their gradients are noted. The gradient of the last step
must be that of the loss at the weights before it: a missing ``zero_grad``, a loss with one sigmoid
too many, labels of another shape or a wrong input leave another one behind.

What a script without a seed of its own comes to is chance. So it is run from published seeds, and
the first run that its check accepts counts: as often as 25 times, as the smallest network needs.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from autograder.checks.dense import (
    Array,
    Layers,
    form_of,
    forward,
    is_straight,
    row_gradients,
)
from autograder.checks.evidence import Mismatch
from autograder.checks.statistics import STARTS
from autograder.checks.steps import known_step, slopes_of
from autograder.model import Evidence
from autograder.sandbox.proxy import Student, probe
from autograder.wire.protocol import Again

__all__ = ["TorchScript", "networks_left", "torch_script"]

# Seconds of training after which a script is not started once more. One that takes longer than
# two has fewer starts than STARTS; the whole must stay within an exercise's limits.
ENOUGH = 45.0
# Rows far and wide, where a unit that rests on the training data bends: (rows, width at most).
WIDE = np.random.default_rng(0).uniform(-4, 4, size=(96, 16))
MOST_WEIGHTS = 200_000  # of a network whose last step is worked out in every way


@dataclass(frozen=True)
class TorchScript:
    """A network found in a program, and what is known of how it was trained.

    outputs: what the network itself gives for the rows that it was shown, in the shape it gave.
    layers: its dense layers (W, b) in order, empty when they are no chain.
    activation: with which the layers reproduce the outputs; ``none`` for a linear network, empty
        where nothing tried does (another architecture).
    probability: whether the outputs are probabilities; else they are logits.
    straight: whether the logits follow a straight line wherever the inputs do.
    steps: how many steps an optimizer made with its parameters; walks: how often a backward ran.
    untrained: how many of the parameters no step was made with; None when there was no step.
    gradient: the gradient at the last step, in one line, or what the last backward left if there
        was no step; None where there is none.
    earlier: the gradient at the step before that.
    before: the layers before the last step; None when there was no step, or one that an optimizer
        made up from several gradients (a closure).
    """

    outputs: Array
    layers: Layers
    activation: str
    probability: bool
    straight: bool
    steps: int
    walks: int
    untrained: int | None
    gradient: Array | None
    earlier: Array | None
    before: Layers | None

    def logits(self, x: Array) -> Array:
        """Work out the logits (n,) of rows x (n, d) from the weights."""
        return forward(self.layers, self.activation, x)[:, 0]

    def slope(self, x: Array, y: Array) -> float:
        """Work out how steep the loss for x (n, d), y (n, 1) is now: the norm of its gradient.

        Of the losses known here the least; nan for another architecture.
        """
        if not self.activation or sum(W.size for W, _ in self.layers) > MOST_WEIGHTS:
            return float("nan")
        z = forward(self.layers, self.activation, x)
        gradients = (
            row_gradients(self.layers, self.activation, x, slopes) for slopes in slopes_of(z, y)
        )
        return min(float(np.linalg.norm(each.mean(axis=0))) for each in gradients)

    def last_step(self, x: Array, y: Array) -> str:
        """Name what the last step was, for the data x (n, d), y (n, 1) of the training.

        ``right``: the gradient of a known loss, for all rows or some; ``first_alone``: for the
        first row alone, which is right where its turn had come. ``double_sigmoid``, ``broadcast``,
        ``first_row``: that of the loss with this mistake; ``adds_up``: that of the loss and of all
        steps before. ``cleared``: a backward ran, but at the step there was no gradient;
        ``no_backward``: none ran. ``unknown``: the architecture or the optimizer does not tell, or
        there is none. ``other``: a gradient of no loss known here.
        """
        if not self.walks and self.gradient is None:
            return "no_backward"
        if self.before is None or not self.activation:
            return "unknown"
        if self.gradient is None:
            return "cleared"
        if self.gradient.size > MOST_WEIGHTS:
            return "unknown"
        step = known_step(self.gradient, self.earlier, self.before, self.activation, (x, y))
        # Zeros may be the gradient of a network that is stuck; that was tried above.
        return step or ("other" if self.gradient.any() else "cleared")


def torch_script(
    student: Student,
    x: Array,
    enough: Callable[[TorchScript], bool],
    *,
    shows: str = "",
    name: str = "model",
) -> TorchScript:
    """Run a script and read the network that its top level leaves under a name.

    x: rows (n, d), fresh ones, on which the network is asked.
    enough: whether a run will do, or no other start could better it. Else the script is run from
        the next seed, until one will do; none does if the script itself sets a seed. Then the first
        run counts.
    shows: key of the exercise's message that a learner reads in place of the call.

    Raises CallFailed when the network cannot be run on such rows, Mismatch when it is none.
    """
    first: TorchScript | None = None
    seconds = 0.0
    for seed in STARTS:
        kept = probe(student, network_left, shows=shows).kept(
            Again(), seed, name, np.asarray(x, np.float32), WIDE[:, : x.shape[1]]
        )
        told = probe(student, told_of, shows=shows)(kept)
        try:
            script = _read(told, np.asarray(x, dtype=np.float64))
            seconds += float(told["seconds"])
        except (TypeError, ValueError, KeyError, IndexError, AttributeError):
            # The probe runs beside the learner's code, which may have bent what it uses.
            raise Mismatch(Evidence("unusable"), told) from None
        if enough(script):
            return script
        again = first is not None and np.array_equal(first.outputs, script.outputs, equal_nan=True)
        first = first or script
        if again or seconds > ENOUGH:
            break
    assert first is not None
    return first


def networks_left(student: Student) -> dict[str, str]:
    """Return the names under which a program has left networks of PyTorch, with their classes."""
    told = probe(student, networks_by_name)()
    return {str(name): str(kind) for name, kind in dict(told).items()}


def told_of(_module: Any, kept: Any) -> Any:
    """Probe: what another one has kept. A run of the script is no question to other programs."""
    return kept


def _read(told: dict[str, Any], x: Array) -> TorchScript:
    outputs = np.asarray(told["outputs"], dtype=np.float64)
    layers = [(_array(W).T, _array(b)) for W, b in told["layers"]]
    activation, probability = form_of(layers, x, outputs)
    gradients, earlier, before = (
        _like(layers, told[key]) for key in ("gradients", "earlier", "before")
    )
    untrained = told["untrained"]
    return TorchScript(
        outputs=outputs,
        layers=layers,
        activation=activation,
        probability=probability,
        straight=is_straight(WIDE[:, : x.shape[1]], _array(told["wide"])),
        steps=int(told["steps"]),
        walks=int(told["walks"]),
        untrained=None if untrained is None else int(untrained),
        gradient=_in_one_line(gradients),
        earlier=_in_one_line(earlier),
        before=before,
    )


def _like(layers: Layers, pairs: Any) -> Layers | None:
    """Read what was noted of each layer, in the layers' own shapes; None where some is lacking.

    Raises ValueError for other shapes, which NumPy would stretch over each other.
    """
    if not pairs or any(each is None for pair in pairs for each in pair):
        return None
    noted = [(_array(W).T, _array(b)) for W, b in pairs]
    shapes = ([(W.shape, b.shape) for W, b in each] for each in (noted, layers))
    if next(shapes) != next(shapes):
        raise ValueError("what was noted of the layers has other shapes than they have")
    return noted


def _in_one_line(pairs: Layers | None) -> Array | None:
    return None if pairs is None else np.concatenate([np.r_[W.ravel(), b] for W, b in pairs])


def _array(values: object) -> Array:
    return np.asarray(values, dtype=np.float64)


def networks_by_name(module: Any) -> dict[str, str]:
    """Probe: the networks among a program's names."""
    import torch

    return {
        name: type(value).__name__
        for name, value in list(vars(module).items())
        if isinstance(value, torch.nn.Module)
        and any(True for _ in value.parameters())
        and not name.startswith("_")
    }


def network_left(module: Any, again: Any, seed: int, name: str, x: Any, wide: Any) -> Any:
    """Probe: run the script from a seed; its network's outputs and layers, and its last steps."""
    import time

    import torch
    from torch.optim.optimizer import register_optimizer_step_pre_hook

    known = vars(module).setdefault("_gradeflow_runs", {})
    if seed in known:
        return known[seed]
    torch.set_num_threads(1)
    # By a parameter's id: itself, its value and gradient at the last step, the gradient before.
    seen: dict[int, Any] = {}
    counts = {"walks": 0, "closures": 0}
    own = torch.Tensor.backward

    def backward(tensor: Any, *args: Any, **kwargs: Any) -> Any:
        counts["walks"] += 1
        return own(tensor, *args, **kwargs)

    def before_step(optimizer: Any, args: Any, kwargs: Any) -> None:
        counts["closures"] += len(args) > 1 or bool(kwargs)
        for group in optimizer.param_groups:
            for p in group["params"]:
                earlier = seen.get(id(p), (p, None, None, None, 0))
                gradient = None if p.grad is None else p.grad.detach().clone()
                seen[id(p)] = (p, p.detach().clone(), gradient, earlier[2], earlier[4] + 1)

    hook = register_optimizer_step_pre_hook(before_step)
    torch.Tensor.backward = backward
    start = time.process_time()
    try:
        model = vars(again(seed))[name]
    finally:
        seconds = time.process_time() - start
        torch.Tensor.backward = own
        hook.remove()
    parameters = list(model.parameters())
    kind = parameters[0].dtype if parameters else torch.float32
    with torch.no_grad():
        outputs = model(torch.tensor(x, dtype=kind))
        far = model(torch.tensor(wide, dtype=kind))
    dense = [each for each in model.modules() if isinstance(each, torch.nn.Linear)]
    dense = [each for each in dense if each.bias is not None]
    pairs = [(each.weight, each.bias) for each in dense]
    if 2 * len(dense) != len(parameters):
        pairs = []
    steps = max((seen[id(p)][4] for p in parameters if id(p) in seen), default=0)

    def noted(place: int) -> Any:
        nothing = (None, None, None, None)
        return [[seen.get(id(p), nothing)[place] for p in pair] for pair in pairs]

    known[seed] = {
        "outputs": outputs,
        "wide": far,
        "layers": [[W.detach(), b.detach()] for W, b in pairs],
        "gradients": noted(2) if steps else [[W.grad, b.grad] for W, b in pairs],
        "earlier": noted(3),
        "before": [] if counts["closures"] else noted(1),
        "steps": steps,
        "walks": counts["walks"],
        "untrained": sum(id(p) not in seen for p in parameters) if seen else None,
        "seconds": seconds,
    }
    return known[seed]
