"""An audit as a page: what was proved of each exercise, misconception by misconception."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from autograder import __version__
from autograder.authoring.proof import TARGET, TOO_SILENT, Audit

__all__ = ["audit_page", "proofs", "shown"]

HEAD = """# Audit

What `gradeflow audit --report docs/audit.md` has proved of the course; made by that command
(GradeFlow {version}).

* **stub**: the points that the stub earns; it must be 0.
* **reference**: on how many of the seeds, each with other random inputs, it has full marks.
* **misconceptions**: how many wrong variants lose points, in a public check already, *and* are
  named as themselves alone; one misunderstanding may have several variants.
* **mutants**: automatic changes of the reference (arithmetic, comparison, constant, axis, sign,
  dropped statement …) that some check kills. A survivor is either explained, because no check can
  see it, or counts against the score; {target:.0%} is demanded.
* **people's**: solutions that people wrote, right ones, which must have full marks, and wrong ones,
  which must lose points in a public check.
* **false names**: of all these programs, how many were taken for something that they are not; a
  mutant's name is false where another seed does not give it. It must be none.
* **told nothing**: of the wrong ones, how many pass every public check and get no name, so that
  their learner is only told that something is not as expected; {silent:.0%} may be.
* **of the code**: a digest of the code that was audited, without its comments and its figures.
"""
PROVED = "proved"
ROW = re.compile(r"^\| (?P<name>\d\d_\w+) \|.*\|$", re.MULTILINE)
SECTION = re.compile(r"^## (?P<name>\d\d_\w+)\n.*?(?=^## |\Z)", re.MULTILINE | re.DOTALL)


def audit_page(audits: Sequence[Audit], before: str = "") -> str:
    """Write the page, in Markdown; of exercises that were not audited now, what it said before."""
    rows = {found["name"]: found[0] for found in ROW.finditer(before)}
    sections = {found["name"]: found[0].rstrip() for found in SECTION.finditer(before)}
    for each in audits:
        name = each.exercise.name
        rows[name] = _row(each)
        sections[name] = "\n".join([f"## {name}", "", *_misconceptions(each), *_explained(each)])
    head = HEAD.format(version=__version__, target=TARGET, silent=TOO_SILENT)
    overview = "\n".join(
        [*_columns(), *(rows[name] for name in sorted(rows)), _total(rows.values())]
    )
    return (
        "\n\n".join([head + "\n" + overview, *(sections[name] for name in sorted(sections))]) + "\n"
    )


def proofs(page: str) -> dict[str, str]:
    """Read from a page which exercises are proved, each with the digest of the code that was."""
    cells = {found["name"]: _cells(found[0]) for found in ROW.finditer(page)}
    return {name: row[-2].strip("`") for name, row in cells.items() if row[-1] == PROVED}


def shown(digest: str) -> str:
    """Shorten a digest to what the page shows of it."""
    return digest[:12]


def _columns() -> Iterator[str]:
    yield (
        "| exercise | points | stub | reference | misconceptions | mutants killed | people's "
        "| false names | told nothing | of the code | |"
    )
    yield "|---|---|---|---|---|---|---|---|---|---|---|"


def _row(each: Audit) -> str:
    counted = each.mutants - len(each.explained)
    rows = {found.variant.name for found in each.variants}
    named = sum(found.ok for found in each.variants)
    return (
        f"| {each.exercise.name} | {each.exercise.points:g} | {each.stub:g} "
        f"| {each.seeds - len(each.shaky)}/{each.seeds} "
        f"| {len(rows)}, by {named}/{len(each.variants)} variants "
        f"| {counted - len(each.survivors)}/{counted} ({each.mutation_score:.1%})"
        f"{f', {len(each.explained)} explained' if each.explained else ''} "
        f"| {sum(not found.faults for found in each.specimens)}/{len(each.specimens)} "
        f"| {len(each.misnamed)} of {each.programs} "
        f"| {len(each.silent)} of {each.wrong} ({each.silence:.1%}) "
        f"| `{shown(each.digest)}` | {PROVED if each.ok else '**not proved**'} |"
    )


def _total(rows: Iterable[str]) -> str:
    cells = [_cells(row) for row in rows]
    points = sum(float(row[1]) for row in cells)
    known = sum(int(row[4].partition(",")[0]) for row in cells)
    return f"| **all** | {points:g} | | | {known} | | | | | | |"


def _cells(row: str) -> list[str]:
    return [cell.strip() for cell in row.strip("|").split("|")]


def _misconceptions(each: Audit) -> Iterator[str]:
    yield "| misconception | variants | caught and named | what its learner is told |"
    yield "|---|---|---|---|"
    for name in dict.fromkeys(found.variant.name for found in each.variants):
        variants = [found for found in each.variants if found.variant.name == name]
        good = sum(found.ok for found in variants)
        hint = each.exercise.misconceptions[name].hint.in_("en")
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
