"""Right solutions of many styles get full marks: a false rejection is a grader's worst fault."""

from functools import cache
from pathlib import Path

import pytest

from autograder.catalogue import load_exercise
from autograder.grading.loop import Entry, run_checks
from autograder.model import Result, Verdict
from autograder.plugin.bench import open_bench
from autograder.sandbox.opening import Sandbox
from autograder.wire.protocol import Part, Program

pytestmark = pytest.mark.real
ROOT = Path(__file__).parents[2]
RIGHT = sorted((ROOT / "tests" / "content").glob("*/right_*.py"))
SEEDS = range(2)  # NumPy alone: a run in a framework takes seconds, not milliseconds


@cache
def results_of(exercise_name: str) -> dict[str, list[Result]]:
    """Grade all right solutions of an exercise in one session."""
    exercise = load_exercise(ROOT / "solutions" / exercise_name)
    if exercise.framework != "numpy":
        pytest.importorskip(exercise.framework)
    found: dict[str, list[Result]] = {}

    def entry(path: Path, seed: int) -> Entry:
        program = Program(exercise.module, (Part(path.name, path.read_text(encoding="utf-8")),))
        return Entry(path.name, path.name, program, seed=seed)

    def keep(result: Result) -> None:
        found.setdefault(result.learner, []).append(result)

    paths = [path for path in RIGHT if path.parent.name == exercise_name]
    sandbox = Sandbox("none")
    try:
        seeds = SEEDS if exercise.framework == "numpy" else SEEDS[:1]
        feed = (entry(path, seed) for path in paths for seed in seeds)
        run_checks(open_bench(exercise, "salt"), sandbox, feed, keep)
    finally:
        sandbox.close()
    return found


@pytest.mark.parametrize("path", RIGHT, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_a_right_solution_of_another_style_gets_full_marks(path):
    for result in results_of(path.parent.name)[path.name]:
        assert result.problem is None
        lost = [
            (check.name, check.verdict.value, check.evidence)
            for check in result.checks
            if check.verdict is not Verdict.PASSED
        ]
        assert not lost
        assert result.score.points == result.score.possible


def test_every_exercise_has_right_solutions_in_at_least_six_styles():
    counts = {path.parent.name: 0 for path in (ROOT / "solutions").glob("*/exercise.toml")}
    for path in RIGHT:
        counts[path.parent.name] += 1
    assert counts
    assert all(count >= 6 for count in counts.values()), counts
