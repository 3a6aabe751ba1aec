# claim: Half a character is replaced.
# held: value == 1

from autograder.errors import SubmissionError
from autograder.submission import Submission, read_program


def attack(room):
    data = b'{"cells": [{"cell_type": "code", "source": "x = \\ud800"}], "nbformat": 4}'
    try:
        program = read_program(
            Submission("ann", "neuron.ipynb", data, "", size=len(data)), "neuron"
        )
    except SubmissionError as error:
        return error.key
    return len(program.parts)
