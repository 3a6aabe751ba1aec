"""The course as it is committed: fresh, and proved."""

from pathlib import Path

import pytest

from autograder.authoring.audit import audit
from autograder.authoring.build import build
from autograder.catalogue import find_course
from autograder.grading.loop import Entry, run_checks
from autograder.plugin.bench import open_bench
from autograder.report.pictures import plot_svg
from autograder.sandbox.opening import Sandbox
from autograder.wire.protocol import Part, Program

pytestmark = pytest.mark.real

COURSE = find_course(Path(__file__))


QUICK = [name for name in COURSE.exercises if COURSE.authored(name).framework == "numpy"]
TRAINING = {"10_xor_torch", "11_mnist"}
"""Whose variants and mutants each train networks: that all of them are found is shown in
docs/audit.md alone; here it is one variant of each misconception."""


def test_what_learners_get_is_what_the_sources_make():
    assert build(COURSE, COURSE.exercises, COURSE.language, check=True).stale == ()


def test_frozen_answers_are_still_what_the_engine_freezes():
    # Of exercises in NumPy alone: the others train networks, and take minutes.
    assert build(COURSE, QUICK, COURSE.language, check=True, fresh=True).stale == ()


DRAWN = [name for name in COURSE.exercises if COURSE.authored(name).plotting.is_file()]


@pytest.mark.parametrize("name", DRAWN)
def test_an_exercise_has_a_picture_of_the_learner_s_work_beside_the_target_s(name):
    exercise = COURSE.authored(name)
    part = Part(exercise.source.name, exercise.source.read_text(encoding="utf-8"))
    entry = Entry("ada", part.label, Program(exercise.module, (part,)), draws=True)
    results = []
    run_checks(open_bench(exercise), Sandbox("none"), [entry], results.append)
    assert results[0].notes == ()
    owners = [{mark.who for mark in panel.marks} for panel in results[0].plot.panels]
    assert all(owners)
    assert {"learner", "target"} <= set().union(*owners)
    for language in ("en", "zh"):
        assert "plot." not in plot_svg(results[0], exercise, language)


@pytest.mark.parametrize("name", COURSE.exercises)
def test_an_exercise_is_proved(name):
    exercise = COURSE.authored(name)
    slow = name in TRAINING
    seeds = 1 if slow else 5
    found = audit(COURSE, exercise, jobs=2, seeds=seeds, mutate=not slow, sample=slow)
    assert found.stub == 0
    assert found.shaky == ()
    assert [each.variant.key for each in found.variants if not each.ok] == []
    assert {each.variant.name for each in found.variants} == set(exercise.misconceptions)
    assert [mutant.id for mutant in found.survivors] == []
    assert found.ok
