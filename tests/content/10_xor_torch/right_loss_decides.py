"""The loss tells a success; one model is given new weights for each try; a seed for each try."""

import torch
from torch import nn


def xor_data():
    y = torch.zeros(4, 1)
    y[1:3] = 1
    x = torch.zeros(4, 2)
    x[2:, 0] = 1
    x[1::2, 1] = 1
    return x, y


class XORNet(nn.Module):
    def __init__(self, hidden=8, act="tanh"):
        super().__init__()
        self.a = nn.Linear(2, hidden)
        self.b = nn.Linear(hidden, 1)
        self.f = {"relu": nn.functional.relu, "tanh": torch.tanh}.get(act, torch.sigmoid)

    def forward(self, x):
        return self.b(self.f(self.a(x)))


def train_step(model, x, y, opt, loss):
    model.zero_grad()
    cost = loss(model(x), y)
    cost.backward()
    with torch.no_grad():
        opt.step()
    return cost.item()


def train(model, x, y, epochs=100, lr=2.0):
    optimizer = torch.optim.SGD(list(model.parameters()), lr=lr)
    bce, history = nn.BCEWithLogitsLoss(), []
    while len(history) < epochs:
        history.append(train_step(model, x, y, optimizer, bce))
    return history


def predict(model, x):
    logits = model(x)
    answers = torch.zeros_like(logits)
    answers[logits > 0] = 1
    return answers


def train_with_restarts(max_tries=25):
    x, y = xor_data()
    model = XORNet(2, "relu")
    tries = 0
    while True:
        tries += 1
        torch.manual_seed(12 + tries)
        model.a.reset_parameters()
        model.b.reset_parameters()
        history = train(model, x, y, epochs=1000, lr=0.1)
        if history[-1] < 0.3 or tries == max_tries:
            return model, tries
