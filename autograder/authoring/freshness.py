"""Whether frozen answers are still those that an exercise's files make.

To freeze is to run the public checks on the reference and on every wrong variant: seconds for an
exercise in NumPy, minutes for one that trains networks. So ``answers.json`` tells by a digest what
it was made of, and is made again only where that, or the file itself, has changed. Prose, hints
and points are no part of it: an author who writes a sentence waits for nothing.

An audit takes longer still, and its page tells in the same way of which code it is a proof.
"""

from __future__ import annotations

import ast
import hashlib
import re
from functools import cache
from pathlib import Path

import msgspec

from autograder import checks
from autograder.authoring.captions import drawing_functions
from autograder.authoring.source import read_source
from autograder.catalogue import Exercise
from autograder.diagnosis.syntax import bare

__all__ = ["digest_of_inputs", "digest_of_proof", "signed", "still_good", "unsigned"]

PUBLIC = "test_public.py"
MADE_OF = re.compile(r'"made_of": "[0-9a-f]*"')
CHECKSUM = re.compile(r'"checksum": "[0-9a-f]*"')
RULES = 2
"""To be raised when the engine comes to freeze other answers of the same files and checks."""


def digest_of_inputs(exercise: Exercise) -> str:
    """Digest what the answers depend on: code without its comments, and the manifest's rules.

    The engine's own checks are part of it: the probes among them are frozen with what they found.
    The code of figures is left out: no check runs it.
    """
    rules = (RULES, _of_checks())
    return _digest(exercise, rules, exercise.folder / PUBLIC, exercise.plotting)


def digest_of_proof(exercise: Exercise) -> str:
    """Digest what an audit's findings depend on but for the engine: code, and explained mutants."""
    tests = sorted(exercise.folder.glob("test_*.py"))
    return _digest(exercise, sorted(exercise.equivalent), *tests)


@cache
def _of_checks() -> list[str]:
    paths = sorted(Path(checks.__file__).parent.glob("*.py"))
    return [_code(path.read_text(encoding="utf-8"), frozenset()) for path in paths]


def _digest(exercise: Exercise, rule: object, *more: Path) -> str:
    drawing = drawing_functions(read_source(exercise.source))
    paths = (exercise.source, exercise.variants, *more)
    codes = [_code(path.read_text(encoding="utf-8"), drawing) for path in paths if path.is_file()]
    rules = (rule, exercise.module, exercise.framework, exercise.limits, codes)
    return hashlib.sha256(msgspec.json.encode(rules)).hexdigest()


def signed(answers: str, inputs: str) -> str:
    """Write into frozen answers what they were made of."""
    text = MADE_OF.sub(f'"made_of": "{inputs}"', answers, count=1)
    return CHECKSUM.sub(_checksum(text), text, count=1)


def unsigned(answers: str) -> str:
    """Leave out of frozen answers what only a build asks for."""
    bare = MADE_OF.sub('"made_of": ""', answers, count=1)
    return CHECKSUM.sub('"checksum": ""', bare, count=1)


def still_good(answers: str, inputs: str) -> bool:
    """Tell whether frozen answers were made of these inputs, and not changed since."""
    made_of, checksum = MADE_OF.search(answers), CHECKSUM.search(answers)
    if made_of is None or checksum is None:
        return False
    return made_of[0] == f'"made_of": "{inputs}"' and checksum[0] == _checksum(answers)


def _checksum(answers: str) -> str:
    bare = CHECKSUM.sub("", answers, count=1)
    return f'"checksum": "{hashlib.sha256(bare.encode()).hexdigest()}"'


def _code(text: str, drawing: frozenset[str]) -> str:
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError):  # told of by whoever runs it
        return text
    tree.body = [node for node in tree.body if getattr(node, "name", "") not in drawing]
    return repr(bare(tree))
