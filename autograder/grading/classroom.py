"""A class of submissions: which need grading, and grading them without losing work."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import msgspec

import autograder
from autograder.catalogue import Exercise, examples_at
from autograder.errors import GradeFlowError, SubmissionError
from autograder.grading.cluster import Cluster
from autograder.grading.entry import Entry
from autograder.grading.journal import graded, now
from autograder.grading.orders import Setup
from autograder.grading.pool import Pool
from autograder.grading.spool import Spool
from autograder.grading.store import ResultStore, digest_folder, fingerprint
from autograder.model import Diagnosis, Evidence, Result, to_json
from autograder.submission import Submission, read_program

__all__ = ["Basis", "Plan", "basis_of", "carry_out", "entry_of", "make_plan"]


@dataclass(frozen=True)
class Basis:
    """What grades: the exercise with the course's settings, and the engine, each as a digest.

    examples: the course shows fresh ones.
    """

    content: str
    engine: str
    examples: bool = False

    @property
    def graded_by(self) -> str:
        """What a result says of the exercise that it was graded by."""
        return hashlib.sha256(self.content.encode()).hexdigest()

    def fingerprint(self, sha256: str) -> str:
        """Return what a result of a submission depends on."""
        return fingerprint(sha256, self.content, self.engine)


def basis_of(exercise: Exercise, setup: Setup) -> Basis:
    """Return what grades an exercise now.

    Raises GradeFlowError when something of it cannot be read.
    """
    examples = examples_at(exercise.folder)
    settings = f"{setup.salt}{setup.sandbox}{'' if examples else 'no examples'}"
    engine = digest_folder([Path(autograder.__file__).parent])
    return Basis(digest_folder([exercise.folder]) + settings, engine, examples)


@dataclass(frozen=True)
class Plan:
    """What is to be graded, and who was graded before and has not changed since."""

    entries: Spool
    kept: tuple[str, ...]


def make_plan(
    exercise: Exercise,
    submissions: Iterable[Submission],
    setup: Setup,
    store: ResultStore,
    *,
    force: bool = False,
) -> Plan:
    """Read every submission, and leave out whose stored result still holds.

    The programs of those are kept now if they are not; of the others when their turn comes.
    A stored result holds while the submission, the exercise's folder, the course's settings, the
    kind of sandbox and the engine's own code are what they were.
    """
    basis = basis_of(exercise, setup)
    entries, kept, programs = Spool(), [], store.programs
    for submission in submissions:
        print_of_it = basis.fingerprint(submission.sha256)
        stays = not force and _stored(store, submission.learner, print_of_it) is not None
        if stays and programs.has(submission.sha256):
            kept.append(submission.learner)
            continue
        entry = entry_of(submission, exercise, basis)
        if stays:
            programs.kept_with(entry)
            kept.append(submission.learner)
        else:
            entries.add(entry)
    return Plan(entries, tuple(kept))


def carry_out(
    plan: Plan,
    setup: Setup,
    store: ResultStore,
    jobs: int,
    cluster: str = "",
    making: Callable[[float], None] | None = None,
) -> Iterator[Result]:
    """Grade what the plan holds; each result is on disk before it is yielded.

    jobs: workers on this machine.
    cluster: the address of a Dask scheduler, whose workers grade instead.
    making: hears of what a cage makes once on a machine, as in `Pool`.

    Raises GradeFlowError when no worker can start or the disk is full; what is graded stays.
    """
    if not plan.entries:
        return
    told = {} if making is None else {"making": making}
    with Cluster(setup, cluster) if cluster else Pool(setup, jobs, **told) as workers:
        run = now()
        for given in workers.grade(map(store.programs.kept_with, plan.entries)):
            result = never_lower(_before(store, given.learner), given)
            store.write(result.learner, to_json(result))
            store.note(graded(result, run))
            yield result


def never_lower(before: Result | None, now: Result) -> Result:
    """Return the better of two gradings of the same file by the same checks.

    Training is random, and another machine rounds otherwise: that must not cost a learner what an
    earlier grading gave. After a change of the file or of the exercise the new one counts, whatever
    it says. The earlier one stays also where a fault of ours withholds the new one; the next run
    tries that again.
    """
    if before is None or before.score.points is None:
        return now
    same = before.sha256 == now.sha256 and before.content == now.content != ""
    lower = now.score.points is None or now.score.points < before.score.points
    if not (same and lower):
        return now
    told = "withheld" if now.score.points is None else f"{now.score.points:g}"
    kept = Diagnosis("note.kept_better", facts={"points": told})
    notes = (*(note for note in before.notes if note.name != kept.name), kept)
    return msgspec.structs.replace(before, fingerprint=now.fingerprint, notes=notes)


def _before(store: ResultStore, learner: str) -> Result | None:
    try:
        return store.result(learner)
    except GradeFlowError:  # damaged, changed by hand, or of another version: grade again
        return None


def _stored(store: ResultStore, learner: str, print_of_it: str) -> Result | None:
    return _before(store, learner) if store.fresh(learner, print_of_it) else None


def entry_of(submission: Submission, exercise: Exercise, basis: Basis | None = None) -> Entry:
    """Make of a submission what the loop takes; one that cannot be read carries its problem."""
    program, problem = None, None
    try:
        program = read_program(submission, exercise.module, exercise.forbidden, exercise.wanted)
    except SubmissionError as error:
        problem = Evidence(error.key, facts=error.facts)
    return Entry(
        learner=submission.learner,
        file=submission.name,
        program=program,
        problem=problem,
        sha256=submission.sha256,
        content=basis.graded_by if basis else "",
        fingerprint=basis.fingerprint(submission.sha256) if basis else "",
        draws=True,
        unseen=True,
        examples=basis.examples if basis else examples_at(exercise.folder),
        notes=submission.notes,
    )
