"""A misconception written into an exercise: its variants, and a hint that is still empty."""

from __future__ import annotations

import json
import re
import tempfile
import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from autograder.atomic import write_atomically
from autograder.catalogue import Exercise, Misconception
from autograder.diagnosis import Variant, read_variants
from autograder.errors import CourseError

__all__ = ["Piece", "as_text", "as_variants", "write_down"]

HEADER = re.compile(r"^\s*\[")
START = '"""Wrong variants: what a learner with each misunderstanding writes."""\n\n'
IMPORT = "from autograder.diagnosis import misconception\n"


@dataclass(frozen=True)
class Piece:
    """One variant: the functions that are wrong in it, as text."""

    functions: Mapping[str, str]


def as_text(name: str, pieces: Sequence[Piece]) -> str:
    """Write variants as they stand in misconceptions.py."""
    return "\n\n".join(_written(name, piece, number) for number, piece in enumerate(pieces, 1))


def _written(name: str, piece: Piece, number: int) -> str:
    mark = f"@misconception({json.dumps(name)})\n"
    texts = list(piece.functions.values())
    if len(texts) == 1:
        return f"{mark}{texts[0].rstrip()}\n"
    inner = "\n\n".join(
        textwrap.indent(f"@staticmethod\n{text}" if _is_function(text) else text, "    ")
        for text in map(str.rstrip, texts)
    )
    title = f"WhatFollows{number}"
    told = f'    """{" and ".join(list(piece.functions)[1:])} follows, and is wrong with it."""\n\n'
    return f"{mark}class {title}:\n{told}{inner}\n"


def _is_function(text: str) -> bool:
    return text.lstrip().startswith("def ")


def as_variants(exercise: Exercise, name: str, pieces: Sequence[Piece]) -> tuple[Variant, ...]:
    """Read variants as they would be read from the exercise's file."""
    source = exercise.source.read_text(encoding="utf-8")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / exercise.variants.name
        path.write_text(IMPORT + "\n\n" + as_text(name, pieces), encoding="utf-8", newline="\n")
        return read_variants(path, source)


def write_down(
    exercise: Exercise,
    name: str,
    pieces: Sequence[Piece],
    *,
    about: str,
    hidden_only: str = "",
    raises: Sequence[str] = (),
) -> tuple[Path, ...]:
    """Write a misconception into misconceptions.py and exercise.toml; return what was written.

    about: a line that says in misconceptions.py where it comes from.
    raises: what in the text of an exception gives it away.

    Raises CourseError when a file cannot be written.
    """
    manifest = exercise.folder / "exercise.toml"
    files = {exercise.variants: _with_variants(exercise.variants, name, pieces, about)}
    if name not in exercise.misconceptions:
        files[manifest] = _with_hint(manifest, name, exercise.languages, hidden_only, raises)
    elif set(raises) - set(exercise.misconceptions[name].raises):
        files[manifest] = _with_signs(manifest, name, exercise.misconceptions[name], raises)
    for path, text in files.items():
        try:
            write_atomically(path, text.encode())
        except OSError as error:
            raise CourseError(f"cannot be written: {error.strerror}", path) from None
    return tuple(files)


def _with_variants(path: Path, name: str, pieces: Sequence[Piece], about: str) -> str:
    text = path.read_text(encoding="utf-8") if path.is_file() else START
    if IMPORT not in text:
        text = text.rstrip("\n") + f"\n\n{IMPORT}"
    return f"{text.rstrip()}\n\n\n# {name} {about}\n\n\n{as_text(name, pieces)}"


def _with_signs(path: Path, name: str, known: Misconception, raises: Sequence[str]) -> str:
    """Let a misconception that stands in a table of its own be told by an exception too."""
    lines = path.read_text(encoding="utf-8").splitlines()
    heads = (f"[misconceptions.{json.dumps(name)}]", f"[misconceptions.{name}]")
    at = next((n for n, line in enumerate(lines) if line.strip() in heads), None)
    if at is None or known.raises:
        raise CourseError(f"write it yourself: {_signs(raises)} for {name}", path)
    return "\n".join([*lines[: at + 1], _signs(raises), *lines[at + 1 :]]) + "\n"


def _signs(raises: Sequence[str]) -> str:
    return f"raises = {json.dumps(list(raises))}"


def _with_hint(
    path: Path, name: str, languages: Sequence[str], hidden_only: str, raises: Sequence[str]
) -> str:
    """Put an empty hint behind the last misconception."""
    lines = path.read_text(encoding="utf-8").splitlines()
    own = [f"[misconceptions.{json.dumps(name)}]"]
    own += [f'hint.{language} = ""' for language in languages]
    own += [_signs(raises)] if raises else []
    own += [f"hidden_only = {json.dumps(hidden_only, ensure_ascii=False)}"] if hidden_only else []
    heads = [at for at, line in enumerate(lines) if HEADER.match(line)]
    last = max((at for at in heads if lines[at].startswith("[misconceptions")), default=None)
    end = len(lines)
    if last is not None:
        end = next((at for at in heads if at > last), len(lines))
    while end > 0 and (not lines[end - 1].strip() or lines[end - 1].startswith("#")):
        end -= 1
    return "\n".join([*lines[:end], "", *own, *lines[end:]]) + "\n"
