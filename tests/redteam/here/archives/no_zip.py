# claim: What only begins like a zip is refused.
# held: value[0] == "refused" or value[0][0][2]

from autograder.errors import GradeFlowError
from autograder.submission.discover import Wanted, discover


def attack(room):
    (room / "class.zip").write_bytes(b"PK\x03\x04" + b"x" * 1000)
    try:
        found = discover([room / "class.zip"], Wanted("01_neuron", "neuron"))
    except GradeFlowError as error:
        return "refused", str(error)
    return [(each.learner, 0, bool(each.problem)) for each in found.submissions], []
