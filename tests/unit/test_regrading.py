"""What regrading would change, told before anything is written."""

import msgspec
import pytest
from test_pages import check, result

from autograder.catalogue import find_course
from autograder.grading.again import entries_again
from autograder.grading.classroom import Basis
from autograder.grading.journal import Handed
from autograder.grading.regrading import Regrading, difference
from autograder.grading.store import ResultStore
from autograder.model import Diagnosis, Evidence, Verdict, to_json
from autograder.wire.protocol import Part, Program

PASSED, FAILED = check(Verdict.PASSED), check()
BASIS = Basis("content", "engine")


def test_points_verdicts_and_names_that_change_are_told():
    before = result(PASSED, check(task="total"), points=2.0)
    named = check(diagnosis=Diagnosis("T1", True))
    found = difference(before, result(named, check(Verdict.PASSED, task="total"), points=2.0))
    assert (found.before, found.after) == (2.0, 2.0)
    assert found.tasks == (("double", 2.0, 0.0), ("total", 0.0, 2.0))
    assert found.checks[0] == ("double: test_double_doubles", "passed", "failed")
    assert found.found == ((), ("T1",))


def test_nothing_is_told_where_nothing_changes():
    assert difference(result(PASSED, points=2.0), result(PASSED, points=2.0)) is None


def test_a_score_that_would_be_withheld_is_no_zero():
    found = difference(result(PASSED, points=2.0), result(PASSED, points=None))
    assert (found.before, found.after) == (2.0, None)


def test_another_point_scheme_is_a_difference_for_everyone():
    before = result(PASSED, points=2.0)
    after = msgspec.structs.replace(before, score=msgspec.structs.replace(before.score, possible=7))
    assert difference(before, after).possible == (6.0, 7)


@pytest.fixture
def course(tiny_exercise, tmp_path):
    tiny_exercise()
    (tmp_path / "course.toml").write_text(
        'exercises = ["01_tiny"]\ntitle.en = "A course"\n', encoding="utf-8"
    )
    return find_course(tmp_path)


@pytest.fixture
def folder(tmp_path):
    stored = msgspec.structs.replace(
        result(PASSED, points=2.0),
        sha256="abc",
        seed=3,
        notes=(Diagnosis("note.other_file"), Diagnosis("note.by_heart")),
    )
    out = tmp_path / "out"
    with ResultStore(out) as store:
        store.write("ann", to_json(stored))
        store.programs.keep("abc", Program("tiny", (Part("tiny.py", "def double(x): ..."),)))
    return out


def again(folder, course):
    store = ResultStore(folder)
    results = [store.result(learner) for learner in store.learners()]
    return list(entries_again(results, store, course, course.authored("01_tiny"), BASIS))


def test_the_program_that_was_graded_is_graded_again_with_its_seed_and_its_remarks(folder, course):
    (found,) = again(folder, course)
    assert found.entry.program.parts[0].source == "def double(x): ..."
    assert found.entry.program.wanted == ("double", "total")
    assert found.entry.seed == 3
    assert [note.name for note in found.entry.notes] == ["note.other_file"]


def test_a_file_that_could_not_be_read_stays_so(folder, course):
    unread = result(points=0.0, problem=Evidence("submission.empty"))
    with ResultStore(folder) as store:
        store.write("ann", to_json(unread))
    (found,) = again(folder, course)
    assert (found.entry.program, found.entry.problem.kind) == (None, "submission.empty")


def test_without_a_kept_program_it_is_taken_from_where_it_lay(folder, course, tmp_path):
    for path in (folder / "programs").iterdir():
        path.unlink()
    (found,) = again(folder, course)
    assert "nobody noted where it lay" in found.why
    path = tmp_path / "ann.py"
    path.write_text("def double(x):\n    return 2 * x\n", encoding="utf-8")
    with ResultStore(folder) as store:
        store.journal.add([Handed("ann", "", (str(path),), str(path), "another")])
    (found,) = again(folder, course)
    assert "has changed since" in found.why


def test_nothing_is_written_before_it_is_applied(folder, course):
    anew = msgspec.structs.replace(
        result(FAILED, points=0.0), sha256="abc", fingerprint=BASIS.fingerprint("abc")
    )
    with Regrading(folder) as regrading:
        entries = regrading.plan(again(folder, course))
        assert len(entries) == 1
        regrading._pending.write("ann", to_json(anew))
    with Regrading(folder) as regrading:
        assert not regrading.plan(again(folder, course))  # what was graded is not graded again
        (found,) = regrading.differences()
        assert (found.before, found.after) == (2.0, 0.0)
        assert ResultStore(folder).result("ann").score.points == 2.0
        assert regrading.apply() == 1
        regrading.clear()
    store = ResultStore(folder)
    assert store.result("ann").score.points == 0.0
    assert [line.points for line in store.journal.gradings()] == [0.0]
    with Regrading(folder) as regrading:
        assert not regrading.plan(again(folder, course))
        assert not list(regrading.differences())
