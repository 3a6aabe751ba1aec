"""The groups of a class in a terminal. Learner's text enters as rich Text, never as markup."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from rich.console import Group as Stack
from rich.console import RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from autograder.catalogue import Exercise
from autograder.catalogue.speaking import own_texts, sentence
from autograder.insight import Group, Overview
from autograder.messages import explain_evidence, has, translate
from autograder.model import CheckResult, Verdict, to_json

__all__ = [
    "beside_another",
    "check_of_group",
    "groups_json",
    "groups_shown",
    "name_of_group",
    "together_with",
]

MOST_NAMED = 5
MOST_VALUE = 6  # lines of a call or a value


def groups_shown(
    overview: Overview, exercise: Exercise, language: str, most: int, free: str
) -> RenderableType:
    """Return the largest groups of a class, each with what its shortest program did.

    free: an id that a misconception of the exercise could be given next.
    """
    if not overview.groups and overview.unwritten:
        return Text(translate("groups.unwritten", language, count=overview.unwritten), "dim")
    if not overview.groups:
        return Text(translate("groups.none", language), style="green")
    shown = overview.groups[:most]
    held = sum(group.size + sum(len(who) for _, who in group.followers) for group in shown)
    facts: Mapping[str, object] = {
        "graded": overview.graded,
        "wrong": overview.wrong,
        "failing": overview.failing,
        "shown": len(shown),
        "held": min(held, overview.failing),
        "share": round(100 * min(1.0, held / overview.failing)),
    }
    title = {"exercise": exercise.name, "groups": len(overview.groups)}
    parts: list[RenderableType] = [
        Text(translate("groups.title", language, **title), style="bold"),
        Text(translate("groups.counted", language, **facts)),
    ]
    for group in shown:
        parts += [Text(), *_group(group, overview.together(group), exercise, language)]
    parts.append(Text())
    if overview.unwritten:
        parts.append(Text(translate("groups.unwritten", language, count=overview.unwritten), "dim"))
    rest = overview.groups[most:]
    if rest:
        learners = sum(group.size for group in rest)
        count = {"count": len(rest), "learners": learners, "all": len(overview.groups)}
        parts.append(Text(translate("groups.more", language, **count), style="dim"))
    unnamed = next((group for group in shown if not group.named), None)
    if unnamed is not None:
        told = {"exercise": exercise.name, "key": unnamed.key, "free": free}
        parts.append(Text(translate("groups.learn", language, **told), style="dim"))
    return Stack(*parts)


def name_of_group(group: Group, language: str) -> str:
    """Say what most of a group were told."""
    if group.named:
        return translate("groups.named", language, name=group.named)
    if group.cause:
        return translate(f"groups.cause_{group.cause}", language)
    if group.pattern:
        key = f"pattern.{group.pattern}_hidden"
        name = translate(key, language) if has(key) else group.pattern
        return translate("groups.pattern", language, name=name)
    return translate("groups.unnamed", language)


def check_of_group(group: Group, exercise: Exercise, language: str) -> str:
    """Call the check by its title in a language."""
    check = CheckResult(group.check, group.task, group.hidden, Verdict.FAILED, 0.0)
    title = sentence(check, exercise, language)
    return translate("groups.hidden", language, check=title) if group.hidden else title


def together_with(group: Group, together: Sequence[Group], language: str) -> str:
    """Say which groups of other tasks may have the same misunderstanding; nothing of none."""
    same = [each.key for each in together if group.cause and each.cause == group.cause]
    mostly = [each.key for each in together if each.key not in same]
    told = (("groups.together_cause", same), ("groups.together", mostly))
    lines = (translate(key, language, groups=", ".join(keys)) for key, keys in told if keys)
    return "\n".join(lines)


def beside_another(group: Group, language: str) -> str:
    """Say who has made the mistake of a group, and another one; nothing where nobody has."""
    count = len(group.beside)
    if count > MOST_NAMED:
        return translate("groups.beside_many", language, count=count)
    who = ", ".join(group.beside)
    return translate("groups.beside", language, count=count, learners=who) if count else ""


def _group(
    group: Group, together: Sequence[Group], exercise: Exercise, language: str
) -> Iterator[RenderableType]:
    size = translate(
        "groups.size_1" if group.size == 1 else "groups.size", language, size=group.size
    )
    style = "yellow" if group.named else "cyan"
    head = Text.assemble((f"{group.number:>3}  ", "dim"), (group.task, "bold"), f"  {size}  ")
    head.append(name_of_group(group, language), style=style)
    head.append(f"  {group.key}", style="dim")
    yield head
    below: list[RenderableType] = []
    if group.followers:
        told = (
            translate("groups.follower", language, task=task, count=len(who))
            for task, who in group.followers
        )
        line = translate("groups.followers", language, tasks=", ".join(told))
        below.append(Text(line, style="dim"))
    if group.beside:
        below.append(Text(beside_another(group, language), style="dim"))
    if together:
        below.append(Text(together_with(group, together, language), style="dim"))
    below.append(_failing_call(group, exercise, language))
    if group.lines:
        whose = translate("groups.shortest", language, learner=group.representative)
        below += [Text(whose, style="dim"), _code(group)]
    else:
        below.append(Text(translate("groups.gone", language), style="dim"))
    yield Padding(Stack(*below), (0, 0, 0, 5))


def _failing_call(group: Group, exercise: Exercise, language: str) -> RenderableType:
    grid = Table.grid(padding=(0, 2))
    grid.add_column(style="dim", no_wrap=True)
    grid.add_column(overflow="fold")
    check = check_of_group(group, exercise, language)
    grid.add_row(translate("groups.check", language), Text(check))
    if group.evidence is None:
        return grid
    words = explain_evidence(group.evidence, language, own_texts(exercise, language))
    grid.add_row("", Text(words.headline))
    for label, value in words.values:
        lines = value.splitlines()
        cut = ["…"] if len(lines) > MOST_VALUE else []
        grid.add_row(label, Text("\n".join(lines[:MOST_VALUE] + cut)))
    return grid


def _code(group: Group) -> RenderableType:
    wrong = {(at.label, at.line) for at in group.evidence.lines} if group.evidence else set()
    grid = Table.grid(padding=(0, 1))
    grid.add_column(justify="right", style="dim", no_wrap=True)
    grid.add_column(overflow="fold")
    for line in group.lines:
        mark = "▸" if (line.label, line.line) in wrong else ""
        number = Text(f"{mark} {line.line}", style="red" if mark else "dim")
        grid.add_row(number, Text(line.text))
    return grid


def groups_json(overview: Overview) -> bytes:
    """Write groups as JSON: all that the terminal tells, and who is in each."""
    rows: list[dict[str, Any]] = [
        {
            "number": group.number,
            "key": group.key,
            "task": group.task,
            "size": group.size,
            "learners": group.members,
            "misconception": group.named or None,
            "cause": group.cause or None,
            "pattern": group.pattern or None,
            "followers": dict(group.followers),
            "beside": group.beside,
            "together": [each.key for each in overview.together(group)],
            "representative": group.representative,
            "lines": group.lines,
            "check": group.check,
            "hidden": group.hidden,
            "evidence": group.evidence,
            "checks": group.checks,
        }
        for group in overview.groups
    ]
    told = {
        "graded": overview.graded,
        "wrong": overview.wrong,
        "failing_tasks": overview.failing,
        "unwritten_tasks": overview.unwritten,
        "groups": rows,
    }
    return to_json(told)
