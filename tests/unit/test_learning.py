"""A misconception learnt from a class: what is left of it, what is refused, what is written."""

import re
import textwrap

import pytest

from autograder.authoring.learning.lesson import lesson_of
from autograder.authoring.learning.rewriting import Reference, rewritten
from autograder.authoring.learning.trying import Trial
from autograder.authoring.learning.writing import Piece, as_text, as_variants, write_down
from autograder.authoring.lint import faults_of_misconceptions
from autograder.catalogue import load_exercise
from autograder.errors import CourseError, GradeFlowError
from autograder.plugin.bench import open_bench
from autograder.wire.protocol import Part, Program
from tests.unit.leaning import PUBLIC, SOURCE, grouped

PERSONAL = '''
import numpy as np
from math import pi as PI
FACTOR = 3

def annas_helper(zahl):  # Anna's own
    """Anna wrote this."""
    return zahl * FACTOR

def double(meine_liste: "an array by Anna") -> "Anna's":
    """Anna's double."""
    print("Anna was here")
    "a remark of Anna's"
    anna: float = annas_helper(meine_liste)
    if anna is None:
        raise ValueError("Anna forgot")
    return anna + 0 * PI
def total(z):
    return float(np.sum(double(z)))
'''


def program(source):
    return Program("tiny", (Part("tiny.py", textwrap.dedent(source)),))


def written(source, task="double", *, texts=False):
    reference = Reference.of(SOURCE)
    return rewritten(program(source), task, ("double", "total"), reference, texts=texts)


def test_nothing_of_the_learner_is_left_but_the_idea():
    text = written(PERSONAL)
    assert "nna" not in text
    assert "meine_liste" not in text
    assert "print" not in text
    space = {}
    exec(text, {"np": None}, space)
    assert space["double"](2) == 6


def test_what_is_learnt_stands_alone_with_its_helpers_and_constants_within():
    text = written(PERSONAL)
    assert text.startswith("def double(z):")
    assert "= 3" in text
    assert text.count("def ") == 2


def test_a_text_that_the_mistake_hangs_on_is_kept_only_where_it_is_asked_for():
    source = "def double(z):\n    return 'done by Anna'\n"
    assert "Anna" not in written(source)
    assert "done by Anna" in written(source, texts=True)


@pytest.mark.parametrize(
    "body",
    [
        "return open('/etc/passwd').read()",
        "import os\n    return os.getcwd()",
        "from os import system\n    return system('true')",
        "return z.__class__.__mro__",
        "return getattr(z, 'tofile')('x')",
        "z.tofile('x')\n    return z",
        "np.save('x', z)\n    return z",
        "np.exp = None\n    return z",
        "np.seterr(all='raise')\n    return z",
        "global double\n    double = None\n    return z",
        "return eval('z')",
        "from numpy import load as total\n    return total",
        "import numpy.ctypeslib\n    return z",
        "return __import__('os')",
        "from operator import attrgetter\n    return attrgetter('x')(z)",
        "import re\n    return re.copyreg.pickle(z, z)",
        "import string\n    return string.Formatter().vformat('{0.x}', [z], {})",
    ],
)
def test_what_does_more_than_compute_becomes_no_variant(body):
    with pytest.raises(GradeFlowError, match=r"^it "):
        written(f"import numpy as np\ndef double(z):\n    {body}\n", texts=True)


@pytest.mark.parametrize(
    "body",
    [
        "import re\n    return re.sub(' +', '', z).strip()",
        "from heapq import nlargest\n    return nlargest(2, z)",
        "import bisect\n    return bisect.bisect_left(z, 3)",
        "import string\n    return [c for c in z if c in string.ascii_letters]",
    ],
)
def test_what_beginners_import_to_compute_may_stand_in_a_variant(body):
    assert written(f"def double(z):\n    {body}\n", texts=True).startswith("def double(z):")


def test_a_name_that_nothing_defines_stays_one():
    text = written("def double(z):\n    return annas + z\n")
    assert "annas" not in text
    with pytest.raises(NameError):
        exec(text + "\ndouble(1)", {})


