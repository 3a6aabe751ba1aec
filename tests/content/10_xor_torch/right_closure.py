"""The step as a closure that the optimizer calls; decorators; sums of comparisons."""

import torch
import torch.nn.functional as F
from torch import nn


def xor_data():
    x = torch.cartesian_prod(torch.arange(2.0), torch.arange(2.0))
    return x, torch.logical_xor(*x.T).float().reshape(4, 1)


class XORNet(nn.Module):
    def __init__(self, hidden=8, act="tanh"):
        super().__init__()
        self.layers = nn.ModuleList([nn.Linear(2, hidden), nn.Linear(hidden, 1)])
        self.f = {"tanh": F.tanh, "relu": F.relu, "sigmoid": F.sigmoid}[act]

    def forward(self, x):
        one, two = self.layers
        return two(self.f(one(x)))


def train_step(model, x, y, opt, loss):
    def closure():
        opt.zero_grad()
        value = loss(model(x), y)
        value.backward()
        return value

    return opt.step(closure).item()


def train(model, x, y, epochs=100, lr=2.0):
    opt = torch.optim.SGD(params=model.parameters(), lr=lr)
    return [train_step(model, x, y, opt, F.binary_cross_entropy_with_logits) for _ in range(epochs)]


@torch.no_grad()
def predict(model, x):
    return (torch.sigmoid(model(x)) > 0.5).int()


def train_with_restarts(max_tries=25):
    x, y = xor_data()

    def attempt():
        model = XORNet(2, "relu")
        train(model, x, y, lr=0.1, epochs=1000)
        return model

    for number in range(1, max_tries + 1):
        model = attempt()
        if int((predict(model, x) == y).sum()) == 4:
            break
    return model, number
