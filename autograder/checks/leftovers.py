"""Reading what a plain script has said of its model: in variables, or in what it printed."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Mapping, Sequence

__all__ = ["says_share", "says_ten", "without_bars"]

# What was printed may be one line of megabytes: every pattern looks at a character a few times at
# most. A number begins where no digit stands before it, and is no longer than a float is written.
_SHARE = re.compile(r"(?<!\d)\d{1,20}+\.\d{1,60}+")
_DIGIT = re.compile(r"(?<![\d.])\d(?![\d.]*\d)")
_WHOLE = re.compile(r"(?<![\d.])\d{1,9}+(?!\.?\d)")


def without_bars(text: str) -> str:
    """Drop progress bars, which write over their line again and again."""
    lines = text.split("\n")
    return "\n".join(line[max(line.rfind("\b"), line.rfind("\r")) + 1 :] for line in lines)


def says_ten(tens: Mapping[str, Sequence[int]], printed: str, wanted: Sequence[int]) -> bool:
    """Tell whether ten classes stand in a variable, or in print: in one place, or one a line."""
    wanted = list(wanted)
    if any(list(ten) == wanted for ten in tens.values()):
        return True
    digits = _DIGIT.findall(printed)
    if "".join(map(str, wanted)) in "".join(digits):
        return True
    rows: deque[list[str]] = deque(maxlen=10)
    for line in printed.splitlines():
        row = _WHOLE.findall(line)
        if not row:
            rows.clear()  # ten that stand one below the other have nothing between them
            continue
        rows.append(row)
        columns = zip(*rows, strict=False) if len(rows) == rows.maxlen else ()
        if any([int(each) for each in column] == wanted for column in columns):
            return True
    return False


def says_share(numbers: Mapping[str, Sequence[float]], printed: str, wanted: float) -> bool:
    """Tell whether a share stands in a variable, or in print, as it is or as a percentage.

    A variable must hold it to 1e-6; a printed number to its last place, of three or more.
    """
    values = [each for several in numbers.values() for each in several]
    if any(min(abs(each - wanted), abs(each - 100 * wanted)) <= 1e-6 for each in values):
        return True
    for number in _SHARE.findall(printed):
        places = len(number.partition(".")[2])
        half = 0.5 * 10.0**-places + 1e-6
        if places >= 3 and abs(float(number) - wanted) <= half:
            return True
        if wanted > 0.1 and abs(float(number) - 100 * wanted) <= half:
            return True
    return False
