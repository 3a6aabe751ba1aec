"""Tying a check to a task of the exercise and to its points."""

from __future__ import annotations

import pytest

__all__ = ["task"]


def task(name: str, *, points: float) -> pytest.MarkDecorator:
    """Mark a test as a check of a task, worth some points.

    The points of a task's checks, public and hidden, must add up to the task's points in
    exercise.toml; ``gradeflow build`` holds this.
    """
    return pytest.mark.gradeflow(task=name, points=points)
