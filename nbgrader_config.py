"""This repository is an nbgrader course; its exercises are graded by GradeFlow."""

from pathlib import Path

from autograder.nbgrader import configure

configure(get_config(), Path(__file__).parent)  # noqa: F821 - nbgrader provides it
