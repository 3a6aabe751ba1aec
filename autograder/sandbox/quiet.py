"""Importing TensorFlow without its greeting: it tells of the processor, and nobody here asked.

Its C++ library writes to the process' standard error, whatever TF_CPP_MIN_LOG_LEVEL says.
"""

from __future__ import annotations

import importlib
import logging
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress

__all__ = ["import_quietly"]


def import_quietly(framework: str) -> None:
    """Import TensorFlow, where that is the framework; what is lacking says so later."""
    if framework != "tensorflow" or framework in sys.modules:
        return
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    with suppress(Exception), _silence():
        importlib.import_module(framework)
    # Keras warns of graphs that are traced again: of many small programs in one process.
    logging.getLogger(framework).setLevel(logging.ERROR)


@contextmanager
def _silence() -> Iterator[None]:
    try:
        kept = os.dup(2)
        nowhere = os.open(os.devnull, os.O_WRONLY)
    except OSError:  # a process without a standard error has nobody to greet
        yield
        return
    try:
        os.dup2(nowhere, 2)
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
        os.close(nowhere)
