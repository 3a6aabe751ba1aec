"""The code cells of a Jupyter notebook, whatever wrote it: Jupyter, Colab, VS Code."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

import msgspec

from autograder.errors import SubmissionError
from autograder.submission.decoding import decode
from autograder.submission.given import is_given
from autograder.submission.scanner import conflict_line
from autograder.wire.protocol import MOST_PARTS, Part

__all__ = ["NotebookCell", "notebook_cells", "read_notebook"]

_NOTHING = msgspec.Raw(b"null")

# Only what is named here is built in memory: outputs and metadata, however large, are passed over.


class _Cell(msgspec.Struct, frozen=True):
    cell_type: str
    source: msgspec.Raw = _NOTHING
    input: msgspec.Raw = _NOTHING  # what nbformat 3 calls the source
    metadata: msgspec.Raw = _NOTHING
    attachments: msgspec.Raw = _NOTHING
    id: msgspec.Raw = _NOTHING


class _Sheet(msgspec.Struct, frozen=True):
    cells: list[_Cell]


class _Notebook(msgspec.Struct, frozen=True):
    cells: list[_Cell] | None = None
    worksheets: list[_Sheet] | None = None  # nbformat 3
    metadata: msgspec.Raw = _NOTHING


class _Kernel(msgspec.Struct, frozen=True):
    name: str = ""
    language: str = ""
    display_name: str = ""


class _Whole(msgspec.Struct, frozen=True):
    """What a notebook says of its language: by the kernel chosen, and by the one that ran it."""

    kernelspec: _Kernel = _Kernel()
    language_info: _Kernel = _Kernel()


class _Marks(msgspec.Struct, frozen=True):
    grade: bool = False
    locked: bool = False
    solution: bool = False


class _Metadata(msgspec.Struct, frozen=True):
    nbgrader: _Marks | None = None


_read_notebook = msgspec.json.Decoder(_Notebook).decode
_read_metadata = msgspec.json.Decoder(_Metadata | None).decode
_read_whole = msgspec.json.Decoder(_Whole | None).decode
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
KERNELS = {"ir": "R", "julia": "Julia"}  # Colab names a kernel and no language
LANGUAGE = re.compile(r"[A-Za-z][\w+#. -]{0,29}")
CHECK = re.compile(
    r"\s*(?:from\s+(?:autograder|gradeflow)[\w.]*\s+import\s[\w\s,.*]+"
    r"|import\s+(?:autograder|gradeflow)[\w.]*"
    r"|(?:\w+\.)*check\([^()]*\)\s*;?)?\s*(?:#.*)?"
)


PYTHON = re.compile(r"^[ \t]*(?:def [^\W\d]\w*[ ]?\(|import numpy|from \w+ import )", re.MULTILINE)


@dataclass(frozen=True)
class NotebookCell:
    """A cell as it was handed in.

    kind: ``code``, ``markdown``, ``raw`` or whatever the file says.
    label: of a code cell with anything in it: ``cell 4``; else empty.
    python: what runs of it; None for what does not run.
    """

    kind: str
    label: str
    python: str | None
    raw: _Cell

    def text(self, most: int) -> str:
        """Return the source, cut after so many characters; empty when it is no text."""
        raw = self.raw.input if _is_nothing(self.raw.source) else self.raw.source
        try:
            source = _read_source(raw)
        except msgspec.DecodeError:
            return ""
        text = source if isinstance(source, str) else "".join(source or [])
        return text[:most].replace("\r\n", "\n").replace("\r", "\n")

    def decoded(self, field: str) -> object:
        """Return ``metadata``, ``attachments`` or ``id`` as data; None when it is damaged."""
        try:
            return msgspec.json.decode(getattr(self.raw, field))
        except (msgspec.DecodeError, RecursionError):
            return None


def read_notebook(data: bytes, name: str, most_code: int) -> tuple[Part, ...]:
    """Return the code cells, as they were written, labelled ``cell N``.

    N is the number in ``In [N]`` after "Restart and run all": code cells are counted from 1, empty
    ones are not. Left out, though counted, are cells that only call ``check(...)``, and those that
    a released notebook brings for it: the engine grades. What else somebody has typed into such a
    cell is theirs, whatever its metadata say. A cell that nbgrader marks as a solution is code,
    even where a stray key made it prose.

    most_code: bytes of code that one notebook may hold.

    Raises SubmissionError.
    """
    notebook = _notebook(data, name)
    cells = _numbered(notebook, most_code)
    parts = tuple(Part(cell.label, cell.python) for cell in cells if cell.python is not None)
    # A setting is no proof: Python under the name of another kernel is graded as what it is.
    is_python = any(PYTHON.search(part.source) for part in parts)
    if not is_python and (language := _other_language(notebook)):
        raise SubmissionError("submission.other_language", language=language)
    if not parts:
        raise SubmissionError("submission.no_code_cells")
    return parts


def notebook_cells(data: bytes, name: str, most_code: int) -> tuple[NotebookCell, ...]:
    """Return every cell of a notebook, in order, with what of it runs.

    Raises SubmissionError.
    """
    return _numbered(_notebook(data, name), most_code)


def _numbered(notebook: _Notebook, most_code: int) -> tuple[NotebookCell, ...]:
    found = []
    number = left = 0
    for cell in _cells(notebook):
        source = _source(cell, most_code) if _is_code(cell) else ""
        if not source.strip():
            found.append(NotebookCell(cell.cell_type, "", None, cell))
            continue
        number += 1
        left += len(source)
        if left > most_code:
            raise _too_much(left, most_code)
        if number > MOST_PARTS:
            raise SubmissionError("submission.too_many_cells", limit=MOST_PARTS)
        runs = None if _only_checks(source) or is_given(source) else source
        found.append(NotebookCell(cell.cell_type, f"cell {number}", runs, cell))
    return tuple(found)


def _other_language(notebook: _Notebook) -> str:
    """Return the language of a notebook that says in no way that it is Python's; else empty."""
    try:
        whole = _read_whole(notebook.metadata) or _Whole()
    except msgspec.DecodeError:
        return ""
    chosen, ran = whole.kernelspec, whole.language_info
    said = (chosen.language, ran.name, chosen.name, chosen.display_name)
    if any("python" in word.lower() or "sage" in word.lower() for word in said):
        return ""  # Sage's language is Python too
    named = chosen.language or ran.name or KERNELS.get(chosen.name.partition("-")[0].lower(), "")
    return named if LANGUAGE.fullmatch(named) else ""


