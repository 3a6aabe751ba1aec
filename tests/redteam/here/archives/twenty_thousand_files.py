# claim: Very many files end in time.
# held: seconds < 20

import zipfile

from autograder.errors import GradeFlowError
from autograder.submission.discover import Wanted, discover


def attack(room):
    with zipfile.ZipFile(room / "class.zip", "w", zipfile.ZIP_DEFLATED) as made:
        [made.writestr(f"ann/f{n}.txt", "") for n in range(20_000)]
    try:
        found = discover([room / "class.zip"], Wanted("01_neuron", "neuron"))
    except GradeFlowError as error:
        return "refused", str(error)
    told = [(each.learner, len(each.data), bool(each.problem)) for each in found.submissions]
    return told, [(each.reason) for each in found.skipped]
