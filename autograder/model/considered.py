"""What became of a misconception that a failure might have been."""

from __future__ import annotations

from typing import Literal

import msgspec

__all__ = ["NEAREST", "Considered", "Fate"]

Fate = Literal["named", "beside", "unsure", "elsewhere", "otherwise"]
NEAREST: tuple[Fate, ...] = ("named", "beside", "unsure", "elsewhere", "otherwise")


class Considered(msgspec.Struct, frozen=True):
    """A misconception, held against what the calls of one check did; task: the check's.

    fate: ``named``; ``beside``, named too: wrong in the same way wherever the variant is wrong, and
    wrong elsewhere besides; ``unsure``, alike on all calls of the check, but others were too, or
    fresh inputs spoke against it or could not be asked; ``elsewhere``, alike here and not in
    another check; ``otherwise``, not alike here.
    agreed: on how many calls it did as the program; of: how many were put to it.
    call, mine, theirs: of the last two fates, a call and what each of them did.
    """

    task: str
    name: str
    fate: Fate
    agreed: int
    of: int
    call: str = ""
    mine: str = ""
    theirs: str = ""
