# %% [markdown] lang="en"
# # XOR in PyTorch

# %% [markdown] lang="zh"
# # 用 PyTorch 实现 XOR

# %%
import torch
from torch import nn


# %% task="loss"
def loss(z, y):
    """Return the mean cross-entropy of logits as a number.

    z: (n, 1)   y: (n, 1), zeros and ones
    """
    ### BEGIN SOLUTION
    z, y = torch.as_tensor(z), torch.as_tensor(y)
    return nn.functional.binary_cross_entropy_with_logits(z, y).item()
    ### END SOLUTION


# %% task="train"
def train(x, y, epochs, rate, seed):
    """Train a network with eight hidden tanh units by Adam.

    x: (n, 2)   y: (n, 1)   ->   a loss for each epoch, probabilities (n, 1)
    """
    torch.manual_seed(seed)
    ### BEGIN SOLUTION
    x, y = torch.as_tensor(x).float(), torch.as_tensor(y).float()
    net = nn.Sequential(nn.Linear(2, 8), nn.Tanh(), nn.Linear(8, 1))
    step, cost, losses = torch.optim.Adam(net.parameters(), rate), nn.BCEWithLogitsLoss(), []
    for _ in range(epochs):
        step.zero_grad()
        now = cost(net(x), y)
        now.backward()
        step.step()
        losses.append(now.item())
    return losses, torch.sigmoid(net(x)).detach().numpy()
    ### END SOLUTION
