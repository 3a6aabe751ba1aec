"""What GradeFlow does with nbgrader; the only package that imports it."""

from autograder.nbgrader.config import configure

__all__ = ["configure"]
