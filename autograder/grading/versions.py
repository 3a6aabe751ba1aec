"""The versions that a result was found with: what another digit may come from."""

from __future__ import annotations

import functools
import importlib.metadata
import platform
from contextlib import suppress

import numpy as np
import pytest

from autograder import __version__

__all__ = ["versions_of"]

# By framework; a package that is not here is not told of.
DISTRIBUTIONS = {
    "matplotlib": ("matplotlib",),
    "torch": ("torch",),
    "tensorflow": ("tensorflow-cpu", "tensorflow", "keras"),
}


@functools.cache
def versions_of(framework: str, packages: tuple[str, ...]) -> dict[str, str]:
    """Return the version of each distribution, by its name; ``packages``: the exercise's own."""
    versions = {
        "gradeflow": __version__,
        "python": platform.python_version(),
        "numpy": np.__version__,
        "pytest": pytest.__version__,
    }
    for name in (*DISTRIBUTIONS.get(framework, ()), *packages):
        with suppress(importlib.metadata.PackageNotFoundError):
            versions[name] = importlib.metadata.version(name)
    return versions
