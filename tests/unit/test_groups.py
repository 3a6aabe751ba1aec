"""Groups of equal behaviour: what is equal, whose failure follows from whose, what is shown."""

import io

import numpy as np
import pytest
from msgspec.structs import replace
from rich.console import Console

from autograder.diagnosis import behaviour
from autograder.errors import GradeFlowError
from autograder.insight import groups_of
from autograder.model import Evidence, Verdict, for_learner
from autograder.report.class_insight import group_views
from autograder.report.groups import groups_json, groups_shown
from autograder.sandbox.proxy import Exchange
from autograder.wire.protocol import Call, Name, Part, Program, Raised, Returned, Warned
from tests.unit.leaning import SOURCE, grouped

LISTS = """
from autograder.checks import agree, leaves_arguments_alone, task

@task("double", points=1)
def test_double_of_three(student):
    agree(student.double([3, 1, 2]), [6, 2, 4])

@task("double", points=1)
def test_double_of_two(student):
    agree(student.double([5, 4]), [10, 8])

@task("double", points=1)
def test_double_of_none(student):
    agree(student.double([]), [])

@task("double", points=1)
def test_double_leaves_its_argument_alone(student):
    agree(leaves_arguments_alone(student.double, [2, 1]), [4, 2])
"""
OF_LISTS = {
    "source": SOURCE.replace("2 * z", "[2 * x for x in z]"),
    "public": LISTS,
    "hidden": "",
}
RIGHT = SOURCE
HALVED = SOURCE.replace("2 * z", "z / 2")
HALVED_AGAIN = SOURCE.replace("2 * z", "np.divide(z, np.full(z.shape, 2.0))")
HALVED_AND_MEAN = HALVED.replace("np.sum", "np.mean")
MEAN = SOURCE.replace("np.sum", "np.mean")


def did(*values, right=False):
    exchanges = [Exchange(Call(Name("f")), Returned(value)) for value in values]
    return behaviour(exchanges, exchanges if right else [], [])


@pytest.fixture
def class_of(tiny_exercise, grade, make_entry):
    def make(files=None, /, **sources):
        return grouped(tiny_exercise, grade, make_entry, sources, **(files or {}))[:3]

    return make


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (np.array([0.1, 0.2, 0.3]), np.array([0.1, 0.2, 0.1 + 0.2])),
        (3, 3.0),
        (np.float64(0.5), 0.5),
        ([1, 2], (1.0, 2.0)),
        (1e-17, 0.0),
        (np.float32(0.1) * np.float32(3), np.float32(0.3)),
        (9.999999999999999, 10.0),
        ({"a": 1, "b": 2.0}, {"a": 1.0, "b": 2}),
        (np.array([np.nan, 1e300]), np.array([np.nan, 1e300])),
    ],
)
def test_another_order_of_operations_is_the_same_behaviour(one, other):
    assert did(one) == did(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (np.array([1.0, 2.0]), np.array([2.0, 1.0])),
        (np.array([1.0, 2.0]), [1.0, 2.0]),
        (np.array([[1.0, 2.0]]), np.array([1.0, 2.0])),
        (np.array([True, False]), np.array([1, 0])),
        (np.array([np.nan, 1.0]), np.array([1.0, np.nan])),
        (np.array([np.inf]), np.array([-np.inf])),
        (None, 0),
        ("ab", "ba"),
        (10**400, 10**400 + 1),
    ],
)
def test_another_value_is_another_behaviour(one, other):
    assert did(one) != did(other)


def test_what_came_out_right_counts_as_right_however_it_was_rounded():
    assert did(0.12345649, right=True) == did(0.12345651, right=True)


def test_an_exception_is_known_by_what_it_says_and_not_by_the_input():
    def raised(text):
        exchanges = [Exchange(Call(Name("f")), Raised("ValueError", text))]
        return behaviour(exchanges, [], [])

    assert raised("'x' at 0x7f3a is not in list 3") == raised("'y' at 0x1b is not in list 4")
    assert raised("cannot convert") != raised("cannot reshape")


