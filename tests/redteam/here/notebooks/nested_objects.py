# claim: Nor are objects.
# held: str(value).startswith("submission.")

from autograder.errors import SubmissionError
from autograder.submission import Submission, read_program


def attack(room):
    data = b'{"a":' * 500_000
    try:
        program = read_program(
            Submission("ann", "neuron.ipynb", data, "", size=len(data)), "neuron"
        )
    except SubmissionError as error:
        return error.key
    return len(program.parts)
