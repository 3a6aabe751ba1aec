"""What a table of the frozen answers earns: ``python -m benchmarks.by_heart --markdown``.

For each exercise a program is written whose functions look their arguments up among the calls that
``answers.json`` holds, and give the reference's answers; for any other call they give None. It is
graded as a class is, uncaged: once without and once with the inputs that learners do not have.
"""

from __future__ import annotations

import argparse
import math
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from autograder.catalogue import Course, find_course
from autograder.diagnosis import REFERENCE, AnswerBook
from autograder.diagnosis.frozen import read_answers
from autograder.grading.entry import Entry
from autograder.grading.loop import run_checks
from autograder.model import BY_HEART, Result
from autograder.plugin.bench import open_bench
from autograder.sandbox.opening import Sandbox
from autograder.wire.protocol import Name, Opaque, Part, Program, Raised, Returned, Tensor

SALT = "of no course"
HEAD = '''import numpy as np

ANY = object()


def like(given, kept):
    """Tell whether an argument is the one in the table; what cannot be in a table is any."""
    if kept is ANY:
        return True
    if isinstance(kept, (list, tuple)):
        same = isinstance(given, (list, tuple)) and len(given) == len(kept)
        return same and all(map(like, given, kept))
    if isinstance(kept, dict):
        same = isinstance(given, dict) and given.keys() == kept.keys()
        return same and all(like(given[key], kept[key]) for key in kept)
    if isinstance(kept, (bool, int, float, np.ndarray, np.generic)):
        given = np.asarray(getattr(given, "detach", lambda: given)())
        kept = np.asarray(kept)
        return given.shape == kept.shape and np.allclose(given, kept, rtol=1e-9, equal_nan=True)
    return given == kept


def looked_up(name, args, kwargs):
    """Give the answer that is known."""
    for kept_args, kept_kwargs, answer in TABLE[name]:
        if like(args, kept_args) and like(kwargs, kept_kwargs):
            return answer()
    return None


def failing(error):
    """Raise what the reference raises."""
    raise error


nan, inf = float("nan"), float("inf")
'''


@dataclass(frozen=True)
class Earned:
    """The share of an exercise's points that a table has, and the functions named to who grades."""

    exercise: str
    known: float
    fresh: float
    named: str


def main() -> None:
    """Print a row for each exercise."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("exercises", nargs="*")
    options.add_argument("--markdown", action="store_true")
    given = options.parse_args()
    course = find_course(Path(__file__).parent)
    assert course is not None
    row = "| {} | {} | {} | {} |" if given.markdown else "{:20} {:>16} {:>16}   {}"
    print(row.format("exercise", "inputs known", "fresh ones too", "named to the instructor"))
    if given.markdown:
        print("|---|---:|---:|---|")
    for name in given.exercises or course.exercises:
        told = earned(course, name)
        shares = (f"{100 * told.known:.0f} %", f"{100 * told.fresh:.0f} %")
        print(row.format(name, *shares, told.named or "–"), flush=True)


def earned(course: Course, name: str) -> Earned:
    """Grade the table of one exercise."""
    exercise = course.authored(name)
    book = read_answers(course.assignments / name / "answers.json")
    functions = [task.name for task in exercise.tasks]
    program = Program(exercise.module, (Part("table.py", written(book, functions)),))
    results: list[Result] = []
    entries = [Entry(f"{n}", "table.py", program, unseen=n > 0, named=False) for n in (0, 1)]
    sandbox = Sandbox("plain", exercise.framework)
    run_checks(open_bench(exercise, SALT), sandbox, entries, results.append)
    shares = [(result.score.points or 0.0) / result.score.possible for result in results]
    if any(result.score.withheld for result in results):
        sys.exit(f"{name} could not be graded: {[result.problem for result in results]}")
    notes = [note for note in results[1].notes if note.name == BY_HEART]
    named = ", ".join(str(note.facts["functions"]) for note in notes)
    return Earned(name, shares[0], shares[1], named)


def written(book: AnswerBook, functions: list[str]) -> str:
    """Write the program."""
    names = [*functions, *(name for name, _ in _known(book) if name not in functions)]
    names = list(dict.fromkeys(names))
    lines = [HEAD, "TABLE = {"]
    for name in names:
        lines += [f"    {name!r}: [", *(f"        {row}," for n, row in _known(book) if n == name)]
        lines.append("    ],")
    lines.append("}\n")
    for name in names:
        lines.append(f"\ndef {name}(*args, **kwargs):")
        lines.append(f"    return looked_up({name!r}, args, kwargs)\n")
    return "\n".join(lines)


def _known(book: AnswerBook) -> Iterator[tuple[str, str]]:
    for entry in book.entries:
        call, outcome = entry.call, entry.outcomes[REFERENCE]
        if not isinstance(call.target, Name):
            continue
        if isinstance(outcome, Returned):
            answer = f"lambda: {_literal(outcome.value)}"
        elif isinstance(outcome, Raised):
            answer = f"lambda: failing({outcome.kind}({outcome.message!r}))"
        else:
            continue
        yield call.target.name, f"({_literal(call.args)}, {_literal(call.kwargs)}, {answer})"


def _literal(value: Any) -> str:
    match value:
        case Tensor(_, array):
            return _literal(array)
        case np.ndarray():
            numbers = f"np.array({value.ravel().tolist()!r}, {value.dtype.str!r})"
            return f"{numbers}.reshape({value.shape!r})"
        case np.generic():
            return f"np.dtype({value.dtype.str!r}).type({value.item()!r})"
        case tuple():
            return f"({''.join(_literal(item) + ', ' for item in value)})"
        case list():
            return f"[{', '.join(map(_literal, value))}]"
        case dict():
            return f"{{{', '.join(f'{_literal(k)}: {_literal(v)}' for k, v in value.items())}}}"
        case None | bool() | int() | str() | bytes():
            return repr(value)
        case float() | complex():
            return repr(value) if not math.isnan(abs(value)) else "nan"
        case Opaque():
            return "None"
    return "ANY"  # a function, a generator: what no table holds


if __name__ == "__main__":
    main()
