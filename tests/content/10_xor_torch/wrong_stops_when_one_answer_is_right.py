# loses: train_with_restarts
# named: A10.6

import torch
from torch import nn

ACTIVATIONS = {"tanh": torch.tanh, "relu": torch.relu, "sigmoid": torch.sigmoid}


def xor_data():
    x = torch.tensor([[0, 0], [0, 1], [1, 0], [1, 1]], dtype=torch.float32)
    y = torch.tensor([[0], [1], [1], [0]], dtype=torch.float32)
    return x, y


class XORNet(nn.Module):
    def __init__(self, hidden=8, act="tanh"):
        super().__init__()
        self.fc1 = nn.Linear(2, hidden)
        self.fc2 = nn.Linear(hidden, 1)
        self.act = ACTIVATIONS[act]

    def forward(self, x):
        return self.fc2(self.act(self.fc1(x)))


def train_step(model, x, y, opt, loss):
    opt.zero_grad()
    value = loss(model(x), y)
    value.backward()
    opt.step()
    return value.item()


def train(model, x, y, epochs=100, lr=2.0):
    opt = torch.optim.SGD(model.parameters(), lr=lr)
    loss = nn.BCEWithLogitsLoss()
    return [train_step(model, x, y, opt, loss) for _ in range(epochs)]


def predict(model, x):
    with torch.no_grad():
        return (model(x) > 0).float()


def train_with_restarts(max_tries=25):
    x, y = xor_data()
    for tries in range(1, max_tries + 1):
        model = XORNet(2, "relu")
        train(model, x, y, epochs=1000, lr=0.1)
        if (predict(model, x) == y).any():
            break
    return model, tries
