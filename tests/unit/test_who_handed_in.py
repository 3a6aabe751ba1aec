"""Nobody vanishes: whoever handed in anything has a row, whatever the layout and the file."""

from __future__ import annotations

import io
import os
import re
import shutil
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.catalogue import find_course
from autograder.cli.instructor import counted
from autograder.submission.content import form_of, work_in
from autograder.submission.discover import Discovery, Wanted, discover, handed_in_by
from autograder.submission.learners import safe_id
from autograder.submission.reading import Submission, read_program

WORK = b"import math\n\ndef neuron(x):\n    return x\n"
STUB = b'''def neuron(x):
    """Say it.

    1 -> 2
    """
    raise NotImplementedError("neuron")
'''
NOTES = b"Sehr geehrte Frau Lee, anbei meine Arbeit."
WANTED = Wanted("01_neuron", "neuron", frozenset({"neuron"}), frozenset({"test_public.py"}))
OTHERS = frozenset({"02_gates"})


def book(*sources: bytes) -> bytes:
    cells = ", ".join(
        '{"cell_type": "code", "metadata": {}, "source": %s}' % repr_json(source)  # noqa: UP031
        for source in sources
    )
    return f'{{"cells": [{cells}], "nbformat": 4, "nbformat_minor": 5}}'.encode()


def repr_json(source: bytes) -> str:
    text = source.decode().replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{text}"'


# What learners hand in, by the name that they gave it: whether it can be graded.
GRADED = {
    "neuron.py": WORK,
    "neuron.ipynb": book(WORK),
    "neuron.ipynb.json": book(WORK),
    "neuron.ipynb.txt": book(WORK),
    "neuron": WORK,
    "neuron.txt": WORK,
    "losses.py": book(WORK),
    "test_neuron.py": WORK,
    "conftest.py": WORK,
    "neuron_test.py": WORK,
    "my work (1).ipynb": book(WORK),
}
UNREADABLE = {
    "neuron.Rmd": b"---\ntitle: x\n---\n```{python}\ndef neuron(x):\n    return x\n```\n",
    "Screenshot 2024.png": b"\x89PNG\r\n\x1a\n....",
    "neuron.url": b"[InternetShortcut]\nURL=https://colab.research.google.com/x\n",
    "neuron.docx": b"PK\x03\x04....",
    "letter.txt": NOTES,
    "photo": b"\xff\xd8\xff\xe0....",
    "neuron.html": b"<html><pre>def neuron(x): return x</pre></html>",
    "damaged.zip": b"PK\x03\x04 no zip at all",
    "neuron.pdf": b"%PDF-1.4",
}
HANDED_IN = GRADED | UNREADABLE
NAMES = [
    "ann",
    "bob",
    "cyd",
    "neuron",
    "01_neuron",
    "02_gates",
    "王小明",
    "José",
    "test_ann",
    "eve.x",
]


def found_in(*paths: Path) -> Discovery:
    discovery = discover(paths, WANTED, OTHERS)
    with_file = sum(bool(one.name) for one in discovery.submissions)
    assert discovery.files == with_file + discovery.beside + len(discovery.skipped)
    numbers = [int(each) for each in re.findall(r"\d+", counted(discovery).partition(";")[0])]
    assert numbers[0] == sum(numbers[2:])
    assert numbers[1] == len(discovery.submissions)
    return discovery


def graded(discovery: Discovery) -> dict[str, bool]:
    return {one.learner: one.problem is None for one in discovery.submissions}


def zip_of(files: dict[str, bytes], when: tuple[int, ...] = (2024, 5, 1, 0, 0, 0)) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as made:
        for name, data in files.items():
            made.writestr(zipfile.ZipInfo(name, when), data)
    return buffer.getvalue()


# ---- every layout -----------------------------------------------------------------------------


Layout = Callable[[int, str, str], tuple[str, str]]  # number, learner, file -> path, whose
FLAT_NAME = re.compile(r"[^\w]+")


def canvas(number: int, name: str, file: str) -> tuple[str, str]:
    plain = re.sub(r"[\W_]", "", name)
    return f"{plain}_{100 + number}_{90_000 + number}_{file}", f"{plain}_{100 + number}"


