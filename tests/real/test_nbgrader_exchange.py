"""A term in small: a teacher and a student, two real Unix users, and nbgrader's exchange."""

from __future__ import annotations

import csv
import json
import re
import shutil
import tempfile
from pathlib import Path

import pytest
import unix_users
from nbgrader_course import ROOT, answered, cell_of

from autograder.catalogue import find_course
from tools.classroom.material import MARKER

reason = unix_users.why_not()
pytestmark = [pytest.mark.real, pytest.mark.skipif(bool(reason), reason=reason)]

COURSE = find_course(ROOT)
FORMS = {"01_neuron": "ipynb", "10_xor_torch": "py"}
"""One exercise in NumPy and one in a framework, and the form in which the student hands it in."""
WHO = "gf-student"
EXPORTER = "autograder.nbgrader.exporter.GradeFlowExporter"


class Class:
    """A teacher's course, an exchange, and a student's home."""

    def __init__(self, room, teacher, student):
        self.room, self.teacher, self.student = room, teacher, student
        self.course, self.exchange = room / teacher.name / "course", room / "exchange"
        self.exchange.mkdir()
        self.exchange.chmod(0o777)  # as nbgrader asks for
        self._make_course()
        settings = student.home / ".jupyter" / "nbgrader_config.py"
        settings.parent.mkdir()
        settings.write_text(
            "c = get_config()\n"
            f"c.Exchange.root = {str(self.exchange)!r}\nc.CourseDirectory.course_id = 'nn'\n"
        )
        student.owns(settings.parent)

    def _make_course(self):
        names = ", ".join(f'"{name}"' for name in FORMS)
        for name in FORMS:
            for part in (COURSE.solutions, COURSE.assignments):
                shutil.copytree(part / name, self.course / part.name / name)
        (self.course / "course.toml").write_text(
            f'exercises = [{names}]\nsalt = "pepper"\n[title]\nen = "T"\nzh = "T"\n'
        )
        config = (ROOT / "nbgrader_config.py").read_text(encoding="utf-8")
        more = (
            "c = get_config()\n"
            "c.CourseDirectory.course_id = 'nn'\n"
            f"c.Exchange.root = {str(self.exchange)!r}\n"
            "c.AssignLatePenalties.plugin_class = 'late.OnePointAnHour'\n"
            f"import sys; sys.path.insert(0, {str(self.course)!r})\n"
        )
        (self.course / "nbgrader_config.py").write_text(config + more, encoding="utf-8")
        (self.course / "late.py").write_text(
            "from nbgrader.plugins import BasePlugin\n\n\n"
            "class OnePointAnHour(BasePlugin):\n"
            "    def late_submission_penalty(self, student_id, score, total_seconds_late):\n"
            "        return round(total_seconds_late / 3600)\n"
        )
        self.teacher.owns(self.course)

    def teach(self, *arguments, **more):
        return self.teacher.nbgrader(*arguments, cwd=self.course, **more)

    def study(self, *arguments, **more):
        return self.student.nbgrader(*arguments, **more)

    def folder(self, name):
        return self.student.home / name

    def write(self, name, text_of):
        """Write answers as the student would, in the form of this exercise."""
        module = COURSE.authored(name).module
        path = self.folder(name) / f"{module}.{FORMS[name]}"
        given = path.read_text(encoding="utf-8")
        path.write_text(text_of(name, given), encoding="utf-8")
        return path

    def scores(self, assignment):
        """Export the gradebook, and read the student's row of an assignment."""
        path = self.course / "grades.csv"
        which = f"--assignment=['{assignment}']"
        self.teach("export", f"--exporter={EXPORTER}", "--to", "grades.csv", which)
        with path.open(encoding="utf-8-sig", newline="") as stream:
            (row,) = [row for row in csv.DictReader(stream) if row["learner"] == WHO]
        return row


@pytest.fixture(scope="module")
def term():
    room = Path(tempfile.mkdtemp(prefix="gradeflow-term-"))
    room.chmod(0o755)
    try:
        with unix_users.users(room, "gf-teacher", WHO) as (teacher, student):
            yield Class(room, teacher, student)
    finally:
        shutil.rmtree(room, ignore_errors=True)


def solved(name, given):
    """Fill in the reference's answers: in the notebook's cells, or as the whole script."""
    exercise = COURSE.authored(name)
    source = exercise.source.read_text(encoding="utf-8")
    if FORMS[name] == "py":
        return MARKER.sub("", source)
    cells = re.split(r"^# %%", MARKER.sub("", source), flags=re.MULTILINE)
    heads = ((cell.partition("\n")[0], cell.partition("\n")[2]) for cell in cells)
    answers = {
        found[1]: body.strip("\n")
        for head, body in heads
        if (found := re.search('task="(.*)"', head))
    }
    assert set(answers) == {task.name for task in exercise.tasks}
    return json.dumps(answered(json.loads(given), **answers))


