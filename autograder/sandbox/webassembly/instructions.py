"""Which functions a function of WebAssembly calls: its instructions, read one after the other."""

from __future__ import annotations

from collections.abc import Iterator

__all__ = ["calls", "number", "written"]

_CALLS = (0x10, 0x12, 0xD2)  # call, return_call, ref.func
_BR_TABLE, _SELECT, _TRY_TABLE = 0x0E, 0x1C, 0x1F
_MORE, _VECTOR = 0xFC, 0xFD
# How many numbers follow an instruction, and how many bytes of a constant.
_NUMBERS = {
    **dict.fromkeys((0x00, 0x01, 0x05, 0x0A, 0x0B, 0x0F, 0x1A, 0x1B, 0xD1), 0),
    **dict.fromkeys(range(0x45, 0xC5), 0),
    **dict.fromkeys((0x02, 0x03, 0x04, 0x06, 0x07, 0x08, 0x09, 0x0C, 0x0D, 0x18), 1),
    **dict.fromkeys((*range(0x20, 0x27), 0x3F, 0x40, 0x41, 0x42, 0xD0), 1),
    **dict.fromkeys((0x11, 0x13, *range(0x28, 0x3F)), 2),
}
_CONSTANTS = {0x43: 4, 0x44: 8}
_NUMBERS_OF_MORE = (0, 0, 0, 0, 0, 0, 0, 0, 2, 1, 2, 1, 2, 1, 2, 1, 1, 1)


def number(code: bytes, at: int) -> tuple[int, int]:
    """Read a number without a sign; return it and where the next thing begins."""
    value = shift = 0
    while True:
        byte = code[at]
        at += 1
        value |= (byte & 0x7F) << shift
        shift += 7
        if byte < 0x80:
            return value, at


def written(value: int) -> bytes:
    """Write a number without a sign."""
    found = bytearray()
    while value >= 0x80:
        found.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*found, value])


def calls(code: bytes, begin: int, end: int) -> Iterator[int]:
    """Yield the functions that the one between two places calls by their numbers.

    Raises ValueError at an instruction that is not known.
    """
    groups, at = number(code, begin)
    at = _skipped(code, at, 2 * groups)  # of variables of its own
    while at < end:
        operation = code[at]
        at += 1
        if operation in _CALLS:
            called, at = number(code, at)
            yield called
        elif (count := _NUMBERS.get(operation)) is not None:
            for _ in range(count):
                while code[at] > 0x7F:
                    at += 1
                at += 1
        elif operation in _CONSTANTS:
            at += _CONSTANTS[operation]
        else:
            at = _past(code, operation, at)
    if at != end:
        raise ValueError("a function ends amid an instruction")


def _past(code: bytes, operation: int, at: int) -> int:
    """Return where an instruction ends whose length hangs on what follows it."""
    count, at = number(code, at)
    if operation == _BR_TABLE:
        return _skipped(code, at, count + 1)
    if operation == _SELECT:
        return at + count
    if operation == _TRY_TABLE:  # what was read was its type
        count, at = number(code, at)
        for _ in range(count):
            at = _skipped(code, at + 1, 2 if code[at] < 2 else 1)
        return at
    if operation == _MORE and count < len(_NUMBERS_OF_MORE):
        return _skipped(code, at, _NUMBERS_OF_MORE[count])
    if operation == _VECTOR:
        return _past_vector(code, count, at)
    raise ValueError(f"instruction {operation:#x} is not known")


def _past_vector(code: bytes, operation: int, at: int) -> int:
    if operation in (12, 13):  # a constant of 16 bytes, or as many places
        return at + 16
    if operation < 12 or operation in (92, 93):
        return _skipped(code, at, 2)
    if 84 <= operation <= 91:
        return _skipped(code, at, 2) + 1
    return at + 1 if 21 <= operation <= 34 else at


def _skipped(code: bytes, at: int, count: int) -> int:
    for _ in range(count):
        while code[at] > 0x7F:
            at += 1
        at += 1
    return at
