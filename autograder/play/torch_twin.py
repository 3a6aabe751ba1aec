"""The page's network in PyTorch, in a process of its own: nn.Linear, torch.optim.SGD, autograd."""

from __future__ import annotations

from typing import Any

import torch
from torch import nn

from autograder.play.setting import Setting

__all__ = ["Driver"]

ACTIVATIONS: dict[str, Any] = {
    "tanh": nn.Tanh,
    "sigmoid": nn.Sigmoid,
    "relu": nn.ReLU,
    "linear": nn.Identity,
}


class Driver:
    """Makes the very updates that another network has made: its rows, its dropout masks."""

    def __init__(self, note: str) -> None:
        del note  # no function of a learner's runs here
        torch.set_num_threads(1)

    def __call__(self, order: str, *given: Any) -> tuple[str, Any]:
        """Carry out an order: make or advance."""
        return "done", getattr(self, f"_{order}")(*given)

    def _make(self, said: Any, X: Any, Y: Any, train: int, weights: Any) -> dict[str, Any]:
        self._setting = Setting.read(said)
        self._X, self._Y, self._train = torch.from_numpy(X), torch.from_numpy(Y), train
        self._model = nn.ModuleList(
            nn.Sequential(nn.Linear(*W.shape), ACTIVATIONS[f]()) for W, _, f in weights
        ).double()
        with torch.no_grad():
            for layer, (W, b, _) in zip(self._linear(), weights, strict=True):
                layer.weight.copy_(torch.from_numpy(W.T))
                layer.bias.copy_(torch.from_numpy(b))
        self._descent = torch.optim.SGD(self._model.parameters(), lr=self._setting.rate)
        with torch.no_grad():
            return self._seen()

    def _advance(self, log: Any) -> dict[str, Any]:
        for rows, masks in log:
            chosen = torch.from_numpy(rows)
            loss = self._loss(self._Y[chosen], self._out(self._X[chosen], masks)) + self._penalty()
            self._descent.zero_grad()
            loss.backward()
            self._descent.step()
        with torch.no_grad():
            return self._seen()

    def _out(self, X: Any, masks: Any = ()) -> Any:
        keep = 1 - self._setting.dropout / 100
        for at, layer in enumerate(self._model):
            X = layer(X)
            if at < len(masks):
                X = X * torch.from_numpy(masks[at]) / keep
        return X

    def _loss(self, Y: Any, out: Any) -> Any:
        match self._setting.loss:
            case "l1":
                return nn.functional.l1_loss(out, Y)
            case "l2":
                return nn.functional.mse_loss(out, Y) / 2
            case "rmse":
                return nn.functional.mse_loss(out, Y).sqrt()
            case "bce":
                return nn.functional.binary_cross_entropy(out, Y)
        return nn.functional.mse_loss(out, Y)

    def _penalty(self) -> Any:
        weights = [layer.weight for layer in self._linear()]
        return sum(
            self._setting.l1 * each.abs().sum() + self._setting.l2 * each.square().sum()
            for each in weights
        )

    def _linear(self) -> list[nn.Linear]:
        return [layer[0] for layer in self._model]

    def _seen(self) -> dict[str, Any]:
        X, Y, train = self._X, self._Y, self._train
        return {
            "train": float(self._loss(Y[:train], self._out(X[:train]))),
            "test": float(self._loss(Y[train:], self._out(X[train:]))),
            "layers": [
                (each.weight.numpy().T.copy(), each.bias.numpy().copy()) for each in self._linear()
            ],
        }
