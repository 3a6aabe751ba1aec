"""What runs beside the learner's modules, in their process: a whole step is one call from outside.

Here is nothing that is hidden: the learner's own files, and the engine's part of the page.
"""

from __future__ import annotations

import mmap
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np

from autograder.play.fitting import Unfit
from autograder.play.functions import FUNCTIONS, needed
from autograder.play.network import Network
from autograder.play.numerical import compared
from autograder.play.own import STAND_INS
from autograder.play.painting import painted
from autograder.play.setting import Setting
from autograder.sandbox.policy import Limits
from autograder.sandbox.program import Runner
from autograder.wire.protocol import Part, Program, Raised

__all__ = ["Driver"]

Told: TypeAlias = tuple[Any, ...]
CHECKED = 12  # samples of the numerical gradient


class Driver:
    """Holds the learner's programs and the network that is made of them.

    Every order answers with plain data: ("done", value), or what went wrong in the learner's code:
    ("raised", kind, message, lines), ("missing", name, type), ("unfit", facts).

    note: a file of one byte, which says at any time the number of the function that is running:
    whoever finds this process dead reads there what it died of.
    """

    def __init__(self, note: str) -> None:
        with Path(note).open("r+b") as file:
            self._note = mmap.mmap(file.fileno(), 1)
        self._runners: dict[str, Runner] = {}
        self._network: Network | None = None
        self._grid: Any = None
        self._test: tuple[Any, Any] = (None, None)

    def __call__(self, order: str, *given: Any) -> Told:
        """Carry out an order: load, make, advance or compare."""
        self._note[0] = len(FUNCTIONS)
        try:
            return "done", getattr(self, f"_{order}")(*given)
        except _MissingError as error:
            return "missing", error.name, error.kind
        except Unfit as error:
            return "unfit", error.facts
        except (MemoryError, AssertionError):
            raise
        except Exception as error:
            return self._told(error)

    def _told(self, error: Exception) -> Told:
        lines = [line for each in self._runners.values() for line in each.trace(error)]
        trace = [(line.label, line.line, line.function) for line in lines]
        return "raised", type(error).__name__, str(error)[:2000], trace

    # ---- orders ----

    def _load(
        self, exercise: str, module: str, parts: Any, notebook: bool, forbidden: Any, wanted: Any
    ) -> Any:
        """Run a file's top level; return what failed of it, and what it printed."""
        program = Program(
            module,
            tuple(Part(*part) for part in parts),
            tuple(forbidden),
            notebook=notebook,
            wanted=tuple(wanted),
        )
        runner = self._runners[exercise] = Runner(program, Limits(), register=True)
        loaded = runner.load()
        failed = []
        for each in loaded.failures:
            if isinstance(each.outcome, Raised):
                lines = [(line.label, line.line, line.function) for line in each.outcome.trace]
                failed.append((each.part, each.outcome.kind, each.outcome.message, lines))
        return failed, loaded.output

    def _make(self, said: Any, X: Any, Y: Any, train: int, grid: Any) -> Any:
        """Make a network anew, and show it as it is before the first step."""
        setting = Setting.read(said)
        functions = {
            name: self._noted(name, self._function(name, setting.own)) for name in needed(setting)
        }
        self._hand_over(functions)
        self._grid = grid
        self._test = X[train:], Y[train:]
        self._network = Network(setting, functions, X[:train], Y[:train])
        return {**self._seen(), "count": self._network.count(), "weights": self._weights()}

    def _advance(self, steps: int, seen: bool) -> Any:
        """Make some updates, and show what came of them; without surfaces unless `seen`."""
        network = self._made()
        network.log.clear()
        # A learning rate that is too large overflows: the page tells of that itself.
        with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
            for _ in range(steps):
                network.step()
            return self._seen(surfaces=seen)

    def _compare(self) -> Any:
        """Compare the learner's gradient with the numerical one, on a few samples."""
        network = self._made()
        X, Y = network.X[:CHECKED], network.Y[:CHECKED]
        grads = network.backward(X, Y)
        return compared(
            network.layers, grads, lambda layers: network.loss(Y, network.forward(X, layers)[0])
        )

    # ---- parts ----

    def _made(self) -> Network:
        assert self._network is not None, "no network was made"
        return self._network

    def _function(self, name: str, own: tuple[str, ...]) -> Any:
        if name in own:
            return STAND_INS[name]
        runner = self._runners.get(FUNCTIONS[name].exercise)
        found = vars(runner.module).get(name) if runner else None
        if not callable(found):
            raise _MissingError(name, "" if found is None else type(found).__name__)
        return found

    def _noted(self, name: str, function: Callable[..., Any]) -> Callable[..., Any]:
        number, note = list(FUNCTIONS).index(name), self._note

        def call(*given: Any) -> Any:
            before, note[0] = note[0], number
            result = function(*given)
            note[0] = before
            return result

        return call

    def _hand_over(self, functions: dict[str, Any]) -> None:
        """Give exercise 7 the learner's own curves and slopes where it was handed finished ones."""
        runner = self._runners.get(FUNCTIONS["forward"].exercise)
        if runner is None:
            return
        own: dict[str, Callable[..., Any]] = STAND_INS

        def activate(z: Any, f: str) -> Any:
            return (functions.get(f) or own.get(f, _same))(z)

        def slope(z: Any, f: str) -> Any:
            return (functions.get(f"d_{f}") or own.get(f"d_{f}", _flat))(z)

        names = vars(runner.module)
        for name, function in (("activate", activate), ("slope", slope)):
            if name in names:
                names[name] = function

    def _seen(self, *, surfaces: bool = True) -> dict[str, Any]:
        network = self._made()
        train = network.loss(network.Y, network.forward(network.X)[0])
        X, Y = self._test
        told = {
            "step": network.steps,
            "epoch": network.epochs,
            "train": train,
            "test": network.loss(Y, network.forward(X)[0]),
            "flow": [float(np.sqrt(np.mean(np.square(each["W"])))) for each in network.grads],
            "layers": [(each["W"], each["b"]) for each in network.layers],
            "log": network.log,
        }
        if surfaces:
            told["surfaces"], told["scales"] = painted(network.surfaces(self._grid), network.layers)
        return told

    def _weights(self) -> Any:
        return [(each["W"], each["b"], each["f"]) for each in self._made().layers]


def _same(z: Any) -> Any:
    return z


def _flat(z: Any) -> Any:
    return np.ones_like(z)


class _MissingError(Exception):
    def __init__(self, name: str, kind: str) -> None:
        self.name, self.kind = name, kind
