"""What a class has done: who made the same mistake, and whose programs are nearly the same."""

from autograder.insight.groups import Group, Overview, groups_of

__all__ = ["Group", "Overview", "groups_of"]
