"""The versions that are tried together can be had for every Python that the README names."""

import importlib.metadata
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet

ROOT = Path(__file__).parents[2]
LINES = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
PINS = [Requirement(line) for line in LINES if line.strip() and not line.startswith("#")]
PYTHONS = ("3.11.2", "3.12.1", "3.13.0")  # the first is Debian 12's own


@pytest.mark.parametrize("pin", PINS, ids=lambda pin: pin.name)
def test_a_pinned_version_takes_every_python_that_is_named(pin):
    try:
        found = importlib.metadata.distribution(pin.name)
    except importlib.metadata.PackageNotFoundError:
        pytest.skip("not installed with these extras")
    if found.version.partition("+")[0] not in pin.specifier:
        pytest.skip("another version is installed")
    demands = SpecifierSet(found.metadata.get("Requires-Python") or "")
    assert [python for python in PYTHONS if python not in demands] == []