def test_a_warning_and_a_changed_argument_are_behaviour():
    plain, warned, changed = (
        [Exchange(Call(Name("f")), Returned(1.0, changes, warnings))]
        for changes, warnings in (
            ({}, ()),
            ({}, (Warned("RuntimeWarning", "overflow"),)),
            ({0: np.zeros(2)}, ()),
        )
    )
    assert len({behaviour(each, [], []) for each in (plain, warned, changed)}) == 3


def test_whoever_did_the_same_is_in_one_group_however_it_is_written(class_of):
    overview, _, _ = class_of(ann=HALVED, bob=HALVED_AGAIN, eve=RIGHT, ida=MEAN)
    found = {(group.task, group.members) for group in overview.groups}
    assert found == {("double", ("ann", "bob")), ("total", ("ida",))}
    assert (overview.graded, overview.wrong) == (4, 3)


def test_whether_an_argument_is_overwritten_parts_only_those_whose_value_is_right(class_of):
    in_place = "z.sort()\n    return "
    overview, _, _ = class_of(
        ann=HALVED,
        bob=HALVED.replace("return z / 2", "z /= 2\n    return z"),
        eve=RIGHT.replace("return 2 * z", f"{in_place}2 * z"),
    )
    found = {group.members for group in overview.groups if group.task == "double"}
    assert found == {("ann", "bob"), ("eve",)}


def lists(**bodies):
    """Programs that double a list, each with a body of its own, and the groups that they make."""
    return {who: f"def double(z):\n    {body}\n" for who, body in bodies.items()}


def members(overview):
    return {group.members for group in overview.groups if group.task == "double"}


def test_a_wrong_value_is_one_mistake_whether_or_not_an_argument_is_overwritten_too(class_of):
    sources = lists(
        ann="return [x + 2 for x in z]",
        bob="z[:] = [x + 2 for x in z]; return z",
        eve="z[:] = [2 * x for x in z]; return z",
        ida="out = [2 * x for x in z]; z.clear(); return out",
    )
    overview, _, _ = class_of(OF_LISTS, **sources)
    assert members(overview) == {("ann", "bob"), ("eve", "ida")}
    assert {group.check for group in overview.groups if "ann" in group.members} != {
        "test_double_leaves_its_argument_alone"
    }


def test_of_who_is_mostly_right_and_else_has_no_answer_it_counts_only_where(class_of):
    sources = lists(
        ann="z[0]; return [2 * x for x in z]",
        bob="max(z); return [2 * x for x in z]",
        eve="if z: return [2 * x for x in z]",
        fay="return [2 * x for x in z] or nothing",
        gus="return [2 * x for x in z] or [0]",
        ida="return z + 2",
        joe="return [2 * x for x in z](0)",
        kim="if len(z) != 2: return [2 * x for x in z]",
    )
    overview, _, _ = class_of(OF_LISTS, **sources)
    alone = {("fay",), ("gus",), ("ida",), ("joe",), ("kim",)}
    assert members(overview) == {("ann", "eve", "bob")} | alone


def test_who_has_made_another_mistake_besides_is_told_with_the_group_and_counts_for_its_place(
    class_of,
):
    sources = lists(
        ann="z[0]; return [2 * x for x in z]",
        bob="z[0]; return [2 * x for x in z] if len(z) != 3 else z * 3",
        eve="z[0]; return [2 * x for x in z] if len(z) != 3 else z * 4",
        ida="return z + z if len(z) == 3 else [2 * x for x in z]",
        joe="return z + z if len(z) == 3 else [2 * x for x in z]",
        lea="return z + z if len(z) == 3 else [2 * x for x in z]",
        kim="z[9]; return [2 * x for x in z]",
        max="if z: return [2 * x for x in z]",
        pia="if z: return [2 * x for x in z] if len(z) != 3 else z * 3",
    )
    overview, exercise, _ = class_of(OF_LISTS, **sources)
    beside = {group.members: group.beside for group in overview.groups}
    both = "ann", "max"
    assert beside[both] == ("bob", "eve", "pia")
    assert not any(those for members, those in beside.items() if members != both)
    assert [group.members for group in overview.groups[:2]] == [both, ("ida", "joe", "lea")]
    of_page = {view.members: view.beside for view in group_views(overview, exercise, "en")}
    assert of_page[both] == "beside another mistake: 3 (bob, eve, pia)"


