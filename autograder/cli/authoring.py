"""Commands of an author: build, audit, new-exercise."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from autograder.atomic import write_atomically
from autograder.catalogue import find_course
from autograder.cli.options import Cage
from autograder.cli.places import Language, course_here
from autograder.cli.streams import print_json
from autograder.errors import GradeFlowError
from autograder.messages import LANGUAGES, said_language

if TYPE_CHECKING:
    from rich.console import Console

    from autograder.authoring.proof import Audit

__all__ = ["audit", "build", "new_exercise"]


def build(
    exercises: Annotated[
        list[str] | None, typer.Argument(help="Which exercises; all of the course by default.")
    ] = None,
    language: Annotated[
        Language | None, typer.Option("--language", help="Language of the stubs' prose.")
    ] = None,
    out: Annotated[
        Path | None, typer.Option("--out", help="Write here instead of assignments/.")
    ] = None,
    check: Annotated[
        bool, typer.Option("--check", help="Write nothing; fail with the list of what is stale.")
    ] = False,
    fresh: Annotated[
        bool,
        typer.Option(
            "--fresh",
            help="Make answers and figures anew, also where the exercise's code has not changed: "
            "after a change of the engine.",
        ),
    ] = False,
    force: Annotated[
        bool,
        typer.Option(
            "--force",
            help="Write over generated files in which somebody has written since, too; a copy of "
            "each is kept in .gradeflow/backup.",
        ),
    ] = False,
) -> None:
    """Make what learners get from what authors write: stub, notebook, checks, frozen answers.

    Example: gradeflow build
    """
    from rich.console import Console

    from autograder.authoring.build import build as make

    course = course_here()
    console = Console(highlight=False)
    names = tuple(dict.fromkeys(map(course.meant, exercises or course.exercises)))
    tongue = language.value if language else course.language
    report = make(course, names, tongue, out, check=check, fresh=fresh, force=force)
    for path in report.stale:
        console.print(f"stale: {path}", markup=False)
    for path in report.written:
        console.print(f"wrote {path}", markup=False)
    for path in () if check else report.extra:
        console.print(f"left alone: {path}, which build did not make", markup=False)
    for path, copy in report.saved.items():
        console.print(f"kept a copy: {copy}, of {path}", markup=False)
    for path in report.kept:
        told = f"left alone: {path}, in which somebody has written since it was built"
        console.print(told, markup=False)
    if report.kept:
        console.print("Move your work elsewhere, or run with --force, which keeps a copy.")
        raise typer.Exit(1)
    if check and report.stale:
        console.print("Run `gradeflow build` and commit what it writes.")
        raise typer.Exit(1)
    if not names:
        console.print("There are no exercises yet. Start one: gradeflow new-exercise 01_first")
    elif not report.written:
        console.print(f"up to date: {', '.join(names)}")


def audit(
    exercises: Annotated[
        list[str] | None, typer.Argument(help="Which exercises; all of the course by default.")
    ] = None,
    seeds: Annotated[
        int | None,
        typer.Option(
            "--seeds",
            min=1,
            help="On how many seeds the reference must pass: by default 200, and 20 where it is "
            "written in PyTorch or TensorFlow.",
        ),
    ] = None,
    jobs: Annotated[int | None, typer.Option("--jobs", "-j", min=1)] = None,
    report: Annotated[
        Path | None,
        typer.Option(
            "--report",
            help="Write what was proved into a page in Markdown; exercises that are not named keep "
            "what it says of them.",
        ),
    ] = None,
    cage: Annotated[
        Cage | None,
        typer.Option(
            "--cage",
            help="Run the programs in this cage, all but the mutants: to see that they fare there "
            "as they do here.",
        ),
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="Print JSON for a script.")] = False,
) -> None:
    """Prove that the checks are good: they pass the right, catch and name the wrong.

    Grades the stub, the reference on many seeds, every wrong variant, and every automatic mutant
    of the reference. Exit code 1 when something is not proved.

    Example: gradeflow audit 01_neuron
    """
    from rich.console import Console
    from rich.progress import Progress

    from autograder.authoring.audit import audit as prove
    from autograder.authoring.audit_report import audit_page
    from autograder.sandbox.webassembly.cage import check_framework

    if cage is not None and report is not None:
        raise GradeFlowError(
            "The page tells of audits with mutants, and in a cage there are none: leave out "
            "--report or --cage."
        )
    course = course_here()
    names = dict.fromkeys(map(course.meant, exercises or course.exercises))
    authored = [course.authored(name) for name in names]
    for exercise in authored if cage is Cage.webassembly else ():
        check_framework(exercise.framework)
    console = Console(highlight=False, stderr=json)
    audits: list[Audit] = []
    page = _read(report) if report is not None else ""
    with Progress(console=console, transient=True) as progress:
        for exercise in authored:
            bar = progress.add_task(exercise.name, total=None)
            audits.append(
                prove(
                    course,
                    exercise,
                    jobs or os.cpu_count() or 1,
                    seeds=seeds,
                    cage=cage.kind if cage else "none",
                    advance=lambda done, total, bar=bar: progress.update(  # type: ignore[misc]
                        bar, completed=done, total=total
                    ),
                )
            )
            if report is not None:  # now: the next one may take minutes, and be interrupted
                # As it is now: another audit may have written its own rows meanwhile.
                page = audit_page(audits[-1:], _read(report) or page)
                _write(report, page)
    if json:
        _print_json(audits)
    else:
        _print(audits, console)
    raise typer.Exit(0 if all(each.ok for each in audits) else 1)


def new_exercise(
    name: Annotated[str, typer.Argument(help="Two digits and a name: 13_convolution.")],
) -> None:
    """Start an exercise: a small one that builds and audits as it stands, to be rewritten.

    In an empty folder it starts the course too, with a salt of its own.

    Example: gradeflow new-exercise 13_convolution
    """
    from autograder.authoring.skeleton import new_course
    from autograder.authoring.skeleton import new_exercise as make

    course = find_course(Path.cwd())
    if course is None:
        course = new_course(Path.cwd(), name, (said_language() or LANGUAGES[0],))
        typer.echo(f"started a course: {course.root / 'course.toml'}; its title is yours to write")
    folder = make(course, name)
    typer.echo(f"wrote {folder}; now: gradeflow build {name} && gradeflow audit {name}")


def _read(report: Path) -> str:
    """Read the page as it is, before minutes are spent on an audit that could not be written."""
    try:
        return report.read_text(encoding="utf-8") if report.is_file() or report.is_dir() else ""
    except (OSError, UnicodeDecodeError) as error:
        why = getattr(error, "strerror", None) or "it is no text"
        raise GradeFlowError(
            f"The page {report} cannot be read ({why}): give another --report."
        ) from None


def _write(report: Path, text: str) -> None:
    try:
        if report.exists() and not report.is_file():  # a pipe, /dev/stdout: it has no place to take
            report.write_text(text, encoding="utf-8", newline="\n")
        else:
            write_atomically(report, text.encode())
    except OSError as error:
        raise GradeFlowError(
            f"The page {report} cannot be written ({error.strerror}): give another --report."
        ) from None


def _print(audits: list[Audit], console: Console) -> None:
    from rich.table import Table
    from rich.text import Text

    for each in audits:
        state = ("proved", "green") if each.ok else ("not proved", "red")
        console.print(Text.assemble((each.exercise.name, "bold"), "  ", state))
        table = Table.grid(padding=(0, 2))
        for label, told in _proofs(each):
            table.add_row(Text(f"  {label}", "dim"), told)
        console.print(table)
    for each in audits:
        for line in _faults(each):
            console.print(Text(f"\n{each.exercise.name}: {line}"))


def _killed(each: Audit) -> str:
    if not each.mutants:
        return "not tried"
    counted = each.mutants - len(each.explained)
    more = f" + {len(each.explained)} explained" if each.explained else ""
    return f"{counted - len(each.survivors)}/{counted} ({each.mutation_score:.1%}){more}"


def _proofs(each: Audit) -> list[tuple[str, str]]:
    """Say what was tried of an exercise, and how much of it went as it must."""
    named = sum(found.ok for found in each.variants)
    good = sum(not found.faults for found in each.specimens)
    return [
        ("stub", f"{each.stub:g} points"),
        ("reference", f"{each.seeds - len(each.shaky)}/{each.seeds} seeds"),
        ("misconceptions", f"{named}/{len(each.variants)} named"),
        ("mutants killed", _killed(each)),
        ("people's", f"{good}/{len(each.specimens)} as they must be"),
        ("false names", f"{len(each.misnamed)}/{each.programs}"),
        ("told nothing", f"{len(each.silent)}/{each.wrong} ({each.silence:.0%})"),
    ]


def _faults(each: Audit) -> list[str]:
    from autograder.authoring.proof import TOO_SILENT

    lines = []
    if each.stub:
        lines.append(f"the stub earns {each.stub:g} points; it must earn 0")
    seeds_by_check: dict[str, list[int]] = {}
    for seed, check in each.shaky:
        seeds_by_check.setdefault(check, []).append(seed)
    for check, seeds in seeds_by_check.items():
        lines.append(f"the reference fails {check} on {len(seeds)} seeds, {seeds[0]} the first")
    for found in each.variants:
        place = f"{each.exercise.variants}:{found.variant.line}"
        if not found.lost:
            lines.append(f"{place}: {found.variant.key} loses no points: add a check that sees it")
        elif found.broken:
            lines.append(
                f"{place}: {found.variant.key} raises a NameError: import what it uses inside it"
            )
        elif not found.seen:
            lines.append(
                f"{place}: {found.variant.key} passes every public check: add one that sees it, or "
                "give the reason as hidden_only in exercise.toml"
            )
        elif not found.ok:
            taken = ", ".join(found.named) or "nothing"
            lines.append(f"{place}: {found.variant.key} is taken for {taken}")
    for mutant in each.survivors:
        lines.append(
            f"no check kills the mutant {mutant.id}: add one, or explain it under [equivalent] "
            f"in exercise.toml\n{mutant.diff}"
        )
    for specimen in each.specimens:
        lines += [f"{specimen.specimen.path}: {fault}" for fault in specimen.faults]
    lines += [f"{told}, which it is not" for told in each.misnamed]
    if each.silence > TOO_SILENT:
        lines.append("told nothing but that something is wrong: " + ", ".join(each.silent))
    for name in each.unused:
        lines.append(f"[equivalent] explains {name}, but no such mutant survives: remove it")
    return lines


def _print_json(audits: list[Audit]) -> None:
    rows = [
        {
            "exercise": each.exercise.name,
            "ok": each.ok,
            "stub": each.stub,
            "seeds": each.seeds,
            "shaky": each.shaky,
            "variants": [
                {"key": f.variant.key, "lost": f.lost, "named": f.named} for f in each.variants
            ],
            "mutants": each.mutants,
            "survivors": [mutant.id for mutant in each.survivors],
            "explained": {m.id: each.exercise.equivalent[m.id] for m in each.explained},
            "mutation_score": each.mutation_score,
            "specimens": {f.specimen.path.name: f.faults for f in each.specimens},
            "misnamed": each.misnamed,
            "silent": each.silent,
        }
        for each in audits
    ]
    print_json(rows)
