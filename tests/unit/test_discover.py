"""Finding a class's submissions in the layouts in which they arrive."""

from __future__ import annotations

import io
import os
import struct
import sys
import unicodedata
import zipfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.errors import GradeFlowError
from autograder.model import Diagnosis
from autograder.submission import archive, finding
from autograder.submission.discover import LEFT_OUT, Discovery, Wanted, discover
from autograder.submission.learners import safe_id
from autograder.submission.reading import read_program

CODE = b"import math\n"
BOOK = b'{"cells": [{"cell_type": "code", "source": "x = 1"}], "nbformat": 4}'
WORK = b"def neuron(x):\n    return x\n"
TASKS = frozenset({"neuron"})


def lay(root: Path, *names: str, data: bytes | None = None) -> Path:
    for name in names:
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(usual(name) if data is None else data)
    return root


def usual(name: str) -> bytes:
    return BOOK if name.endswith(".ipynb") else CODE


def zipped(*names: str, **contents: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as made:
        for name in names:
            made.writestr(name, usual(name))
        for name, data in contents.items():
            made.writestr(name, data)
    return buffer.getvalue()


def found_in(*paths: Path, others: frozenset[str] = frozenset(), **more) -> Discovery:
    """Discover, and hold that what was handed in is all told, whatever the layout."""
    discovery = discover(paths, Wanted("01_neuron", "neuron", **more), others)
    assert {skipped.reason for skipped in discovery.skipped} <= LEFT_OUT.keys()
    with_file = sum(bool(one.name) for one in discovery.submissions)
    assert discovery.files == with_file + discovery.beside + len(discovery.skipped)
    assert discovery.beside == sum(len(one.files) for one in discovery.submissions)
    return discovery


def told(discovery: Discovery) -> dict[str, str]:
    """Return why a learner's row has no grade; a graded one's is empty."""
    return {
        one.learner: " ".join(
            map(str, (one.problem.key.partition(".")[2], *one.problem.facts.values()))
        )
        if one.problem
        else ""
        for one in discovery.submissions
    }


def chosen(*paths: Path, **more) -> dict[str, str]:
    return {one.learner: one.name for one in found_in(*paths, **more).submissions}


def reasons(discovery: Discovery, root: Path) -> dict[str, str]:
    return {
        one.origin.removeprefix(str(root)).strip("/\\").replace("\\", "/"): one.reason
        for one in discovery.skipped
    }


# ---- files and folders ----


def test_a_file_is_named_for_its_learner(tmp_path):
    lay(tmp_path, "ana.py", "bo/neuron.ipynb")
    assert chosen(tmp_path / "ana.py", tmp_path / "bo/neuron.ipynb") == {
        "ana": "ana.py",
        "bo": "neuron.ipynb",
    }


def test_a_submission_holds_the_file_and_where_it_lay(tmp_path):
    (one,) = found_in(lay(tmp_path, "ana.py")).submissions
    assert (one.data, one.origin, one.notes) == (CODE, str(tmp_path / "ana.py"), ())


def test_a_folder_of_files_is_a_class(tmp_path):
    lay(tmp_path, "ana.py", "bo.ipynb", "王小明.py", "grades.csv", "readme.txt", "list.md")
    assert chosen(tmp_path) == {
        "ana": "ana.py",
        "bo": "bo.ipynb",
        "王小明": "王小明.py",
        "grades": "grades.csv",
        "readme": "readme.txt",
        "list": "list.md",
    }


def test_a_folder_of_folders_is_a_class(tmp_path):
    lay(tmp_path, "ana/neuron.py", "bo/work/my.ipynb", "cy/neuron.py", "cy/plot.png")
    assert chosen(tmp_path) == {"ana": "neuron.py", "bo": "my.ipynb", "cy": "neuron.py"}


def test_a_stray_stub_among_learners_files_does_not_merge_the_class(tmp_path):
    assert set(chosen(lay(tmp_path / "class", "ana.py", "bo.py", "neuron.py"))) == {
        "ana",
        "bo",
        "neuron",
    }


def test_a_learners_own_folder_is_one_learner(tmp_path):
    lay(tmp_path / "ana", "neuron.py", "old/neuron.py", "neuron (1).py")
    assert set(chosen(tmp_path / "ana")) == {"ana"}


def test_the_submitted_folder_of_nbgrader_is_read_for_this_exercise_only(tmp_path):
    lay(tmp_path, "ana/01_neuron/neuron.ipynb", "ana/01_neuron/timestamp.txt")
    lay(tmp_path, "ana/02_gates/gates.ipynb", "ana/02_gates/timestamp.txt")
    lay(tmp_path, "bo/02_gates/gates.ipynb", "bo/02_gates/timestamp.txt")
    lay(tmp_path, "cy/01_neuron/neuron.py")
    discovery = found_in(tmp_path)
    assert [one.learner for one in discovery.submissions] == ["ana", "cy"]
    assert reasons(discovery, tmp_path) == {
        "ana/02_gates/gates.ipynb": "other_exercise",
        "bo/02_gates/gates.ipynb": "other_exercise",
    }


@pytest.mark.parametrize("given_path", ["ana", "ana/01_neuron", "ana/01_neuron/neuron.ipynb"])
def test_a_part_of_nbgraders_submitted_folder_still_names_the_learner(tmp_path, given_path):
    lay(tmp_path, "ana/01_neuron/neuron.ipynb", "ana/02_gates/gates.ipynb")
    others = frozenset({"02_gates"})
    assert chosen(tmp_path / given_path, others=others) == {"ana": "neuron.ipynb"}


def test_one_learner_of_several_exercises_is_no_class(tmp_path):
    lay(tmp_path, "ana/01_neuron/neuron.py", "ana/02_gates/gates.py")
    assert chosen(tmp_path, others=frozenset({"02_gates"})) == {"ana": "neuron.py"}


def test_what_no_learner_wrote_is_not_looked_at(tmp_path):
    lay(tmp_path, "ana/neuron.py", "ana/.ipynb_checkpoints/neuron-checkpoint.ipynb")
    lay(tmp_path, "ana/__pycache__/neuron.py", "__MACOSX/ana/._neuron.py", "ana/._neuron.py")
    lay(tmp_path, "ana/venv/lib/numpy.py", ".git/hook.py", "ana/Thumbs.db", "bo/neuron.py")
    discovery = found_in(tmp_path)
    assert (len(discovery.submissions), discovery.files) == (2, 2)


def test_what_is_given_with_the_exercise_is_nobodys_work(tmp_path):
    given = frozenset({"neuron.py", "test_public.py", "plot.py", "answers.json"})
    lay(tmp_path / "ana", *given, data=WORK)
    lay(tmp_path / "ana", "test_public.py", "plot.py", "answers.json", data=b"import os\n")
    for path in (tmp_path, tmp_path / "ana"):
        discovery = found_in(path, tasks=TASKS, given=given)
        (one,) = discovery.submissions
        assert (one.learner, one.name, one.files) == ("ana", "neuron.py", ())
        assert {each.reason for each in discovery.skipped} == {"handed_out"}


def test_a_path_and_a_file_in_it_give_one_submission(tmp_path):
    lay(tmp_path, "ana.py", "bo.py")
    assert len(found_in(tmp_path, tmp_path / "ana.py").submissions) == 2


def test_a_document_in_a_learners_folder_is_handed_on_so_that_they_are_told(tmp_path):
    lay(tmp_path, "ana/neuron.py")
    lay(tmp_path, "bo/readme.txt", data=b"Please mark kindly.")
    lay(tmp_path, "bo/neuron.docx", data=b"PK\x03\x04")
    submissions = {one.learner: one for one in found_in(tmp_path).submissions}
    assert submissions["bo"].name == "neuron.docx"
    with pytest.raises(GradeFlowError, match="wrong_suffix"):
        read_program(submissions["bo"], "neuron")


def test_a_missing_path_says_what_to_give(tmp_path):
    with pytest.raises(GradeFlowError, match=r"nobody does not exist: give a script"):
        found_in(tmp_path / "nobody")


def test_a_file_of_another_kind_has_a_row_that_says_so(tmp_path):
    assert told(found_in(lay(tmp_path, "a.rar", data=b"Rar!") / "a.rar")) == {
        "a": "wrong_suffix .rar"
    }


def test_an_empty_folder_says_what_was_looked_for(tmp_path):
    with pytest.raises(GradeFlowError, match=r"neuron\.py, neuron\.ipynb .* Moodle, Canvas"):
        found_in(tmp_path)


# ---- which of several files ----


def aged(path: Path, seconds: int) -> None:
    os.utime(path, (seconds, seconds))


def test_the_newest_of_several_files_is_graded_and_the_others_are_named(tmp_path):
    lay(tmp_path, "ana/neuron.py", "ana/neuron.ipynb")
    aged(tmp_path / "ana/neuron.py", 2_000)
    aged(tmp_path / "ana/neuron.ipynb", 1_000)
    discovery = found_in(tmp_path)
    assert [(one.name, one.notes) for one in discovery.submissions] == [
        ("neuron.py", (Diagnosis("note.newest_file", facts={"file": "neuron.py"}),))
    ]
    assert reasons(discovery, tmp_path) == {"ana/neuron.ipynb": "other_file"}


def test_of_equally_old_files_the_notebook_is_graded(tmp_path):
    for name in ("ana/neuron.py", "ana/neuron.ipynb"):
        aged(lay(tmp_path, name) / name, 1_000)
    assert chosen(tmp_path) == {"ana": "neuron.ipynb"}


def test_a_file_named_like_the_module_is_graded_before_a_newer_helper(tmp_path):
    lay(tmp_path, "ana/neuron.py", "ana/helper.py", "bo/neuron.py")
    aged(tmp_path / "ana/neuron.py", 1_000)
    assert chosen(tmp_path)["ana"] == "neuron.py"


STUB = b'''def neuron(x):
    """A sentence.

    The example: neuron(1) -> 2
    """
    raise NotImplementedError("neuron")
'''


def test_an_untouched_stub_is_graded_last(tmp_path):
    lay(tmp_path, "ana/neuron.ipynb", data=STUB)
    lay(tmp_path, "ana/my_work.py", "bo/neuron.py")
    aged(tmp_path / "ana/my_work.py", 1_000)
    assert chosen(tmp_path, tasks=frozenset({"neuron"}))["ana"] == "my_work.py"


def test_a_stub_alone_is_graded(tmp_path):
    lay(tmp_path, "ana.py", data=STUB)
    assert chosen(tmp_path, tasks=frozenset({"neuron"})) == {"ana": "ana.py"}


# ---- learners' ids ----


def test_the_same_name_from_two_places_gives_two_ids(tmp_path):
    lay(tmp_path, "a/ana.py", "b/Ana.py")
    submissions = found_in(tmp_path / "a/ana.py", tmp_path / "b/Ana.py").submissions
    assert sorted(one.learner.casefold() for one in submissions) == ["ana", "ana-2"]
    assert [one.notes for one in submissions].count((Diagnosis("note.same_id"),)) == 1


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("王小明", "王小明"),
        ("Ana María", "Ana María"),
        (unicodedata.normalize("NFD", "José"), "José"),
        ("../../etc/passwd", "_.._etc_passwd"),
        ("a\\b:c", "a_b_c"),
        ("...", "learner"),
        ("", "learner"),
        ("-rf", "rf"),
        ("a\x00\x1b[31mb\u202e", "a[31mb"),
        ("con", "_con"),
        ("NUL.txt", "_NUL.txt"),
        ("lpt1", "_lpt1"),
        ("console", "console"),
        ("ana. ", "ana"),
        ("a\ud800b", "ab"),
    ],
)
def test_an_id_is_safe_as_a_files_name(text, wanted):
    assert safe_id(text) == wanted


