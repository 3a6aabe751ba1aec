"""Importing nbgrader, or anything that reads notebooks, in less than half of the time."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

__all__ = ["without_grammar"]

GRAMMAR = "rfc3987_syntax"


@contextmanager
def without_grammar() -> Iterator[None]:
    """Keep imports from building a parser of web addresses, which takes two to four seconds.

    nbformat imports jsonschema, and that builds it on import. Only checks of the format ``iri``
    would need it, and nothing here makes any.
    """
    if GRAMMAR in sys.modules:
        yield
        return
    sys.modules[GRAMMAR] = None  # type: ignore[assignment]
    try:
        yield
    finally:
        del sys.modules[GRAMMAR]
