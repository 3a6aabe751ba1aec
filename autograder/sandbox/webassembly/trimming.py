"""The guest's binary without the functions that nothing on this machine may call.

The package links CPython and some sixty packages into one module. A program may import of them
what is installed where it is graded, so most machines compile three quarters of it for nobody.
What is left out keeps its place and its type, and traps in a way of its own.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from autograder.sandbox.webassembly.instructions import calls, number, written

__all__ = ["LEFT_OUT", "PARTS", "trimmed"]

LEFT_OUT: Final = "bad conversion to integer"
"""The trap of a function that is not there: nothing else in the whole binary can have it."""

# Which functions of the pinned binary belong to a package alone, in the order of its linking; what
# they share with others, NumPy's BLAS for one, stands elsewhere and is found by who calls it.
PARTS: Final = {
    "pandas": ((16_170, 24_945),),
    "regex": ((29_037, 29_545),),
    "lxml": ((29_557, 31_415), (82_668, 84_535)),
    "scipy": ((31_415, 54_618), (74_632, 82_520)),
    "sklearn": ((54_618, 60_741), (82_520, 82_668)),
    "statsmodels": ((60_741, 67_947),),
}
_IMPORT, _EXPORT, _ELEMENT, _CODE, _CUSTOM = 2, 7, 9, 10, 0
_FUNCTION = 0
# No locals; f32.const nan, i32.trunc_f32_s, drop, unreachable, end.
_TRAP = bytes([0, 0x43, 0, 0, 0xC0, 0x7F, 0xA8, 0x1A, 0, 0x0B])


def trimmed(binary: bytes, absent: Collection[str]) -> bytes:
    """Return a guest without what only packages need that are absent, and without its names.

    Raises ValueError where the binary is none that this can read.
    """
    sections = tuple(_sections(binary))
    bodies = _bodies(binary, sections)
    left_out = [span for name in PARTS if name in absent for span in PARTS[name]]
    roots = {
        each for each in _taken(binary, sections) if not any(a <= each < b for a, b in left_out)
    }
    kept = _reached(binary, bodies, roots | _exported(binary, sections))
    made = [binary[:8]]
    for section in sections:
        if section.kind == _CODE:
            made.append(_code(binary, bodies, kept))
        elif section.kind != _CUSTOM:  # names, for people
            made.append(binary[section.begin : section.end])
    return b"".join(made)


@dataclass(frozen=True)
class _Section:
    """A part of the module: ``begin`` is its first byte, ``content`` the first behind its size."""

    kind: int
    begin: int
    content: int
    end: int


@dataclass(frozen=True)
class _Bodies:
    """Where each function stands that is not imported; ``first`` is the number of the first."""

    first: int
    spans: tuple[tuple[int, int], ...]


def _sections(binary: bytes) -> Iterator[_Section]:
    if binary[:8] != b"\0asm\1\0\0\0":
        raise ValueError("this is no module of WebAssembly")
    at = 8
    while at < len(binary):
        size, content = number(binary, at + 1)
        yield _Section(binary[at], at, content, content + size)
        at = content + size


def _only(sections: Iterable[_Section], kind: int) -> _Section:
    (found,) = (each for each in sections if each.kind == kind)
    return found


def _bodies(binary: bytes, sections: Iterable[_Section]) -> _Bodies:
    imported, _ = number(binary, _only(sections, _IMPORT).content)  # functions, all of them
    count, at = number(binary, _only(sections, _CODE).content)
    spans = []
    for _ in range(count):
        size, at = number(binary, at)
        spans.append((at, at + size))
        at += size
    return _Bodies(imported, tuple(spans))


def _exported(binary: bytes, sections: Iterable[_Section]) -> set[int]:
    count, at = number(binary, _only(sections, _EXPORT).content)
    found = set()
    for _ in range(count):
        length, at = number(binary, at)
        kind = binary[at + length]
        index, at = number(binary, at + length + 1)
        if kind == _FUNCTION:
            found.add(index)
    return found


def _taken(binary: bytes, sections: Iterable[_Section]) -> Iterator[int]:
    """Yield the functions that are called by what they are, as methods are: those in the table."""
    at = _only(sections, _ELEMENT).content
    if binary[at : at + 3] != b"\x01\x00\x41":
        raise ValueError("its functions stand in another table than they did")
    _, at = number(binary, at + 3)
    count, at = number(binary, at + 1)
    for _ in range(count):
        index, at = number(binary, at)
        yield index


def _reached(binary: bytes, bodies: _Bodies, roots: set[int]) -> set[int]:
    seen, waiting = set(roots), list(roots)
    while waiting:
        place = waiting.pop() - bodies.first
        if place >= 0:
            for called in calls(binary, *bodies.spans[place]):
                if called not in seen:
                    seen.add(called)
                    waiting.append(called)
    return seen


def _code(binary: bytes, bodies: _Bodies, kept: Collection[int]) -> bytes:
    parts = [written(len(bodies.spans))]
    for index, (begin, end) in enumerate(bodies.spans, bodies.first):
        body = binary[begin:end] if index in kept else _TRAP
        parts += (written(len(body)), body)
    content = b"".join(parts)
    return bytes([_CODE]) + written(len(content)) + content
