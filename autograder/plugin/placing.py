"""Which part of what a function returned a piece of evidence is about."""

from __future__ import annotations

from collections.abc import Callable

import msgspec
import numpy as np

from autograder.checks import Mismatch, difference
from autograder.diagnosis import returned_names
from autograder.model import Evidence
from autograder.sandbox.proxy import Exchange
from autograder.wire.protocol import Code, Name, Outcome, Program, Returned

__all__ = ["located", "none_within", "place_of", "within"]


def located(
    error: Mismatch, source: Exchange | None, program: Program, right: Callable[[], Outcome | None]
) -> Evidence:
    """Return a mismatch's evidence with the place that it is about, in what a call returned.

    right: asks the reference the same call; None where it cannot be asked.
    """
    evidence = error.evidence
    if source is None or not isinstance(source.outcome, Returned):
        return evidence
    whole = source.outcome.value
    if isinstance(
        source.call.target, Code
    ):  # of ours: how it packs its answers is not for learners
        if error.got is whole:
            return _unplaced(evidence)
        inside = whole if "item" in evidence.facts else None  # a part of what a function returned
        return none_within(evidence, inside)
    if isinstance(whole, dict | str) and (form := _of_another_form(whole, right())) is not None:
        return form
    if evidence.kind == "statement":
        return evidence
    if error.got is not whole:
        place = place_of(error.got, whole)
        evidence = within(evidence, place) if place else _unplaced(evidence)
    return none_within(_named_item(evidence, source, program), whole)


def none_within(evidence: Evidence, whole: object) -> Evidence:
    """Tell None within what was returned from a function that returned nothing."""
    if evidence.kind == "none" and whole is not None:
        return msgspec.structs.replace(evidence, kind="none_inside")
    return evidence


def place_of(value: object, whole: object) -> list[str]:
    """Return where in nested containers a value stands, itself or its copy; else nothing."""
    if whole is value or not isinstance(whole, list | tuple | dict):
        return []
    for place, item in whole.items() if isinstance(whole, dict) else enumerate(whole):
        if _is(value, item):
            return [str(place)]
        if inner := place_of(value, item):
            return [str(place), *inner]
    return []


def _is(value: object, item: object) -> bool:
    """Tell an item of what came over the wire from others like it: a small number is no one's."""
    if isinstance(value, list | tuple) and isinstance(
        item, list | tuple
    ):  # list(history) is a copy
        parts = zip(value, item, strict=False)
        return bool(value) and len(value) == len(item) and all(a is b for a, b in parts)
    return value is item and isinstance(value, np.ndarray | np.generic | float | dict)


def _of_another_form(whole: object, right: Outcome | None) -> Evidence | None:
    """Tell a dict or a text from the wanted tuple: who takes it apart has its keys, or letters."""
    wanted = right.value if isinstance(right, Returned) else None
    return difference(whole, wanted) if isinstance(wanted, list | tuple) else None


def within(evidence: Evidence, place: list[str]) -> Evidence:
    """Count a place from the outside of what was returned; without one it stays as it is."""
    if not place:
        return evidence
    item = ", ".join([*place, *filter(None, [str(evidence.facts.get("item", ""))])])
    return msgspec.structs.replace(evidence, facts={**evidence.facts, "item": item})


def _unplaced(evidence: Evidence) -> Evidence:
    """Leave out a place that is counted within something which a learner has not returned."""
    if not str(evidence.facts.get("item", "")).partition(", ")[0].isdecimal():
        return evidence
    facts = {key: each for key, each in evidence.facts.items() if key != "item"}
    return msgspec.structs.replace(evidence, facts=facts)


def _named_item(evidence: Evidence, source: Exchange, program: Program) -> Evidence:
    """Call an item of a returned tuple as the learner's own return statement calls it."""
    place = str(evidence.facts.get("item", "")).partition(", ")[0]
    if not place.isdecimal() or not isinstance(source.call.target, Name):
        return evidence
    names = returned_names(program, source.call.target.name)
    if int(place) >= len(names) or not names[int(place)]:
        return evidence
    facts = {**evidence.facts, "item_name": names[int(place)]}
    return msgspec.structs.replace(evidence, facts=facts)
