"""Programs that are nearly the same, side by side in a terminal, with no verdict."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import Group as Stack
from rich.console import RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from autograder.insight import Alike, Likeness
from autograder.messages import some, translate
from autograder.model import SourceLine

__all__ = ["similar_shown"]

MOST_NAMED = 12


def similar_shown(
    likeness: Likeness, exercise: str, language: str, most: int, rows: int
) -> RenderableType:
    """Return the groups of a class whose programs are nearly the same.

    most: how many groups are shown; rows: how many lines of each.
    """
    facts = {"exercise": exercise, "compared": likeness.compared, "groups": len(likeness.groups)}
    parts: list[RenderableType] = [
        Text(translate("similar.title", language, **facts), style="bold"),
        Text(translate("similar.no_verdict", language)),
    ]
    for number, alike in enumerate(likeness.groups[:most], 1):
        parts += [Text(), *_group(number, alike, likeness.compared, language, rows)]
    rest = len(likeness.groups) - most
    if rest > 0:
        told = translate("similar.more", language, count=rest, all=len(likeness.groups))
        parts += [Text(), Text(told, style="dim")]
    if likeness.left_out:
        told = translate("similar.left_out", language, count=len(likeness.left_out))
        parts += [Text(), Text(told, style="dim")]
    return Stack(*parts)


def _group(
    number: int, alike: Alike, compared: int, language: str, rows: int
) -> Iterator[RenderableType]:
    names = some(alike.members, MOST_NAMED)
    yield Text.assemble((f"{number:>3}  ", "dim"), (names, "bold"))
    facts = {
        "share": round(100 * alike.share),
        "tokens": alike.tokens,
        "found_in": alike.found_in,
        "compared": compared,
    }
    below: list[RenderableType] = [Text(translate("similar.how", language, **facts))]
    grid = Table(box=None, pad_edge=False, padding=(0, 1), show_edge=False, header_style="dim")
    grid.add_column("", width=3, justify="right", style="dim")
    grid.add_column(Text(alike.left), overflow="fold", ratio=1)
    grid.add_column("", width=1)
    grid.add_column("", width=3, justify="right", style="dim")
    grid.add_column(Text(alike.right), overflow="fold", ratio=1)
    for row in alike.rows[:rows]:
        mark = Text("=" if row.same else " ", style="yellow")
        grid.add_row(*_side(row.left), mark, *_side(row.right))
    below.append(grid)
    if len(alike.rows) > rows:
        told = translate("similar.more_lines", language, count=len(alike.rows) - rows)
        below.append(Text(told, style="dim"))
    yield Padding(Stack(*below), (0, 0, 0, 5))


def _side(line: SourceLine | None) -> tuple[str, Text]:
    return (str(line.line), Text(line.text)) if line is not None else ("", Text())
