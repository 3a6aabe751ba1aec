"""XORNet is itself an nn.Sequential; gradients by autograd.grad; recursion over the tries."""

import torch
from torch import nn

POINTS = [(0.0, 0.0), (0.0, 1.0), (1.0, 0.0), (1.0, 1.0)]


def xor_data():
    return torch.tensor(POINTS), torch.tensor([[float(a != b)] for a, b in POINTS])


class XORNet(nn.Sequential):
    def __init__(self, hidden=8, act="tanh"):
        activation = nn.ReLU() if act == "relu" else nn.Sigmoid() if act == "sigmoid" else nn.Tanh()
        super().__init__(nn.Linear(2, hidden), activation, nn.Linear(hidden, 1))


def train_step(model, x, y, opt, loss):
    value = loss(model(x), y)
    parameters = list(model.parameters())
    for parameter, gradient in zip(parameters, torch.autograd.grad(value, parameters)):
        parameter.grad = gradient
    opt.step()
    return value.detach().numpy().item()


def train(model, x, y, epochs=100, lr=2.0):
    opt = torch.optim.SGD([{"params": model.parameters()}], lr=lr)
    loss = nn.BCEWithLogitsLoss(reduction="mean")
    return list(train_step(model, x, y, opt, loss) for _ in range(epochs))


def predict(model, x):
    return torch.where(model(x) > 0, 1.0, 0.0)


def train_with_restarts(max_tries=25, tries=1):
    x, y = xor_data()
    model = XORNet(2, "relu")
    history = train(model, x, y, 1000, lr=0.1)
    right = torch.equal(predict(model, x), y)
    if right or tries == max_tries:
        return model, tries
    del history
    return train_with_restarts(max_tries, tries + 1)
