# claim: A name that climbs out of the archive writes nothing elsewhere.
# held: value[0] == "refused" or all("/" not in who and not who.startswith(".") for who, *_ in value[0]) and not (room.parent / "evil").exists()

import zipfile

from autograder.errors import GradeFlowError
from autograder.submission.discover import Wanted, discover


def attack(room):
    with zipfile.ZipFile(room / "class.zip", "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("../../../tmp/evil/neuron.py", "x = 1")
    try:
        found = discover([room / "class.zip"], Wanted("01_neuron", "neuron"))
    except GradeFlowError as error:
        return "refused", str(error)
    told = [(each.learner, len(each.data), bool(each.problem)) for each in found.submissions]
    return told, [(each.reason) for each in found.skipped]
