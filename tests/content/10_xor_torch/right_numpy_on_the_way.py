"""Data through NumPy, a history that was an array, answers as whole numbers and truth values."""

import numpy as np
import torch
from torch import nn


def xor_data():
    x = np.array([[0, 0], [0, 1], [1, 0], [1, 1]], dtype=np.float32)
    y = np.array([0, 1, 1, 0], dtype=np.float32).reshape(-1, 1)
    return torch.from_numpy(x), torch.from_numpy(y)


class XORNet(nn.Module):
    def __init__(self, hidden=8, act="tanh"):
        super(XORNet, self).__init__()
        self.hidden_layer = nn.Linear(in_features=2, out_features=hidden)
        self.output_layer = nn.Linear(in_features=hidden, out_features=1)
        self.act = act

    def forward(self, x):
        h = getattr(torch, self.act)(self.hidden_layer(x))
        return h @ self.output_layer.weight.T + self.output_layer.bias


def train_step(model, x, y, opt, loss):
    for parameter in model.parameters():
        parameter.grad = None
    outputs = model(x)
    value = loss(outputs, y.view(-1, 1))
    value.backward()
    opt.step()
    return value.detach().numpy()[()]


def train(model, x, y, epochs=100, lr=2.0):
    opt = torch.optim.SGD(model.parameters(), lr=lr)
    history = np.zeros(epochs)
    for epoch in range(epochs):
        history[epoch] = train_step(model, x, y, opt, nn.BCEWithLogitsLoss())
    return history.tolist()


def predict(model, x):
    return model(x).detach() > 0


def train_with_restarts(max_tries=25):
    x, y = xor_data()
    for tries in range(1, max_tries + 1):
        net = XORNet(2, "relu")
        losses = train(net, x, y, epochs=1000, lr=0.1)
        answers = predict(net, x).numpy().astype(int).ravel().tolist()
        if answers == [0, 1, 1, 0] and losses[-1] < 0.693:
            return net, tries
    return net, tries
