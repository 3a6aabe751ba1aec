"""What an author of checks calls. A check is a pytest function that reads as a sentence."""

from autograder.checks.behaviour import (
    central_difference,
    expect,
    leaves_arguments_alone,
    refuses,
    warns_nothing,
)
from autograder.checks.beside import beside
from autograder.checks.compare import agree, difference
from autograder.checks.drawn import Axes, Figure, Line, figures
from autograder.checks.evidence import Mismatch, show, show_call
from autograder.checks.plotting import (
    band,
    bars,
    contour,
    heat,
    lack,
    line,
    numbers,
    panel,
    picture,
    points,
    tried,
)
from autograder.checks.statistics import FIRST_SEEDS, SEEDS, enough_succeed
from autograder.checks.tapes import TapeUse, tape_use
from autograder.checks.tasks import task
from autograder.checks.torch_script import TorchScript, networks_left, torch_script
from autograder.checks.written import avoids
from autograder.sandbox.proxy import (
    CallFailed,
    Student,
    code,
    defines,
    loaded,
    probe,
    tf_tensor,
    torch_tensor,
)
from autograder.wire.protocol import Seed

__all__ = [
    "FIRST_SEEDS",
    "SEEDS",
    "Axes",
    "CallFailed",
    "Figure",
    "Line",
    "Mismatch",
    "Seed",
    "Student",
    "TapeUse",
    "TorchScript",
    "agree",
    "avoids",
    "band",
    "bars",
    "beside",
    "central_difference",
    "code",
    "contour",
    "defines",
    "difference",
    "enough_succeed",
    "expect",
    "figures",
    "heat",
    "lack",
    "leaves_arguments_alone",
    "line",
    "loaded",
    "networks_left",
    "numbers",
    "panel",
    "picture",
    "points",
    "probe",
    "refuses",
    "show",
    "show_call",
    "tape_use",
    "task",
    "tf_tensor",
    "torch_script",
    "torch_tensor",
    "tried",
    "warns_nothing",
]
