"""A frame on its way to the page: a head in JSON, and behind it surfaces of one byte a place."""

from __future__ import annotations

import json
import math
import struct
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["framed", "plain"]


def framed(head: dict[str, Any], surfaces: NDArray[np.int8]) -> bytes:
    """Pack a frame: the head's length (4 bytes, least first), the head, the surfaces."""
    said = json.dumps(plain(head), allow_nan=False, separators=(",", ":")).encode()
    return struct.pack("<I", len(said)) + said + np.ascontiguousarray(surfaces).tobytes()


def plain(value: Any) -> Any:
    """Return a value as JSON takes it: numbers that are not finite become null."""
    match value:
        case np.ndarray():
            return plain(value.tolist())
        case dict():
            return {str(key): plain(item) for key, item in value.items()}
        case list() | tuple():
            return [plain(item) for item in value]
        case float() if not math.isfinite(value):
            return None
        case float():
            return float(f"{value:.7g}")
        case np.generic():
            return plain(value.item())
    return value
