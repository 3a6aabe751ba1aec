"""Attacks and their exercise are run by run.py, not collected."""

collect_ignore = ["01_tiny", "cage", "graded", "here"]
