"""A smaller class out of the whole one, when a program trains for seconds and time is short."""

from __future__ import annotations

from collections.abc import Sequence

from tools.classroom.made import Made

__all__ = ["choose"]

SHARES = {
    "right": 8,
    "misconception": 12,
    "stub": 2,
    "half done": 2,
    "broken": 3,
    "attack": 3,
}
"""How a class of thirty is made up: mostly honest work, and something of everything."""


def choose(made: Sequence[Made], number: int) -> tuple[Made, ...]:
    """Choose a number of submissions, in their order: of each group its share, evenly spread.

    Those that are already fewer are all taken. The same for the same class, to the byte.
    """
    if len(made) <= number:
        return tuple(made)
    groups = {group: [each for each in made if each.group == group] for group in SHARES}
    parts = _parts({group: len(members) for group, members in groups.items()}, number)
    chosen = {
        members[(2 * place + 1) * len(members) // (2 * parts[group])].learner
        for group, members in groups.items()
        for place in range(parts[group])
    }
    return tuple(each for each in made if each.learner in chosen)


def _parts(sizes: dict[str, int], number: int) -> dict[str, int]:
    """Deal out places: one to each group, then to the group that lags furthest behind its share."""
    parts = dict.fromkeys(sizes, 0)
    for _ in range(number):
        open_groups = [group for group in sizes if parts[group] < sizes[group]]
        behind = min(open_groups, key=lambda g: (parts[g] > 0, (parts[g] + 0.5) / SHARES[g]))
        parts[behind] += 1
    return parts
