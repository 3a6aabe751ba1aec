"""Proving an exercise: its stub earns nothing, its reference everything, its checks see errors.

Everything is graded exactly as a submission is, by the same loop, only in trusted processes, or in
a cage to see that programs fare there as they do here:

* the stub must earn 0 points;
* the reference must earn all of them on every seed, so that no check depends on luck;
* each wrong variant must lose points, in a public check already unless ``hidden_only`` gives the
  reason, and be named as its own misconception, and no other;
* each mutant of the reference must be killed by some check, or be explained in ``[equivalent]``
  of exercise.toml;
* solutions that people wrote fare as they must (``specimens``);
* nothing of all that is taken for what it is not, and few wrong programs are told nothing.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import chain

from autograder.authoring.assess import assess, names_of
from autograder.authoring.build import faults
from autograder.authoring.captions import drawing_functions
from autograder.authoring.examples import faults_of_examples
from autograder.authoring.freshness import digest_of_proof
from autograder.authoring.mutants import Mutant, mutants
from autograder.authoring.mutation.walk import owners
from autograder.authoring.proof import MOST_SEEDS, SEEDS, Audit
from autograder.authoring.source import read_source
from autograder.authoring.specimens import Specimen, read_specimens
from autograder.authoring.stub import stub_of
from autograder.catalogue import Course, Exercise
from autograder.diagnosis import Variant, read_variants
from autograder.grading.entry import Entry
from autograder.grading.orders import Setup
from autograder.grading.pool import Pool
from autograder.model import Result
from autograder.sandbox.opening import Kind
from autograder.wire.protocol import Part, Program

__all__ = ["audit"]


def audit(
    course: Course,
    exercise: Exercise,
    jobs: int,
    *,
    seeds: int | None = None,
    mutate: bool = True,
    sample: bool = False,
    cage: Kind = "none",
    advance: Callable[[int, int], None] | None = None,
) -> Audit:
    """Audit one exercise on that many cores; ``advance`` is told how far it is.

    seeds: as many as the framework affords, unless told.
    mutate: False leaves out the mutants, which are most of the work, and what people wrote.
    sample: only the first wrong variant of each misconception, where each trains for seconds.
    cage: where the programs run. In a cage there are no mutants: they prove the checks, and those
    are the same everywhere.

    Raises CourseError, located, when a file of the exercise is wrong, by the same rules as a build:
    where points do not add up, for one, every mutant would seem killed.
    """
    for fault in chain(faults(exercise), faults_of_examples(exercise) if mutate else ()):
        raise fault
    seeds = seeds or SEEDS.get(exercise.framework, MOST_SEEDS)
    digest = digest_of_proof(exercise)
    source = exercise.source.read_text(encoding="utf-8")
    variants = read_variants(exercise.variants, source)
    if sample:
        variants = tuple({each.name: each for each in reversed(variants)}.values())
    checked = _checked(exercise, source)
    made = mutants(source, exercise.source.name, checked) if mutate and cage == "none" else ()
    changed = {mutant.id: mutant for mutant in made}
    specimens = read_specimens(course, exercise) if mutate else ()
    entries = list(_entries(exercise, source, variants, changed, specimens, seeds))
    results: dict[str, Result] = {}
    hidden = () if cage == "none" else (course.root,)
    with Pool(Setup(exercise.folder, course.salt, cage, hidden), jobs) as pool:

        def run(given: list[Entry], total: int) -> None:
            for result in pool.grade(given):
                results[result.learner] = result
                if advance is not None:
                    advance(len(results), total)

        run(entries, len(entries))
        again = _once_more(entries, results)
        run(again, len(entries) + len(again))
    return assess(exercise, digest, variants, changed, specimens, results, seeds)


def _checked(exercise: Exercise, source: str) -> set[str]:
    """Name the functions and classes that checks may tell from wrong ones: no check draws."""
    drawing = drawing_functions(read_source(exercise.source))
    return {owner.name for owner in owners(ast.parse(source))} - drawing


def _entries(
    exercise: Exercise,
    source: str,
    variants: tuple[Variant, ...],
    changed: dict[str, Mutant],
    specimens: tuple[Specimen, ...],
    seeds: int,
) -> Iterator[Entry]:
    def entry(name: str, text: str) -> Entry:
        program = Program(exercise.module, (Part(exercise.source.name, text),))
        return Entry(name, exercise.source.name, program)

    yield entry("stub", stub_of(exercise, exercise.languages[0]))
    for seed in range(seeds):
        yield replace(entry(f"seed {seed}", source), seed=seed)
    for variant in variants:
        yield entry(f"variant {variant.key}", variant.source)
    for name, mutant in changed.items():
        yield replace(entry(f"mutant {name}", mutant.source), until_failure=True)
    for specimen in specimens:
        yield entry(f"specimen {specimen.path.name}", specimen.text)


def _once_more(entries: list[Entry], results: dict[str, Result]) -> list[Entry]:
    """Grade mutants that got a name to their end, on two seeds: a true name depends on neither."""
    return [
        replace(each, learner=f"again {seed} {each.learner}", seed=seed, until_failure=False)
        for each in entries
        if each.learner.startswith("mutant ") and names_of(results[each.learner])
        for seed in (0, 1)
    ]
