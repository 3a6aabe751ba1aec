"""The command line: thin; what it does lives elsewhere."""

from autograder.cli.app import main

__all__ = ["main"]
