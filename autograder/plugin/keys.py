"""Where a pytest session keeps what is ours.

Apart from the rest, so that a session without checks can look without importing NumPy.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from autograder.plugin.run import Check
    from autograder.plugin.sitting import Desk
    from autograder.sandbox.proxy import Recorder

__all__ = ["CHECK", "DESK", "RECORDER"]

CHECK: pytest.StashKey[Check] = pytest.StashKey()
DESK: pytest.StashKey[Desk] = pytest.StashKey()
RECORDER: pytest.StashKey[Recorder] = pytest.StashKey()
