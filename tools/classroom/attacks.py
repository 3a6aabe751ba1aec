"""Hostile submissions: what each tries, and what it must come to."""

from __future__ import annotations

from collections.abc import Iterator

from tools.classroom.attack import Target
from tools.classroom.exhausting import EXHAUSTING
from tools.classroom.forgery import FORGERY
from tools.classroom.harm import HARM
from tools.classroom.made import Made
from tools.classroom.material import Material
from tools.classroom.theft import THEFT

__all__ = ["ATTACKS", "make_attacks"]

ATTACKS = (*EXHAUSTING, *HARM, *THEFT, *FORGERY)


def make_attacks(material: Material, target: Target) -> Iterator[Made]:
    """Make a submission of each attack."""
    for attack in ATTACKS:
        yield attack.made(material, target)
