"""Tying a check to a task of the exercise and to its points."""

from __future__ import annotations

import pytest

__all__ = ["task"]


def task(name: str, *, points: float, kind: str = "others") -> pytest.MarkDecorator:
    """Mark a test as a check of a task, worth some points.

    kind: what sort of inputs a hidden check tries, a key of the catalogues under ``hidden``:
    learners are told how many checks of which kinds await their work, and nothing else of them.

    The points of a task's checks, public and hidden, must add up to the task's points in
    exercise.toml; ``gradeflow build`` holds this.
    """
    return pytest.mark.gradeflow(task=name, points=points, kind=kind)
