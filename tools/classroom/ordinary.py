"""An ordinary class of any size: right programs in many styles, and mistakes that many share.

Some mistakes are common and most are rare, as in a real class, and whoever makes one writes it with
other names and in another layout. The same for the same number, to the byte.
"""

from __future__ import annotations

import ast
import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from autograder.authoring.mutants import mutants
from autograder.diagnosis import read_variants
from tools.classroom.made import Anything, Expectation, Full, Made
from tools.classroom.material import MARKER, Material, replace_functions, without_prose
from tools.classroom.right import bare, renamed

__all__ = ["make_ordinary"]

RIGHT = 0.35  # of a class, unless told
KNOWN = 0.6  # of its mistakes: what the exercise has a name for; the rest are mutants
SECOND = 0.2  # of those with a mistake make another one
MOST_MUTANTS = 80
PREFIXES = ("my_", "the_", "new_", "x_", "a_", "cur_", "n_", "this_")


@dataclass(frozen=True)
class _Mistake:
    """What is wrong with whoever makes it: functions, as they write them."""

    what: str
    functions: Mapping[str, str]


def make_ordinary(material: Material, number: int, right: float = RIGHT) -> Iterator[Made]:
    """Make a class for an exercise, each learner with no mistake, one, or two.

    ``what`` says of each the mistakes, or in what way it is right: equal for who did the same.
    """
    chance = random.Random(f"{material.exercise.name} {number}")  # noqa: S311 - no secret
    known, rare = _known(material), _rare(material)
    for mistakes in (known, rare):
        chance.shuffle(mistakes)
    rare = rare[:MOST_MUTANTS]
    rights = {"the reference": material.script, **material.alternatives}
    for place in range(1, number + 1):
        expect: Expectation = Anything()
        if chance.random() < right:
            group, what, expect = "right", chance.choice(sorted(rights)), Full()
            text = rights[what]
        else:
            group = "misconception" if chance.random() < KNOWN else "mutant"
            made = [_one_of(known if group == "misconception" else rare, chance)]
            if chance.random() < SECOND:
                made.append(_one_of(known + rare, chance))
            functions = {
                name: text for each in reversed(made) for name, text in each.functions.items()
            }
            text = replace_functions(material.script, functions)
            what = ", ".join(each.what for each in made)
        written = renamed(bare(text), chance.choice(PREFIXES)) if chance.random() < 0.7 else text
        files = {material.name: written.encode()}
        yield Made(f"learner-{place:04}", group, what, files, expect)


def _one_of(mistakes: Sequence[_Mistake], chance: random.Random) -> _Mistake:
    """Choose a mistake: the first is twice as common as the second, thrice as the third."""
    return chance.choices(mistakes, [1 / place for place in range(1, len(mistakes) + 1)])[0]


def _known(material: Material) -> list[_Mistake]:
    exercise = material.exercise
    source = exercise.source.read_text(encoding="utf-8")
    return [
        _Mistake(variant.key, _functions(variant.source, variant.replaced))
        for variant in read_variants(exercise.variants, source)
    ]


def _rare(material: Material) -> list[_Mistake]:
    tasks = {task.name for task in material.exercise.tasks}
    return [
        _Mistake(mutant.id, _functions(mutant.source, [mutant.function.partition(".")[0]]))
        for mutant in mutants(material.script, material.name, tasks)
    ]


def _functions(source: str, names: Sequence[str] | frozenset[str]) -> dict[str, str]:
    text = without_prose(MARKER.sub("", source))
    return {
        node.name: f"{ast.get_source_segment(text, node)}\n"
        for node in ast.parse(text).body
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and node.name in names
    }
