"""An audit as a page: what was proved of each exercise, misconception by misconception."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from autograder import __version__
from autograder.authoring.audit import TARGET, Audit

__all__ = ["audit_page"]

HEAD = """# Audit

What `gradeflow audit --report docs/audit.md` has proved of the course; made by that command
(GradeFlow {version}).

* **stub**: the points that the stub earns; it must be 0.
* **reference**: on how many of the seeds, each with other random inputs, it has full marks.
* **misconceptions**: how many wrong variants lose points *and* are named as themselves alone; one
  misunderstanding may have several variants.
* **mutants**: automatic changes of the reference (arithmetic, comparison, constant, axis, sign,
  dropped statement …) that some check kills. A survivor is either explained, because no check can
  see it, or counts against the score; {target:.0%} is demanded.
"""


def audit_page(audits: Sequence[Audit]) -> str:
    """Write the page, in Markdown."""
    lines = [HEAD.format(version=__version__, target=TARGET), *_overview(audits)]
    for each in audits:
        lines += ["", f"## {each.exercise.name}", "", *_misconceptions(each), *_explained(each)]
    return "\n".join(lines) + "\n"


def _overview(audits: Sequence[Audit]) -> Iterator[str]:
    yield "| exercise | points | stub | reference | misconceptions | mutants killed | |"
    yield "|---|---|---|---|---|---|---|"
    for each in audits:
        counted = each.mutants - len(each.explained)
        rows = {found.variant.name for found in each.variants}
        named = sum(found.ok for found in each.variants)
        yield (
            f"| {each.exercise.name} | {each.exercise.points:g} | {each.stub:g} "
            f"| {each.seeds - len(each.shaky)}/{each.seeds} "
            f"| {len(rows)}, by {named}/{len(each.variants)} variants "
            f"| {counted - len(each.survivors)}/{counted} ({each.mutation_score:.1%})"
            f"{f', {len(each.explained)} explained' if each.explained else ''} "
            f"| {'proved' if each.ok else '**not proved**'} |"
        )
    points = sum(each.exercise.points for each in audits)
    known = sum(len({found.variant.name for found in each.variants}) for each in audits)
    yield f"| **all** | {points:g} | | | {known} | | |"


def _misconceptions(each: Audit) -> Iterator[str]:
    yield "| misconception | variants | caught and named | what its learner is told |"
    yield "|---|---|---|---|"
    for name in dict.fromkeys(found.variant.name for found in each.variants):
        variants = [found for found in each.variants if found.variant.name == name]
        good = sum(found.ok for found in variants)
        hint = each.exercise.misconceptions[name].hint.en
        yield f"| {name} | {len(variants)} | {good}/{len(variants)} | {_cell(hint)} |"


def _explained(each: Audit) -> Iterator[str]:
    if each.explained:
        yield ""
        yield "Mutants that no check can kill, and why:"
        yield ""
    for mutant in each.explained:
        yield f"* `{mutant.id}`: {_cell(each.exercise.equivalent[mutant.id])}"
    for mutant in each.survivors:
        yield f"* `{mutant.id}` survives **unexplained**."


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")
