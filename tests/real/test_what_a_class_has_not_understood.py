"""A class of 300: its groups and its similar programs, as a newcomer asks; and learning."""

import json
import re
import shutil
from collections import Counter, defaultdict

import pytest

from autograder.authoring.skeleton import new_exercise
from autograder.catalogue import find_course
from tests.real.class_of_300 import SIZES, class_of_300, gradeflow
from tools.classroom import make_ordinary, write_class
from tools.classroom.material import gather

pytestmark = pytest.mark.real
HINT = "This is what the class taught us."


@pytest.fixture(scope="module")
def many(tmp_path_factory):
    return class_of_300(tmp_path_factory)


def test_whoever_made_the_same_mistake_is_in_the_same_group(many):
    shared = parted = 0
    for exercise, size in SIZES.items():
        told = json.loads(gradeflow(many.root, "groups", exercise, "--json"))
        assert told["graded"] == size
        group_of = defaultdict(set)
        for group in told["groups"]:
            for learner in group["learners"]:
                group_of[learner].add(group["key"])
        same = defaultdict(list)
        for each in many.made(exercise):
            same[each.what].append(frozenset(group_of[each.learner]))
        assert not any(group_of[e.learner] for e in many.made(exercise) if e.group == "right")
        found = [Counter(groups) for groups in same.values() if len(groups) > 1 and any(groups)]
        shared += len(found)
        parted += sum(len(groups) > 1 for groups in found)
    assert shared > 5
    assert parted == 0


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_groups_fit_into_eighty_columns_and_no_line_is_cut(many, language):
    shown = gradeflow(many.root, "groups", "01_neuron", "--language", language)
    assert max(map(len, shown.splitlines())) <= 80
    assert "…" not in shown
    assert "A1.3" in shown


def test_programs_that_were_copied_stand_together_and_only_they(many):
    told = json.loads(gradeflow(many.root, "similar", "01_neuron", "--json"))
    assert told["compared"] == SIZES["01_neuron"]
    what = {each.learner: each.what for each in many.made("01_neuron")}
    assert told["groups"]
    for group in told["groups"]:
        assert len({what[learner] for learner in group["members"]}) == 1


def test_a_report_on_the_class_and_on_the_course_names_everyone_and_every_task(many, tmp_path):
    page = tmp_path / "class.html"
    gradeflow(many.root, "report", "01_neuron", "--out", str(page))
    text = page.read_text(encoding="utf-8")
    assert "<script" not in text
    assert all(each.learner in text for each in many.made("01_neuron"))
    assert all(task in text for task in ("sigmoid", "tanh", "d_relu", "neuron"))
    gradeflow(many.root, "report", "--course", "--anonymous", "--out", str(page))
    course = page.read_text(encoding="utf-8")
    assert all(exercise in course for exercise in SIZES)
    assert not any(each.learner in course for each in many.made("03_xor"))


def test_one_of_the_class_is_explained_with_the_call_that_failed(many):
    wrong = next(each for each in many.made("03_xor") if each.group != "right")
    said = gradeflow(many.root, "explain", "03_xor", wrong.learner)
    assert wrong.learner in said
    for label in ("call", "wanted"):
        assert label in said


def test_another_scheme_of_points_is_shown_and_nothing_written(many, tmp_path):
    course = tmp_path / "course"
    shutil.copytree(many.root, course, ignore=shutil.ignore_patterns("01_neuron", "05_layers"))
    manifest = course / "course.toml"
    listed = manifest.read_text(encoding="utf-8")
    for exercise in ("01_neuron", "05_layers"):
        listed = listed.replace(f'  "{exercise}",\n', "")
    manifest.write_text(listed, encoding="utf-8")
    results = course / "results" / "03_xor"
    stored = {path.name: path.read_bytes() for path in results.glob("*.json")}
    worth = dict(
        re.findall(r'name = "(\w+)"\npoints = (\d+)', scheme_of(course).read_text("utf-8"))
    )
    more, fewer = list(worth)[:2]
    shift(course, more, int(worth[more]), 1)
    shift(course, fewer, int(worth[fewer]), -1)
    said = gradeflow(course, "regrade", "03_xor", codes=(1,))
    assert more in said
    assert {path.name: path.read_bytes() for path in results.glob("*.json")} == stored


def scheme_of(course):
    return course / "solutions" / "03_xor" / "exercise.toml"


def shift(course, task, worth, by):
    """Give a task, and its first public check, more points or fewer."""
    for file, pattern, points in (
        (scheme_of(course), rf'(name = "{task}"\npoints = )(\d+)', worth),
        (scheme_of(course).with_name("test_public.py"), rf'(@task\("{task}", points=)(\d+)', None),
    ):
        text = file.read_text(encoding="utf-8")
        now = points if points is not None else int(re.search(pattern, text)[2])
        file.write_text(re.sub(pattern, rf"\g<1>{now + by}", text, count=1), encoding="utf-8")


def test_what_a_class_taught_is_named_on_a_learners_machine(tmp_path):
    room = tmp_path / "course"
    room.mkdir()
    (room / "course.toml").write_text(
        'exercises = []\nsalt = "s"\n[title]\nen = "Course"\nzh = "课程"\n', encoding="utf-8"
    )
    new_exercise(find_course(room), "13_sums")
    gradeflow(room, "build")
    made = list(make_ordinary(gather(find_course(room), "13_sums"), 24, 0.2))
    write_class(room / "submitted", "13_sums", made)
    gradeflow(room, "grade", "13_sums", "submitted")
    groups = json.loads(gradeflow(room, "groups", "13_sums", "--json"))["groups"]
    group = next(each for each in groups if not each["misconception"] and each["size"] > 1)
    said = gradeflow(room, "learn", "13_sums", group["key"], "--as", "A13.9", "--yes")
    assert f"names all {group['size']} of the group" in said
    manifest = room / "solutions" / "13_sums" / "exercise.toml"
    text = manifest.read_text(encoding="utf-8")
    assert gradeflow(room, "build", codes=(2,)) == ""  # the hint is still to be written
    manifest.write_text(re.sub(r'(hint\.\w+ = )""', rf'\1"{HINT}"', text), encoding="utf-8")
    gradeflow(room, "build")

    theirs = tmp_path / "learner" / "assignments"
    shutil.copytree(room / "assignments" / "13_sums", theirs / "13_sums")
    shutil.copy(room / "course.toml", theirs.parent)
    files = next(each.files for each in made if each.learner == group["representative"])
    (theirs / "13_sums" / "sums.py").write_bytes(files["sums.py"])
    assert HINT in " ".join(gradeflow(theirs.parent, "check", "13_sums", codes=(1,)).split())

    again = gradeflow(room, "grade", "13_sums", "submitted", "--json")
    named = {
        each["learner"]
        for each in json.loads(again)
        if any((check.get("diagnosis") or {}).get("name") == "A13.9" for check in each["checks"])
    }
    members = set(group["learners"])
    assert members <= named <= members | set(group["beside"])

    (proof,) = json.loads(gradeflow(room, "audit", "13_sums", "--seeds", "2", "--json"))
    assert {"key": "A13.9", "lost": True, "named": ["A13.9"]} in proof["variants"]
    assert proof["ok"]
    assert not proof["misnamed"]
