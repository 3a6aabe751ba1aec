"""The same network in PyTorch or Keras, beside the learner's, from the same weights."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Literal, TypeAlias

import numpy as np

from autograder.play.holding import LIMITS, Held, Trouble
from autograder.sandbox.opening import Sandbox

__all__ = ["Framework", "Twin"]

Framework: TypeAlias = Literal["torch", "tensorflow"]
APART = 1e-6  # of the loss: both compute with 64 bits


class Twin:
    """A network of nn.Linear or Dense layers that makes the very updates that the learner's makes.

    It gets the rows of each batch, and the masks of dropout, as the learner's functions drew them.
    """

    def __init__(self, sandbox: Sandbox, framework: Framework) -> None:
        self.framework = framework
        self._sandbox = sandbox
        self._held: Held | None = None
        self._parted: int | None = None
        self._steps = 0

    def make(self, said: Any, X: Any, Y: Any, train: int, weights: Any) -> dict[str, Any]:
        """Start from these weights; return the losses before the first step."""
        limits = replace(LIMITS, wall=60.0, memory=4096)  # a framework compiles in its first step
        if self._held is None:
            self._held = Held(self._sandbox, f"autograder.play.{self.framework}_twin", limits)
        self._parted, self._steps = None, 0
        pairs = [(W, b) for W, b, _ in weights]
        return self._told(self._ask("make", said, X, Y, train, weights), pairs)

    def advance(self, log: Any, layers: Any) -> dict[str, Any]:
        """Make the updates that the learner's network made, and compare the weights."""
        self._steps += len(log)
        return self._told(self._ask("advance", log), layers)

    def close(self) -> None:
        """End its process; may be called again."""
        if self._held is not None:
            self._held.close()
            self._held = None

    def _ask(self, order: str, *given: Any) -> Any:
        assert self._held is not None
        try:
            return self._held.ask(order, *given)
        except Trouble:
            self.close()
            raise

    def _told(self, seen: dict[str, Any], layers: Any) -> dict[str, Any]:
        """Return both losses, how far each layer's weights are apart, and since which step."""
        apart = [
            float(max(np.abs(W - own_W).max(), np.abs(b - own_b).max()))
            for (W, b), (own_W, own_b) in zip(seen["layers"], layers, strict=True)
        ]
        if self._parted is None and not max(apart) <= APART * (1 + self._steps / 100):
            self._parted = self._steps
        return {"train": seen["train"], "test": seen["test"], "apart": apart, "since": self._parted}
