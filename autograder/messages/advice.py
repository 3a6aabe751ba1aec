"""What to do next about a failure: from its facts to a text of the catalogues."""

from __future__ import annotations

from autograder.messages.catalogue import fields, has, translate
from autograder.messages.exceptions import advice_on, advice_on_refusal, refuses_itself
from autograder.model import Evidence

__all__ = ["PROBLEM", "advice_of", "text_key"]

STOPS = "stopped"
NUMBER = "()"  # the shape of a single number
PROBLEM = "submission."
"""What the kinds of evidence begin with that tell of a file, and not of a check."""


def text_key(evidence: Evidence) -> str:
    """Return which text of the catalogues tells evidence of this kind."""
    if evidence.kind == STOPS:
        return f"stopped_{evidence.facts.get('limit', 'wall')}"
    if evidence.kind == "shape" and NUMBER in (
        shapes := (evidence.facts.get("got_shape"), evidence.facts.get("wanted_shape"))
    ):
        return "single_came" if shapes[0] == NUMBER else "single_wanted"
    return evidence.kind if has(f"evidence.{evidence.kind}") else "unusable"


def advice_of(evidence: Evidence, language: str) -> str:
    """Say what to do next; empty where no text fits what is known."""
    if evidence.kind.startswith(PROBLEM):  # of a file: its sentence says what to do
        return ""
    facts = evidence.facts
    keys = _keys(evidence)
    if evidence.kind == "differs":  # without a call there is no example to work out
        digits = [key for key in ("single", "rounded", "whole") if facts.get(key)]
        keys = [*digits, *(keys if evidence.call else [])]
    if "uses" in facts and (evidence.call or "shows" in facts):
        keys = ["uses"]
    if "kernel" in facts:
        keys = [told for key in keys for told in (f"{key}_notebook", key)]
    for key in keys:
        if key and has(f"advice.{key}") and fields(f"advice.{key}") <= set(facts):
            return translate(f"advice.{key}", language, **facts)
    return ""


def _keys(evidence: Evidence) -> list[str]:
    """Return which texts may say it, by the kind of evidence, the best first."""
    facts = evidence.facts
    refusal = advice_on_refusal(evidence) if "wanted_exception" in facts else None
    if refusal is not None:
        return [refusal]
    keys = [text_key(evidence), evidence.kind]
    if evidence.kind == "unfit" and advice_on(evidence) == "none_used":
        return ["unfit_none"]
    if evidence.kind == "raised":
        return _keys_of_exception(evidence, keys)
    if evidence.kind in ("type", "dtype"):
        sort = _sort(str(facts.get(f"wanted_{evidence.kind}", "")))
        wanted = f"{evidence.kind}_{sort}"
        # Of a part, to return a list would be another mistake.
        if "item" not in facts or sort == "array" or evidence.kind == "dtype":
            keys[:0] = [f"{wanted}_of_{facts.get(f'got_{evidence.kind}', '')}", wanted]
    return keys


def _keys_of_exception(evidence: Evidence, keys: list[str]) -> list[str]:
    if refuses_itself(evidence):
        return ["own_raise"]
    read = advice_on(evidence)
    if read is None and "similar" in evidence.facts:
        return ["keyword"]
    keys = [read] if read is not None else [str(evidence.facts.get("exception", "")), *keys]
    # Without a line there is none to look at.
    return keys if evidence.lines else [key for key in keys if key != "raised"]


def _sort(wanted: str) -> str:
    """Return what sort of type is wanted: ``numpy.ndarray`` is an array, ``float64`` a float."""
    return "array" if wanted.endswith("ndarray") else wanted.rstrip("_0123456789").lstrip("u")