def test_long_names_are_cut_and_stay_apart():
    first, second = safe_id("王" * 100 + "a"), safe_id("王" * 100 + "b")
    assert first != second
    assert len(first.encode()) <= 120


@given(st.text(max_size=80) | st.text(st.characters(codec="utf-8"), min_size=30, max_size=150))
def test_an_id_is_its_own_id_and_one_plain_name(text):
    one = safe_id(text)
    assert safe_id(one) == one
    assert Path(one).name == one
    assert one == unicodedata.normalize("NFC", one)


# ---- learning platforms ----


MOODLE = "Ana María_123_assignsubmission_file_"


def test_a_zip_from_moodle_is_a_class(tmp_path):
    path = tmp_path / "moodle.zip"
    path.write_bytes(zipped(f"{MOODLE}/neuron.py", "王小明_7_assignsubmission_file/my.ipynb"))
    assert chosen(path) == {"Ana María_123": "neuron.py", "王小明_7": "my.ipynb"}


def test_moodles_flat_names_and_online_texts_are_known(tmp_path):
    path = tmp_path / "moodle.zip"
    names = ["Ana_1_assignsubmission_file_neuron.py", "Bo_2_assignsubmission_onlinetext.html"]
    path.write_bytes(zipped(*names))
    assert chosen(path) == {"Ana_1": "neuron.py", "Bo_2": ".html"}


