"""Tensors in and out of a program: libraries' own objects as plain data, and plain data as them.

It runs beside the learner's code, for a library that the program has imported; nothing is imported
for one that has not.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

from autograder.wire.protocol import Tensor

__all__ = ["plain", "tensor_of"]

MOST_DEPTH = 32


def tensor_of(value: Tensor) -> Any:
    """Make the library's own tensor; it owns its memory."""
    if value.library == "torch":
        import torch

        return torch.tensor(value.array)
    import tensorflow

    return tensorflow.constant(value.array)


def plain(value: Any) -> Any:
    """Return a value with its tensors as NumPy arrays, shapes as tuples, dtypes as their names.

    Inside lists, tuples and dicts too; whatever is no library's object stays as it is.
    """
    if "torch" in sys.modules or "tensorflow" in sys.modules or "keras" in sys.modules:
        return _plain(value, 0)
    return value


def _plain(value: Any, depth: int) -> Any:
    kind = type(value)
    if depth > MOST_DEPTH:
        return value
    if kind is list:
        return [_plain(item, depth + 1) for item in value]
    if kind is tuple:
        return tuple(_plain(item, depth + 1) for item in value)
    if kind is dict:
        return {key: _plain(item, depth + 1) for key, item in value.items()}
    for base in kind.__mro__:
        convert = _CONVERSIONS.get(f"{base.__module__.partition('.')[0]}.{base.__name__}")
        if convert is not None:
            return convert(value)
    return value


def _array(value: Any) -> Any:
    return value.numpy()


def _indexed_slices(value: Any) -> Any:
    # The gradient of a lookup: TensorFlow leaves the zeros out.
    import tensorflow

    return tensorflow.convert_to_tensor(value).numpy()


_CONVERSIONS: dict[str, Callable[[Any], Any]] = {
    "torch.Tensor": lambda value: value.detach().cpu().numpy(),
    "torch.Size": tuple,
    "torch.dtype": lambda value: str(value).partition(".")[2],
    "tensorflow.EagerTensor": _array,
    "tensorflow.ResourceVariable": _array,
    "tensorflow.IndexedSlices": _indexed_slices,
    "tensorflow.TensorShape": lambda value: value if value.rank is None else tuple(value),
    "tensorflow.DType": lambda value: value.name,
    "keras.Variable": _array,
}
