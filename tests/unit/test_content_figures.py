"""The figures of the course: in every exercise and both languages, without their code."""

import base64
import json
from pathlib import Path

import pytest

from autograder.authoring.captions import files_shown
from autograder.authoring.source import read_source
from autograder.authoring.stub import stub_of
from autograder.catalogue import load_exercise

ROOT = Path(__file__).parents[2]
FOLDERS = sorted(path.parent for path in (ROOT / "solutions").glob("*/exercise.toml"))


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_an_exercise_shows_a_figure_or_two_in_both_languages(folder):
    cells = read_source(load_exercise(folder).source)
    shown = {
        language: [
            file for cell in cells if cell.language == language for file in files_shown(cell.text)
        ]
        for language in ("en", "zh")
    }
    assert 1 <= len(shown["en"]) <= 2
    assert shown["en"] == shown["zh"]


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_learners_get_the_picture_and_never_the_code_that_draws_it(folder):
    exercise = load_exercise(folder)
    released = ROOT / "assignments" / folder.name
    notebook = json.loads((released / f"{exercise.module}.ipynb").read_text(encoding="utf-8"))
    attached = {
        file: base64.b64decode(kinds["image/png"])
        for cell in notebook["cells"]
        for file, kinds in cell.get("attachments", {}).items()
    }
    assert attached
    assert attached == {path.name: path.read_bytes() for path in released.glob("*.png")}
    assert all(len(picture) < 30_000 for picture in attached.values())
    for language in ("en", "zh"):
        stub = stub_of(exercise, language)
        assert not [
            name for name in ("def draw_", "set_size_inches", "course_mnist") if name in stub
        ]
        assert all(file in stub for file in attached)
