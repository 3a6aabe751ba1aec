"""Whether a package is there, without importing it: each worker of a run collects every test."""

from __future__ import annotations

from importlib.util import find_spec

import pytest


def need(*packages: str) -> None:
    """Skip the tests of a file where a package is missing, and say what installs it."""
    for name in packages:
        if find_spec(name) is None:
            pytest.skip(f"needs {name}: make setup-all", allow_module_level=True)
