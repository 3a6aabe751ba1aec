"""What an audit has found of an exercise, and whether that proves it."""

from __future__ import annotations

from dataclasses import dataclass

from autograder.authoring.mutants import Mutant
from autograder.authoring.specimens import Specimen
from autograder.catalogue import Exercise
from autograder.diagnosis import Variant

__all__ = ["MOST_SEEDS", "SEEDS", "TARGET", "TOO_SILENT", "Audit", "SpecimenFound", "VariantFound"]

SEEDS = {"torch": 20, "tensorflow": 20}
"""On how many seeds a reference is run, by framework: those that train take seconds for each."""
MOST_SEEDS = 200
TARGET = 0.95
TOO_SILENT = 0.15
"""The share of wrong programs that may be told nothing: they pass what is public, and no name."""


@dataclass(frozen=True)
class VariantFound:
    """How a wrong variant fared: whether it lost points, and what it was taken for.

    seen: whether a public check sees it, or the exercise says why none does.
    broken: set when it raises a NameError, which no misconception does but one that is told by it:
    it uses an import or a helper that the reference, beside whose functions it stands, has not.
    """

    variant: Variant
    lost: bool
    named: tuple[str, ...]
    seen: bool = True
    broken: bool = False

    @property
    def ok(self) -> bool:
        """Whether it was caught, where learners see it, and named as itself alone."""
        caught = self.lost and self.seen and not self.broken
        return caught and self.named == (self.variant.name,)


@dataclass(frozen=True)
class SpecimenFound:
    """How a solution that a person wrote fared; ``faults`` says in words where it must not."""

    specimen: Specimen
    faults: tuple[str, ...]


@dataclass(frozen=True)
class Audit:
    """What is proved of an exercise, and what is not.

    stub: the points that the stub earns.
    shaky: seeds on which the reference loses points, with the check that took them.
    survivors: mutants that no check kills and nobody has explained.
    explained: mutants that survive for a reason given in exercise.toml.
    unused: ids in ``[equivalent]`` that no surviving mutant has: remove them.
    specimens: the solutions that people wrote.
    programs: of how many programs the two following tell, all that were graded but the stub.
    misnamed: what was taken for something that it is not, and for what.
    silent: of ``wrong`` programs, those that are told nothing: no public check, no name.
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
    specimens: tuple[SpecimenFound, ...] = ()
    programs: int = 0
    misnamed: tuple[str, ...] = ()
    wrong: int = 0
    silent: tuple[str, ...] = ()

    @property
    def silence(self) -> float:
        """Wrong programs that are told nothing, as a share of all wrong ones."""
        return len(self.silent) / self.wrong if self.wrong else 0.0

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
            and not any(found.faults for found in self.specimens)
            and self.mutation_score >= TARGET
            and not self.misnamed
            and self.silence <= TOO_SILENT
        )
