"""Every attack in the real cage, each followed by an honest submission on the same server.

The attacks are those of the demo's class (``tools/classroom``): exhausting the machine, harming
others, stealing answers, forging scores. Each knows where everything lies and is held to its exact
outcome.
"""

import re
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from autograder.catalogue import find_course
from autograder.grading.entry import Entry
from autograder.grading.orders import Setup
from autograder.grading.pool import Pool
from autograder.submission import Submission, read_program
from tools.classroom import Target, write_class
from tools.classroom.attacks import ATTACKS, make_attacks
from tools.classroom.material import gather
from tools.proof import claims_about
from tools.witness import Doorbell, changes, snapshot

pytestmark = pytest.mark.real

EXERCISE = "01_neuron"
COURSE = find_course(Path(__file__))
NAMES = [f"attack-{attack.name}" for attack in ATTACKS]
# What never ends takes all that it is given, and each attack has several processes.
LIMITS = "[limits]\nwall = 0.5\nload = 2\ntotal = 4\ncpu = 2\n\n"


def entry_of(made, module, forbidden):
    ((name, data),) = made.files.items()
    submission = Submission(made.learner, name, data, origin="")
    return Entry(made.learner, name, read_program(submission, module, forbidden))


def hasty(folder, into):
    """Copy an exercise, with limits that are soon reached."""
    copy = shutil.copytree(folder, into / folder.name)
    manifest = copy / "exercise.toml"
    text, found = re.subn(r"\[limits\]\n.*?\n\n", LIMITS, manifest.read_text("utf-8"), flags=re.S)
    assert found == 1
    manifest.write_text(text, encoding="utf-8")
    return copy


@pytest.fixture(scope="module")
def battle(tmp_path_factory):
    """Grade every attack, and after each an honest submission, on one worker."""
    room = tmp_path_factory.mktemp("room")
    authored = COURSE.authored(EXERCISE)
    with Doorbell() as doorbell:
        target = Target(COURSE.root, room, doorbell.port)
        target.canary.write_text("untouched")
        attacks = {made.learner: made for made in make_attacks(gather(COURSE, EXERCISE), target)}
        write_class(target.submitted, EXERCISE, attacks.values())
        honest = Submission("honest", "neuron.py", authored.source.read_bytes(), origin="")
        right = Entry("", "neuron.py", read_program(honest, authored.module))
        entries = []
        for name, made in attacks.items():
            entries.append(entry_of(made, authored.module, authored.forbidden))
            entries.append(replace(right, learner=f"after {name}"))
        before = snapshot([COURSE.solutions, COURSE.assignments, target.submitted, target.canary])
        exercise = hasty(authored.folder, room / "solutions")
        setup = Setup(exercise, "salt", "cage", (COURSE.root, room))
        with Pool(setup, jobs=1) as pool:
            workers = []
            results = {}
            for result in pool.grade(entries):
                results[result.learner] = result
                workers += [w.process.pid for w in pool._workers if w.process.pid not in workers]
        after = snapshot([COURSE.solutions, COURSE.assignments, target.submitted, target.canary])
        yield {
            "attacks": attacks,
            "results": results,
            "workers": workers,
            "changes": changes(before, after),
            "rings": doorbell.rings,
        }


@pytest.mark.parametrize("name", NAMES)
def test_an_attack_comes_to_exactly_its_outcome(battle, name):
    made, result = battle["attacks"][name], battle["results"][name]
    (claim,) = (c for c in claims_about([made], {name: result}) if c.tried and "attack" in c.text)
    assert claim.failures == ()


@pytest.mark.parametrize("name", NAMES)
def test_the_submission_after_an_attack_has_its_full_marks(battle, name):
    result = battle["results"][f"after {name}"]
    assert result.score.points == result.score.possible


def test_the_grader_lives_through_all_of_it(battle):
    assert len(battle["workers"]) == 1


def test_nothing_of_the_course_or_of_the_class_has_changed(battle):
    assert battle["changes"] == []


def test_nobody_reached_the_network(battle):
    assert battle["rings"] == 0


def test_every_result_says_which_layers_held(battle):
    layers = {result.layers for result in battle["results"].values()}
    assert len(layers) == 1
    assert {"files", "network", "fork", "exec", "kill"} <= set(*layers)
