"""The code cells of a Jupyter notebook, whatever wrote it: Jupyter, Colab, VS Code."""

from __future__ import annotations

import re
from collections.abc import Iterator

import msgspec

from autograder.errors import SubmissionError
from autograder.submission.decoding import decode
from autograder.submission.magics import plain_cell
from autograder.submission.scanner import conflict_line
from autograder.wire.protocol import Part

__all__ = ["read_notebook"]

_NOTHING = msgspec.Raw(b"null")

# Only what is named here is built in memory: outputs and metadata, however large, are passed over.


class _Cell(msgspec.Struct, frozen=True):
    cell_type: str
    source: msgspec.Raw = _NOTHING
    input: msgspec.Raw = _NOTHING  # what nbformat 3 calls the source
    metadata: msgspec.Raw = _NOTHING


class _Sheet(msgspec.Struct, frozen=True):
    cells: list[_Cell]


class _Notebook(msgspec.Struct, frozen=True):
    cells: list[_Cell] | None = None
    worksheets: list[_Sheet] | None = None  # nbformat 3


class _Marks(msgspec.Struct, frozen=True):
    grade: bool = False
    locked: bool = False


class _Metadata(msgspec.Struct, frozen=True):
    nbgrader: _Marks | None = None


_read_notebook = msgspec.json.Decoder(_Notebook).decode
_read_metadata = msgspec.json.Decoder(_Metadata | None).decode
_read_source = msgspec.json.Decoder(str | list[str] | None).decode

# What some writers put into JSON although it is none: NaN, and halves of a surrogate pair. Mending
# it takes up to 70 times a file's size in memory, so only files of a usual size are mended.
MOST_MENDED = 4 * 2**20
LOOSE = re.compile(rb'"(?:[^"\\]++|\\.)*+"?|-?Infinity|NaN', re.DOTALL)
ESCAPE = re.compile(
    rb"\\(?:u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}"
    rb"|(?P<lone>u[dD][89a-fA-F][0-9a-fA-F]{2})|.)",
    re.DOTALL,
)
LONGEST_CHECK = 200
CHECK = re.compile(
    r"\s*(?:from\s+(?:autograder|gradeflow)[\w.]*\s+import\s[\w\s,.*]+"
    r"|import\s+(?:autograder|gradeflow)[\w.]*"
    r"|(?:\w+\.)*check\([^()]*\)\s*;?)?\s*(?:#.*)?"
)


def read_notebook(data: bytes, name: str, most_code: int) -> tuple[Part, ...]:
    """Return the code cells, each as Python, labelled ``cell N``.

    N is the number in ``In [N]`` after "Restart and run all": code cells are counted from 1, empty
    ones are not. Left out, though counted: cells without Python (``%%bash``), nbgrader's locked
    test cells, and cells that only call ``check(...)``: the engine grades.

    most_code: bytes of code that one notebook may hold.

    Raises SubmissionError.
    """
    parts = []
    number = left = 0
    for cell in _cells(data, name):
        source = _source(cell, most_code)
        if not source.strip():
            continue
        number += 1
        left += len(source)
        if left > most_code:
            raise _too_much(left, most_code)
        plain = None if _is_test(cell) or _only_checks(source) else plain_cell(source)
        if plain is not None:
            parts.append(Part(f"cell {number}", plain))
    if not parts:
        raise SubmissionError("submission.no_code_cells")
    return tuple(parts)


def _cells(data: bytes, name: str) -> Iterator[_Cell]:
    raw = decode(data).encode()
    try:
        notebook = _parsed(raw, name)
    except (msgspec.ValidationError, RecursionError):
        raise SubmissionError("submission.not_notebook") from None
    sheets = notebook.worksheets or []
    if notebook.cells is None and notebook.worksheets is None:
        raise SubmissionError("submission.not_notebook")
    for cells in (notebook.cells or [], *(sheet.cells for sheet in sheets)):
        yield from (cell for cell in cells if cell.cell_type == "code")


def _parsed(raw: bytes, name: str) -> _Notebook:
    try:
        return _read_notebook(raw)
    except msgspec.ValidationError:
        raise
    except msgspec.DecodeError:
        mended = LOOSE.sub(_strict, raw) if len(raw) <= MOST_MENDED else raw
    try:
        return _read_notebook(mended)
    except msgspec.ValidationError:
        raise
    except msgspec.DecodeError as error:
        # Git's markers stand on lines of their own, where JSON allows no such thing.
        line = conflict_line(raw.decode())
        if line is not None:
            raise SubmissionError("submission.conflict", label=name, line=line) from None
        raise SubmissionError("submission.not_json", line=_line(error, raw)) from None


def _strict(found: re.Match[bytes]) -> bytes:
    """Return a token as strict JSON, of the same length, so that positions stay what they are."""
    token = found[0]
    if not token.startswith(b'"'):
        return b"0".rjust(len(token))
    return ESCAPE.sub(lambda m: b"\\ufffd" if m["lone"] else m[0], token)


def _line(error: msgspec.DecodeError, raw: bytes) -> int:
    place = re.search(r"byte (\d+)", str(error))
    end = int(place[1]) if place else len(raw.rstrip())
    return raw.count(b"\n", 0, end) + 1


def _source(cell: _Cell, most_code: int) -> str:
    raw = cell.input if bytes(memoryview(cell.source)[:4]) == b"null" else cell.source
    size = len(memoryview(raw))
    if size > 2 * most_code:  # escapes at most double ordinary code; do not build more than that
        raise _too_much(size, most_code)
    try:
        source = _read_source(raw)
    except msgspec.DecodeError:
        raise SubmissionError("submission.not_notebook") from None
    text = source if isinstance(source, str) else "".join(source or [])
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _too_much(size: int, most: int) -> SubmissionError:
    return SubmissionError(
        "submission.too_large", size_mb=round(size / 2**20, 1), limit_mb=round(most / 2**20, 1)
    )


def _is_test(cell: _Cell) -> bool:
    try:
        metadata = _read_metadata(cell.metadata)
    except msgspec.DecodeError:  # not what nbgrader writes
        return False
    marks = metadata.nbgrader if metadata else None
    return marks is not None and marks.grade and marks.locked


def _only_checks(source: str) -> bool:
    lines = source.split("\n")
    short = all(len(line) <= LONGEST_CHECK for line in lines)
    return short and "check(" in source and all(CHECK.fullmatch(line) for line in lines)
