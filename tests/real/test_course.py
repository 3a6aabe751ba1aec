"""The course as it is committed: fresh, and proved."""

from pathlib import Path

import pytest

from autograder.authoring.audit import audit
from autograder.authoring.audit_report import proofs, shown
from autograder.authoring.build import build
from autograder.authoring.freshness import digest_of_proof
from autograder.authoring.proof import MOST_SEEDS, SEEDS
from autograder.catalogue import find_course
from autograder.grading.entry import Entry
from autograder.grading.loop import run_checks
from autograder.plugin.bench import open_bench
from autograder.report.pictures import plot_svg
from autograder.sandbox.opening import Sandbox
from autograder.wire.protocol import Part, Program

pytestmark = pytest.mark.real

COURSE = find_course(Path(__file__))


QUICK = [name for name in COURSE.exercises if COURSE.authored(name).framework == "numpy"]
# What takes long is in docs/audit.md, which must be of this very code; here the first is audited in
# full, of others in NumPy one variant of each misconception.
WHOLE = "01_neuron"
FREEZING = ["01_neuron"]


def test_what_learners_get_is_what_the_sources_make():
    assert build(COURSE, COURSE.exercises, COURSE.language, check=True).stale == ()


def test_frozen_answers_are_still_what_the_engine_freezes():
    # Of a few: whether the files have changed is known without it, this tells if the engine has.
    assert build(COURSE, FREEZING, COURSE.language, check=True, fresh=True).stale == ()


@pytest.mark.parametrize("name", [*QUICK, "04_tensors", "10_xor_torch"])
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
def test_the_page_of_audits_proves_an_exercise_as_it_is_now(name):
    page = (COURSE.root / "docs" / "audit.md").read_text(encoding="utf-8")
    exercise = COURSE.authored(name)
    now = shown(digest_of_proof(exercise))
    assert proofs(page).get(name) == now, f"run: gradeflow audit {name} --report docs/audit.md"
    seeds = SEEDS.get(exercise.framework, MOST_SEEDS)
    (row,) = (line for line in page.splitlines() if line.startswith(f"| {name} |"))
    assert f"| {seeds}/{seeds} |" in row, "audited with fewer seeds"


@pytest.mark.parametrize("name", QUICK)
def test_an_exercise_is_proved(name):
    exercise = COURSE.authored(name)
    whole = name == WHOLE
    found = audit(COURSE, exercise, 1, seeds=2, mutate=whole, sample=not whole)
    assert found.stub == 0
    assert found.shaky == ()
    assert [each.variant.key for each in found.variants if not each.ok] == []
    assert {each.variant.name for each in found.variants} == set(exercise.misconceptions)
    assert [mutant.id for mutant in found.survivors] == []
    assert found.ok