def _notebook(data: bytes, name: str) -> _Notebook:
    raw = decode(data).encode()
    try:
        notebook = _parsed(raw, name)
    except (msgspec.ValidationError, RecursionError):
        raise SubmissionError("submission.not_notebook") from None
    if notebook.cells is None and notebook.worksheets is None:
        raise SubmissionError("submission.not_notebook")
    return notebook


def _cells(notebook: _Notebook) -> Iterator[_Cell]:
    sheets = notebook.worksheets or []
    for cells in (notebook.cells or [], *(sheet.cells for sheet in sheets)):
        yield from cells


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
    raw = cell.input if _is_nothing(cell.source) else cell.source
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


def _is_nothing(raw: msgspec.Raw) -> bool:
    return bytes(memoryview(raw)[:4]) == b"null"


def _is_code(cell: _Cell) -> bool:
    if cell.cell_type == "code":
        return True
    marks = _marks(cell)
    return marks.solution and not marks.grade


def _marks(cell: _Cell) -> _Marks:
    try:
        metadata = _read_metadata(cell.metadata)
    except msgspec.DecodeError:  # not what nbgrader writes
        return _Marks()
    return (metadata and metadata.nbgrader) or _Marks()


def _only_checks(source: str) -> bool:
    lines = source.split("\n")
    short = all(len(line) <= LONGEST_CHECK for line in lines)
    return short and "check(" in source and all(CHECK.fullmatch(line) for line in lines)
