"""Programs that are nearly the same: what counts, what is taken out, what is shown."""

import json

import pytest

from autograder.insight import similar_of
from autograder.insight.tokens import tokens_of
from autograder.model import Result, Score, to_json
from autograder.report.similar import similar_shown
from autograder.wire.protocol import Part, Program

STUB = "import numpy as np\n\ndef double(z):\n    raise NotImplementedError\n"
SHORT = "import numpy as np\n\ndef double(z):\n    return 2 * z\n"
ODD = """import numpy as np

def double(z):
    # my very own way
    total = np.zeros_like(z)
    for place in range(len(z)):
        if z[place] > 7:
            total[place] = z[place] + z[place]
        else:
            total[place] = (z[place] * 4) / 2
    return total
"""
RENAMED = (
    ODD.replace("total", "result").replace("place", "i").replace("# my very own way", "# mine")
)
OTHER = """import numpy as np

def double(z):
    flat = list(np.ravel(z))
    twice = [sum([each, each]) for each in flat]
    while len(twice) < len(flat):
        twice.append(None)
    return np.array(twice).reshape(np.shape(z))
"""


def program(source):
    return Program("tiny", (Part("tiny.py", source),))


def compared(stub=STUB, **sources):
    results = [Result("01_tiny", name, "tiny.py", Score(1)) for name in sources]
    return similar_of(results, lambda each: program(sources[each.learner]), [program(stub)])


def members(likeness):
    return [group.members for group in likeness.groups]


def crowd(number=20):
    return {f"other-{place}": SHORT for place in range(number)}


def test_a_copy_is_found_whatever_its_names_comments_and_layout():
    assert members(compared(ann=ODD, bob=RENAMED, eve=OTHER, **crowd())) == [("ann", "bob")]


def test_what_most_of_the_class_writes_is_nobodys_own():
    assert members(compared(**{f"learner-{place}": ODD for place in range(12)}, eve=OTHER)) == []


def test_what_the_exercise_gives_is_nobodys_own():
    assert members(compared(stub=ODD, ann=ODD, bob=RENAMED, **crowd())) == []


def test_a_short_way_to_write_it_is_shared_by_chance():
    assert members(compared(ann=SHORT, bob=SHORT, eve=OTHER)) == []


def test_it_says_how_much_is_the_same_and_how_rare_that_is():
    (group,) = compared(ann=ODD, bob=RENAMED, **crowd()).groups
    assert group.share == 1.0
    assert group.found_in == 2
    assert group.tokens > 50


def test_two_programs_stand_side_by_side_line_by_line():
    changed = RENAMED.replace("* 4) / 2", "* 6) / 3")
    (group,) = compared(ann=ODD, bob=changed, **crowd()).groups
    differing = [row for row in group.rows if not row.same]
    assert {row.left.text.strip() for row in differing if row.left} == {
        "total[place] = (z[place] * 4) / 2"
    }
    assert all(row.left.text and row.right.text for row in group.rows if row.same)


def test_three_copies_are_one_group():
    found = compared(ann=ODD, bob=RENAMED, ida=ODD.replace("4) / 2", "8) / 4"), **crowd())
    assert members(found) == [("ann", "bob", "ida")]


def test_many_copies_in_a_large_class_are_one_group():
    copies = {f"copy-{place:02}": (ODD, RENAMED)[place % 2] for place in range(45)}
    assert [len(each) for each in members(compared(**copies, **crowd(1000)))] == [45]


def test_a_program_that_is_no_python_or_endless_is_read_as_far_as_it_goes():
    given = frozenset[str]()
    assert tokens_of(program("def f(:\n  'open\n" + ODD), given)
    assert len(tokens_of(program("x = 1\n" * 200_000), given)) < 100_000


def test_who_has_no_program_is_left_out_and_named():
    results = [Result("01_tiny", "ann", "tiny.py", Score(1))]
    assert similar_of(results, lambda _: None, []).left_out == ("ann",)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_what_is_shown_cannot_move_the_terminal(language):
    nasty = RENAMED.replace("# mine", "'\x1b[2J\u202e'")
    likeness = compared(ann=ODD, bob=nasty, **crowd())
    assert "\x1b" not in "".join(
        side.text for row in likeness.groups[0].rows for side in (row.left, row.right) if side
    )
    assert similar_shown(likeness, "01_tiny", language, 10, 5)
    assert json.loads(to_json(likeness))["groups"][0]["members"] == ["ann", "bob"]
