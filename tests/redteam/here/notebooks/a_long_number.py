# claim: A number of a million digits ends in time.
# held: seconds < 5

from autograder.errors import SubmissionError
from autograder.submission import Submission, read_program


def attack(room):
    data = b'{"cells": [], "nbformat": ' + b"9" * 1_000_000 + b"}"
    try:
        program = read_program(
            Submission("ann", "neuron.ipynb", data, "", size=len(data)), "neuron"
        )
    except SubmissionError as error:
        return error.key
    return len(program.parts)
