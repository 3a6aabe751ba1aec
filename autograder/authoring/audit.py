"""Proving an exercise: its stub earns nothing, its reference everything, its checks see errors.

Everything is graded exactly as a submission is, by the same loop, only in trusted processes:

* the stub must earn 0 points;
* the reference must earn all of them on every seed, so that no check depends on luck;
* each wrong variant must lose points and be named as its own misconception, and no other;
* each mutant of the reference must be killed by some check, or be explained in ``[equivalent]``
  of exercise.toml.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from autograder.authoring.build import faults
from autograder.authoring.captions import drawing_functions
from autograder.authoring.freshness import digest_of_proof
from autograder.authoring.mutants import Mutant, mutants
from autograder.authoring.mutation.walk import owners
from autograder.authoring.source import read_source
from autograder.authoring.stub import stub_of
from autograder.catalogue import Course, Exercise
from autograder.diagnosis import Variant, read_variants
from autograder.grading.loop import Entry
from autograder.grading.pool import Pool, Setup
from autograder.model import CheckResult, Result, Verdict
from autograder.wire.protocol import Part, Program

__all__ = ["MOST_SEEDS", "SEEDS", "TARGET", "Audit", "VariantFound", "audit"]

SEEDS = {"torch": 20, "tensorflow": 20}
"""On how many seeds a reference is run, by framework: those that train take seconds for each."""
MOST_SEEDS = 200
TARGET = 0.95


@dataclass(frozen=True)
class VariantFound:
    """How a wrong variant fared: whether it lost points, and what it was taken for.

    broken: set when it raises a NameError, which no misconception does: it uses an import or a
    helper that the reference, beside whose functions it stands, does not have.
    """

    variant: Variant
    lost: bool
    named: tuple[str, ...]
    broken: bool = False

    @property
    def ok(self) -> bool:
        """Whether it was caught and named as itself alone."""
        return self.lost and not self.broken and self.named == (self.variant.name,)


@dataclass(frozen=True)
class Audit:
    """What is proved of an exercise, and what is not.

    stub: the points that the stub earns.
    shaky: seeds on which the reference loses points, with the check that took them.
    survivors: mutants that no check kills and nobody has explained.
    explained: mutants that survive for a reason given in exercise.toml.
    unused: ids in ``[equivalent]`` that no surviving mutant has: remove them.
    digest: of the code that all this was found of.
    """

    exercise: Exercise
    digest: str
    seeds: int
    stub: float
    shaky: tuple[tuple[int, str], ...]
    variants: tuple[VariantFound, ...]
    mutants: int
    survivors: tuple[Mutant, ...]
    explained: tuple[Mutant, ...]
    unused: tuple[str, ...]

    @property
    def mutation_score(self) -> float:
        """Killed mutants as a share of those that are not explained as equivalent."""
        counted = self.mutants - len(self.explained)
        return 1.0 if counted == 0 else 1 - len(self.survivors) / counted

    @property
    def ok(self) -> bool:
        """Whether the exercise is proved."""
        return (
            self.stub == 0
            and not self.shaky
            and not self.unused
            and all(found.ok for found in self.variants)
            and self.mutation_score >= TARGET
        )


def audit(
    course: Course,
    exercise: Exercise,
    jobs: int,
    *,
    seeds: int | None = None,
    mutate: bool = True,
    sample: bool = False,
    advance: Callable[[int, int], None] | None = None,
) -> Audit:
    """Audit one exercise on that many cores; ``advance`` is told how far it is.

    seeds: as many as the framework affords, unless told.
    mutate: False leaves the mutants out, which are most of the work.
    sample: only the first wrong variant of each misconception, where each trains for seconds.

    Raises CourseError, located, when a file of the exercise is wrong, by the same rules as a build:
    where points do not add up, for one, every mutant would seem killed.
    """
    first = next(faults(exercise), None)
    if first is not None:
        raise first
    seeds = seeds or SEEDS.get(exercise.framework, MOST_SEEDS)
    digest = digest_of_proof(exercise)
    source = exercise.source.read_text(encoding="utf-8")
    variants = read_variants(exercise.variants, source)
    if sample:
        variants = tuple({each.name: each for each in reversed(variants)}.values())
    checked = _checked(exercise, source)
    made = mutants(source, exercise.source.name, checked) if mutate else ()
    changed = {mutant.id: mutant for mutant in made}
    entries = list(_entries(exercise, source, variants, changed, seeds))
    results: dict[str, Result] = {}
    with Pool(Setup(exercise.folder, course.salt, "none"), jobs) as pool:
        for result in pool.grade(entries):
            results[result.learner] = result
            if advance is not None:
                advance(len(results), len(entries))
    return _assess(exercise, digest, variants, changed, results, seeds)


def _checked(exercise: Exercise, source: str) -> set[str]:
    """Name the functions and classes that checks may tell from wrong ones: no check draws."""
    drawing = drawing_functions(read_source(exercise.source))
    return {owner.name for owner in owners(ast.parse(source))} - drawing


def _entries(
    exercise: Exercise,
    source: str,
    variants: tuple[Variant, ...],
    changed: dict[str, Mutant],
    seeds: int,
) -> Iterator[Entry]:
    def entry(name: str, text: str) -> Entry:
        program = Program(exercise.module, (Part(exercise.source.name, text),))
        return Entry(name, exercise.source.name, program)

    yield entry("stub", stub_of(exercise, "en"))
    for seed in range(seeds):
        yield replace(entry(f"seed {seed}", source), seed=seed)
    for variant in variants:
        yield entry(f"variant {variant.key}", variant.source)
    for name, mutant in changed.items():
        yield replace(entry(f"mutant {name}", mutant.source), until_failure=True)


def _assess(
    exercise: Exercise,
    digest: str,
    variants: tuple[Variant, ...],
    changed: dict[str, Mutant],
    results: dict[str, Result],
    seeds: int,
) -> Audit:
    shaky = []
    for seed in range(seeds):
        checks = results[f"seed {seed}"].checks
        failed = [_failed(check) for check in checks if check.verdict is not Verdict.PASSED]
        if failed or not checks:
            shaky.append((seed, failed[0] if failed else "no check ran"))
    alive = [m for name, m in changed.items() if _full(results[f"mutant {name}"])]
    known = exercise.equivalent
    return Audit(
        exercise=exercise,
        digest=digest,
        seeds=seeds,
        stub=results["stub"].score.points or 0.0,
        shaky=tuple(shaky),
        variants=tuple(
            VariantFound(variant, not _full(result), result.diagnoses, _stumbles(result))
            for variant in variants
            if (result := results[f"variant {variant.key}"])
        ),
        mutants=len(changed),
        survivors=tuple(mutant for mutant in alive if mutant.id not in known),
        explained=tuple(mutant for mutant in alive if mutant.id in known),
        unused=tuple(name for name in known if changed and name not in {m.id for m in alive}),
    )


def _stumbles(result: Result) -> bool:
    evidence = [check.evidence for check in result.checks if check.evidence]
    return any(each.facts.get("exception") == "NameError" for each in [*evidence, *result.load])


def _failed(check: CheckResult) -> str:
    """Name a check that the reference does not pass, and what broke it if something did."""
    error = check.evidence.facts.get("error") if check.evidence else None
    where = check.evidence.facts.get("where", "") if check.evidence else ""
    return f"{check.name} ({error}, {where})" if error else check.name


def _full(result: Result) -> bool:
    return result.score.points == result.score.possible
