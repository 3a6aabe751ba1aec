"""GradeFlow: auto-graded exercises, diagnosed by known misunderstandings, graded in a cage."""

__version__ = "0.1.0"
