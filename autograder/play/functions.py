"""Which functions of the course a set-up needs, and whose task each of them is."""

from __future__ import annotations

from dataclasses import dataclass

from autograder.play.setting import Setting

__all__ = ["FUNCTIONS", "Function", "needed"]


@dataclass(frozen=True)
class Function:
    """A function that the page calls; `name` is its task's."""

    name: str
    exercise: str


_TASKS = {
    "01_neuron": ("sigmoid", "tanh", "relu", "d_sigmoid", "d_tanh", "d_relu"),
    "03_xor": ("mlp_forward",),
    "05_layers": ("param_count",),
    "06_losses": ("l1", "d_l1", "l2", "d_l2", "mse", "d_mse", "rmse", "d_rmse", "bce", "d_bce"),
    "07_backprop": ("forward", "backward"),
    "08_descent": ("batches", "sgd_step"),
    "09_regularization": ("add_penalty", "dropout_forward", "dropout_backward"),
}
FUNCTIONS = {name: Function(name, exercise) for exercise, names in _TASKS.items() for name in names}
"""By their names, in the order of teaching."""


def needed(setting: Setting) -> tuple[str, ...]:
    """Return the names of the functions that a set-up calls, in the order of teaching."""
    names = {"mlp_forward", "param_count", "forward", "backward", "batches", "sgd_step"}
    curves = {setting.output} | ({setting.activation} if setting.layers else set())
    names |= {f"{head}{curve}" for curve in curves - {"linear"} for head in ("", "d_")}
    names |= {setting.loss, f"d_{setting.loss}"}
    if setting.l1 or setting.l2:
        names.add("add_penalty")
    if setting.dropout and setting.layers:
        names |= {"dropout_forward", "dropout_backward"}
    return tuple(name for name in FUNCTIONS if name in names)
