"""A group's mistake as variants that name every member: found by trying, before it is written.

The shortest program gives the first variant. Whoever it does not name, because they did the same on
the checks' calls and something else on fresh ones, gives another, until all are named.
"""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from autograder.authoring.learning.rewriting import Reference, rewritten
from autograder.authoring.learning.trying import Trial
from autograder.authoring.learning.writing import Piece, as_variants
from autograder.catalogue import Exercise
from autograder.diagnosis import Variant, read_variants
from autograder.errors import GradeFlowError
from autograder.insight import SIGNS, Group
from autograder.messages import some
from autograder.model import Verdict
from autograder.wire.protocol import Part, Program

__all__ = ["Lesson", "lesson_of"]

MOST_PIECES = 10  # variants for one group, the tasks that follow from it not counted
MOST_TRIES = 30
MOST_SETS = 3  # different sets of tasks that follow
MOST_OTHERS = 60  # of the class that are asked as well
MOST_NAMED = 5
ELSEWHERE = "what is left of it is not stopped so"
WEAK = "what it answers could be any mistake's, or another misconception's too"
FEW = "do something else of their own when they are asked with fresh inputs"


@dataclass(frozen=True)
class Lesson:
    """What is to be written: variants of one misconception.

    pieces: their functions, as they will stand in misconceptions.py.
    members: the learners of the group, all of whom are named.
    also: others of the class who are named too; they lose points in the same task.
    seen: whether a public check sees each variant.
    raises: what in the text of an exception gives it away; the variants then show it once.
    """

    name: str
    pieces: tuple[Piece, ...]
    members: tuple[str, ...]
    also: tuple[str, ...]
    seen: bool
    raises: tuple[str, ...] = ()


@dataclass
class _Room:
    """What the search has at hand. programs: of the members, the shortest first."""

    exercise: Exercise
    group: Group
    name: str
    trial: Trial
    reference: Reference
    programs: Mapping[str, Program]
    given: Sequence[Piece]

    @property
    def raises(self) -> tuple[str, ...]:
        return (SIGNS[self.group.cause],) if self.group.cause else ()

    def variants(self, pieces: Sequence[Piece]) -> tuple[Variant, ...]:
        return as_variants(self.exercise, self.name, [*self.given, *pieces])

    def named(self, pieces: Sequence[Piece], learners: Collection[str], task: str) -> set[str]:
        """Return which of some members are named for a task with some variants."""
        asked = {who: self.programs[who] for who in learners}
        found = self.trial.run(self.name, self.variants(pieces), asked, raises=self.raises)
        return {who for who, tasks in found.named.items() if task in tasks}


def lesson_of(
    exercise: Exercise,
    group: Group,
    name: str,
    trial: Trial,
    members: Mapping[str, Program],
    others: Mapping[str, Program],
    given: Sequence[Piece] = (),
) -> Lesson:
    """Find variants that name every member of a group.

    members: the programs of the group, the shortest first. others: of the class, who lose points
    in the same tasks. given: variants that the misconception gets besides, of another group.

    Raises GradeFlowError where no variants name all members, with who is not named, and why.
    """
    source = exercise.source.read_text(encoding="utf-8")
    files = [path.read_text(encoding="utf-8") for path in exercise.tests]
    reference = Reference.of(source, *files)
    room = _Room(exercise, group, name, trial, reference, members, given)
    if group.cause:
        return _proved(room, [_showing(room)], dict(list(others.items())[:MOST_OTHERS]))
    pieces = _naming_all(room)
    following = list(_following(room, pieces))
    asked = dict(list(others.items())[:MOST_OTHERS])
    telling = [piece for piece, tells in following if tells]
    try:
        return _proved(room, pieces + telling, asked)
    except GradeFlowError:
        # What follows may look like another misconception: then it must be known to follow.
        if len(telling) == len(following):
            raise
    return _proved(room, pieces + [piece for piece, _ in following], asked)


def _showing(room: _Room) -> Piece:
    """Find a variant of what an exception tells by itself: the others need none to be named."""
    reasons: Counter[str] = Counter()
    for program in list(room.programs.values())[:MOST_TRIES]:
        for text in _ways_to_write(room, program, reasons):
            piece = Piece({room.group.task: text})
            if _itself(room, room.variants([piece])):
                return piece
            reasons[ELSEWHERE] += 1
    raise GradeFlowError(_unnamed(room, room.programs, reasons))


def _naming_all(room: _Room) -> list[Piece]:
    left, tried = set(room.programs), set[str]()
    pieces: list[Piece] = []
    reasons: Counter[str] = Counter()
    if room.given or room.name in room.exercise.misconceptions:
        left -= room.named([], left, room.group.task)
        if not left and not room.given:
            raise GradeFlowError(
                f"{room.name} names all of {room.group.key} already, as the exercise stands: run "
                f"`gradeflow grade {room.exercise.name} …` again. Nothing was written."
            )
    for who in room.programs:
        if who not in left or len(pieces) == MOST_PIECES or len(tried) >= MOST_TRIES:
            continue
        weak = False
        for text in _ways_to_write(room, room.programs[who], reasons):
            weak = True
            if text in tried:
                continue
            tried.add(text)
            piece = Piece({room.group.task: text})
            named = room.named([piece], left, room.group.task)
            if who in named:
                pieces.append(piece)
                left -= named
                break
        else:
            reasons[WEAK] += weak
    if left:
        raise GradeFlowError(_unnamed(room, left, reasons))
    return pieces