def test_a_zip_from_canvas_is_a_class(tmp_path):
    path = tmp_path / "submissions.zip"
    path.write_bytes(
        zipped(
            "doejane_12_67890_neuron.py", "litwo_LATE_13_67891_neuron-1.py", "x_14_67892_my.ipynb"
        )
    )
    assert chosen(path) == {
        "doejane_12": "neuron.py",
        "litwo_13": "neuron-1.py",
        "x_14": "my.ipynb",
    }


def test_canvas_counts_resubmissions(tmp_path):
    path = tmp_path / "submissions.zip"
    path.write_bytes(
        zipped(*(f"a_1_6789{i}_neuron{n}.py" for i, n in enumerate(["-9", "", "-10"])))
    )
    assert chosen(path) == {"a_1": "neuron-10.py"}


def test_the_last_attempt_in_blackboard_counts(tmp_path):
    path = tmp_path / "gradebook.zip"
    head = "Neuron_1_ana7_attempt_2024-10-0"
    path.write_bytes(
        zipped(
            f"{head}2-09-00-00_neuron.py", f"{head}1-09-00-00_neuron.ipynb", f"{head}2-09-00-00.txt"
        )
    )
    assert chosen(path) == {"ana7": "neuron.py"}


def test_an_unpacked_zip_of_a_platform_is_read_alike(tmp_path):
    lay(tmp_path / "down", f"{MOODLE}/neuron.py", "Bo_2_assignsubmission_file_/neuron.py")
    for path in (tmp_path, tmp_path / "down"):
        assert set(chosen(path)) == {"Ana María_123", "Bo_2"}
    assert set(chosen(tmp_path / "down" / MOODLE)) == {"Ana María_123"}


