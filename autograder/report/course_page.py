"""The report on a course: its exercises side by side, and which misunderstandings stay."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from autograder.catalogue import Exercise
from autograder.measures import Follows, following, spread_of
from autograder.messages import translate
from autograder.model import FOUND_BY_HEART
from autograder.report import charts
from autograder.report.gathering import Gathered
from autograder.report.items import alpha_of
from autograder.report.naming import named_of
from autograder.report.pages import chunks_of, render

__all__ = ["Part", "Standing", "course_page"]

MOST_NAMED = 12

Say = Callable[..., str]


@dataclass(frozen=True)
class Part:
    """An exercise of the course, and what was gathered of it."""

    exercise: Exercise
    gathered: Gathered


@dataclass(frozen=True)
class Standing:
    """A learner's line in the totals: texts ready to be shown, one for each exercise."""

    learner: str
    name: str
    cells: tuple[tuple[str, str], ...]
    percent: str


@dataclass(frozen=True)
class _ExerciseRow:
    name: str
    title: str
    count: int
    mean: str
    median: str
    full: int
    alpha: str
    bar: str


@dataclass(frozen=True)
class _MapRow:
    name: str
    hint: str
    is_misconception: bool
    cells: tuple[tuple[int, int], ...]
    learners: tuple[str, ...]


def course_page(
    title: str,
    parts: Sequence[Part],
    standings: Sequence[Standing],
    without: Sequence[str],
    language: str,
    *,
    anonymous: bool = False,
) -> str:
    """Write the report on a course as one HTML page.

    standings: the totals, a line for each learner; not shown where it is anonymous.
    without: the exercises of which there are no results.
    """
    say: Say = lambda key, **facts: translate(f"report.{key}", language, **facts)  # noqa: E731
    took_part = [_who_took_part(part.gathered) for part in parts]
    named = [
        {
            name: set(learners)
            for name, learners in part.gathered.misconceptions.items()
            if name != FOUND_BY_HEART
        }
        for part in parts
    ]
    return render(
        "course.html.j2",
        "report.css",
        say=say,
        title=title,
        language=language,
        anonymous=anonymous,
        exercises=[part.exercise.name for part in parts],
        without=without,
        rows=[_exercise(part, language) for part in parts],
        map=_map(parts, took_part, language, shown=anonymous),
        follows=_told(following(named, took_part)),
        most=MOST_NAMED,
        standings=[] if anonymous else standings,
        chunks=chunks_of([] if anonymous else standings),
    )


def _who_took_part(gathered: Gathered) -> set[str]:
    return {row.learner for row in gathered.table.rows if row.state.took_part}


def _exercise(part: Part, language: str) -> _ExerciseRow:
    table, exercise = part.gathered.table, part.exercise
    spread = spread_of([row.points for row in table.rows if row.points is not None])
    alpha = alpha_of(part.gathered, exercise)
    full = sum(row.points is not None and row.points >= table.possible for row in table.rows)
    share = spread.mean / table.possible if table.possible else 0.0
    told = f"{exercise.name}: {spread.mean:.1f} / {table.possible:g}"
    return _ExerciseRow(
        name=exercise.name,
        title=exercise.title.in_(language),
        count=len(_who_took_part(part.gathered)),
        mean=f"{spread.mean:.1f} / {table.possible:g}" if spread.count else "–",
        median=f"{spread.median:g}" if spread.count else "–",
        full=full,
        alpha="–" if alpha is None else f"{alpha.value:.2f}",
        bar=charts.share_bar(share, told),
    )


def _map(
    parts: Sequence[Part], took_part: Sequence[set[str]], language: str, *, shown: bool
) -> list[_MapRow]:
    """Return a row for each name that was named anywhere: in which exercise how many have it."""
    found: dict[str, dict[int, tuple[str, ...]]] = {}
    told: dict[str, tuple[str, bool]] = {}
    for place, part in enumerate(parts):
        for each in named_of(part.gathered, part.exercise, language, shown=shown):
            found.setdefault(each.name, {})[place] = each.learners
            told.setdefault(each.name, (each.hint, each.is_misconception))
    rows = []
    for name, by_place in found.items():
        cells = tuple(
            (len(by_place.get(place, ())), _shade(by_place.get(place, ()), took_part[place]))
            for place in range(len(parts))
        )
        people = tuple(sorted({learner for each in by_place.values() for learner in each}))
        rows.append(_MapRow(name, *told[name], cells, people))
    # In the order of the course; what shows in several exercises stands where it shows first.
    return sorted(rows, key=lambda row: (_first(row.cells), not row.is_misconception, row.name))


def _first(cells: Sequence[tuple[int, int]]) -> int:
    return next((place for place, (count, _) in enumerate(cells) if count), len(cells))


def _shade(learners: Sequence[str], there: set[str]) -> int:
    """Return how dark a cell is, 0 to 4, by the share of those who handed in."""
    share = len(learners) / len(there) if there else 0.0
    return sum(share >= bound for bound in (1e-9, 0.05, 0.15, 0.3))


def _told(pairs: Sequence[Follows]) -> list[Mapping[str, str]]:
    return [
        {
            "earlier": each.earlier,
            "later": each.later,
            "both": str(each.both),
            "each": f"{each.first}, {each.second} / {each.learners}",
            "chance": f"{each.chance:.1g}",
        }
        for each in pairs
    ]