def _ways_to_write(room: _Room, program: Program, reasons: Counter[str]) -> Iterator[str]:
    """Write a member's function without texts of theirs; and with them, if it hangs on one."""
    tasks = room.exercise.wanted
    for texts in (False, True):
        try:
            yield rewritten(program, room.group.task, tasks, room.reference, texts=texts)
        except GradeFlowError as why:
            reasons[str(why)] += not texts


def _unnamed(room: _Room, left: Collection[str], reasons: Counter[str]) -> str:
    names = some(sorted(left), MOST_NAMED)
    why = "; ".join(f"{reason} ({count})" for reason, count in reasons.most_common(3))
    cause = f"cannot be told by a variant: {why}" if reasons else FEW
    return (
        f"{room.name} would not name every member of {room.group.key}: "
        f"{len(left)} of {room.group.size} ({names}) {cause}. Nothing was written; write the "
        f"variant by hand into {room.exercise.variants}, or learn another group."
    )


def _following(room: _Room, pieces: Sequence[Piece]) -> Iterator[tuple[Piece, bool]]:
    """Yield variants for what fails for the mistake's sake: the reference's function, upon it.

    With each, whether it names somebody: a learner may have written what follows in another way.
    """
    by_learner: dict[str, list[str]] = {}
    for task, learners in room.group.followers:
        for who in learners:
            by_learner.setdefault(who, []).append(task)
    sets = Counter(tuple(sorted(tasks)) for tasks in by_learner.values())
    for tasks, _ in sets.most_common(MOST_SETS):
        whose = [who for who, theirs in by_learner.items() if tuple(sorted(theirs)) == tasks]
        for piece in pieces:
            after = {task: _of_reference(room.reference, task) for task in tasks}
            larger = Piece({**piece.functions, **after})
            yield larger, any(room.named([*pieces, larger], whose, task) for task in tasks)


def _of_reference(reference: Reference, task: str) -> str:
    node = ast.parse(ast.unparse(reference.nodes[task])).body[0]
    if isinstance(node, ast.FunctionDef) and ast.get_docstring(node) and len(node.body) > 1:
        node.body = node.body[1:]
    return ast.unparse(node)


def _proved(room: _Room, pieces: list[Piece], others: Mapping[str, Program]) -> Lesson:
    """Try all variants together: on the group, on others, and each on itself, as an audit does."""
    variants = room.variants(pieces)
    task, name = room.group.task, room.name
    found = room.trial.run(name, variants, {**room.programs, **others}, raises=room.raises)
    missed = {who for who in room.programs if task not in found.named[who]}
    if missed:
        raise GradeFlowError(_unnamed(room, missed, Counter()))
    itself = room.trial.run(
        name, variants, _as_programs(room, variants), unseen=False, raises=room.raises
    )
    for key, result in itself.results.items():
        if set(result.diagnoses) != {name}:
            taken = ", ".join(result.diagnoses) or "nothing"
            raise GradeFlowError(
                f"{name} could not be told: its variant {key} is taken for {taken}. "
                "Nothing was written."
            )
    seen = all(
        any(not c.hidden and c.verdict is not Verdict.PASSED for c in result.checks)
        for result in itself.results.values()
    )
    _nothing_taken(room, variants)
    also = tuple(sorted(who for who in others if found.named[who]))
    return Lesson(name, tuple(pieces), tuple(sorted(room.programs)), also, seen, room.raises)


def _as_programs(room: _Room, variants: Sequence[Variant]) -> dict[str, Program]:
    file, module = room.exercise.source.name, room.exercise.module
    return {each.key: Program(module, (Part(file, each.source),)) for each in variants}


def _itself(room: _Room, variants: Sequence[Variant]) -> bool:
    """Tell whether variants lose points, and are named as themselves alone."""
    programs = _as_programs(room, variants)
    found = room.trial.run(room.name, variants, programs, unseen=False, raises=room.raises)
    return all(set(each.diagnoses) == {room.name} for each in found.results.values())


def _nothing_taken(room: _Room, variants: Sequence[Variant]) -> None:
    """Refuse a text of an exception that other misconceptions have, too: theirs say more."""
    if not room.raises:
        return
    source = room.exercise.source.read_text(encoding="utf-8")
    known = read_variants(room.exercise.variants, source)
    others = _as_programs(room, [each for each in known if each.name != room.name])
    found = room.trial.run(room.name, variants, others, unseen=False, raises=room.raises)
    for key, tasks in found.named.items():
        if tasks:
            raise GradeFlowError(
                f"{room.name} would be told of the variant {key} of another misconception, which "
                "is stopped by the same exception. Nothing was written."
            )
