"""The programs that lie beside the results: when they are written, and what a damaged one costs."""

import itertools

import pytest

from autograder.grading.classroom import Plan, carry_out
from autograder.grading.orders import Setup
from autograder.grading.programs import Programs
from autograder.grading.spool import Spool
from autograder.grading.store import ResultStore
from autograder.wire.protocol import Part, Program

PROGRAM = Program("tiny", (Part("tiny.py", "def double(z):\n    return 2 * z\n"),))


@pytest.mark.parametrize("left", [b"", b"\0" * 200, b'{"module":"tiny","parts":[{"lab'])
def test_a_program_that_was_left_damaged_is_not_kept_and_is_written_anew(tmp_path, left):
    programs = Programs(tmp_path)
    programs.keep("abc", PROGRAM)
    (path,) = (tmp_path / "programs").iterdir()
    path.write_bytes(left)
    assert not programs.has("abc")
    programs.keep("abc", PROGRAM)
    assert programs.has("abc")


def test_a_class_is_kept_as_it_is_graded_and_not_before_the_first_result(
    tiny_exercise, make_entry, tmp_path
):
    entries = Spool()
    for number in range(6):
        source = f"# {number}\n{PROGRAM.parts[0].source}"
        entries.add(make_entry(source, f"ann{number}", sha256=f"abc{number}"))
    setup = Setup(tiny_exercise().folder, "salt", "none")
    kept = []
    with ResultStore(tmp_path / "results") as store:
        for _ in carry_out(Plan(entries, ()), setup, store, jobs=1):
            kept.append(sum(store.programs.has(f"abc{number}") for number in range(6)))
    assert kept[0] < 4
    assert kept[-1] == 6
    assert all(a <= b for a, b in itertools.pairwise(kept))
