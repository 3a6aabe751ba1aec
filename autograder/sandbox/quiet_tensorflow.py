"""TensorFlow without its greeting, for who can only name a module to be imported."""

from __future__ import annotations

from autograder.sandbox.quiet import import_quietly

__all__: list[str] = []

import_quietly("tensorflow")