def test_what_an_exception_tells_by_itself_is_one_mistake_wherever_it_stops_a_function(class_of):
    sources = lists(
        ann="return dubbel(z)",
        bob="return [2 * x for x in z] if len(z) < 2 else zz",
        eve="return [x + 1 for x in z] if len(z) != 3 else zz",
        fay="s = z.sort(); return [2 * s[0]]",
        gus="s = []\n    for x in z: s = s.append(2 * x)\n    return s",
        ida="s = z.copy; return [2 * x for x in s]",
        joe="s = z.copy; return s[0:]",
        kim="for x in z: y = 2 * x\n    return [y]",
        max="return [2 * z[x] for x in z]",
        pia="return [2 * z[x] for x in z[:]] + [0]",
    )
    overview, _, _ = class_of(OF_LISTS, **sources)
    found = {group.cause: (group.members, group.beside) for group in overview.groups if group.cause}
    assert found == {
        "undefined": (("ann", "bob"), ("eve",)),
        "none_used": (("fay", "gus"), ()),
        "not_called": (("joe", "ida"), ()),
    }


def test_whoever_an_exception_will_tell_counts_for_no_group_behind_it(class_of):
    sources = lists(
        ann="return zz",
        bob="return [x + 1 for x in z] if len(z) else zz",
        eve="return [1 + x for x in z] if len(z) else yy",
        ida="return z + [0]",
    )
    overview, _, _ = class_of(OF_LISTS, **sources)
    assert [group.members for group in overview.groups] == [("ann",), ("ida",), ("bob", "eve")]


def test_a_group_by_cause_says_so_and_where_else_the_same_stops_the_class(class_of):
    nowhere = SOURCE.replace("2 * z", "2 * zz")
    overview, exercise, _ = class_of(ann=nowhere, bob=SOURCE.replace("np.sum(", "np.sum(zz + "))
    double, total = overview.groups
    assert overview.together(double) == (total,)
    console = Console(width=200, record=True, file=io.StringIO())
    console.print(groups_shown(overview, exercise, "en", 10, "A1.9"))
    text = console.export_text()
    assert "a name that nothing defines" in text
    assert f"stopped by the same in other tasks: {total.key}" in text


def test_who_stops_when_asked_of_nothing_stands_beside_however_wrong_the_rest_is(class_of):
    sources = lists(
        ann="z[0]; return [2 * x for x in z]",
        bob="z[0]; return z + z",
        eve="return z and z + z",
        ida="return [z[9]]",
        joe="z[2]; return [2 * x for x in z]",
    )
    overview, _, _ = class_of(OF_LISTS, **sources)
    beside = {group.members: group.beside for group in overview.groups}
    assert (beside[("ann",)], beside[("joe",)]) == (("bob",), ())


def test_what_was_never_run_is_nobodys_mistake(class_of):
    _, exercise, results = class_of(ann=HALVED, eve=RIGHT)
    late = Evidence("stopped", facts={"limit": "total", "amount": 20.0})
    left_out = (replace(each, verdict=Verdict.ERROR, evidence=late) for each in results[1].checks)
    stopped = replace(results[1], checks=tuple(left_out))
    overview = groups_of([results[0], stopped], lambda _: None, exercise)
    assert {group.members for group in overview.groups} == {("ann",)}


def test_what_fails_for_another_task_s_sake_stands_with_its_cause(class_of):
    overview, _, _ = class_of(ann=HALVED, bob=HALVED)
    (group,) = overview.groups
    assert group.task == "double"
    assert group.followers == (("total", ("ann", "bob")),)


def test_who_fails_otherwise_than_the_others_with_that_cause_has_another_mistake(class_of):
    overview, _, _ = class_of(ann=HALVED, bob=HALVED_AGAIN, eve=HALVED_AND_MEAN)
    assert [(group.task, group.members) for group in overview.groups] == [
        ("double", ("ann", "eve", "bob")),
        ("total", ("eve",)),
    ]