@pytest.mark.parametrize(
    ("names", "learners"),
    [
        (
            [
                f"Eve_6_assignsubmission_file_/{MOODLE}/neuron.py",
                "Al_8_assignsubmission_file_/neuron.py",
            ],
            {"Eve_6", "Al_8"},
        ),
        (
            [
                "N_mal_attempt_2024-10-02-09-00-00_x_ana_attempt_2024-10-02-09-00-00_neuron.py",
                "N_bo_attempt_2024-10-02-09-00-00_neuron.py",
            ],
            {"mal", "bo"},
        ),
        (["doe_1_67890_roe_2_67891_neuron.py", "lee_3_67892_neuron.py"], {"doe_1", "lee_3"}),
        ([f"{MOODLE}neuron.py", "bo.py", "cy.py"], {f"{MOODLE}neuron", "bo", "cy"}),
    ],
)
def test_a_learners_own_names_cannot_name_another_learner(tmp_path, names, learners):
    path = tmp_path / "class.zip"
    path.write_bytes(zipped(*names))
    assert set(chosen(path)) == learners


def test_a_folder_that_looks_like_canvas_is_still_a_learners_own(tmp_path):
    lay(tmp_path, "chen_2024_1001_wei/neuron.py", "chen_2024_1002_li/neuron.py")
    assert set(chosen(tmp_path)) == {"chen_2024_1001_wei", "chen_2024_1002_li"}


