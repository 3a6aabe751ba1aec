"""From facts to sentences: what a check's result says to a learner."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Collection
from dataclasses import dataclass

from autograder.messages.advice import PROBLEM, advice_of, text_key
from autograder.messages.catalogue import fields, has, translate
from autograder.model import CheckResult, Diagnosis, Evidence, Verdict

__all__ = ["Explanation", "OwnTexts", "explain", "explain_evidence"]

OwnTexts = Callable[[str, str], str | None]
"""The exercise's own texts: ``("misconception", "A1.1")`` or ``("message", key)`` → text."""

NOT_RUN = frozenset(
    {"missing", "misspelt", "not_callable", "unreached", "todo", "todo_left", "todo_elsewhere"}
)
# C0 and C1 controls but line ends, marks of direction, and lone surrogates.
UNFIT = re.compile(
    r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]"
)


@dataclass(frozen=True)
class Explanation:
    """A result in words.

    headline: what is wrong, in a sentence.
    values: labelled values, each ready to print: the call, what came, what was wanted.
    details: further sentences, the learner's own lines among them.
    advice: what to do next; empty when there is nothing to say.
    named: whether the advice is the hint of a misconception.
    """

    headline: str
    values: tuple[tuple[str, str], ...] = ()
    details: tuple[str, ...] = ()
    advice: str = ""
    named: bool = False

    def __post_init__(self) -> None:
        # The one place that every text passes on its way to a person: what a learner's program
        # said must not move a terminal's cursor, colour it, or turn the direction of reading.
        changed = {
            "headline": clean(self.headline),
            "values": tuple((clean(label), clean(value)) for label, value in self.values),
            "details": tuple(map(clean, self.details)),
            "advice": clean(self.advice),
        }
        for name, value in changed.items():
            object.__setattr__(self, name, value)


def clean(text: str) -> str:
    """Return a text without control characters, except line ends, and fit for UTF-8."""
    return UNFIT.sub("", text.replace("\t", "    "))


def explain(check: CheckResult, language: str, own: OwnTexts) -> Explanation:
    """Put a check's result into words."""
    if check.evidence is None:
        return Explanation(translate(f"verdict.{check.verdict}", language))
    explanation = _of_check(check, check.evidence, language, own)
    diagnosis = check.diagnosis
    if diagnosis is None or check.verdict is Verdict.PASSED:
        return explanation
    text = _diagnosed(diagnosis, language, own)
    if _shown_otherwise(check) and not diagnosis.misconception:
        text = ""  # a pattern of inputs that stay hidden is not to be seen in the example
    return Explanation(
        explanation.headline,
        explanation.values,
        explanation.details,
        text or explanation.advice,
        diagnosis.misconception,
    )


def _of_check(check: CheckResult, evidence: Evidence, language: str, own: OwnTexts) -> Explanation:
    """Put into words what a check found; where that is kept back, its fresh example."""
    if check.example is None or evidence.call:
        return explain_evidence(evidence, language, own)
    said = explain_evidence(check.example, language, own)
    remark = translate("label.fresh_example", language)
    return Explanation(said.headline, said.values, (remark, *said.details), said.advice)


def _shown_otherwise(check: CheckResult) -> bool:
    """Tell a fresh example that fails in another way than the hidden check has failed."""
    shown, evidence = check.example, check.evidence
    return bool(shown and evidence and not evidence.call and shown.kind != evidence.kind)


def explain_evidence(evidence: Evidence, language: str, own: OwnTexts) -> Explanation:
    """Put a piece of evidence into words."""
    if "cause" in evidence.facts:  # what to mend stands with that function; here is its echo
        key = evidence.kind if evidence.kind == "todo_elsewhere" else "another_task"
        return Explanation(translate(f"evidence.{key}", language, **evidence.facts))
    values = []
    before, after = ("before", "after") if evidence.kind == "modified" else ("wanted", "got")
    shown = "" if evidence.kind in NOT_RUN else evidence.call
    asked = shown or own("message", str(evidence.facts.get("shows", ""))) or ""
    texts = {"call": asked, after: evidence.got, before: evidence.wanted}
    for label in ("call", "before", "after", "got", "wanted"):
        if texts.get(label):
            values.append((translate(f"label.{label}", language), texts[label]))
    if evidence.printed:
        values.append((translate("label.printed", language), evidence.printed))
    return Explanation(
        _headline(evidence, language, own),
        tuple(values),
        tuple(_details(evidence, language)),
        advice_of(evidence, language),
    )


