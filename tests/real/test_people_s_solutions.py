"""Solutions that people wrote: right ones of many styles get full marks, wrong ones never.

A false rejection is a grader's worst fault, and a false name a learner's worst page.
"""

from functools import cache
from pathlib import Path

import pytest

from autograder.authoring.assess import faults_of_specimen, names_of
from autograder.authoring.specimens import read_specimens
from autograder.catalogue import find_course
from autograder.grading.loop import Entry, run_checks
from autograder.model import Result
from autograder.plugin.bench import open_bench
from autograder.sandbox.opening import Sandbox
from autograder.wire.protocol import Part, Program

pytestmark = pytest.mark.real
COURSE = find_course(Path(__file__))
PEOPLE_S = {
    f"{name}/{each.path.stem}": (name, each)
    for name in COURSE.exercises
    for each in read_specimens(COURSE, COURSE.authored(name))
}
SEEDS = range(2)  # NumPy alone: a run in a framework takes seconds, not milliseconds


@cache
def results_of(exercise_name: str) -> dict[str, list[Result]]:
    """Grade all solutions of an exercise in one session."""
    exercise = COURSE.authored(exercise_name)
    if exercise.framework != "numpy":
        pytest.importorskip(exercise.framework)
    found: dict[str, list[Result]] = {}

    def keep(result: Result) -> None:
        found.setdefault(result.learner, []).append(result)

    seeds = SEEDS if exercise.framework == "numpy" else SEEDS[:1]
    feed = (
        Entry(key, f"{key}.py", Program(exercise.module, (Part("it.py", each.text),)), seed=seed)
        for key, (name, each) in PEOPLE_S.items()
        if name == exercise_name
        for seed in seeds
    )
    sandbox = Sandbox("none")
    try:
        run_checks(open_bench(exercise, "salt"), sandbox, feed, keep)
    finally:
        sandbox.close()
    return found


@pytest.mark.parametrize("key", PEOPLE_S)
def test_a_solution_fares_as_it_must_and_is_taken_for_nothing_else(key):
    name, specimen = PEOPLE_S[key]
    for result in results_of(name)[key]:
        assert list(faults_of_specimen(specimen, result)) == []
        assert names_of(result) <= specimen.named


def test_every_exercise_has_right_solutions_in_at_least_six_styles():
    counts = dict.fromkeys(COURSE.exercises, 0)
    for name, each in PEOPLE_S.values():
        counts[name] += each.right
    assert all(count >= 6 for count in counts.values()), counts
