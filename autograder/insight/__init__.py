"""What a class has done: who made the same mistake, and whose programs are nearly the same."""

from autograder.insight.causes import SIGNS
from autograder.insight.groups import Group, Overview, groups_of
from autograder.insight.similar import Alike, Likeness, Row, similar_of

__all__ = ["SIGNS", "Alike", "Group", "Likeness", "Overview", "Row", "groups_of", "similar_of"]