LAYOUTS: dict[str, Layout] = {
    "folders": lambda _, name, file: (f"{name}/{file}", name),
    "deep folders": lambda _, name, file: (f"{name}/my work/{file}", name),
    "nbgrader": lambda _, name, file: (f"{name}/01_neuron/{file}", name),
    "moodle": lambda n, name, file: (f"{name} X_{n}_assignsubmission_file/{file}", f"{name} X_{n}"),
    "moodle flat": lambda n, name, file: (
        f"{name} X_{n}_assignsubmission_file_{file}",
        f"{name} X_{n}",
    ),
    "canvas": canvas,
    "canvas late": lambda n, name, file: (
        canvas(n, name, file)[0].replace(f"_{100 + n}_", f"_LATE_{100 + n}_", 1),
        canvas(n, name, file)[1],
    ),
    "canvas anonymous": lambda n, _, file: (f"anon_aB{n}_{90_000 + n}_{file}", f"anon_aB{n}"),
    "blackboard": lambda n, _, file: (
        f"Ex_1_u_{n}_attempt_2024-05-01-10-00-0{n}_{file}",
        f"u_{n}" if n < 0 else str(n),
    ),
}


def not_exercises_alone(class_: list[tuple[str, str]]) -> bool:
    """Leave out what nobody could tell from the folder of one learner, with an exercise in each."""
    return not {name for name, _ in class_} <= {WANTED.exercise, *OTHERS}


@settings(max_examples=120, deadline=None)
@given(
    st.sampled_from(list(LAYOUTS)),
    st.lists(
        st.tuples(st.sampled_from(NAMES), st.sampled_from(list(HANDED_IN))),
        min_size=2,
        max_size=6,
        unique_by=lambda pair: pair[0],
    ).filter(not_exercises_alone),
    st.sampled_from(["folder", "zip", "wrapped zip", "each by itself"]),
)
def test_whoever_handed_in_has_a_row_and_the_counts_add_up(tmp_path_factory, layout, class_, how):
    place = LAYOUTS[layout]
    files, expected = {}, {}
    for number, (name, file) in enumerate(class_):
        path, learner = place(number, name, file)
        files[path] = HANDED_IN[file]
        expected[safe_id(learner)] = file in GRADED
    folder = tmp_path_factory.mktemp("class") / "collected"
    try:
        found = found_in(*laid_out(folder, files, how))
        assert graded(found) == expected
        assert found.files == len(files)
    finally:
        shutil.rmtree(folder.parent)


def laid_out(folder: Path, files: dict[str, bytes], how: str) -> list[Path]:
    folder.mkdir(parents=True)
    if "zip" in how:
        under = "collected/" if how == "wrapped zip" else ""
        path = folder / "class.zip"
        path.write_bytes(zip_of({f"{under}{name}": data for name, data in files.items()}))
        return [path]
    for name, data in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)
    return [folder] if how == "folder" else sorted(folder.iterdir())


@pytest.mark.parametrize("how", ["folder", "zip", "each by itself"])
def test_a_learner_is_whoever_has_a_file_whatever_one_of_them_is_called(tmp_path, how):
    for number, shape in enumerate(["{}.py", "{}.ipynb.json", "{}/work.ipynb", "{}.zip"]):
        files = {}
        for name in ("ann", "bob", "cyd", "neuron", "01_neuron"):
            path = shape.format(name)
            inner = book(WORK) if "ipynb" in path else WORK
            files[path] = zip_of({"neuron.py": WORK}) if path.endswith("zip") else inner
        found = found_in(*laid_out(tmp_path / f"{number}", files, how))
        assert graded(found) == dict.fromkeys(("01_neuron", "ann", "bob", "cyd", "neuron"), True)


@pytest.mark.parametrize("how", ["folder", "each by itself"])
def test_an_empty_folder_and_a_link_are_rows(tmp_path, how):
    folder = tmp_path / "collected"
    laid_out(folder, {"ann/neuron.py": WORK, "cyd/02_gates.txt": NOTES}, how)
    (folder / "bob").mkdir()
    (tmp_path / "solutions").mkdir()
    (tmp_path / "solutions/neuron.py").write_bytes(WORK)
    (folder / "eve").symlink_to(tmp_path / "solutions")
    paths = [folder] if how == "folder" else sorted(folder.iterdir())
    assert graded(found_in(*paths)) == {"ann": True, "bob": False, "cyd": False, "eve": False}


def test_canvas_texts_and_links_are_their_learners(tmp_path):
    path = tmp_path / "submissions.zip"
    page = b"<html>my answer</html>"
    files = {"annahn_1_text.html": page, "bob_LATE_2_link.html": page, "cy_3_90001_a.py": WORK}
    path.write_bytes(zip_of(files))
    found = found_in(path)
    assert graded(found) == {"annahn_1": False, "bob_2": False, "cy_3": True}
    keys = {one.learner: one.problem.key for one in found.submissions if one.problem}
    assert keys == {"annahn_1": "submission.wrong_suffix", "bob_2": "submission.link"}


