"""The examples in the docstrings, which every stub shows, hold for the reference."""

import doctest
import types
from pathlib import Path

import matplotlib.pyplot as plt
import pytest

from autograder.catalogue import load_exercise

SOLUTIONS = Path(__file__).parents[2] / "solutions"
EXERCISES = sorted(path.parent for path in SOLUTIONS.glob("*/exercise.toml"))


@pytest.mark.parametrize("folder", EXERCISES, ids=lambda folder: folder.name)
def test_the_examples_of_the_docstrings_hold(folder):
    exercise = load_exercise(folder)
    module = types.ModuleType(exercise.module)
    source = exercise.source.read_text(encoding="utf-8")
    exec(compile(source, exercise.source.name, "exec"), module.__dict__)

    runner = doctest.DocTestRunner(verbose=False)
    tried = set()
    for test in doctest.DocTestFinder().find(module, exercise.module, False, module.__dict__):
        runner.run(test)
        if test.examples:
            tried.add(test.name.removeprefix(f"{exercise.module}."))
    plt.close("all")

    assert runner.failures == 0
    assert tried >= {task.name for task in exercise.tasks}
