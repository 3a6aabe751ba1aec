"""The real run at the end of exercise 12 shows what its prose says of it."""

import re
import runpy
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
import pytest

pytestmark = pytest.mark.real
WORKFLOW = Path(__file__).parents[2] / "solutions" / "12_workflow" / "workflow.py"


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """What the run prints, and the four curves of each network by its number of units."""
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(tmp_path_factory.mktemp("run"))
        patch.setattr(plt, "show", lambda: None)
        plt.close("all")  # what other tests have left open
        printed: list[str] = []
        patch.setattr("builtins.print", lambda *texts: printed.append(" ".join(map(str, texts))))
        runpy.run_path(str(WORKFLOW), run_name="__main__")
        curves = {}
        for figure in map(plt.figure, plt.get_fignums()):
            units = int(re.match(r"\d+", figure.get_suptitle())[0])
            curves[units] = [np.asarray(line.get_ydata()) for line in figure.axes[0].lines]
        plt.close("all")
    return "\n".join(printed), curves


def test_one_unit_underfits_eight_are_chosen_and_two_hundred_overfit(run):
    printed, _ = run
    assert re.search(r" 1 units: underfitting", printed)
    assert re.search(r" 8 units: good", printed)
    assert re.search(r" 200 units: overfitting", printed)
    assert re.search(r"config +8", printed)


def test_the_validation_loss_of_two_hundred_units_falls_turns_and_climbs(run):
    _, curves = run
    loss, val_loss = curves[200]
    floor = int(np.argmin(val_loss))
    assert 50 < floor < len(val_loss) // 2
    assert val_loss[floor] < 0.9 * val_loss[0]
    assert val_loss[-1] > 2 * val_loss[floor]
    assert loss[-1] == min(each[-1] for each, _ in curves.values())


def test_eight_units_have_the_lowest_floor(run):
    _, curves = run
    floors = {units: val_loss.min() for units, (_, val_loss) in curves.items()}
    assert min(floors, key=floors.get) == 8
