"""The lines of a program's text, as Python counts them."""

from __future__ import annotations

from io import StringIO

__all__ = ["lines_in"]


def lines_in(text: str) -> list[str]:
    """Split a text, the ends kept: str.splitlines ends a line at form feeds and others too."""
    return StringIO(text, newline="").readlines()