def test_blackboard_log_ins_with_underscores_stay_apart(tmp_path):
    path = tmp_path / "gradebook.zip"
    head = "Ex_1_{}_attempt_2024-05-01-10-00-00"
    files = {f"{head.format(who)}_neuron.py": WORK for who in ("ann_lee", "bob_lee", "x", "x_y")}
    files[f"{head.format('cy')}.txt"] = NOTES
    path.write_bytes(zip_of(files))
    assert graded(found_in(path)) == {
        "ann_lee": True,
        "bob_lee": True,
        "x": True,
        "x_y": True,
        "cy": False,
    }


# ---- one learner, several files ---------------------------------------------------------------


@pytest.mark.parametrize(
    "names",
    [
        ["Ann Ahn_1_assignsubmission_file/neuron.py", "Bo Bi_2_assignsubmission_file/neuron.py"],
        ["annahn_1_90001_neuron.py", "bobi_2_90002_neuron.py"],
        ["ann/neuron.py", "bo/neuron.py"],
        ["ann.py", "bo.py"],
    ],
)
def test_two_zips_of_a_class_are_one_class_and_the_newer_file_counts(tmp_path, names):
    old, new = WORK + b"old = 1\n", WORK + b"new = 1\n"
    later = [name.replace("9000", "9001") for name in names]
    for newer in ("monday.zip", "tuesday.zip"):
        for zip_name in ("monday.zip", "tuesday.zip"):
            is_new = zip_name == newer
            when = (2024, 5, 2 if is_new else 1, 0, 0, 0)
            theirs = dict.fromkeys(later if is_new else names, new if is_new else old)
            (tmp_path / zip_name).write_bytes(zip_of(theirs, when))
        found = found_in(tmp_path / "monday.zip", tmp_path / "tuesday.zip")
        assert [one.data for one in found.submissions] == [new, new]
        assert {note.name for one in found.submissions for note in one.notes} == {
            "note.newest_file"
        }


def test_zips_of_learners_are_no_zips_of_a_class(tmp_path):
    for name in ("ann", "bob", "cyd"):
        (tmp_path / f"{name}.zip").write_bytes(zip_of({"work.ipynb": book(WORK), "a.csv": b"1"}))
    found = found_in(*sorted(tmp_path.iterdir()))
    assert graded(found) == {"ann": True, "bob": True, "cyd": True}


def test_finished_work_wins_over_a_newer_stub_that_nbgrader_and_jupyter_have_changed(tmp_path):
    chinese = STUB.replace(b"Say it.", "说。".encode())
    stub = book(b"# nbgrader's header\nNAME = 'Ann'", chinese, b"print('footer')")
    laid_out(tmp_path / "c", {"ann/old work.py": WORK, "ann/neuron.ipynb": stub}, "folder")
    os.utime(tmp_path / "c/ann/old work.py", (1, 1))
    (one,) = found_in(tmp_path / "c").submissions
    assert (one.name, one.notes) == ("old work.py", ())


def test_the_note_says_newest_only_of_the_newest(tmp_path):
    files = {"ann/neuron.py": WORK, "ann/neuron_v2.py": WORK, "bob/x.py": WORK}
    laid_out(tmp_path / "c", files, "folder")
    os.utime(tmp_path / "c/ann/neuron.py", (1, 1))
    for name in ("neuron.py", "neuron (1).py"):
        (tmp_path / "c/ann" / name).write_bytes(WORK)
        os.utime(tmp_path / "c/ann" / name, (1, 1 + len(name)))
    ann = found_in(tmp_path / "c").submissions[0]
    assert [(note.name, note.facts) for note in ann.notes] == [
        ("note.newest_file", {"file": "neuron (1).py"})
    ]
    os.utime(tmp_path / "c/ann/neuron.py", (14, 14))
    ann = found_in(tmp_path / "c").submissions[0]
    assert [note.name for note in ann.notes] == ["note.other_file"]


def test_work_written_below_an_untouched_stub_is_work():
    tasks = frozenset({"neuron"})

    def is_untouched(*cells: bytes) -> bool:
        return work_in(
            read_program(Submission("", "a.ipynb", book(*cells), ""), "m").parts, tasks
        ).is_untouched

    assert is_untouched(STUB)
    assert is_untouched(STUB, b"print(neuron(2))")
    assert not is_untouched(STUB, WORK)
    assert not is_untouched(STUB.replace(b"    raise", b"    y = x\n    raise"))
    assert not is_untouched(b"from mine import neuron\n", STUB.replace(b"neuron", b"other"))


def test_every_stub_of_the_course_is_known_and_no_solution_is_taken_for_one():
    course = find_course(Path(__file__))
    assert course is not None
    for name in course.exercises:
        exercise = course.authored(name)
        tasks = frozenset(task.name for task in exercise.tasks)
        given = course.assignments / name
        for path in (given / f"{exercise.module}.py", given / f"{exercise.module}.ipynb"):
            parts = read_program(Submission("", path.name, path.read_bytes(), ""), "m").parts
            assert work_in(parts, tasks).is_untouched, path
        solved = Submission("", exercise.source.name, exercise.source.read_bytes(), "")
        assert work_in(read_program(solved, "m").parts, tasks).begun == tasks


