# claim: A file that grows a thousandfold is not unpacked into memory.
# held: value[0] == "refused" or all(size < 32 << 20 for _, size, _ in value[0])

import zipfile

from autograder.errors import GradeFlowError
from autograder.submission.discover import Wanted, discover


def attack(room):
    with zipfile.ZipFile(room / "class.zip", "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("ann/neuron.py", bytes(200 << 20))
    try:
        found = discover([room / "class.zip"], Wanted("01_neuron", "neuron"))
    except GradeFlowError as error:
        return "refused", str(error)
    told = [(each.learner, len(each.data), bool(each.problem)) for each in found.submissions]
    return told, [(each.reason) for each in found.skipped]
