"""Random numbers from a given start, in whatever a program draws them with."""

from __future__ import annotations

import os
import random
import sys

import numpy as np

__all__ = ["reseed", "seed_generators"]


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


def reseed() -> None:
    """Give every generator that processes made alike would share a state of its own."""
    # By whole numbers: bytes and lists go by ways that cost a fresh fork a millisecond of copying.
    random.seed(int.from_bytes(os.urandom(32), "little"))
    numpy_random = sys.modules.get("numpy.random")
    if numpy_random is not None:
        numpy_random.seed(int.from_bytes(os.urandom(4), "little"))
    torch_random = sys.modules.get("torch.random")
    if torch_random is not None:
        torch_random.default_generator.manual_seed(int.from_bytes(os.urandom(8), "little") >> 1)