# ---- what lies beside -------------------------------------------------------------------------


def test_what_lies_beside_the_notebook_goes_with_it(tmp_path):
    files = {
        "ann/neuron.ipynb": book(b"from utils import *\n", WORK),
        "ann/utils.py": b"HALF = 0.5\n",
        "ann/data/points.csv": b"1,2\n",
        "ann/test_public.py": b"given = 1\n",
        "bob/neuron.py": WORK,
        "bob/deeper/helper.py": b"x = 1\n",
    }
    laid_out(tmp_path / "c", files, "folder")
    ann, bob = found_in(tmp_path / "c").submissions
    assert dict(ann.files) == {"utils.py": b"HALF = 0.5\n", "data/points.csv": b"1,2\n"}
    assert [path for path, _ in bob.files] == ["deeper/helper.py"]
    assert read_program(ann, "neuron").files == ann.files
    assert (tmp_path / "c/ann/utils.py").write_bytes(b"HALF = 1\n")
    assert found_in(tmp_path / "c").submissions[0].sha256 != ann.sha256


def test_helper_files_of_canvas_have_the_names_that_learners_gave_them(tmp_path):
    path = tmp_path / "submissions.zip"
    files = {"ann_1_90001_neuron.ipynb": book(WORK), "ann_1_90002_utils.py": b"x = 1\n"}
    path.write_bytes(zip_of({**files, "bob_2_90003_neuron.py": WORK}))
    assert found_in(path).submissions[0].files == (("utils.py", b"x = 1\n"),)


def test_what_lies_beside_is_bounded_and_what_is_named_in_the_program_comes_first(tmp_path):
    files = {f"ann/{number:03}.csv": b"1" for number in range(80)}
    files |= {"ann/neuron.py": WORK + b"open('zz.csv')\n", "ann/zz.csv": b"2"}
    files |= {"ann/large.bin": bytes(9 * 2**20), "bob/neuron.py": WORK}
    laid_out(tmp_path / "c", files, "folder")
    found = found_in(tmp_path / "c")
    ann = found.submissions[0]
    assert len(ann.files) == 64
    assert ann.files[0] == ("zz.csv", b"2")
    assert {each.reason for each in found.skipped} == {"beside_too_much"}


def test_a_link_beside_the_notebook_does_not_go_with_it(tmp_path):
    laid_out(tmp_path / "c", {"ann/neuron.py": WORK, "bob/neuron.py": WORK}, "folder")
    (tmp_path / "c/ann/utils.py").symlink_to(tmp_path / "c/bob/neuron.py")
    (tmp_path / "c/ann/data").symlink_to(tmp_path / "c/bob")
    found = found_in(tmp_path / "c")
    assert all(not one.files for one in found.submissions)
    assert {each.reason for each in found.skipped} == {"symlink"}


def test_a_folder_known_to_be_one_learners_is_one_whatever_lies_in_it(tmp_path):
    files = {"my.ipynb": book(WORK), "bob.py": b"x = 1\n", "cyd.png": b"\x89PNG"}
    laid_out(tmp_path / "submission", files, "folder")
    one = handed_in_by("ann", tmp_path / "submission", WANTED, OTHERS)
    assert (one.learner, one.name) == ("ann", "my.ipynb")
    (tmp_path / "link").symlink_to(tmp_path / "submission")
    linked = handed_in_by("ann", tmp_path / "link", WANTED, OTHERS)
    assert (linked.data, linked.is_out_of_reach) == (b"", True)


# ---- hostile ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "data",
    [b" \n" * 1_000_000, b"def " * 500_000, b"x" * 2_000_000, b"=" * 2_000_000, b"(" * 2_000_000],
)
def test_to_look_for_work_takes_time_in_proportion_to_the_file(data):
    start = time.process_time()
    for name in ("a.txt", "a.py"):
        submission = Submission("", name, b"import os\n" + data, "")
        work_in(read_program(submission, "m").parts, frozenset({"neuron"}))
    assert time.process_time() - start < 10


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=60), st.sampled_from([*HANDED_IN, "x.ipynb", "..", "-rf", "a\n.py"]))
def test_any_bytes_under_any_name_are_a_form_or_a_reason(data, name):
    try:
        assert form_of(data, name) in ("notebook", "script")
    except Exception as error:
        assert str(getattr(error, "key", "")).startswith("submission."), error  # noqa: PT017
