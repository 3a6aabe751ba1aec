# claim: A link in an archive is followed nowhere.
# held: value[0] == "refused" or all(size < 100 for _, size, _ in value[0])

import zipfile

from autograder.errors import GradeFlowError
from autograder.submission.discover import Wanted, discover


def attack(room):
    with zipfile.ZipFile(room / "class.zip", "w", zipfile.ZIP_DEFLATED) as made:
        link = zipfile.ZipInfo("ann/neuron.py")
        link.create_system, link.external_attr = 3, 0o120777 << 16
        made.writestr(link, "/etc/passwd")
    try:
        found = discover([room / "class.zip"], Wanted("01_neuron", "neuron"))
    except GradeFlowError as error:
        return "refused", str(error)
    told = [(each.learner, len(each.data), bool(each.problem)) for each in found.submissions]
    return told, [(each.reason) for each in found.skipped]
