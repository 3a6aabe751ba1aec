"""GradeFlow, measured: the real command in the cage, and the warm limit."""

from __future__ import annotations

import os
import shutil
import time

from autograder.diagnosis import read_variants
from autograder.grading.entry import Entry
from autograder.grading.loop import run_checks
from autograder.model import Result
from autograder.plugin.bench import open_bench
from autograder.sandbox.opening import Sandbox
from autograder.wire.protocol import Part, Program
from benchmarks.material import Classroom
from benchmarks.measuring import BenchmarkError, Round, Skipped, one_core, timed, tool

__all__ = ["entries_of", "grade", "warm_limit"]


def grade(
    classroom: Classroom, form: str, *, jobs: int, sandboxed: bool, cage: str = ""
) -> Round | Skipped:
    """Measure ``gradeflow grade`` from command to table, on one core when jobs is 1.

    The small class holds one of each kind, as far as it may: what is found out once about a
    misconception belongs to the start, as in the warm limit.
    """
    where = (cage or "cage") if sandboxed else "NO cage"
    name = f"GradeFlow, {where}, .{form}, {jobs} {'job' if jobs == 1 else 'jobs'}"
    command = tool("gradeflow")
    if command is None:
        return Skipped(name, "not installed: make setup")
    many = len(classroom.programs)
    few = min(_warming(classroom), many // 2)
    seconds: dict[int, float] = {}
    for count in (few, many):
        out = classroom.room / "results"
        shutil.rmtree(out, ignore_errors=True)
        took = timed(
            [
                command,
                "grade",
                classroom.exercise.name,
                classroom.write(count, form),
                *("--out", out, "--jobs", str(jobs), "--force"),
                *(() if sandboxed else ("--no-sandbox",)),
                *(("--cage", cage) if cage else ()),
            ],
            classroom.course.root,
            pinned=jobs == 1,
        )
        results = len(list(out.glob("*.json")))
        if results < count:
            raise BenchmarkError(f"{name}: {results} results for {count} submissions")
        seconds[count] = took
    return Round(name, seconds)


def warm_limit(classroom: Classroom) -> Round:
    """Measure what `grade` does of checking, in this process: no sandbox, everything imported."""
    exercise = classroom.exercise
    ends: list[float] = []

    def emit(result: Result) -> None:
        if result.score.points is None:
            raise BenchmarkError(f"the score of {result.learner} is withheld: {result.problem}")
        ends.append(time.perf_counter())

    entries = entries_of(classroom)
    before = os.sched_getaffinity(0) if hasattr(os, "sched_getaffinity") else None
    pin = one_core()
    if pin:
        pin()
    try:
        start = time.perf_counter()
        bench = open_bench(exercise, classroom.course.salt)
        # The first few of each kind fill what is remembered of the reference and the variants.
        warming = min(_warming(classroom), len(entries))
        run_checks(bench, Sandbox("none", exercise.framework), entries[:warming] + entries, emit)
    finally:
        if before is not None:
            os.sched_setaffinity(0, before)
    seconds = {0: ends[warming - 1] - start, len(entries): ends[-1] - start}
    return Round("warm limit (checks alone, no sandbox)", seconds)


def entries_of(classroom: Classroom) -> list[Entry]:
    """Return the class as the loop takes it, with the very work that the command does."""
    exercise = classroom.exercise
    name = exercise.source.name
    return [
        Entry(
            learner,
            name,
            Program(exercise.module, (Part(name, text),)),
            draws=True,
            unseen=True,
            examples=True,
        )
        for learner, text in classroom.programs.items()
    ]


def _warming(classroom: Classroom) -> int:
    """Return how many programs of a class hold one of each kind."""
    exercise = classroom.exercise
    return 2 * len(read_variants(exercise.variants, exercise.source.read_text("utf-8")))
