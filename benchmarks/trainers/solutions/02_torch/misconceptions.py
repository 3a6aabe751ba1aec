import torch
from torch import nn

from autograder.diagnosis import misconception


@misconception("T1")
def train(x, y, epochs, rate, seed):
    torch.manual_seed(seed)
    x, y = torch.as_tensor(x).float(), torch.as_tensor(y).float()
    net = nn.Sequential(nn.Linear(2, 8), nn.Tanh(), nn.Linear(8, 1))
    step, cost, losses = torch.optim.Adam(net.parameters(), rate), nn.BCEWithLogitsLoss(), []
    for _ in range(epochs):
        step.zero_grad()
        now = cost(net(x), y)
        now.backward()
        losses.append(now.item())
    return losses, torch.sigmoid(net(x)).detach().numpy()
