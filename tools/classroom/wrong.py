"""Wrong and unfinished programs: known misunderstandings, the untouched stub, half the tasks."""

from __future__ import annotations

from collections.abc import Iterator

from autograder.diagnosis import Variant, read_variants
from tools.classroom import notebooks
from tools.classroom.made import Made, Named, Points
from tools.classroom.material import MARKER, Material, without_prose

__all__ = ["make_unfinished", "make_wrong"]


def make_wrong(material: Material) -> Iterator[Made]:
    """Make a submission of each known misunderstanding; notebooks and scripts in turn."""
    exercise = material.exercise
    source = exercise.source.read_text(encoding="utf-8")
    for number, variant in enumerate(read_variants(exercise.variants, source)):
        text = without_prose(MARKER.sub("", variant.source))
        if number % 2:
            made = notebooks.notebook(notebooks.chunks(text))
            files = {f"{exercise.module}.ipynb": notebooks.to_bytes(made)}
        else:
            files = {material.name: text.encode()}
        learner = f"wrong-{variant.key.replace('#', '-')}"
        yield Made(learner, "misconception", _about(variant), files, Named(variant.name))


def make_unfinished(material: Material) -> Iterator[Made]:
    """Make the stub as script and as notebook, and submissions that end after some task."""
    for name, content in material.released.items():
        form = name.rpartition(".")[2]
        yield Made(f"stub-{form}", "stub", f"untouched .{form}", {name: content}, Points(0))
    tasks = material.exercise.tasks
    for done in _some(len(tasks)):
        open_tasks = tasks[done:]
        text = material.unwritten(*(task.name for task in open_tasks))
        points = material.exercise.points - sum(task.points for task in open_tasks)
        what = f"the first {done} of {len(tasks)} tasks"
        files = {material.name: text.encode()}
        yield Made(f"half-done-{done}", "half done", what, files, Points(points, "todo"))


def _some(tasks: int) -> list[int]:
    """Choose up to three numbers of tasks that are done, neither none nor all."""
    return sorted({1, tasks // 2, tasks - 1} - {0, tasks})


def _about(variant: Variant) -> str:
    return f"{variant.name} in {', '.join(sorted(variant.replaced))}"
