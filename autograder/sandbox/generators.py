"""Random numbers from a given start, in whatever a program draws them with."""

from __future__ import annotations

import random
import sys

import numpy as np

__all__ = ["seed_generators"]


def seed_generators(seed: int) -> None:
    """Seed Python's, NumPy's and, where they are imported, PyTorch's and TensorFlow's generators.

    seed: from 0 to 2**32 - 1.
    """
    random.seed(seed)
    np.random.seed(seed)
    torch = sys.modules.get("torch")
    if torch is not None:
        torch.manual_seed(seed)
    keras = sys.modules.get("keras")
    if keras is not None:
        keras.utils.set_random_seed(seed)