@pytest.mark.parametrize(
    "elsewhere",
    ["anna = len('xyz')", "def f():\n    global anna\n    anna = 3", "from random import *", "("],
)
def test_a_name_that_may_be_defined_elsewhere_in_the_program_is_none_that_nothing_defines(
    elsewhere,
):
    other = Part("other.py", elsewhere)
    one = Part("tiny.py", "def double(z):\n    return anna * z\n")
    with pytest.raises(GradeFlowError, match="it uses anna"):
        rewritten(Program("tiny", (one, other)), "double", (), Reference.of(SOURCE), texts=False)


def test_a_program_without_the_function_becomes_no_variant():
    with pytest.raises(GradeFlowError, match="defines no double"):
        written("def total(z): return z")


@pytest.fixture
def learn(tiny_exercise, grade, make_entry):
    def run(*, number=0, name="T9", variants=None, given=(), **sources):
        overview, exercise, _, programs = grouped(
            tiny_exercise, grade, make_entry, sources, variants=variants
        )
        group = overview.groups[number]
        members = {who: programs[who] for who in group.members}
        others = {who: each for who, each in programs.items() if who not in members}
        with Trial(exercise, "", "none", []) as trial:
            return exercise, lesson_of(exercise, group, name, trial, members, others, given)

    return run


THIRD = SOURCE.replace("2 * z", "z / 3")
LATE_THIRD = SOURCE.replace("2 * z", "np.divide(z, np.full(np.shape(z), 3.0))")


def test_a_lesson_names_every_member_and_nobody_else(learn):
    _, lesson = learn(ann=THIRD, bob=LATE_THIRD, eve=SOURCE, ida=THIRD.replace("3", "4"))
    assert (lesson.members, lesson.also) == (("ann", "bob"), ())
    assert "z / 3" in lesson.pieces[0].functions["double"]


def test_what_fails_for_the_mistake_s_sake_gets_a_variant_of_its_own(learn):
    exercise, lesson = learn(ann=THIRD, bob=THIRD)
    replaced = [each.replaced for each in as_variants(exercise, "T9", lesson.pieces)]
    assert replaced == [{"double"}, {"double", "total"}]


def test_a_group_of_another_task_that_gets_the_same_id_is_named_by_it_too(learn):
    both = THIRD.replace("np.sum(double(z))", "np.mean(z)")
    _, first = learn(number=0, ann=both, bob=both)
    _, second = learn(number=1, given=first.pieces, ann=both, bob=both)
    names = [set(each.functions) for each in (*first.pieces, *second.pieces)]
    assert names == [{"double"}, {"total"}]
    assert second.members == ("ann", "bob")


def test_what_follows_and_looks_like_another_misconception_is_known_to_follow(learn):
    nothing = """
        from autograder.diagnosis import misconception

        @misconception("T1")
        def total(z):
            return 0.0
    """
    exercise, lesson = learn(variants=nothing, ann=SOURCE.replace("2 * z", "0 * z"))
    replaced = [each.replaced for each in as_variants(exercise, "T9", lesson.pieces)]
    assert replaced == [{"double"}, {"double", "total"}]


def test_who_did_the_same_on_the_checks_calls_and_not_on_fresh_ones_gives_a_variant_too(
    learn, tiny_exercise
):
    bench = open_bench(tiny_exercise(source=SOURCE, public=PUBLIC))
    checks = {"test_double_doubles": False, "test_double_takes_a_matrix": True}
    known = [float(bench.rng(name, hidden=hidden).normal()) for name, hidden in checks.items()]
    by_heart = SOURCE.replace("2 * z", f"z / 3 if np.ravel(z)[0] in {known} else z / 5")
    _, lesson = learn(ann=THIRD, bob=by_heart, eve=LATE_THIRD)
    assert lesson.members == ("ann", "bob", "eve")
    assert len([piece for piece in lesson.pieces if len(piece.functions) == 1]) == 2


def test_a_group_that_cannot_be_told_is_refused_with_who_and_why(learn):
    touching = THIRD.replace("return z / 3", "return z / 3 if open else z")
    with pytest.raises(GradeFlowError, match=r"1 of 1 \(ann\) cannot be .*it uses open"):
        learn(ann=touching)


def test_a_known_misconception_that_does_the_same_is_no_new_one(learn):
    squared = SOURCE.replace("2 * z", "z**2")
    with pytest.raises(GradeFlowError, match="would not name every member"):
        learn(ann=squared)