# ---- zips ----


def test_a_zip_with_a_folder_for_each_learner_is_a_class(tmp_path):
    for name, wrap in (("plain", ""), ("wrapped", "class/")):
        path = tmp_path / f"{name}.zip"
        path.write_bytes(zipped(f"{wrap}ana/neuron.py", f"{wrap}bo/neuron.ipynb"))
        assert chosen(path) == {"ana": "neuron.py", "bo": "neuron.ipynb"}


def test_a_zip_of_one_learner_is_named_by_the_zip(tmp_path):
    for name in ("neuron.py", "01_neuron/neuron.py"):
        (tmp_path / "ana.zip").write_bytes(zipped(name))
        assert chosen(tmp_path / "ana.zip") == {"ana": "neuron.py"}


def test_learners_zips_are_read_in_folders_and_in_zips(tmp_path):
    inner = zipped("work/neuron.py")
    for names, learners in (
        ([f"{MOODLE}/all.zip", "Bo_2_assignsubmission_file_my.zip"], {"Ana María_123", "Bo_2"}),
        (["doe_1_67890_mine.zip", "li_2_67891_neuron.zip"], {"doe_1", "li_2"}),
        (["cy.zip", "di.zip"], {"cy", "di"}),
    ):
        (tmp_path / "class.zip").write_bytes(zipped(**dict.fromkeys(names, inner)))
        assert set(chosen(tmp_path / "class.zip")) == learners
    lay(tmp_path / "folder", "ana.zip", "bo/my.zip", data=inner)
    assert chosen(tmp_path / "folder") == {"ana": "neuron.py", "bo": "neuron.py"}


def test_a_zip_in_a_zip_in_a_zip_is_left_out(tmp_path):
    inner = zipped("ana.py", **{"deep.zip": zipped("neuron.py")})
    path = tmp_path / "class.zip"
    path.write_bytes(zipped(**{"ana/all.zip": inner}))
    assert reasons(found_in(path), path) == {"!ana/all.zip!deep.zip": "zip_nested"}


def test_names_of_members_are_never_paths(tmp_path):
    path = tmp_path / "in" / "class.zip"
    path.parent.mkdir()
    path.write_bytes(zipped("../../ana.py", "/etc/bo.py", "C:\\x\\cy.py"))
    before = sorted(tmp_path.rglob("*"))
    assert len(found_in(path).submissions) == 3
    assert sorted(tmp_path.rglob("*")) == before


def test_chinese_names_in_zips_of_old_windows_are_read(tmp_path):
    # Python writes such a name as UTF-8; put the bytes in place of a stand-in of equal length.
    data = zipped("XXXX/neuron.py", "bo/neuron.py").replace(b"XXXX", "王明".encode("gbk"))
    (tmp_path / "class.zip").write_bytes(data)
    assert set(chosen(tmp_path / "class.zip")) == {"王明", "bo"}


def test_a_bomb_in_a_zip_is_left_out_unopened(tmp_path):
    path = tmp_path / "class.zip"
    path.write_bytes(zipped("bo/neuron.py", **{"ana/neuron.py": b"#" * 5_000_000}))
    assert told(found_in(path)) == {"ana": "archive zip_bomb", "bo": ""}


def test_a_member_over_the_limit_is_not_kept_and_its_size_is_told(tmp_path):
    path = tmp_path / "class.zip"
    large = b"import math\n" + b"#" + os.urandom(3 * 2**19).hex().encode()
    path.write_bytes(zipped(**{"ana/neuron.py": large, "bo/neuron.py": CODE}))
    assert told(found_in(path)) == {"ana": "too_large 3.0 2", "bo": ""}
    assert len(found_in(path).submissions[0].data) == 1


