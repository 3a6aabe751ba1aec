"""What watching shows next, after a result or a key."""

import io
from pathlib import Path

import pytest
from rich.console import Console

from autograder.catalogue import load_exercise
from autograder.model import CheckResult, Evidence, Result, Score, Verdict
from autograder.watch.screen import _Page
from autograder.watch.state import State, verdict_of

EXERCISE = load_exercise(Path(__file__).parents[2] / "assignments" / "01_neuron")
FIRST, SECOND, THIRD = EXERCISE.tasks[:3]


def result(**verdicts):
    """Make a result with a check for each task; those not named are not written yet."""
    checks = tuple(
        CheckResult(
            name=f"test_{task.name}",
            task=task.name,
            hidden=False,
            verdict=verdicts.get(task.name, Verdict.SKIPPED),
            worth=1.0,
            points=0.0,
            evidence=None if verdicts.get(task.name) is Verdict.PASSED else Evidence("todo"),
        )
        for task in EXERCISE.tasks
    )
    return Result(EXERCISE.name, "", "neuron.py", Score(7.0), checks)


@pytest.fixture
def begun():
    return State.at(EXERCISE, "en")


def test_a_task_that_passes_gives_way_to_the_next_that_is_not_written(begun):
    assert begun.checked(result(**{FIRST.name: Verdict.PASSED})).task is SECOND


def test_a_task_that_fails_comes_before_what_is_not_written(begun):
    assert begun.checked(result(**{THIRD.name: Verdict.FAILED})).task is THIRD


def test_a_chosen_task_stays_in_hand_though_another_fails_until_it_passes(begun):
    chosen = begun.moved(1)
    failing = {FIRST.name: Verdict.FAILED}
    still = chosen.checked(result(**failing))
    assert still.task is SECOND
    done = still.checked(result(**failing, **{SECOND.name: Verdict.PASSED}))
    assert done.task is FIRST


def test_beyond_the_first_and_the_last_task_lies_another_exercise(begun):
    assert begun.moved(-1) is None
    assert State.at(EXERCISE, "en", last=True).moved(1) is None


def test_all_passes_only_without_a_fault_of_the_file(begun):
    full = result(**{task.name: Verdict.PASSED for task in EXERCISE.tasks})
    assert begun.checked(full).all_pass
    assert not begun.checked(result()).all_pass
    assert not begun.all_pass


def test_the_keys_stay_on_a_screen_that_is_too_low_and_it_says_how_much_is_below(begun):
    console = Console(width=80, height=12, file=None)
    state = begun.checked(result(**{FIRST.name: Verdict.FAILED}))
    long = State(**{**vars(state), "hint": "\n".join(["a line"] * 30)})
    lines = console.render_lines(_Page(long), console.options.update(height=12))
    text = ["".join(segment.text for segment in line).rstrip() for line in lines]
    assert len(text) <= 12
    assert text[-1].endswith("q quit")
    assert any("more lines" in line for line in text)


def test_a_task_without_checks_has_no_verdict():
    assert verdict_of(None, FIRST) is None


def test_of_a_file_that_cannot_be_read_at_all_only_that_is_told(begun):
    checks = tuple(
        CheckResult(f"test_{t.name}", t.name, False, Verdict.ERROR, 1.0, 0.0, Evidence("unreached"))
        for t in EXERCISE.tasks
    )
    broken = Evidence("raised", facts={"exception": "SyntaxError", "message": "invalid syntax"})
    read = Result(EXERCISE.name, "", "neuron.py", Score(7.0), checks, load=(broken,))
    console = Console(width=80, height=24, record=True, file=io.StringIO())
    console.print(_Page(begun.checked(read)))
    text = console.export_text()
    assert "Your functions were not reached" in text
    assert f"· {FIRST.name}" in text
    assert "✘" not in text
