# claim: A text that does not end is no notebook.
# held: str(value).startswith("submission.") and seconds < 5

from autograder.errors import SubmissionError
from autograder.submission import Submission, read_program


def attack(room):
    data = b'{"cells": "' + b"x" * 5_000_000
    try:
        program = read_program(
            Submission("ann", "neuron.ipynb", data, "", size=len(data)), "neuron"
        )
    except SubmissionError as error:
        return error.key
    return len(program.parts)
