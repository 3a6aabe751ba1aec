"""What a grader, a guest's keeper and the guest say to each other: one byte before each payload."""

from __future__ import annotations

from typing import Final

__all__ = [
    "ANSWER",
    "COUNT",
    "DEATH",
    "END",
    "ENOUGH",
    "LONGER",
    "LONGEST_SLEEP",
    "NEXT",
    "OPEN",
    "PROGRESS",
    "REQUEST",
    "SLEEP",
    "TRIAL",
    "TURN",
    "UP",
]

# from the grader to the keeper
OPEN: Final = b"O"  # a guest, with these limits
REQUEST: Final = b"R"  # for the guest
END: Final = b"E"  # the guest
TRIAL: Final = b"T"  # what holds here

# from the keeper to the grader
UP: Final = b"U"  # ready for guests
PROGRESS: Final = b"P"  # not yet
ANSWER: Final = b"A"  # of the guest
DEATH: Final = b"D"  # of the guest

# from the guest to its keeper, beside ANSWER
NEXT: Final = b"N"  # what is to be done?
COUNT: Final = b"C"  # how much fuel is left?
LONGER: Final = b"L"  # a library is imported
ENOUGH: Final = b"I"  # it is
SLEEP: Final = b"S"  # for so many seconds
TURN: Final = b"X"  # these types from fixed to open, or back; the first guest alone
LONGEST_SLEEP: Final = 1e6  # of them: more than any limit
