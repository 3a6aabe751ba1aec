# claim: A device without end is not read.
# held: b"SECRET" not in value and b"x = 1" in value and seconds < 5

from autograder.errors import GradeFlowError
from autograder.submission.discover import Wanted, discover


def attack(room):
    folder = room / "submitted"
    (folder / "bob").mkdir(parents=True)
    (folder / "bob" / "neuron.py").write_text("x = 1")
    secret = room / "secret.py"
    secret.write_text("SECRET = 42")
    (folder / "ann").mkdir()
    (folder / "ann" / "neuron.py").symlink_to("/dev/zero")
    try:
        found = discover([folder], Wanted("01_neuron", "neuron"))
    except GradeFlowError as error:
        return str(error)
    return b"".join(each.data for each in found.submissions)
