"""Solutions that people wrote: right ones of many styles get full marks, wrong ones never.

A false rejection is a grader's worst fault, and a false name a learner's worst page. That all of
them fare as they must is proved by the audit, whose page must be of the very code of each exercise;
here the engine of today is tried: on all that NumPy computes, on a share of what trains for long.
"""

from functools import cache
from pathlib import Path

import pytest

from autograder.authoring.assess import faults_of_specimen, names_of
from autograder.authoring.specimens import read_specimens
from autograder.catalogue import find_course
from autograder.grading.entry import Entry
from autograder.grading.loop import run_checks
from autograder.model import Result
from autograder.plugin.bench import open_bench
from autograder.sandbox.opening import Sandbox
from autograder.wire.protocol import Part, Program

pytestmark = pytest.mark.real
COURSE = find_course(Path(__file__))
SHARE = {"torch": 4, "tensorflow": 5}  # of so many, one


def chosen(name):
    exercise = COURSE.authored(name)
    return read_specimens(COURSE, exercise)[:: SHARE.get(exercise.framework, 1)]


PEOPLE_S = {
    f"{name}/{each.path.stem}": (name, each) for name in COURSE.exercises for each in chosen(name)
}


@cache
def results_of(exercise_name: str) -> dict[str, Result]:
    """Grade all solutions of an exercise in one session."""
    exercise = COURSE.authored(exercise_name)
    if exercise.framework != "numpy":
        pytest.importorskip(exercise.framework)
    found: dict[str, Result] = {}
    feed = (
        Entry(key, f"{key}.py", Program(exercise.module, (Part("it.py", each.text),)))
        for key, (name, each) in PEOPLE_S.items()
        if name == exercise_name
    )
    sandbox = Sandbox("none")
    try:
        run_checks(
            open_bench(exercise, "salt"), sandbox, feed, lambda r: found.update({r.learner: r})
        )
    finally:
        sandbox.close()
    return found


@pytest.mark.parametrize("key", PEOPLE_S)
def test_a_solution_fares_as_it_must_and_is_taken_for_nothing_else(key):
    name, specimen = PEOPLE_S[key]
    result = results_of(name)[key]
    assert list(faults_of_specimen(specimen, result)) == []
    assert names_of(result) <= specimen.named


def test_every_exercise_has_right_solutions_in_at_least_six_styles():
    for name in COURSE.exercises:
        written = read_specimens(COURSE, COURSE.authored(name))
        assert sum(each.right for each in written) >= 6, name