def test_locked_and_odd_members_are_left_out(tmp_path):
    path = tmp_path / "class.zip"
    plain = zipped("bo/neuron.py", "ana/neuron.py")
    at = plain.rindex(b"PK\x01\x02")
    locked = plain[: at + 8] + b"\x01" + plain[at + 9 :]
    lzma = plain[: at + 10] + b"\x0e" + plain[at + 11 :]
    for data, reason in ((locked, "zip_password"), (lzma, "zip_method")):
        path.write_bytes(data)
        assert told(found_in(path)) == {"ana": f"archive {reason}", "bo": ""}


def test_a_link_in_a_zip_is_left_out(tmp_path):
    path = tmp_path / "class.zip"
    with zipfile.ZipFile(path, "w") as made:
        link = zipfile.ZipInfo("ana/neuron.py")
        link.external_attr = 0o120777 << 16
        made.writestr(link, "/etc/passwd")
        made.writestr("bo/neuron.py", CODE)
    assert told(found_in(path)) == {"ana": "unreachable symlink", "bo": ""}


def test_a_table_of_contents_is_refused_before_it_is_parsed(tmp_path, monkeypatch):
    monkeypatch.setattr(archive, "MOST_CONTENTS", 1_000)
    lay(tmp_path, "bo/neuron.py")
    (tmp_path / "ana.zip").write_bytes(zipped(*(f"{i}.py" for i in range(50))))
    assert told(found_in(tmp_path)) == {"ana": "archive zip_too_many", "bo": ""}


def test_a_zip_of_too_many_members_is_left_out(tmp_path, monkeypatch):
    monkeypatch.setattr(archive, "MOST_MEMBERS", 9)
    lay(tmp_path, "bo/neuron.py")
    (tmp_path / "ana.zip").write_bytes(zipped(*(f"{i}.py" for i in range(10))))
    assert told(found_in(tmp_path)) == {"ana": "archive zip_too_many", "bo": ""}


def test_a_damaged_member_is_left_out_and_the_class_goes_on(tmp_path):
    path = tmp_path / "class.zip"
    data = bytearray(zipped(**{"ana/neuron.py": os.urandom(500), "bo/neuron.py": CODE}))
    data[200] ^= 255
    path.write_bytes(data)
    assert told(found_in(path)) == {"ana": "archive zip_damaged", "bo": ""}


def test_a_zip_that_is_none_is_named(tmp_path):
    path = tmp_path / "class.zip"
    path.write_bytes(b"<html>please log in</html>")
    with pytest.raises(GradeFlowError, match=r"class\.zip \(a damaged zip; "):
        found_in(path)


@settings(max_examples=150, deadline=None)
@given(
    st.binary(max_size=300),
    st.lists(st.tuples(st.integers(0, 10_000), st.integers(0, 255)), max_size=12),
)
def test_any_bytes_are_a_class_or_a_clear_error(tmp_path_factory, tail, changes):
    folder = tmp_path_factory.getbasetemp()
    path = folder / "fuzzed.zip"
    inner = zipped("neuron.py", "a/b.ipynb")
    data = bytearray(zipped("ana/neuron.py", "bo.py", **{"cy/all.zip": inner}) + tail)
    for place, value in changes:
        data[place % len(data)] = value
    path.write_bytes(data if changes else tail)
    try:
        discovery = found_in(path)
    except GradeFlowError:
        return
    for one in discovery.submissions:
        f"{one.learner}{one.name}{one.origin}".encode()


def test_a_zip_that_lies_about_its_contents_size_is_refused(tmp_path):
    data = bytearray(zipped("ana.py"))
    end = data.rindex(b"PK\x05\x06")
    struct.pack_into("<I", data, end + 12, 0xFFFFFFF0)
    (tmp_path / "class.zip").write_bytes(data)
    with pytest.raises(GradeFlowError, match="zip_"):
        found_in(tmp_path / "class.zip")


# ---- what a learner could plant ----


posix = pytest.mark.skipif(sys.platform == "win32", reason="needs POSIX links and pipes")


