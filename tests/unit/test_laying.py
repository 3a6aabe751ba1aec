"""Generated files are laid into a folder, and never over what somebody wrote there."""

import pytest

from autograder.handout.laying import digest, lay, read_record, tell_apart, write_record

OLD, NEW, OWN = b"old\n", b"new\n", b"my own work\n"


@pytest.fixture
def given(tmp_path):
    """A folder into which one file was laid, and what is known of it."""
    return tmp_path, lay(tmp_path, {"a/x.py": OLD}, {}).record


def test_what_was_not_there_is_written(tmp_path):
    laid = lay(tmp_path, {"a/x.py": OLD}, {})
    assert laid.new == ("a/x.py",)
    assert (tmp_path / "a" / "x.py").read_bytes() == OLD


def test_what_is_as_it_was_given_is_brought_up_to_date(given):
    folder, record = given
    assert lay(folder, {"a/x.py": NEW}, record).updated == ("a/x.py",)
    assert (folder / "a" / "x.py").read_bytes() == NEW


def test_what_somebody_wrote_is_left_alone_and_named(given):
    folder, record = given
    (folder / "a" / "x.py").write_bytes(OWN)
    laid = lay(folder, {"a/x.py": NEW}, record)
    assert (laid.kept, laid.updated) == (("a/x.py",), ())
    assert (folder / "a" / "x.py").read_bytes() == OWN


def test_a_file_of_which_nothing_is_known_is_somebodys_own(tmp_path):
    (tmp_path / "x.py").write_bytes(OWN)
    assert lay(tmp_path, {"x.py": NEW}, {}).kept == ("x.py",)
    assert (tmp_path / "x.py").read_bytes() == OWN


def test_work_stays_somebodys_own_through_any_number_of_releases(given):
    folder, record = given
    (folder / "a" / "x.py").write_bytes(OWN)
    for text in (NEW, OLD, NEW):
        laid = lay(folder, {"a/x.py": text}, record)
        record = laid.record
        assert laid.kept == ("a/x.py",)
    assert (folder / "a" / "x.py").read_bytes() == OWN


def test_by_force_it_is_replaced_and_a_copy_is_kept_each_time(given):
    folder, record = given
    copies = []
    for text in (b"first work", b"second work"):
        (folder / "a" / "x.py").write_bytes(text)
        laid = lay(folder, {"a/x.py": NEW}, record, force=True)
        record = laid.record
        copies.append(laid.saved["a/x.py"])
    assert [copy.read_bytes() for copy in copies] == [b"first work", b"second work"]
    assert (folder / "a" / "x.py").read_bytes() == NEW


def test_to_tell_what_would_be_done_writes_nothing(given):
    folder, record = given
    assert tell_apart(folder, {"a/x.py": NEW, "y.py": NEW}, record).new == ("y.py",)
    assert (folder / "a" / "x.py").read_bytes() == OLD
    assert not (folder / "y.py").exists()


def test_ends_of_lines_that_git_has_made_are_nobodys_work(given):
    folder, record = given
    (folder / "a" / "x.py").write_bytes(b"old\r\n")
    assert lay(folder, {"a/x.py": NEW}, record).updated == ("a/x.py",)


def test_in_a_picture_every_byte_counts():
    assert digest("a.png", b"\r\n") != digest("a.png", b"\n")


def test_another_language_chosen_in_course_toml_is_no_work_that_a_release_could_overwrite():
    one, two = (f'language = "{each}"\nexercises = []\n'.encode() for each in ("en", "zh"))
    assert digest("course.toml", one) == digest("course.toml", two)
    assert digest("course.toml", one) != digest("course.toml", one + b"salt = 1\n")


@pytest.mark.parametrize("text", ["", "{", "[]", '{"files": 3}', '{"files": {"x": 3}}', "[" * 9999])
def test_of_a_damaged_record_nothing_is_known(tmp_path, text):
    (tmp_path / "r.json").write_text(text)
    assert read_record(tmp_path / "r.json") == {}


def test_a_record_is_written_only_where_it_has_changed(tmp_path):
    assert write_record(tmp_path / "r.json", {"a": "1"})
    assert not write_record(tmp_path / "r.json", {"a": "1"})
    assert read_record(tmp_path / "r.json") == {"a": "1"}