def test_what_an_exception_tells_by_itself_is_learnt_as_its_text_and_one_variant_that_shows_it(
    learn,
):
    exercise, lesson = learn(
        ann=SOURCE.replace("2 * z", "anna + z"),
        bob=SOURCE.replace("return 2 * z", "return bob[z] if z.ndim == 1 else z / 3"),
        eve=THIRD,
        gus=SOURCE.replace("2 * z", "z / gus if z.ndim == 1 else gus"),
    )
    assert (lesson.members, lesson.also) == (("ann", "gus"), ("bob",))
    assert len(lesson.pieces) == 1
    assert "anna" not in str(lesson.pieces)
    known = {"about": "Learnt.", "raises": lesson.raises}
    write_down(exercise, "T9", lesson.pieces, **known)
    again = load_exercise(exercise.folder)
    assert again.misconceptions["T9"].raises == lesson.raises
    assert re.search(lesson.raises[0], "NameError: name 'x' is not defined")


def test_what_another_misconception_is_stopped_by_too_is_not_learnt_as_a_text(learn):
    nothing = """
        from autograder.diagnosis import misconception

        @misconception("T1")
        def double(z):
            return None + z
    """
    none = SOURCE.replace("2 * z", "np.exp(z).sort() * 2")
    with pytest.raises(GradeFlowError, match=r"the variant T1 of another misconception"):
        learn(variants=nothing, ann=none, bob=none)


def test_a_known_misconception_comes_to_be_told_by_a_text_as_well(tiny_exercise):
    exercise = tiny_exercise()
    pieces = [Piece({"double": "def double(z):\n    return zz"})]
    write_down(exercise, "T1", pieces, about="Learnt.", raises=["NameError"])
    again = load_exercise(exercise.folder)
    assert again.misconceptions["T1"].raises == ("NameError",)
    with pytest.raises(CourseError, match="write it yourself"):
        write_down(again, "T1", pieces, about="Learnt.", raises=["TypeError"])


def test_what_is_told_already_is_not_written_twice(learn):
    squared = SOURCE.replace("2 * z", "z**2")
    with pytest.raises(GradeFlowError, match="T1 names all of double-"):
        learn(name="T1", ann=squared, bob=squared)


def test_what_is_written_is_read_again_and_asks_for_a_hint(tiny_exercise):
    exercise = tiny_exercise()
    pieces = [Piece({"double": "def double(z):\n    return z / 3"})]
    write_down(exercise, "T9", pieces, about="Learnt.")
    again = load_exercise(exercise.folder)
    assert again.misconceptions["T9"].hint.in_("zh") == ""
    assert exercise.variants.read_text(encoding="utf-8").count("@misconception") == 2
    told = [str(fault) for fault in faults_of_misconceptions(again)]
    assert len(told) == 1
    assert "the hint of T9 is empty in en and zh: write it" in told[0]


def test_another_variant_of_a_known_misconception_leaves_its_hint_alone(tiny_exercise):
    exercise = tiny_exercise()
    pieces = [Piece({"double": "def double(z):\n    return z / 3"})]
    files = write_down(exercise, "T1", pieces, about="Learnt.")
    assert files == (exercise.variants,)
    assert not list(faults_of_misconceptions(load_exercise(exercise.folder)))


def test_a_hint_stands_behind_the_last_misconception_wherever_that_is(tiny_exercise, tiny_files):
    manifest = textwrap.dedent(tiny_files["exercise.toml"])
    before, mark, rest = manifest.partition("[misconceptions")
    messages = before[before.index("[messages") :]
    exercise = tiny_exercise(manifest=before.replace(messages, "") + mark + rest + "\n" + messages)
    write_down(exercise, "T9", [Piece({"double": "def double(z): return z"})], about="Learnt.")
    text = (exercise.folder / "exercise.toml").read_text(encoding="utf-8")
    assert text.index('"T1"') < text.index('"T9"') < text.index("[messages")


def test_variants_are_laid_out_as_an_author_would():
    text = as_text(
        "T9",
        [Piece({"double": "def double(z):\n    return z", "total": "def total(z):\n    return z"})],
    )
    assert text == textwrap.dedent('''\
        @misconception("T9")
        class WhatFollows1:
            """total follows, and is wrong with it."""

            @staticmethod
            def double(z):
                return z

            @staticmethod
            def total(z):
                return z
        ''')