def with_last_wrong(name, given):
    notebook = json.loads(solved(name, given))
    last = COURSE.authored(name).tasks[-1].name
    cell_of(notebook, last)["source"] = f"def {last}(*args):\n    return None\n"
    return json.dumps(notebook)


# ---- the twelve steps ----


@pytest.mark.parametrize("name", FORMS)
def test_an_assignment_goes_all_the_way_and_comes_back(term, name):
    exercise = COURSE.authored(name)
    full = exercise.points
    term.teach("generate_assignment", name)
    term.teach("release_assignment", name)
    assert name in term.study("list")
    term.study("fetch_assignment", name)
    kept = {path.name for path in term.folder(name).iterdir()}
    assert {f"{exercise.module}.py", f"{exercise.module}.ipynb", "answers.json"} <= kept
    assert "test_hidden.py" not in kept

    notebook = f"{exercise.module}.ipynb"
    if name != "10_xor_torch":  # once for a notebook that is handed in, once where a script is
        said = term.study("validate", notebook, cwd=term.folder(name))
        assert "FAILED" in said, "nothing is written"
    term.write(name, solved)
    if FORMS[name] == "ipynb":
        assert "Success!" in term.study("validate", notebook, cwd=term.folder(name))
    term.study("submit", name)
    assert name in term.teach("list", "--inbound")
    term.teach("collect", name)
    assert (term.course / "submitted" / WHO / name / "timestamp.txt").is_file()

    term.teach("autograde", name)
    assert float(term.scores(name)["points"]) == full
    term.teach("generate_feedback", name)
    term.teach("release_feedback", name)
    term.study("fetch_feedback", name)
    (page,) = term.folder(name).rglob(f"feedback/**/{exercise.module}.html")
    text = page.read_text(encoding="utf-8")
    assert f"{full:g}" in text
    hidden = (exercise.folder / "test_hidden.py").read_text(encoding="utf-8")
    secrets = [line.strip() for line in hidden.splitlines() if len(line.strip()) > 40]
    assert not [line for line in secrets if line in text]

    row = term.scores(name)
    assert row["state"] == "graded"
    make_harder(term.course / "solutions" / name / "test_hidden.py")
    said = term.teacher.module("autograder.cli", "nbgrader", "autograde", name, cwd=term.course)
    assert WHO in said
    assert 0 < float(term.scores(name)["points"]) < full


def make_harder(hidden):
    """Let the first hidden check ask for what nobody can give."""
    text = hidden.read_text(encoding="utf-8")
    changed = re.sub(r"(def test_\w+\(.*\):\n)", r"\1    agree(1.0, 2.0)\n", text, count=1)
    assert changed != text
    hidden.write_text(changed, encoding="utf-8")


# ---- one exercise, again and late ----


@pytest.fixture(scope="module")
def again(term):
    """The first exercise, handed in twice more: with a mistake, then right, after the due date."""
    name = "01_neuron"
    original = COURSE.solutions / name / "test_hidden.py"
    shutil.copyfile(original, term.course / "solutions" / name / "test_hidden.py")
    due = "import datetime as d; print(d.datetime.now(d.UTC) - d.timedelta(hours=3))"
    when = term.teacher.python("-c", due).strip()[:19]
    term.teach("db", "assignment", "add", name, f"--duedate={when} UTC")
    attempts = {}
    for attempt, text_of in {"wrong": with_last_wrong, "right": solved}.items():
        term.write(name, text_of)
        term.study("submit", name)
        term.teach("collect", name, "--update")
        term.teacher.module("autograder.cli", "nbgrader", "autograde", name, cwd=term.course)
        attempts[attempt] = term.scores(name)
    return attempts


def test_of_several_attempts_the_newest_counts(again):
    assert float(again["wrong"]["neuron"]) == 0
    assert float(again["right"]["neuron"]) == 10


def test_who_is_late_pays_the_penalty_that_the_course_has_set(again):
    full = COURSE.authored("01_neuron").points
    assert float(again["right"]["late_penalty"]) == 3
    assert float(again["right"]["points"]) == full - 3


def test_the_exchange_keeps_every_attempt(term, again):
    inbound = list((term.exchange / "nn" / "inbound").iterdir())
    of_it = [path.name for path in inbound if "+01_neuron+" in path.name]
    assert len(of_it) == 3


def test_a_student_reads_neither_solutions_nor_gradebook_nor_the_work_of_others(term, again):
    course = term.course
    for path in (
        course / "solutions" / "01_neuron" / "test_hidden.py",
        course / "gradebook.db",
        course / "submitted",
        term.exchange / "nn" / "inbound",
    ):
        said = term.student.run("ls", "-l", str(path), fails=True)
        assert "Permission denied" in said
    outbound = [path.name for path in (term.exchange / "nn" / "outbound").rglob("*")]
    assert "test_hidden.py" not in outbound
    assert "misconceptions.py" not in outbound