@posix
def test_links_are_left_out_wherever_they_lead(tmp_path):
    lay(tmp_path, "solutions/neuron.py", data=b"SECRET = 1\n")
    lay(tmp_path, "class/bo/neuron.py", "class/ana/notes.txt")
    (tmp_path / "class/ana/neuron.py").symlink_to(tmp_path / "solutions/neuron.py")
    (tmp_path / "class/ana/all").symlink_to(tmp_path / "solutions")
    (tmp_path / "class/ana/a.zip").symlink_to(tmp_path / "class/bo/neuron.py")
    (tmp_path / "class/ana/loop").symlink_to(tmp_path / "class")
    discovery = found_in(tmp_path / "class")
    assert all(b"SECRET" not in one.data for one in discovery.submissions)
    assert reasons(discovery, tmp_path / "class") == dict.fromkeys(
        ["ana/a.zip", "ana/all", "ana/loop", "ana/neuron.py"], "symlink"
    )


@posix
def test_a_path_that_is_itself_a_link_is_followed_since_the_instructor_gave_it(tmp_path):
    lay(tmp_path, "real/ana.py")
    (tmp_path / "class").symlink_to(tmp_path / "real")
    assert set(chosen(tmp_path / "class")) == {"ana"}


@posix
def test_a_pipe_does_not_hold_up_the_class(tmp_path):
    lay(tmp_path, "bo/neuron.py")
    lay(tmp_path, "ana/x.png", data=b"\x89PNG")
    os.mkfifo(tmp_path / "ana/neuron.py")
    assert told(found_in(tmp_path)) == {"ana": "unreachable not_regular", "bo": ""}


@posix
@pytest.mark.skipif(hasattr(os, "geteuid") and os.geteuid() == 0, reason="root reads everything")
def test_a_file_that_may_not_be_read_is_left_out(tmp_path):
    lay(tmp_path, "bo/neuron.py", "ana/neuron.py")
    (tmp_path / "ana/neuron.py").chmod(0)
    assert told(found_in(tmp_path)) == {"ana": "unreachable unreadable", "bo": ""}


@posix
def test_a_name_that_is_no_text_can_be_shown_and_stored(tmp_path):
    folder = os.fsencode(tmp_path) + b"/\xff\x1b[31m"
    try:
        os.mkdir(folder)  # noqa: PTH102 - the name is bytes
    except OSError:
        pytest.skip("this file system takes no such name")
    Path(os.fsdecode(folder), "neuron.py").write_bytes(CODE)
    lay(tmp_path, "bo/neuron.py")
    for one in found_in(tmp_path).submissions:
        assert f"{one.learner}{one.name}{one.origin}".encode().isascii() or "\ufffd" in one.origin
        assert "\x1b" not in one.origin


def test_a_folder_of_countless_files_is_cut_short_and_the_class_goes_on(tmp_path, monkeypatch):
    monkeypatch.setattr(finding, "MOST_EACH", {0: 1_000, 1: 20, 2: 20})
    lay(tmp_path, *(f"ana/{i}.txt" for i in range(30)), "bo/neuron.py")
    discovery = found_in(tmp_path)
    assert reasons(discovery, tmp_path)["ana"] == "too_many_files"
    assert "bo" in [one.learner for one in discovery.submissions]


def test_folders_without_end_are_cut_short(tmp_path):
    lay(tmp_path, "ana/" + "d/" * 15 + "neuron.py", "bo/neuron.py")
    assert told(found_in(tmp_path)) == {"ana": "unreachable too_deep", "bo": ""}


def test_a_learner_who_handed_in_only_another_exercise_is_not_graded_for_this_one(tmp_path):
    for learner, exercise in [("ann", "01_neuron"), ("bob", "02_gates")]:
        folder = tmp_path / "submitted" / learner / exercise
        folder.mkdir(parents=True)
        (folder / "work.py").write_text("x = 1\n")
    found = found_in(tmp_path / "submitted", others=frozenset({"02_gates"}))
    assert [submission.learner for submission in found.submissions] == ["ann"]
    assert [skipped.reason for skipped in found.skipped] == ["other_exercise"]
