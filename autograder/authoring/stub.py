"""The learner's script: the source in one language, with a raise in place of each solution."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from autograder.authoring.captions import in_script
from autograder.authoring.source import Cell, read_source, regions
from autograder.authoring.structure import language_of
from autograder.catalogue import Exercise
from autograder.errors import CourseError
from autograder.messages import translate
from autograder.sandbox.inprocess import InProcessSession
from autograder.wire.protocol import Raised

__all__ = ["cells_for", "faults_of_stub", "stub_of", "survivors", "write_stub"]

LEAST_LINE = 8
LONG_LINE = 20
DEFINES = ("def ", "class ", "@")
GIVES_NOTHING_AWAY = re.compile(r"(return\s+[\w.]+|(from\s+\S+\s+)?import\s.*|[\w.]+\s*=\s*\w+)$")


def stub_of(exercise: Exercise, language: str) -> str:
    """Read an exercise's source and make its stub in a language.

    Raises CourseError, located, when the source is wrong.
    """
    return write_stub(cells_for(exercise, read_source(exercise.source), language))


def cells_for(exercise: Exercise, cells: Sequence[Cell], language: str) -> tuple[Cell, ...]:
    """Choose the cells of a language, without figures' code, and take the solutions out of them.

    Raises CourseError, located, when a solution's markers are unbalanced.
    """
    languages = exercise.languages
    language = language if language in languages else languages[0]
    chosen: list[Cell] = []
    gap = 0
    below_figure = False
    for cell in cells:
        if cell.figure is not None:
            below_figure = True
            continue
        # Of two empty lines below a figure's function one is there for the function's sake.
        own = cell.gap if not below_figure or cell.text.startswith(DEFINES) else 1
        gap = max(gap, own)  # the widest gap stays where a cell of the other language goes
        below_figure = False
        if language_of(cell, languages) not in (None, language):
            continue
        text = cell.text if cell.kind == "prose" else _emptied(exercise, cell)
        chosen.append(replace(cell, text=text, gap=gap))
        if cell.written is not None:
            chosen.append(_answer(cell, translate("stub.answer", language)))
        gap = 0
    return _with_limits(tuple(chosen), exercise, language)


def _answer(asked: Cell, text: str) -> Cell:
    """Make the cell that learners write their answer to a question into."""
    return replace(asked, text=text, marker="# %% [markdown]", gap=1, answer=True)


def _with_limits(cells: tuple[Cell, ...], exercise: Exercise, language: str) -> tuple[Cell, ...]:
    """Tell the limits below the prose that an exercise begins with: they are the manifest's."""
    if not cells or cells[0].kind != "prose":
        return cells
    limits = exercise.limits
    amounts = {"wall": f"{limits.wall:g}", "total": f"{limits.total:g}", "memory": limits.memory}
    told = translate("stub.limits", language, **amounts)
    return (replace(cells[0], text=f"{cells[0].text}\n\n{told}"), *cells[1:])


def _emptied(exercise: Exercise, cell: Cell) -> str:
    lines = cell.text.splitlines()
    for region in reversed(regions(cell, exercise.source)):
        first = lines[region.first]
        indent = first[: len(first) - len(first.lstrip())]
        lines[region.first : region.last + 1] = [
            f'{indent}raise NotImplementedError("{cell.task}")'
        ]
    return "\n".join(lines)


def write_stub(cells: Sequence[Cell]) -> str:
    """Write cells as a py:percent script; of equal cells the bytes are equal."""
    blocks: list[str] = []
    for cell in cells:
        text = cell.text
        if cell.kind == "prose":
            lines = in_script(text).split("\n")
            text = "\n".join(f"# {line}".rstrip() for line in lines)
        above = "\n" * cell.gap if blocks else ""
        blocks.append(f"{above}{cell.marker}\n{text}\n" if text else f"{above}{cell.marker}\n")
    return "".join(blocks)


def faults_of_stub(exercise: Exercise, stub: str) -> Iterator[CourseError]:
    """Find why a stub cannot be imported, which a learner must be able to do before all else."""
    loaded = InProcessSession.of(stub, exercise.module, exercise.limits).load()
    for failure in loaded.failures:
        outcome = failure.outcome
        if not isinstance(outcome, Raised):
            yield CourseError("the stub cannot be imported: it does not end", exercise.source)
            continue
        at = outcome.trace[0].line if outcome.trace else 1
        told = f"{outcome.kind}: {outcome.message}".rstrip(": ")
        yield CourseError(
            f"the stub cannot be imported, this line fails without the solution ({told}): "
            "put it into a function, or into a solution region",
            exercise.source,
            _line_like(exercise, stub.splitlines()[at - 1]),
        )


def _line_like(exercise: Exercise, line: str) -> int | None:
    lines = exercise.source.read_text(encoding="utf-8").splitlines()
    return next((number for number, each in enumerate(lines, 1) if each == line), None)


def survivors(
    exercise: Exercise, cells: Sequence[Cell], texts: Mapping[str, str]
) -> Iterator[CourseError]:
    """Find lines of a solution that stand in a text which learners get, by the text's name.

    Short lines, bare returns, copies and imports give nothing away and are passed over. A line of
    20 characters may not stand anywhere; a shorter one, such as ``a = sigmoid(z)``, may be part of
    a sentence but not a line.
    """
    told = set()
    for cell in cells:
        lines = cell.text.splitlines()
        for region in regions(cell, exercise.source):
            for number in range(region.first + 1, region.last):
                secret = _secret(lines[number])
                for name, text in texts.items() if secret else ():
                    at = _line_with(secret, text)
                    if at is None or (secret, name) in told:
                        continue
                    told.add((secret, name))
                    yield CourseError(
                        f"the solution's line {secret!r} survives into {name}, line {at}: "
                        "write it differently there",
                        exercise.source,
                        cell.line + number,
                    )


def _secret(line: str) -> str:
    bare = re.split(r"\s+#|^#", line.strip())[0].rstrip()
    return "" if len(bare) < LEAST_LINE or GIVES_NOTHING_AWAY.match(bare) else bare


def _line_with(secret: str, text: str) -> int | None:
    for number, line in enumerate(text.splitlines(), 1):
        if line.strip("#>`$ \t") == secret or (len(secret) >= LONG_LINE and secret in line):
            return number
    return None
