"""A class of a few dozen from three exercises: graded, reported on, explained, regraded."""

import json
import os
import re
import shutil
import zipfile
from pathlib import Path

import pytest
from warm_python import WarmPython

from autograder.catalogue import find_course
from tools.classroom.material import gather
from tools.classroom.right import make_right
from tools.classroom.wrong import make_unfinished, make_wrong

pytestmark = pytest.mark.real

COURSE = find_course(Path(__file__))
EXERCISES = ("01_neuron", "05_layers", "06_losses")
EACH = 9
ENVIRONMENT = os.environ | {"PYTHONPATH": str(COURSE.root), "COLUMNS": "200"}


def class_of(exercise):
    """Return some learners of each kind: right in many styles, wrong ones, unfinished ones."""
    material = gather(COURSE, exercise)
    right, wrong = [*make_right(material)], [*make_wrong(material)]
    step = max(1, len(wrong) // (EACH - 4))
    return [*right[:3], *wrong[::step][: EACH - 4], *[*make_unfinished(material)][:1]]


@pytest.fixture(scope="module")
def room(tmp_path_factory):
    """Make a copy of the course, and for each exercise a zip of a class as Moodle makes it."""
    root = tmp_path_factory.mktemp("report")
    for part in ("solutions", "assignments"):
        for exercise in COURSE.exercises:
            if exercise in EXERCISES:
                shutil.copytree(COURSE.root / part / exercise, root / part / exercise)
    names = ", ".join(f'"{name}"' for name in EXERCISES)
    (root / "course.toml").write_text(
        f'exercises = [{names}]\nsalt = "own"\ntitle.en = "A course"\ntitle.zh = "课程"\n',
        encoding="utf-8",
    )
    for exercise in EXERCISES:
        with zipfile.ZipFile(root / f"{exercise}.zip", "w") as archive:
            for number, made in enumerate(class_of(exercise)):
                for name, content in made.files.items():
                    folder = f"Learner {number:02}_{900 + number}_assignsubmission_file_"
                    archive.writestr(f"{folder}/{name}", content)
    return root


@pytest.fixture(scope="module")
def run(room):
    python = WarmPython(COURSE.root, ENVIRONMENT)
    yield lambda *arguments: python.run(["autograder.cli", *map(str, arguments)], room)
    python.leave()


@pytest.fixture(scope="module")
def graded(room, run):
    for exercise in EXERCISES:
        code, said = run("grade", exercise, f"{exercise}.zip", "--feedback", f"pages/{exercise}")
        assert code == 0, said
    return room


def text_of(path):
    body = path.read_text(encoding="utf-8").partition("</style>")[2]
    return " ".join(re.sub(r"<[^>]*>", " ", body).split())


def results(room, exercise):
    paths = (room / "results" / exercise).glob("[!.]*.json")
    return {path.stem: json.loads(path.read_text(encoding="utf-8")) for path in paths}


def test_the_report_tells_the_class_and_links_to_each_page(graded):
    page = graded / "results" / "05_layers" / "overview.html"
    text = text_of(page)
    assert f"submissions {EACH}" in text
    assert "A5." in text
    assert "alpha of the 8 tasks" in text
    links = re.findall(r'href="([^"]*)"', page.read_text(encoding="utf-8"))
    assert all((page.parent / link.replace("%20", " ")).is_file() for link in links)
    assert len(set(links)) == EACH
    assert "<script" not in page.read_text(encoding="utf-8")


def test_a_late_zip_graded_alone_adds_its_learner_and_shrinks_nothing(graded, run):
    with zipfile.ZipFile(graded / "late.zip", "w") as archive:
        archive.writestr("Late One_999_assignsubmission_file_/layers.py", "def softmax(Z): ...\n")
    code, said = run("grade", "05_layers", "late.zip", "--feedback", "pages/05_layers")
    assert code == 0, said
    text = text_of(graded / "results" / "05_layers" / "overview.html")
    assert f"submissions {EACH + 1}" in text
    assert "Late One_999" in text
    assert "Learner 00_900" in text
    assert "1 submissions, 1 of them for the first time" in text


def test_the_report_on_the_course_has_a_map_and_totals(graded, run):
    code, said = run("report", "--course", "--language", "zh")
    assert code == 0, said
    text = text_of(graded / "results" / "course.html")
    assert "误解地图" in text
    assert re.search(r"Learner 00_900 \d+ \d+ \d+ \d+", text)
    code, said = run("export", "totals", "--out", "totals.csv")
    assert code == 0, said
    rows = (graded / "totals.csv").read_text("utf-8-sig").splitlines()
    assert rows[0].startswith("learner,name,email,01_neuron,01_neuron/state,05_layers")
    assert len(rows) > EACH


def test_an_anonymous_report_has_no_learner_in_it(graded, run):
    code, said = run("report", "05_layers", "--anonymous")
    assert code == 0, said
    assert "Learner" not in text_of(graded / "results" / "05_layers" / "overview-anonymous.html")


def loser(room):
    """Return a learner whose failures in the exercise have a name, and the task."""
    for learner, result in sorted(results(room, "05_layers").items()):
        for check in result["checks"]:
            if check.get("diagnosis", {}).get("misconception") and check["hidden"]:
                return learner, check["task"], check["diagnosis"]["name"]
    raise AssertionError("nobody")


@pytest.mark.parametrize("kept", [True, False])
def test_lost_points_are_explained_with_the_hidden_call_and_why_it_is_not_another(
    graded, run, kept
):
    learner, task, name = loser(graded)
    programs = graded / "results" / "05_layers" / "programs"
    if not kept:  # then from the zip that was graded
        programs.rename(programs.with_name("elsewhere"))
    try:
        code, said = run("explain", "05_layers", learner, task)
    finally:
        if not kept:
            programs.with_name("elsewhere").rename(programs)
    assert code == 0, said
    assert "as stored" in said
    assert "05_layers.zip!" in said
    assert "hidden: not for learners" in said
    assert f"{name} was named" in said
    assert f"def {task}(" in said
    assert "Why not another" in said


def points_of(room, exercise):
    return {who: one["score"]["points"] for who, one in results(room, exercise).items()}


def test_regrading_tells_who_would_change_writes_nothing_and_then_applies(graded, run):
    folder = graded / "solutions" / "01_neuron"
    before = points_of(graded, "01_neuron")
    for name, old, new in (
        ("exercise.toml", "points = 60", "points = 61"),
        ("exercise.toml", "points = 10", "points = 11"),
        ("test_hidden.py", '"sigmoid", points=2, kind=', '"sigmoid", points=3, kind='),
    ):
        text = (folder / name).read_text(encoding="utf-8")
        assert old in text
        (folder / name).write_text(text.replace(old, new, 1), encoding="utf-8")
    (graded / "01_neuron.zip").unlink()  # the programs are kept
    code, said = run("regrade", "01_neuron")
    assert code == 1, said
    assert "The whole is worth 61 points, and was worth 60." in said
    assert "Nothing was written" in said
    assert points_of(graded, "01_neuron") == before
    code, said = run("regrade", "01_neuron", "--apply")
    assert code == 0, said
    after = points_of(graded, "01_neuron")
    assert after.keys() == before.keys()
    assert max(after.values()) == 61
    assert {after[who] - before[who] for who in before} <= {0, 1}
    code, said = run("report", "01_neuron")
    text = text_of(graded / "results" / "01_neuron" / "overview.html")
    assert re.search(r"60 61 sigmoid another state of the exercise", text)
    code, said = run("regrade", "01_neuron")
    assert code == 0, said
    assert f"{EACH} results: 0 would have more points, 0 fewer, {EACH} the same." in said