def test_groups_of_other_tasks_with_mostly_the_same_learners_are_told(class_of):
    both = HALVED.replace("np.sum(double(z))", "np.mean(z)")
    overview, exercise, _ = class_of(ann=both, bob=both, eve=both, ida=HALVED)
    double, total = overview.groups
    assert overview.together(total) == (double,)
    shown = groups_shown(overview, exercise, "en", 10, "A1.9")
    console = Console(width=200, record=True, file=io.StringIO())
    console.print(shown)
    assert f"mostly the same learners are in: {total.key}" in console.export_text()
    of_page = {view.key: view.together for view in group_views(overview, exercise, "en")}
    assert of_page[total.key] == f"mostly the same learners are in: {double.key}"


def test_a_group_shows_its_shortest_program_and_a_call_that_fails(class_of):
    overview, _, _ = class_of(ann=HALVED_AGAIN, bob=HALVED)
    (group,) = overview.groups
    assert group.representative == "bob"
    assert [line.text for line in group.lines] == ["def double(z):", "    return z / 2"]
    assert group.evidence.call.startswith("double(")
    assert group.evidence.got
    assert group.evidence.wanted


def test_a_group_has_the_name_that_most_of_it_were_told(class_of):
    squared = SOURCE.replace("2 * z", "z**2")
    overview, _, _ = class_of(ann=squared, bob=squared, ida=HALVED)
    assert [(group.size, group.named) for group in overview.groups] == [(2, "T1"), (1, "")]


def test_a_task_without_a_function_is_counted_and_not_grouped(class_of):
    overview, exercise, _ = class_of(ann="import numpy as np\ndef double(z): return 2 * z\n")
    assert (overview.groups, overview.unwritten) == ((), 1)
    told = groups_shown(overview, exercise, "en", 10, "T2")
    assert "No task of this class is wrong" not in str(told)


def test_a_task_that_is_still_as_it_was_handed_out_is_counted_and_not_grouped(class_of):
    stub = SOURCE.replace("return 2 * z", 'raise NotImplementedError("double")')
    overview, _, _ = class_of(ann=stub.replace("np.sum(double(z))", "2 * np.mean(z)"))
    assert [(group.task, group.members) for group in overview.groups] == [("total", ("ann",))]
    assert overview.unwritten == 1


def test_a_task_that_waits_for_one_that_is_not_written_is_itself_written(class_of):
    stub = SOURCE.replace("return 2 * z", 'raise NotImplementedError("double")')
    overview, _, _ = class_of(ann=stub)
    assert (overview.groups, overview.unwritten) == ((), 1)


def test_what_a_program_says_cannot_move_the_terminal(class_of):
    nasty = HALVED.replace("z / 2", "z / 2  # \x1b[2J \u202e").replace("z / 2", "z / 2 ", 1)
    overview, _, _ = class_of(ann=nasty)
    text = "".join(line.text for line in overview.groups[0].lines)
    assert "\x1b" not in text
    assert "\u202e" not in text
    assert b"\\u001b" not in groups_json(overview)


def test_a_program_that_is_not_kept_or_no_python_is_grouped_all_the_same(class_of):
    _, exercise, results = class_of(ann=HALVED, bob=HALVED)
    without = groups_of(results, lambda _: None, exercise)
    assert [group.task for group in without.groups] == ["double", "total"]
    broken = Program("tiny", (Part("tiny.py", "(" * 10_000),))
    assert groups_of(results, lambda _: broken, exercise).groups[0].lines == ()
    assert groups_shown(without, exercise, "zh", 10, "T2")


def test_results_of_an_older_version_are_refused_with_what_to_do(class_of):
    _, exercise, results = class_of(ann=HALVED)
    with pytest.raises(GradeFlowError, match="run `gradeflow grade 01_tiny"):
        groups_of(map(for_learner, results), lambda _: None, exercise)


def test_no_result_for_a_learner_tells_behaviour(class_of):
    _, _, results = class_of(ann=HALVED, bob=MEAN)
    assert all(check.behaviour for each in results for check in each.checks if not check.points)
    told = [check for each in map(for_learner, results) for check in each.checks]
    assert not any(check.behaviour for check in told)
