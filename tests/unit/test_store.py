"""The store of results: whole files, one run at a time, nothing graded twice."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.atomic import write_atomically
from autograder.errors import EngineFault, GradeFlowError
from autograder.grading.store import ResultStore, digest_folder, fingerprint
from autograder.model import SCHEMA_VERSION, CheckResult, Result, Score, Verdict, to_json


def payload(**fields) -> bytes:
    return json.dumps({"learner": "ana", "fingerprint": "abc", **fields}).encode()


@pytest.fixture
def store(tmp_path):
    with ResultStore(tmp_path / "results") as opened:
        yield opened


def test_what_was_written_is_read(store):
    store.write("王小明", payload())
    assert store.read("王小明") == payload()
    assert store.learners() == ("王小明",)


def test_a_learner_without_a_result_has_none(store):
    assert store.read("bo") is None
    assert not store.fresh("bo", "abc")


def test_what_lies_there_and_cannot_be_read_is_not_called_gone(tmp_path):
    (tmp_path / "ann.json").mkdir()
    with pytest.raises(GradeFlowError, match=r"ann\.json cannot be read \(.+\): look at its perm"):
        ResultStore(tmp_path).result("ann")


def test_a_later_result_takes_the_place_of_an_earlier_one(store):
    store.write("ana", payload(fingerprint="old"))
    store.write("ana", payload(fingerprint="new"))
    assert store.fresh("ana", "new")
    assert not store.fresh("ana", "old")


def test_a_result_of_this_version_of_the_schema_is_fresh(store):
    store.write("ana", payload(schema_version=SCHEMA_VERSION))
    assert store.fresh("ana", "abc")


@pytest.mark.parametrize(
    "stored",
    [
        b"", b"{", b"[]", b'"abc"', b"null", b'{"fingerprint": 7}', payload()[:-1], b"\xff\xfe",
        b'{"fingerprint": "abc", "schema_version": 0}', b'{"a":' * 100_000, b"{}",
    ],
)  # fmt: skip
def test_a_damaged_or_older_result_is_not_fresh(store, stored):
    store.write("ana", stored)
    assert not store.fresh("ana", "abc")


def test_no_fingerprint_is_never_fresh(store):
    store.write("ana", payload(fingerprint=""))
    assert not store.fresh("ana", "")


@pytest.mark.parametrize("learner", ["", "../ana", "a/b", ".ana", "con", "a\x00", "a\\b"])
def test_an_id_that_is_no_file_name_is_refused(store, learner):
    with pytest.raises(EngineFault, match="no learner's id"):
        store.write(learner, b"{}")


def test_only_complete_results_lie_in_the_folder(store, tmp_path):
    store.write("ana", payload())
    assert [p.name for p in (tmp_path / "results").iterdir() if p.suffix != ".lock"] == ["ana.json"]


def test_what_a_killed_run_left_is_cleared(tmp_path):
    left = tmp_path / ".0123.tmp"
    left.write_bytes(b"half a resu")
    with ResultStore(tmp_path) as store:
        assert store.learners() == ()
    assert not left.exists()


@pytest.mark.skipif(sys.platform == "win32", reason="needs a limit on the size of files")
def test_a_full_disk_loses_nothing_and_leaves_nothing(store, tmp_path):
    import resource

    store.write("ana", payload())
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (10_000, hard))
    try:
        with pytest.raises(GradeFlowError, match=r"results .*Nothing was lost") as caught:
            store.write("ana", b"x" * 20_000)
        with pytest.raises(OSError, match="too large") as unnamed:
            write_atomically(tmp_path / "report", b"x" * 20_000)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert "ana" in str(caught.value)
    assert unnamed.value.filename == str(tmp_path / "report")  # the system names no file
    assert store.read("ana") == payload()
    assert not list((tmp_path / "results").glob("*.tmp"))
    assert not list((tmp_path / "results").glob(".*.tmp"))


def test_a_folder_that_cannot_be_made_is_named(tmp_path):
    (tmp_path / "results").write_text("a file")
    with (
        pytest.raises(GradeFlowError, match=r"results cannot be made"),
        ResultStore(tmp_path / "results"),
    ):
        pass


def test_a_second_run_is_refused_until_the_first_is_done(tmp_path):
    refused = pytest.raises(GradeFlowError, match=f"Another run .*process {os.getpid()}")
    with ResultStore(tmp_path), refused:
        ResultStore(tmp_path).__enter__()
    with ResultStore(tmp_path) as store:
        store.write("ana", payload())


HOLDER = """
import sys
from pathlib import Path
from autograder.grading.lock import FolderLock
lock = FolderLock(Path(sys.argv[1]))
lock.acquire()
print("held", flush=True)
sys.stdin.read()
"""


def test_a_run_in_another_process_is_noticed_and_its_death_frees_the_folder(tmp_path):
    root = Path(__file__).parents[2]
    with subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(tmp_path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(root)},
    ) as holder:
        assert holder.stdout.readline() == b"held\n"
        with pytest.raises(GradeFlowError, match=f"process {holder.pid}"):
            ResultStore(tmp_path).__enter__()
        holder.kill()
        holder.wait()
        with ResultStore(tmp_path) as store:
            store.write("ana", payload())


def test_nothing_is_written_without_the_lock(tmp_path):
    with pytest.raises(EngineFault):
        ResultStore(tmp_path).write("ana", payload())
    assert list(tmp_path.iterdir()) == []


# ---- what a result depends on ----


def folder(root: Path, **files: str) -> Path:
    root.mkdir()
    for name, text in files.items():
        path = root / name.replace("__", ".")
        path.write_text(text)
    return root


def test_a_digest_does_not_depend_on_where_a_folder_lies(tmp_path):
    one = folder(tmp_path / "one", a="1", b="2")
    two = folder(tmp_path / "two", b="2", a="1")
    assert digest_folder([one]) == digest_folder([two])


def test_a_digest_does_not_depend_on_the_order_of_paths(tmp_path):
    one, two = folder(tmp_path / "one", a="1"), folder(tmp_path / "two", b="2")
    assert digest_folder([one, two]) == digest_folder([two, one])


def test_a_digest_follows_names_and_contents(tmp_path):
    folders = [
        folder(tmp_path / "one", a="1", b="2"),
        folder(tmp_path / "two", a="2", b="1"),
        folder(tmp_path / "three", a="1", c="2"),
        folder(tmp_path / "four", a="1"),
        folder(tmp_path / "five", a="1", b="2\n"),
    ]
    assert len({digest_folder([one]) for one in folders}) == 5


def test_a_digest_of_a_file_follows_its_name(tmp_path):
    one = folder(tmp_path / "one", a="1", b="1")
    assert digest_folder([one / "a"]) != digest_folder([one / "b"])


def test_caches_do_not_change_a_digest(tmp_path):
    one = folder(tmp_path / "one", a="1")
    before = digest_folder([one])
    (one / "__pycache__").mkdir()
    (one / "__pycache__" / "a.pyc").write_bytes(b"\0")
    (one / ".DS_Store").write_bytes(b"\0")
    assert digest_folder([one]) == before


def test_a_digest_of_nothing_is_an_error(tmp_path):
    with pytest.raises(GradeFlowError, match="nowhere cannot be read"):
        digest_folder([tmp_path / "nowhere"])


@given(
    st.lists(st.text(max_size=6), min_size=3, max_size=3),
    st.lists(st.text(max_size=6), min_size=3, max_size=3),
)
def test_a_fingerprint_tells_its_three_parts_apart(one, other):
    assert (fingerprint(*one) == fingerprint(*other)) == (one == other)


@pytest.mark.parametrize(
    ("result", "says"),
    [
        (Result("01_tiny", "ann", "f.py", Score(60.0, 1000.0)), "says 1000.0 of 60.0 points"),
        (Result("01_tiny", "ann", "f.py", Score(60.0, -1.0)), "says -1.0 of 60.0 points"),
        (Result("01_tiny", "../../evil", "f.py", Score(60.0, 6.0)), "is of '../../evil'"),
        (
            Result(
                "01_tiny",
                "ann",
                "f.py",
                Score(60.0, 60.0),
                checks=(CheckResult("a", "t", False, Verdict.FAILED, 60.0),),
            ),
            "which its checks do not give",
        ),
    ],
)
def test_a_stored_result_that_was_changed_by_hand_is_refused(tmp_path, result, says):
    path = tmp_path / "ann.json"
    path.write_bytes(to_json(result))
    with pytest.raises(GradeFlowError, match=re.escape(says)):
        ResultStore(tmp_path).result("ann")
