"""Whatever a learner's functions answer, no check is at fault for it: a short run of the fuzzer."""

import pytest

from autograder.catalogue import find_course
from autograder.plugin.bench import open_bench
from tools import fuzz_judge


def test_strange_answers_are_never_a_fault_of_ours(tiny_exercise):
    exercise = tiny_exercise()
    count, faults = fuzz_judge.fuzz(exercise, open_bench(exercise, "salt"), 3)
    assert count > 10
    assert faults == []


@pytest.mark.parametrize("name", ["01_neuron"])
def test_nor_for_a_real_exercise(name, request):
    exercise = find_course(request.path).authored(name)
    count, faults = fuzz_judge.fuzz(exercise, open_bench(exercise, "salt"), 2)
    assert count > 0
    assert faults == []


def test_the_fuzzer_finds_a_check_that_does_not_survive_strange_answers(tiny_exercise):
    exercise = tiny_exercise(
        hidden="""
        from autograder.checks import agree, task
        from autograder.errors import EngineFault

        @task("double", points=2)
        def test_double(student):
            if student.double(1.0) != 2.0:
                raise EngineFault("ours")
        """
    )
    _, faults = fuzz_judge.fuzz(exercise, open_bench(exercise, "salt"), 2)
    assert any("test_double" in told for told in faults)
