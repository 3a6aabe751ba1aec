"""What a file is, by what stands in it: a name is only what somebody called it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Set
from dataclasses import dataclass
from pathlib import PurePath
from typing import Literal

import msgspec

from autograder.errors import SubmissionError
from autograder.submission.decoding import decode
from autograder.submission.scanner import Scanner
from autograder.wire.protocol import Part

__all__ = ["Form", "Work", "form_of", "work_in"]

Form = Literal["notebook", "script"]

NOTEBOOK_KEYS = ('"cells"', '"worksheets"', '"nbformat"')
PICTURES = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"RIFF", b"BM", b"II*\0", b"MM\0*")
LINKED = re.compile(r"\[InternetShortcut\]|\[Desktop Entry\]|https?://\S{1,2000}\s*$")
LINK_NAMES = (".url", ".webloc", ".gdoc", "link.html")
# A line that begins a statement of Python and hardly any sentence.
PYTHON = re.compile(
    r"(?:async )?def \w+ ?\(|class \w+ ?[(:]|from [\w.]+ import [\w*(]|@\w"
    r"|import \w[\w.]*(?: as \w+)?(?:, ?\w[\w.]*(?: as \w+)?)*\s*(?:#|$)"
)
DEFINITION = re.compile(r"(?:async[ \t]+)?def[ \t]+(\w+)")
CLASS = re.compile(r"class[ \t]+(\w+)")
BOUND = re.compile(r"(\w+)[ \t]*(?::[^=]*)?=(?!=)")
IMPORTED = re.compile(r"from[ \t]+[\w.]+[ \t]+import\b(.*)")
TO_DO = re.compile(r"raise[ \t]+NotImplementedError\b")
NAMES = re.compile(r"\w+|\*")
A_STRING = re.compile(r"[rRuUbBfF]{0,2}[\"']")
LONGEST_LINE = 2_000


def form_of(data: bytes, name: str) -> Form:
    """Tell whether a file is a notebook or a script.

    JSON with cells is a notebook under any name, and other JSON under the name of a script is
    nothing that could be graded. A ``.py`` is a script else; under any
    other name a text is a script when a line of it can hardly be anything else.

    Raises SubmissionError, which says what the file is instead.
    """
    suffixes = [suffix.lower() for suffix in PurePath(name).suffixes]
    last = suffixes[-1] if suffixes else ""
    ours = last in (".py", ".ipynb")
    if not data.strip(b"\xef\xbb\xbf \t\r\n"):
        raise SubmissionError("submission.empty")
    if not ours and (data.startswith(PICTURES) or data[4:12] == b"ftypheic"):
        raise SubmissionError("submission.picture")
    if name.lower().endswith(LINK_NAMES):
        raise SubmissionError("submission.link")
    try:
        text = decode(data)
    except SubmissionError:
        if ours:
            raise
        raise _other(last) from None
    if text.lstrip().startswith("{") and (
        ".ipynb" in suffixes or any(key in text for key in NOTEBOOK_KEYS)
    ):
        return "notebook"
    if last == ".py" and _is_json(text):
        raise SubmissionError("submission.json")
    if last == ".py" or _is_python(text):
        return "script"
    if last == ".ipynb":
        return "notebook"  # whoever reads it says where it is damaged
    if LINKED.match(text.lstrip()):
        raise SubmissionError("submission.link")
    raise _other(last)


def _is_json(text: str) -> bool:
    """Tell a text that is nothing but JSON: Python may read it too, and finds no function in it."""
    if not text.lstrip().startswith(("{", "[")):
        return False
    try:
        msgspec.json.decode(text.encode("utf-8", "surrogatepass"), type=dict | list)
    except (msgspec.DecodeError, RecursionError):
        return False
    return True


def _other(suffix: str) -> SubmissionError:
    if re.fullmatch(r"\.[a-z0-9]{1,8}", suffix):
        return SubmissionError("submission.wrong_suffix", suffix=suffix)
    return SubmissionError("submission.not_code")


def _is_python(text: str) -> bool:
    if text.lstrip().startswith("<"):
        return False
    lines = text.split("\n")
    # A fence begins code within prose, as in Markdown.
    return not any(line.startswith("```") for line in lines) and any(
        PYTHON.match(line[:LONGEST_LINE]) for line in lines
    )


@dataclass(frozen=True)
class Work:
    """What of an exercise's tasks stands in a file.

    begun: tasks for which there is anything but what was handed out.
    left: functions that say they are still to be written, and nothing else.
    """

    begun: frozenset[str]
    left: frozenset[str]

    @property
    def is_untouched(self) -> bool:
        """Whether it is a stub as it was handed out, in any language or release."""
        return bool(self.left) and not self.begun


def work_in(parts: Iterable[Part], tasks: Set[str]) -> Work:
    """Look in a program, cell by cell, for work on tasks.

    A task is untouched where the function's only statement is to raise NotImplementedError: so
    stubs are known whatever the language of their prose, whatever cells stand around them. Nothing
    is parsed, because a deep enough text can crash Python's parser.
    """
    begun, left = set[str](), set[str]()
    for part in parts:
        for name, written in _bindings(part.source):
            if not written:
                left.add(name)
            elif name in tasks or name == "*":
                begun.add(name)
    return Work(frozenset(begun), frozenset(left))


def _bindings(source: str) -> Iterator[tuple[str, bool]]:
    """Yield the names that a part binds, each with whether anything is written for it."""
    open_class, open_function = _Block(), _Block()
    importing = False
    for line, first in _lines(source):
        text = line.strip(" \t\f")
        if not first:
            if importing:
                yield from ((each, True) for each in NAMES.findall(text))
            continue
        importing = False
        if not text or text.startswith("#"):
            continue
        here = len(line) - len(line.lstrip(" \t\f"))
        if open_function.holds(here):
            open_function.add(text)
            continue
        yield from open_function.close(open_class)
        if not open_class.holds(here):
            yield from open_class.close()
        if defined := DEFINITION.match(text):
            open_function = _Block(defined[1], here, to_do=bool(TO_DO.search(text)))
        elif defined := CLASS.match(text):
            open_class = _Block(defined[1], here)
        elif imported := IMPORTED.match(text):
            importing = True
            yield from ((each, True) for each in NAMES.findall(imported[1]))
        elif bound := BOUND.match(text):
            yield bound[1], True
    yield from open_function.close(open_class)
    yield from open_class.close()


@dataclass
class _Block:
    """A definition that is being read. A class is written when no method of it is to be."""

    name: str = ""
    indent: int = 0
    own: int = 0
    to_do: bool = False

    def holds(self, indent: int) -> bool:
        return bool(self.name) and indent > self.indent

    def add(self, statement: str) -> None:
        to_do = bool(TO_DO.match(statement))
        self.to_do = self.to_do or to_do
        self.own += not (to_do or A_STRING.match(statement))

    def close(self, around: _Block | None = None) -> Iterator[tuple[str, bool]]:
        written = self.own > 0 or not self.to_do
        if around is not None and around.holds(self.indent):
            around.to_do = around.to_do or not written
        if self.name:
            yield self.name, written
        self.name = ""


def _lines(source: str) -> Iterator[tuple[str, bool]]:
    """Yield the lines, each cut to a usual length, with whether it begins a statement."""
    scanner = Scanner()
    for line in source.split("\n"):
        first = scanner.at_start
        scanner.read(line)
        yield line[:LONGEST_LINE], first
