# claim: A million blank lines end in time.
# held: seconds < 5

from autograder.errors import SubmissionError
from autograder.submission import Submission, read_program


def attack(room):
    data = (
        b'{"cells": [{"cell_type": "code", "source": "'
        + b"\\n" * 500_000
        + b'x = 1"}], "nbformat": 4}'
    )
    try:
        program = read_program(
            Submission("ann", "neuron.ipynb", data, "", size=len(data)), "neuron"
        )
    except SubmissionError as error:
        return error.key
    return len(program.parts)