def _headline(evidence: Evidence, language: str, own: OwnTexts) -> str:
    facts: dict[str, object] = dict(evidence.facts)
    if evidence.kind == "statement":
        text = own("message", str(facts.get("says", "")))
        # What a hidden check knows stays behind, and with it a sentence that would tell it.
        if text is None or not facts.keys() >= set(re.findall(r"{(\w+)}", text)):
            return translate("evidence.differs", language)
        # In one pass: braces in a fact are no names of other facts.
        return re.sub(r"{(\w+)}", lambda found: str(facts.get(found[1], found[0])), text)
    if evidence.index is not None:
        facts["index"] = _index(evidence.index)
    for name in ("amount", "seconds", "limit"):
        if isinstance(facts.get(name), float):
            facts[name] = f"{facts[name]:g}"
    if evidence.kind.startswith("error.") and has(evidence.kind):
        return translate(evidence.kind, language, **facts)
    if evidence.kind.startswith(PROBLEM):
        return translate(
            evidence.kind if has(evidence.kind) else f"{PROBLEM}unreadable", language, **facts
        )
    return translate(f"evidence.{_told(evidence, facts)}", language, **facts)


def _told(evidence: Evidence, facts: Collection[str]) -> str:
    """Choose a text that needs no fact that is not there: of hidden checks most are held back."""
    key = text_key(evidence)
    here = [f"{key}_notebook"] if "kernel" in facts else []
    for text in (*here, key, *(f"{key}_{less}" for less in ("kind", "category", "hidden"))):
        if has(f"evidence.{text}") and fields(f"evidence.{text}") <= set(facts):
            return text
    return "differs"


def _details(evidence: Evidence, language: str) -> list[str]:
    details = []
    if "layer" in evidence.facts:
        details.append(translate("label.layer", language, **evidence.facts))
    elif "item" in evidence.facts:
        details.append(translate("label.place", language, place=_place(evidence, language)))
    if evidence.index is not None and evidence.kind == "differs":
        details.append(
            translate(
                "evidence.differs_at",
                language,
                index=_index(evidence.index),
                got=evidence.got_there,
                wanted=evidence.wanted_there,
            )
        )
    if evidence.wrong is not None and (evidence.size or 0) > 1:
        counted = {"wrong": evidence.wrong, "size": evidence.size}
        if evidence.difference is None:  # nan or an infinity is among them
            details.append(translate("evidence.differs_some", language, **counted))
        else:
            told = f"{evidence.difference:.3g}"
            details.append(
                translate("evidence.differs_count", language, **counted, difference=told)
            )
    elif evidence.difference and evidence.size == 1:
        told = f"{evidence.difference:.3g}"
        details.append(translate("evidence.differs_by", language, difference=told))
    if "there" in evidence.facts:
        there = "there_notebook" if "kernel" in evidence.facts else "there"
        details.append(translate(f"evidence.{there}", language, **evidence.facts))
    if "wanted_exception" in evidence.facts:
        details.append(translate("evidence.wanted_exception", language, **evidence.facts))
    for line, _ in itertools.groupby(evidence.lines):  # a function that calls itself is named once
        key = "label.your_line_in" if line.function else "label.your_line"
        details.append(
            translate(
                key,
                language,
                label=line.label,
                line=line.line,
                function=line.function,
                text=line.text,
            )
        )
    return details


def _place(evidence: Evidence, language: str) -> str:
    """Say where in a container a value stands, as people count: the second item (history)."""
    told = ""
    for depth, key in enumerate(str(evidence.facts["item"]).split(", ")):
        if not key.isdecimal():
            here = translate("label.entry", language, key=key)
        elif int(key) < 3:
            here = translate(f"label.place_{int(key) + 1}", language)
        else:
            here = translate("label.place_n", language, n=int(key) + 1)
        if depth == 0 and "item_name" in evidence.facts:
            name = evidence.facts["item_name"]
            here = translate("label.named", language, place=here, name=name)
        told = translate("label.within", language, inner=here, outer=told) if told else here
    return told


def _diagnosed(diagnosis: Diagnosis, language: str, own: OwnTexts) -> str:
    if diagnosis.misconception:
        return own("misconception", diagnosis.name) or ""
    key = f"pattern.{diagnosis.name}"
    if has(f"{key}_hidden") and not fields(key) <= set(diagnosis.facts):
        key += "_hidden"
    return translate(key, language, **diagnosis.facts) if has(key) else ""


def _index(index: tuple[int, ...]) -> str:
    return "[" + ", ".join(str(i) for i in index) + "]"
