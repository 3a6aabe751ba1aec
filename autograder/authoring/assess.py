"""From the results of an audit's programs to what they prove.

A program is known by what it is and its name: ``seed 3``, ``variant A1.6#2``, ``mutant …``,
``specimen wrong_….py``. A mutant is graded until a check kills it; one that got a name by then is
graded to its end as well, on two seeds: ``again 0 mutant …`` and ``again 1 mutant …``.
"""

from __future__ import annotations

from collections.abc import Iterator

from autograder.authoring.mutants import Mutant
from autograder.authoring.proof import Audit, SpecimenFound, VariantFound
from autograder.authoring.specimens import Specimen
from autograder.catalogue import Exercise
from autograder.diagnosis import Variant
from autograder.model import CheckResult, Result, Verdict

__all__ = ["assess", "faults_of_specimen", "names_of"]

WRONG = ("variant ", "mutant ", "specimen wrong_")


def assess(
    exercise: Exercise,
    digest: str,
    variants: tuple[Variant, ...],
    changed: dict[str, Mutant],
    specimens: tuple[Specimen, ...],
    results: dict[str, Result],
    seeds: int,
) -> Audit:
    """Say what the results of all programs, by their names, prove of an exercise."""
    shaky = []
    for seed in range(seeds):
        checks = results[f"seed {seed}"].checks
        failed = [_failed(check) for check in checks if check.verdict is not Verdict.PASSED]
        if failed or not checks:
            shaky.append((seed, failed[0] if failed else "no check ran"))
    alive = [m for name, m in changed.items() if _full(results[f"mutant {name}"])]
    known = exercise.equivalent
    wrong = [name for name in results if name.startswith(WRONG) and not _full(results[name])]
    return Audit(
        exercise=exercise,
        digest=digest,
        seeds=seeds,
        stub=results["stub"].score.points or 0.0,
        shaky=tuple(shaky),
        variants=tuple(
            _variant_found(exercise, variant, results[f"variant {variant.key}"])
            for variant in variants
        ),
        mutants=len(changed),
        survivors=tuple(mutant for mutant in alive if mutant.id not in known),
        explained=tuple(mutant for mutant in alive if mutant.id in known),
        unused=tuple(name for name in known if changed and name not in {m.id for m in alive}),
        specimens=tuple(
            SpecimenFound(each, tuple(faults_of_specimen(each, results[f"specimen {name}"])))
            for each in specimens
            if (name := each.path.name)
        ),
        programs=sum(not name.startswith(("stub", "again ")) for name in results),
        misnamed=tuple(_misnamed(results, variants, specimens)),
        wrong=len(wrong),
        silent=tuple(name for name in wrong if is_silent(results[name])),
    )


def _variant_found(exercise: Exercise, variant: Variant, result: Result) -> VariantFound:
    known = exercise.misconceptions.get(variant.name)
    seen = _loses_in_public(result) or bool(known and known.hidden_only)
    lost = not _full(result)
    told = known is not None and any("NameError" in sign for sign in known.raises)
    return VariantFound(variant, lost, result.diagnoses, seen, _stumbles(result) and not told)


def _misnamed(
    results: dict[str, Result], variants: tuple[Variant, ...], specimens: tuple[Specimen, ...]
) -> Iterator[str]:
    """Say of which program a name is not true.

    A mutant has no name of its own: one that it gets on one seed and not on another is chance.
    """
    true: dict[str, frozenset[str]] = {f"variant {each.key}": frozenset() for each in variants}
    true |= {f"specimen {each.path.name}": each.named for each in specimens}
    for name, result in results.items():
        if name.startswith("variant "):
            # Patterns beside the misconception's own name are its symptoms.
            own = name.removeprefix("variant ").partition("#")[0]
            false = set(result.diagnoses) - {own}
        elif name.startswith("mutant "):
            whole = [results.get(f"again {seed} {name}") for seed in (0, 1)]
            first, second = (names_of(each) if each else set() for each in whole)
            false = first - second
        elif name.startswith(("seed ", "specimen ")):
            false = names_of(result) - true.get(name, frozenset())
        else:
            continue
        if false:
            yield f"{name} is taken for {', '.join(sorted(false))}"


def faults_of_specimen(specimen: Specimen, result: Result) -> Iterator[str]:
    """Say what came of a person's solution that must not; of its names ``misnamed`` tells."""
    if result.problem is not None:
        yield f"could not be graded: {result.problem.kind}"
    elif specimen.right:
        lost = [check.name for check in result.checks if check.verdict is not Verdict.PASSED]
        if lost:
            yield f"is right, and loses points in {', '.join(lost)}"
    else:
        lost_tasks = {each.task for each in result.checks if each.verdict is not Verdict.PASSED}
        for task in sorted(specimen.loses - lost_tasks):
            yield f"is wrong, and loses no points for {task}"
        seen = {each.task for each in _public(result) if each.verdict is not Verdict.PASSED}
        for task in sorted(specimen.loses & lost_tasks - seen):
            if not specimen.hidden_only:
                yield f"is wrong, and passes every public check of {task}"


def names_of(result: Result) -> set[str]:
    """Return all that a program was taken for, misconceptions and patterns."""
    return {check.diagnosis.name for check in result.checks if check.diagnosis}


def is_silent(result: Result) -> bool:
    """Tell whether a program that lost points shows its learner neither an example nor a name."""
    return not _loses_in_public(result) and not names_of(result)


def _public(result: Result) -> list[CheckResult]:
    return [each for each in result.checks if not each.hidden]


def _loses_in_public(result: Result) -> bool:
    return any(each.verdict is not Verdict.PASSED for each in _public(result))


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
