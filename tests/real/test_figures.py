"""A figure on its way to a learner and back: build, nbgrader's release and feedback."""

from __future__ import annotations

import base64
import io
import json

import nbgrader_course as c
import pytest
from nbgrader_course import DOUBLE, NAME, TOTAL
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from autograder.authoring.audit import audit
from autograder.authoring.build import build
from autograder.authoring.figures import KEY, digest_in
from autograder.catalogue import find_course

pytestmark = pytest.mark.real


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    """A course whose exercise has a figure, released by nbgrader."""
    made = tmp_path_factory.mktemp("course")
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(c.FILES, "tiny.py", c.with_figure())
        c.make_course(made)
    return made


def attached(notebook):
    """Read the pictures that a notebook's cells hold, each with its cell's metadata."""
    for cell in notebook["cells"]:
        for kinds in cell.get("attachments", {}).values():
            yield base64.b64decode(kinds["image/png"]), cell["metadata"]


def again(root, *, check=True):
    return build(find_course(root), [NAME], "en", check=check)


def other_bytes(picture):
    """Write a picture as another version of matplotlib might: other bytes, the same digest."""
    made = io.BytesIO()
    with Image.open(io.BytesIO(picture)) as image:
        told = image.info[KEY]
        info = PngInfo()
        info.add_text(KEY, told)
        image.convert("RGB").save(made, "PNG", pnginfo=info)
    return made.getvalue()


def test_the_picture_lies_beside_the_script_and_in_a_locked_cell_of_the_notebook(root):
    beside = (root / "assignments" / NAME / "line.png").read_bytes()
    ((picture, metadata),) = attached(c.released(root))
    assert picture == beside
    assert metadata["nbgrader"]["locked"]
    assert metadata["editable"] is False


def test_a_fresh_build_with_figures_is_fresh(root):
    assert again(root).stale == ()


def test_a_picture_that_another_matplotlib_drew_is_fresh_and_stays(root):
    folder = root / "assignments" / NAME
    before = (folder / "line.png").read_bytes()
    notebook = (folder / "tiny.ipynb").read_text(encoding="utf-8")
    other = other_bytes(before)
    old, new = (base64.b64encode(each).decode() for each in (before, other))
    assert other != before
    assert digest_in(other) == digest_in(before)
    (folder / "line.png").write_bytes(other)
    (folder / "tiny.ipynb").write_text(notebook.replace(old, new), encoding="utf-8")
    assert again(root).stale == ()
    assert again(root, check=False).written == ()
    (folder / "line.png").write_bytes(before)
    (folder / "tiny.ipynb").write_text(notebook, encoding="utf-8")


def test_a_picture_whose_code_has_changed_is_stale_and_so_is_its_notebook(root):
    source = root / "solutions" / NAME / "tiny.py"
    text = source.read_text(encoding="utf-8")
    source.write_text(text.replace("[1, 0])", "[1, 2])"), encoding="utf-8")
    assert [path.name for path in again(root).stale] == ["line.png", "tiny.ipynb"]
    source.write_text(text, encoding="utf-8")


def test_an_audit_makes_no_mutants_of_a_figure_which_no_check_could_kill(root):
    course = find_course(root)
    found = audit(course, course.authored(NAME), jobs=1, seeds=1)
    assert found.mutants > 0
    assert {mutant.function for mutant in found.survivors} <= {"double", "total"}


def test_nbgrader_releases_the_figure_and_no_other_picture(root):
    (root / "assignments" / NAME / "mine.png").write_bytes(b"somebody's own")
    c.nbgrader(root, "generate_assignment", NAME, "--force")
    given = {path.name for path in (root / "build/nbgrader/source" / NAME).iterdir()}
    assert {name for name in given if name.endswith(".png")} == {"line.png"}
    (root / "assignments" / NAME / "mine.png").unlink(missing_ok=True)


def test_the_feedback_still_shows_it_also_where_a_learner_took_it_away(root):
    kept = c.answered(c.released(root), double=DOUBLE, total=TOTAL)
    lost = json.loads(json.dumps(kept))
    for cell in lost["cells"]:
        cell.pop("attachments", None)
    ((picture, _),) = attached(kept)
    for student, notebook in (("ann", kept), ("bob", lost)):
        c.submit(root, student, notebook)
    c.nbgrader(root, "autograde", NAME)
    c.nbgrader(root, "generate_feedback", NAME)
    for student in ("ann", "bob"):
        path = root / "feedback" / student / NAME / "tiny.html"
        page = path.read_text(encoding="utf-8")
        assert f"data:image/png;base64,{base64.b64encode(picture).decode()}" in page
        assert 'alt="A line that falls."' in page
