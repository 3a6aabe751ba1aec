"""Wrong variants of 10_xor_torch: what a learner with each misunderstanding writes."""

import torch
from torch import nn

from autograder.diagnosis import misconception

# A10.1 Old gradients are not cleared, or only after the new ones were made.


@misconception("A10.1")
def train_step(model, x, y, opt, loss):
    value = loss(model(x), y)
    value.backward()
    opt.step()
    return value.item()


@misconception("A10.1")
def train_step(model, x, y, opt, loss):
    value = loss(model(x), y)
    value.backward()
    opt.zero_grad()
    opt.step()
    return value.item()


@misconception("A10.1")
def train(model, x, y, epochs=100, lr=2.0):
    opt = torch.optim.SGD(model.parameters(), lr=lr)
    loss = nn.BCEWithLogitsLoss()
    history = []
    for _ in range(epochs):
        value = loss(model(x), y)
        value.backward()
        opt.step()
        history.append(value.item())
    return history


# A10.2 No activation between the layers: one linear layer in two pieces.


@misconception("A10.2")
class NoActivation:
    class XORNet(nn.Module):
        def __init__(self, hidden=8, act="tanh"):
            super().__init__()
            self.first = nn.Linear(2, hidden)
            self.last = nn.Linear(hidden, 1)

        def forward(self, x):
            return self.last(self.first(x))


# A10.3 A sigmoid, and a loss that contains it.


@misconception("A10.3")
class SigmoidAtTheEnd:
    class XORNet(nn.Module):
        def __init__(self, hidden=8, act="tanh"):
            super().__init__()
            self.first = nn.Linear(2, hidden)
            self.last = nn.Linear(hidden, 1)
            self.activation = ACTIVATIONS[act]

        def forward(self, x):
            return torch.sigmoid(self.last(self.activation(self.first(x))))


@misconception("A10.3")
def train_step(model, x, y, opt, loss):
    opt.zero_grad()
    value = loss(torch.sigmoid(model(x)), y)
    value.backward()
    opt.step()
    return value.item()


@misconception("A10.3")
def train(model, x, y, epochs=100, lr=2.0):
    opt = torch.optim.SGD(model.parameters(), lr=lr)
    loss = nn.BCEWithLogitsLoss()
    history = []
    for _ in range(epochs):
        opt.zero_grad()
        value = loss(torch.sigmoid(model(x)), y)
        value.backward()
        opt.step()
        history.append(value.item())
    return history


# A10.4 Labels or outputs of shape (n,), against (n, 1).


@misconception("A10.4")
def xor_data():
    x = torch.tensor([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
    y = torch.tensor([0.0, 1.0, 1.0, 0.0])
    return x, y


@misconception("A10.4")
def train_step(model, x, y, opt, loss):
    opt.zero_grad()
    value = loss(model(x).squeeze(), y)
    value.backward()
    opt.step()
    return value.item()


@misconception("A10.4")
def train_step(model, x, y, opt, loss):
    opt.zero_grad()
    value = loss(model(x), y.flatten())
    value.backward()
    opt.step()
    return value.item()


@misconception("A10.4")
class OutputsInOneLine:
    class XORNet(nn.Module):
        def __init__(self, hidden=8, act="tanh"):
            super().__init__()
            self.first = nn.Linear(2, hidden)
            self.last = nn.Linear(hidden, 1)
            self.activation = ACTIVATIONS[act]

        def forward(self, x):
            return self.last(self.activation(self.first(x))).squeeze(1)


# A10.5 Integers, which no layer and no loss takes.


@misconception("A10.5")
def xor_data():
    x = torch.tensor([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
    y = torch.tensor([[0], [1], [1], [0]])
    return x, y


@misconception("A10.5")
def xor_data():
    x = torch.tensor([[0, 0], [0, 1], [1, 0], [1, 1]])
    y = torch.tensor([[0], [1], [1], [0]])
    return x, y


# A10.6 A stuck start is trained on, or taken for the last word.


@misconception("A10.6")
def train_with_restarts(max_tries=25):
    x, y = xor_data()
    model = XORNet(2, "relu")
    train(model, x, y, epochs=1000, lr=0.1)
    return model, 1


@misconception("A10.6")
def train_with_restarts(max_tries=25):
    x, y = xor_data()
    model = XORNet(2, "relu")
    for tries in range(1, max_tries + 1):
        train(model, x, y, epochs=1000, lr=0.1)
        if torch.equal(predict(model, x), y):
            return model, tries
    return model, max_tries


# A10.7 The optimizer holds only a part of the network, or another network.


@misconception("A10.7")
def train(model, x, y, epochs=100, lr=2.0):
    opt = torch.optim.SGD(list(model.parameters())[-2:], lr=lr)
    loss = nn.BCEWithLogitsLoss()
    return [train_step(model, x, y, opt, loss) for _ in range(epochs)]


@misconception("A10.7")
def train(model, x, y, epochs=100, lr=2.0):
    opt = torch.optim.SGD(list(model.parameters())[:2], lr=lr)
    loss = nn.BCEWithLogitsLoss()
    return [train_step(model, x, y, opt, loss) for _ in range(epochs)]


@misconception("A10.7")
def train(model, x, y, epochs=100, lr=2.0):
    opt = torch.optim.SGD(XORNet().parameters(), lr=lr)
    loss = nn.BCEWithLogitsLoss()
    return [train_step(model, x, y, opt, loss) for _ in range(epochs)]


# A10.8 The threshold of a probability on logits, or that of a logit on probabilities.


@misconception("A10.8")
def predict(model, x):
    with torch.no_grad():
        return (model(x) > 0.5).float()


@misconception("A10.8")
def predict(model, x):
    with torch.no_grad():
        return (torch.sigmoid(model(x)) > 0).float()


@misconception("A10.8")
def predict(model, x):
    with torch.no_grad():
        return torch.round(model(x))


# A10.9 A loop whose variable is not used: the first row again and again.


@misconception("A10.9")
def train_step(model, x, y, opt, loss):
    opt.zero_grad()
    value = 0
    for _row, label in zip(x, y, strict=True):
        value = value + loss(model(x[0]), label) / len(x)
    value.backward()
    opt.step()
    return value.item()


@misconception("A10.9")
def train_step(model, x, y, opt, loss):
    for _row, label in zip(x, y, strict=True):
        opt.zero_grad()
        value = loss(model(x[0]), label)
        value.backward()
        opt.step()
    return value.item()


@misconception("A10.9")
def train_step(model, x, y, opt, loss):
    for _row, _label in zip(x, y, strict=True):
        opt.zero_grad()
        value = loss(model(x[:1]), y[:1])
        value.backward()
        opt.step()
    return value.item()


@misconception("A10.9")
def predict(model, x):
    with torch.no_grad():
        return torch.stack([(model(x[0]) > 0).float() for _row in x])
