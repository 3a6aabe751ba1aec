# claim: More cells than are read are said to be so.
# held: value == "submission.too_many_cells"

from autograder.errors import SubmissionError
from autograder.submission import Submission, read_program


def attack(room):
    data = (
        b'{"cells": ['
        + b",".join([b'{"cell_type": "code", "source": "x"}'] * 30_000)
        + b'], "nbformat": 4}'
    )
    try:
        program = read_program(
            Submission("ann", "neuron.ipynb", data, "", size=len(data)), "neuron"
        )
    except SubmissionError as error:
        return error.key
    return len(program.parts)
