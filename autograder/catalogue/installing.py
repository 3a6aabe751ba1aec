"""What pip is to install for exercises: extras of the engine, and further packages."""

from __future__ import annotations

from collections.abc import Iterable

from autograder.catalogue.exercise import Exercise

__all__ = ["needs_of"]

EXTRAS = ("tensorflow", "torch")
"""The frameworks that are an extra of the engine's; the others come with it."""


def needs_of(exercises: Iterable[Exercise]) -> tuple[str, tuple[str, ...]]:
    """Return the engine's extras as they stand behind its name, or nothing; and the packages."""
    found = list(exercises)
    frameworks = {each.framework for each in found}
    extras = ",".join(each for each in EXTRAS if each in frameworks)
    packages = sorted({package for each in found for package in each.packages})
    return f"[{extras}]" if extras else "", tuple(packages)
