"""A learner's file, and the program it holds."""

from autograder.submission.reading import (
    SUBMISSION_ERRORS,
    Submission,
    read_file,
    read_program,
)

__all__ = ["SUBMISSION_ERRORS", "Submission", "read_file", "read_program"]
