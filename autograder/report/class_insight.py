"""Groups of equal behaviour and near-identical programs, as a report shows them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from autograder.catalogue import Exercise
from autograder.catalogue.speaking import own_texts
from autograder.insight import Group, Likeness, Overview
from autograder.messages import explain_evidence, translate
from autograder.report.groups import beside_another, check_of_group, name_of_group, together_with

__all__ = ["AlikeView", "GroupView", "alike_views", "group_views"]

MOST_GROUPS, MOST_ALIKE = 10, 12
MOST_LINES = 40
MOST_VALUE = 600  # characters of a call or a value


@dataclass(frozen=True)
class GroupView:
    """A group as a template shows it; lines: number, text and whether it is where it failed."""

    key: str
    task: str
    size: int
    name: str
    is_named: bool
    headline: str
    check: str
    values: tuple[tuple[str, str], ...]
    representative: str
    lines: tuple[tuple[int, str, bool], ...]
    more_lines: int
    members: tuple[str, ...]
    followers: str
    beside: str
    together: str


@dataclass(frozen=True)
class AlikeView:
    """Two programs side by side: a row holds two numbers, two texts, and whether they agree."""

    members: tuple[str, ...]
    how: str
    left: str
    right: str
    rows: tuple[tuple[str, str, str, str, bool], ...]
    more_lines: int


def group_views(overview: Overview, exercise: Exercise, language: str) -> list[GroupView]:
    """Return the first groups; one alone, whose mistake nobody shares, is no group."""
    there = [group for group in overview.groups if group.size + len(group.beside) > 1]
    return [
        _group(each, overview.together(each), exercise, language) for each in there[:MOST_GROUPS]
    ]


def _group(group: Group, together: Sequence[Group], exercise: Exercise, language: str) -> GroupView:
    headline, values = "", list[tuple[str, str]]()
    wrong = set()
    if group.evidence is not None:
        said = explain_evidence(group.evidence, language, own_texts(exercise, language))
        headline = said.headline
        values = [(label, _cut(value)) for label, value in said.values]
        wrong = {(line.label, line.line) for line in group.evidence.lines}
    followers = [
        translate("groups.follower", language, task=task, count=len(who))
        for task, who in group.followers
    ]
    return GroupView(
        key=group.key,
        task=group.task,
        size=group.size,
        name=name_of_group(group, language),
        is_named=bool(group.named),
        headline=headline,
        check=check_of_group(group, exercise, language),
        values=tuple(values),
        representative=group.representative,
        lines=tuple(
            (line.line, line.text, (line.label, line.line) in wrong)
            for line in group.lines[:MOST_LINES]
        ),
        more_lines=max(0, len(group.lines) - MOST_LINES),
        members=group.members,
        followers=translate("groups.followers", language, tasks=", ".join(followers))
        if followers
        else "",
        beside=beside_another(group, language),
        together=together_with(group, together, language),
    )


def alike_views(likeness: Likeness, language: str) -> list[AlikeView]:
    """Return those that are most alike."""
    views = []
    for alike in likeness.groups[:MOST_ALIKE]:
        facts = {
            "share": round(100 * alike.share),
            "tokens": alike.tokens,
            "found_in": alike.found_in,
            "compared": likeness.compared,
        }
        rows = tuple(
            (
                str(row.left.line) if row.left else "",
                row.left.text if row.left else "",
                str(row.right.line) if row.right else "",
                row.right.text if row.right else "",
                row.same,
            )
            for row in alike.rows[:MOST_LINES]
        )
        views.append(
            AlikeView(
                members=alike.members,
                how=translate("similar.how", language, **facts),
                left=alike.left,
                right=alike.right,
                rows=rows,
                more_lines=max(0, len(alike.rows) - MOST_LINES),
            )
        )
    return views


def _cut(value: str) -> str:
    return value if len(value) <= MOST_VALUE else value[:MOST_VALUE] + " …"
