"""The journal of a folder of results, and taking a submission from where it lay."""

import zipfile

import pytest

from autograder.grading.journal import Graded, Handed, Journal, handed
from autograder.grading.taking import taken_again
from autograder.submission.dates import read_date
from autograder.submission.discover import Wanted, discover

WANTED = Wanted("01_tiny", "tiny", frozenset({"double"}))
WORK = "def double(x):\n    return {} * x\n"


def line(learner="ann", points=4.0, **fields):
    return Graded(learner, "2026-11-20T10:00:00+00:00", "run", "sha", points=points, **fields)


def lines_of(submissions, given):
    return [handed(each, given) for each in submissions]


def test_lines_are_read_in_the_order_in_which_they_were_written(tmp_path):
    journal = Journal(tmp_path)
    journal.add([line(points=1.0), line("王 芳", None)])
    journal.add([line(points=2.0)])
    assert [(each.learner, each.points) for each in journal.gradings()] == [
        ("ann", 1.0),
        ("王 芳", None),
        ("ann", 2.0),
    ]


def test_a_line_that_was_torn_takes_no_other_with_it(tmp_path):
    journal = Journal(tmp_path)
    journal.add([line(points=1.0)])
    path = next(tmp_path.iterdir())
    path.write_bytes(path.read_bytes() + b'{"line":"graded","lear')
    journal.add([line(points=2.0)])
    assert [each.points for each in journal.gradings()] == [1.0, 2.0]


@pytest.mark.parametrize(
    "junk", [b"\xff\n", b"[" * 10_000 + b"\n", b"x" * 300_000 + b"\n", b"{}\n"]
)
def test_what_is_no_line_is_passed_over(tmp_path, junk):
    journal = Journal(tmp_path)
    journal.add([line()])
    path = next(tmp_path.iterdir())
    path.write_bytes(junk + path.read_bytes())
    assert len(list(journal)) == 1


def test_without_a_journal_nothing_is_known(tmp_path):
    assert list(Journal(tmp_path / "none")) == []


def test_what_is_known_is_not_written_again(tmp_path):
    journal = Journal(tmp_path)
    (tmp_path / "ann.py").write_text(WORK.format(2), encoding="utf-8")
    found = discover([tmp_path / "ann.py"], WANTED).submissions
    journal.take(lines_of(found, [tmp_path / "ann.py"]))
    journal.take(lines_of(found, [tmp_path / "ann.py"]))
    assert len(list(journal)) == 1
    (tmp_path / "ann.py").write_text(WORK.format(3), encoding="utf-8")
    changed = discover([tmp_path / "ann.py"], WANTED).submissions
    journal.take(lines_of(changed, [tmp_path / "ann.py"]))
    assert journal.handed()["ann"].sha256 == changed[0].sha256


def zipped(path, **sources):
    with zipfile.ZipFile(path, "w") as archive:
        for name, source in sources.items():
            archive.writestr(f"{name}/tiny.py", source)
    return path


def test_a_submission_is_taken_again_from_the_zip_that_it_was_in(tmp_path):
    path = zipped(tmp_path / "class.zip", ann=WORK.format(2), bob=WORK.format(3))
    found = discover([path], WANTED).submissions
    taken = {each.learner: each for each in taken_again(lines_of(found, [path]), WANTED)}
    assert taken["bob"].submission.data == WORK.format(3).encode()
    assert taken["ann"].submission.sha256 == found[0].sha256


def test_what_has_changed_or_gone_since_is_told_and_not_taken(tmp_path):
    path = zipped(tmp_path / "class.zip", ann=WORK.format(2), bob=WORK.format(3))
    lines = lines_of(discover([path], WANTED).submissions, [path])
    zipped(path, ann=WORK.format(5), bob=WORK.format(3))
    taken = {each.learner: each for each in taken_again(lines, WANTED)}
    assert taken["ann"].submission is None
    assert "has changed since" in taken["ann"].why
    assert taken["bob"].submission is not None
    path.unlink()
    assert all("no longer there" in each.why for each in taken_again(lines, WANTED))


def test_a_learner_keeps_the_id_that_the_result_has(tmp_path):
    (tmp_path / "ann").mkdir()
    (tmp_path / "ann" / "tiny.py").write_text(WORK.format(2), encoding="utf-8")
    (found,) = discover([tmp_path / "ann"], WANTED).submissions
    line = Handed("ann-2", "", (str(tmp_path / "ann"),), found.origin, found.sha256)
    (taken,) = taken_again([line], WANTED)
    assert taken.submission.learner == "ann-2"


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("2026-11-20 15:58:23.948203 UTC", "2026-11-20T15:58:23+00:00"),
        ("2026-11-20 15:58:23.948203 America/Los_Angeles", "2026-11-20T15:58:23-08:00"),
        ("2026-11-20 15:58:23 +0100", "2026-11-20T15:58:23+01:00"),
        ("2026-11-20T15:58Z", "2026-11-20T15:58:00+00:00"),
        ("2026-11-20 15:58:23", "2026-11-20T15:58:23"),
        ("2026-02-30 15:58:23", ""),
        ("2026-11-20 15:58:23 ../../etc/passwd", ""),
        ("2026-11-20 15:58:23 No/Where", ""),
        ("yesterday", ""),
        ("9" * 10_000, ""),
    ],
)
def test_a_date_is_read_as_nbgrader_writes_it_or_not_at_all(text, date):
    assert read_date(text) == date


def test_nbgraders_stamp_beside_the_work_says_when_it_was_handed_in(tmp_path):
    for learner in ("ann", "bob"):
        folder = tmp_path / "submitted" / learner / "01_tiny"
        folder.mkdir(parents=True)
        (folder / "tiny.py").write_text(WORK.format(2), encoding="utf-8")
    stamp = tmp_path / "submitted" / "ann" / "01_tiny" / "timestamp.txt"
    stamp.write_text("2026-11-20 15:58:23.948203 UTC", encoding="utf-8")
    found = {each.learner: each for each in discover([tmp_path / "submitted"], WANTED).submissions}
    assert found["ann"].handed_in == "2026-11-20T15:58:23+00:00"
    assert found["bob"].handed_in == ""


def test_what_canvas_calls_late_is_late(tmp_path):
    names = ("leeann_LATE_101_5001_tiny.py", "kimbob_102_5002_tiny.py")
    for name in names:
        (tmp_path / name).write_text(WORK.format(2), encoding="utf-8")
    found = {each.learner: each.late for each in discover([tmp_path], WANTED).submissions}
    assert found == {"leeann_101": True, "kimbob_102": False}


def test_blackboards_attempt_says_when(tmp_path):
    for name in ("ann", "bob"):
        path = tmp_path / f"Tiny_{name}_attempt_2026-11-20-15-58-23_tiny.py"
        path.write_text(WORK.format(2), encoding="utf-8")
    found = discover([tmp_path], WANTED).submissions
    assert {each.handed_in for each in found} == {"2026-11-20T15:58:23"}
