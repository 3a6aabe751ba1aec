# claim: A source that is no text is no program.
# held: True

from autograder.errors import SubmissionError
from autograder.submission import Submission, read_program


def attack(room):
    data = b'{"cells": [{"cell_type": "code", "source": {"a": 1}}], "nbformat": 4}'
    try:
        program = read_program(
            Submission("ann", "neuron.ipynb", data, "", size=len(data)), "neuron"
        )
    except SubmissionError as error:
        return error.key
    return len(program.parts)
