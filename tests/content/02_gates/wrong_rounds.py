# loses: gate
"""Sums that are rounded: some answers are -1, and more are none of the two."""

import numpy as np


def gate(X, w, b):
    return np.round(X @ w - b)


def weights_for(name):
    if name == "NOT":
        return np.array([-1.0]), 0.5
    signs = {"AND": (1, -1.5), "OR": (1, -0.5), "NAND": (-1, 1.5), "NOR": (-1, 0.5)}
    if name not in signs:
        raise ValueError(name)
    sign, b = signs[name]
    return np.array([sign, sign]), b
