"""Temporary files go with who made them, be it killed."""

import contextlib
import errno
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from autograder.errors import EngineFault
from autograder.grading.orders import Setup
from autograder.grading.pool import Pool
from autograder.messages import told
from autograder.sandbox import scratch
from autograder.sandbox.plain import start_plain
from autograder.sandbox.policy import Limits
from autograder.sandbox.scratch import Scratch
from autograder.sandbox.warm import WarmServer

MAKES = "import time; from autograder.sandbox.scratch import Scratch; s = Scratch(); "


@pytest.fixture(autouse=True)
def room(tmp_path, monkeypatch):
    """Temporary files go into a folder of the test's own, and no folder is too young to remove."""
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr(scratch, "GRACE", -1.0)
    scratch._sweep.cache_clear()
    yield tmp_path
    scratch._sweep.cache_clear()


def made_elsewhere(then):
    process = subprocess.Popen(
        [sys.executable, "-c", f"{MAKES}print(s.path, flush=True); {then}"],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(map(str, sys.path))},
    )
    assert process.stdout
    return process, Path(process.stdout.readline().strip())


def test_a_folder_holds_files_until_it_is_removed():
    made = Scratch()
    (Path(made.path) / "deep").mkdir()
    assert made.environment["TMPDIR"] == made.path
    made.remove()
    made.remove()
    assert not Path(made.path).exists()


@pytest.mark.skipif(sys.platform == "win32", reason="no such locks there")
def test_what_a_killed_process_left_is_removed_by_the_next_and_what_a_living_one_uses_stays():
    killed, left = made_elsewhere("time.sleep(60)")
    killed.kill()
    killed.wait()
    living, used = made_elsewhere("time.sleep(60)")
    try:
        assert left.exists()
        Scratch().remove()
        assert not left.exists()
        assert used.exists()
    finally:
        living.kill()
        for process in (killed, living):
            process.communicate()


@pytest.mark.skipif(sys.platform == "win32", reason="no such locks there")
def test_a_folder_that_has_just_been_made_is_not_taken_for_a_left_one(room, monkeypatch):
    monkeypatch.setattr(scratch, "GRACE", 60.0)
    young = room / f"{scratch.PREFIX}young"
    young.mkdir()
    Scratch().remove()
    assert young.exists()


@pytest.mark.skipif(sys.platform == "win32", reason="no such links there")
def test_a_link_of_that_name_leads_to_no_removal(room):
    (room / "precious").mkdir()
    (room / f"{scratch.PREFIX}link").symlink_to(room / "precious")
    Scratch().remove()
    assert (room / "precious").exists()


def test_folders_nested_deeper_than_python_recurses_are_removed():
    made = Scratch()
    here = os.open(made.path, os.O_RDONLY)
    for _ in range(sys.getrecursionlimit() + 200):
        os.mkdir("d", dir_fd=here)
        inner = os.open("d", os.O_RDONLY, dir_fd=here)
        os.close(here)
        here = inner
    os.close(here)
    made.remove()
    assert not Path(made.path).exists()


def test_where_no_folder_can_be_made_a_sentence_says_so(monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", "/nowhere/at/all")
    with pytest.raises(EngineFault, match="No folder for temporary files can be made"):
        Scratch()


def refused(*_, **__):
    raise BlockingIOError(errno.EAGAIN, "Resource temporarily unavailable")


def test_a_session_whose_process_cannot_be_started_leaves_no_folder(room, monkeypatch):
    monkeypatch.setattr("autograder.sandbox.plain.subprocess.Popen", refused)
    with pytest.raises(BlockingIOError):
        start_plain(Limits())
    assert not list(room.iterdir())


@pytest.mark.skipif(sys.platform != "linux", reason="the warm server is for Linux")
def test_a_warm_session_that_gets_no_line_to_its_server_leaves_no_folder(room, monkeypatch):
    with contextlib.closing(WarmServer(())) as server:
        monkeypatch.setattr("autograder.sandbox.warm.socket.socketpair", refused)
        with pytest.raises(EngineFault, match="Resource temporarily unavailable"):
            server.start(Limits())
    assert not list(room.iterdir())


def test_without_any_folder_for_temporary_files_it_is_said_what_to_do(monkeypatch):
    def nowhere():
        raise FileNotFoundError(errno.ENOENT, "No usable temporary directory found in ['/tmp']")

    monkeypatch.setattr("tempfile.tempdir", None)
    monkeypatch.setattr("tempfile._get_default_tempdir", nowhere)
    with pytest.raises(EngineFault, match="make one of them writable, or name another"):
        Scratch()
    with pytest.raises(OSError) as caught:  # noqa: PT011 - whose text is the next line's
        tempfile.gettempdir()
    assert told(caught.value, "en").endswith("or name another folder by setting TMPDIR")


LEAVES = """
import tempfile
with tempfile.NamedTemporaryFile("w", delete=False) as kept:
    pass
def double(z):
    return 2 * z
def total(z):
    return float(sum(z))
"""


def test_what_trusted_programs_write_into_a_worker_goes_with_it(tiny_exercise, make_entry, room):
    with Pool(Setup(tiny_exercise().folder, "", "none"), 1) as pool:
        list(pool.grade([make_entry(LEAVES)]))
        assert list(room.rglob("tmp*"))
    assert not list(room.rglob("tmp*"))
