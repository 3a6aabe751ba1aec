# claim: Two files of one name are one submission.
# held: value[0] == "refused" or len(value[0]) == 1

import warnings
import zipfile

from autograder.errors import GradeFlowError
from autograder.submission.discover import Wanted, discover


def attack(room):
    warnings.simplefilter("ignore")
    with zipfile.ZipFile(room / "class.zip", "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("ann/neuron.py", "x = 1")
        made.writestr("ann/neuron.py", "x = 2")
    try:
        found = discover([room / "class.zip"], Wanted("01_neuron", "neuron"))
    except GradeFlowError as error:
        return "refused", str(error)
    told = [(each.learner, len(each.data), bool(each.problem)) for each in found.submissions]
    return told, [(each.reason) for each in found.skipped]
