# claim: Nor does an absolute one.
# held: not Path("/tmp/redteam-evil").exists()

import zipfile

from autograder.errors import GradeFlowError
from autograder.submission.discover import Wanted, discover


def attack(room):
    with zipfile.ZipFile(room / "class.zip", "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("/tmp/redteam-evil/neuron.py", "x = 1")
    try:
        found = discover([room / "class.zip"], Wanted("01_neuron", "neuron"))
    except GradeFlowError as error:
        return "refused", str(error)
    told = [(each.learner, len(each.data), bool(each.problem)) for each in found.submissions]
    return told, [(each.reason) for each in found.skipped]
