# %% [markdown] lang="en"
# # A neuron in NumPy

# %% [markdown] lang="zh"
# # 用 NumPy 写一个神经元

# %%
import numpy as np


# %% task="sigmoid"
def sigmoid(z):
    """Return 1 / (1 + exp(-z)), without overflow, for an array of any shape."""
    ### BEGIN SOLUTION
    e = np.exp(-np.abs(z))
    return np.where(z >= 0, 1, e) / (1 + e)
    ### END SOLUTION


# %% task="train"
def train(x, y, epochs, rate):
    """Train one neuron by gradient descent on the mean cross-entropy.

    x: (n, d)   y: (n,)   ->   weights (d,), bias, a loss for each epoch
    """
    ### BEGIN SOLUTION
    w, b, losses = np.zeros(x.shape[1]), 0.0, []
    for _ in range(epochs):
        p = sigmoid(x @ w + b)
        losses.append(float(-np.mean(y * np.log(p) + (1 - y) * np.log(1 - p))))
        w = w - rate * x.T @ (p - y) / len(y)
        b = b - rate * float(np.mean(p - y))
    return w, b, losses
    ### END SOLUTION
