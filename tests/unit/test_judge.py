from dataclasses import replace

import msgspec
import numpy as np
import pytest

from autograder.catalogue.exercise import Misconception
from autograder.catalogue.reading import Text
from autograder.checks import CallFailed, Mismatch, Student, agree, expect, warns_nothing
from autograder.diagnosis import Room
from autograder.errors import EngineFault, UnknownAnswer, WireError
from autograder.messages import explain_evidence
from autograder.model import CheckResult, Diagnosis, Evidence, SourceLine, Verdict
from autograder.plugin.bench import open_bench
from autograder.plugin.judge import judge
from autograder.plugin.outcomes import outcome_evidence
from autograder.plugin.run import Check, Judged, Run
from autograder.plugin.settling import settled
from autograder.sandbox.inprocess import InProcessSession
from autograder.sandbox.proxy import Recorder, probe
from autograder.wire.protocol import (
    Crashed,
    Missing,
    Part,
    Program,
    Raised,
    Returned,
    Stopped,
    TraceLine,
)

Z = np.array([1.0, 2.0, 3.0])
PROGRAM = Program("tiny", (Part("tiny.py", "def double(z):\n    return 1 / 0\n"),))


@pytest.fixture
def ruling(tiny_exercise):
    """Run a check's body on a learner's source and judge it."""
    bench = open_bench(tiny_exercise())

    def run(body, source, *, survives=True, broke_off=False, known=None):
        exercise = msgspec.structs.replace(
            bench.exercise, misconceptions={**bench.exercise.misconceptions, **(known or {})}
        )
        recorder = Recorder()
        program = Program("tiny", (Part("tiny.py", source),))
        student = Student(InProcessSession(program), recorder)
        error = None
        try:
            body(student, Student(bench.reference))
        except BaseException as caught:
            error = caught
        check = Check("test_x", "double", False, 2.0)
        room = replace(bench, exercise=exercise)
        ran = Run(check, recorder, room, program, broke_off, lambda: survives)
        asked = Room(student._session, room.reference)
        return settled([judge(ran, error, 0.1)], asked, room, ran.program)[0]

    return run


def compare(student, reference):
    agree(student.double(Z), reference.double(Z))


def test_a_check_that_runs_to_its_end_passes_and_earns_its_worth(ruling):
    result = ruling(compare, "def double(z):\n    return z + z\n")
    assert (result.verdict, result.points, result.evidence) == (Verdict.PASSED, 2.0, None)


def test_a_wrong_value_fails_with_its_call_and_a_pattern(ruling):
    result = ruling(compare, "def double(z):\n    return 4 * z\n")
    assert (result.verdict, result.points) == (Verdict.FAILED, 0.0)
    assert result.evidence.call == "double(array([1., 2., 3.]))"
    assert result.diagnosis == Diagnosis("factor", facts={"factor": "2"})


def test_a_warning_shows_the_learner_s_line_that_gave_it(ruling):
    source = "import numpy as np\n\n\ndef double(z):\n    np.exp(z * 1e9)\n    return 2 * z\n"
    result = ruling(lambda student, _: warns_nothing(student.double, np.array([1.0])), source)
    assert result.evidence.kind == "warning"
    assert result.evidence.lines == (SourceLine("tiny.py", 5, "np.exp(z * 1e9)"),)


def test_a_warning_that_a_library_gives_in_its_own_file_shows_no_line(ruling):
    source = "import numpy as np\ndef double(z):\n    return np.mean(z[:0])\n"
    result = ruling(lambda student, _: warns_nothing(student.double, np.array([1.0])), source)
    assert result.evidence.kind == "warning"
    assert result.evidence.lines == ()


def test_a_name_that_is_missing_is_told_with_what_is_there_and_not_with_what_was_imported(ruling):
    source = "from numpy import array\nnet = array([1.0])\ndef halve(z):\n    return z / 2\n"
    evidence = ruling(compare, source).evidence
    assert evidence.kind == "missing"
    assert evidence.facts["there"] == "net, halve"
    assert (
        "What your file does define: net, halve."
        in explain_evidence(evidence, "en", lambda *_: None).details
    )


def test_a_part_that_a_check_takes_out_of_what_came_back_is_told_by_its_place(ruling):
    def body(student, _reference):
        _, history = student.double(Z)
        agree(history, [1.0, 2.0])

    result = ruling(body, "def double(z):\n    losses = [1.0]\n    return z, losses\n")
    assert result.evidence.kind == "length"
    assert (result.evidence.facts["item"], result.evidence.facts["item_name"]) == ("1", "losses")


def test_a_probe_without_a_text_is_not_shown_as_a_call(ruling):
    def secret_probe(program, z):
        return program.double(z)

    def body(student, _reference):
        agree(probe(student, secret_probe)(Z), 2 * Z)

    result = ruling(body, "def double(z):\n    return z\n")
    assert result.evidence.call == ""
    assert result.evidence.got == "array([1., 2., 3.])"


def test_a_wrong_value_of_a_function_that_uses_a_wrong_one_says_so(tiny_exercise):
    source = "def double(z):\n    return z\ndef half(z):\n    return double(z) / 4\n"
    source += "def total(z):\n    return half(z).sum()\n"
    program = Program("tiny", (Part("tiny.py", source),))
    wrong = [
        CheckResult("t", task, False, Verdict.FAILED, 1.0, evidence=Evidence("differs", call="f()"))
        for task in ("double", "total")
    ]
    bench = open_bench(tiny_exercise())
    room = Room(InProcessSession(program), bench.reference)
    first, second = settled([Judged(each) for each in wrong], room, bench, program)
    assert "uses" not in first.evidence.facts
    told = explain_evidence(second.evidence, "en", lambda *_: None)
    assert "do not pass their own checks (double)" in told.advice


def test_a_none_that_a_wrong_function_handed_on_points_there_and_is_not_told_by_its_exception(
    tiny_exercise,
):
    source = "def double(z):\n    pass\ndef total(z):\n    return double(z).sum()\n"
    program = Program("tiny", (Part("tiny.py", source),))
    bench = open_bench(tiny_exercise())
    told = {"T9": Misconception(bench.exercise.title, raises=("NoneType",))}
    bench = replace(bench, exercise=msgspec.structs.replace(bench.exercise, misconceptions=told))
    said = {"exception": "AttributeError", "message": "'NoneType' object has no attribute 'sum'"}
    first = CheckResult("t", "double", False, Verdict.FAILED, 1.0, evidence=Evidence("none"))
    raised = Evidence("raised", facts=said)
    named = Diagnosis("T9", misconception=True)
    second = CheckResult("t", "total", False, Verdict.ERROR, 1.0, evidence=raised, diagnosis=named)
    room = Room(InProcessSession(program), bench.reference)
    with_its_cause = settled([Judged(first), Judged(second)], room, bench, program)[1]
    assert (with_its_cause.diagnosis, with_its_cause.evidence.facts["uses"]) == (None, "double")
    assert settled([Judged(second)], room, bench, program)[0].diagnosis == named


def test_a_known_misunderstanding_is_named_before_any_pattern(ruling):
    result = ruling(compare, "def double(z):\n    return z * z\n")
    assert result.diagnosis == Diagnosis("T1", misconception=True)


def test_a_check_may_name_the_misunderstanding_itself(ruling):
    def body(student, _reference):
        raise Mismatch(Evidence("statement", facts={"says": "m"}), misconception="T7")

    assert ruling(body, "").diagnosis == Diagnosis("T7", misconception=True)


@pytest.mark.parametrize(
    ("source", "kind"),
    [
        ("def double(z):\n    return 1 / 0\n", "raised"),
        ("def dubble(z):\n    return z\n", "misspelt"),
        ("x = 1\n", "missing"),
        ("double = 3\n", "not_callable"),
    ],
)
def test_a_call_that_does_not_return_is_the_learners_error(ruling, source, kind):
    result = ruling(compare, source)
    assert (result.verdict, result.points, result.evidence.kind) == (Verdict.ERROR, 0.0, kind)


def test_a_function_that_the_exercise_asks_for_is_no_misspelling_of_another(ruling):
    def body(student, _reference):
        student.doubles(Z)

    assert ruling(body, "def double(z):\n    return z\n").evidence.kind == "missing"


def test_a_function_that_a_failed_top_level_did_not_reach_is_not_called_missing(ruling):
    assert ruling(compare, "x = 1\n", broke_off=True).evidence.kind == "unreached"


def test_the_second_call_of_a_check_that_fails_is_found_among_arrays(ruling):
    def body(student, _reference):
        student.double(Z)
        student.double(Z[:2])

    result = ruling(body, "def double(z):\n    return z if z.size == 3 else z.nothing\n")
    assert (result.verdict, result.evidence.call) == (Verdict.ERROR, "double(array([1., 2.]))")


def test_what_is_not_written_yet_is_skipped(ruling):
    result = ruling(compare, "def double(z):\n    raise NotImplementedError('double')\n")
    assert (result.verdict, result.points, result.evidence) == (
        Verdict.SKIPPED,
        0.0,
        Evidence("todo"),
    )


def test_what_a_library_has_not_implemented_is_an_error_and_not_an_unwritten_task(ruling):
    source = "import datetime\ndef double(z):\n    return datetime.tzinfo().utcoffset(None)\n"
    result = ruling(compare, source)
    assert (result.verdict, result.evidence.kind) == (Verdict.ERROR, "raised")
    assert result.evidence.facts["exception"] == "NotImplementedError"


def told_by_text(ruling, source, known):
    return ruling(compare, source, known=known).diagnosis


def test_an_exception_names_a_misunderstanding_by_its_text(ruling):
    known = {"A9.9": Misconception(Text({"en": "en", "zh": "zh"}), ("KeyError: .*abacus",))}
    assert told_by_text(ruling, "def double(z):\n    return {}['abacus']\n", known) == Diagnosis(
        "A9.9", misconception=True
    )
    assert told_by_text(ruling, "def double(z):\n    return {}['lyre']\n", known) is None


def test_a_check_may_name_why_a_call_failed(ruling):
    def body(student, _reference):
        try:
            student.double(Z)
        except CallFailed as failed:
            failed.misconception = "A9.9"
            raise

    result = ruling(body, "def double(z):\n    return 1 / 0\n")
    assert result.verdict is Verdict.ERROR
    assert result.diagnosis == Diagnosis("A9.9", misconception=True)


def test_a_check_that_skips_says_why(ruling):
    result = ruling(lambda _s, _r: pytest.skip("no torch"), "")
    assert result.evidence == Evidence("skipped", facts={"reason": "no torch"})
    assert result.points == 0.0


def crash_on_text(student, _reference):
    student.double(Z).mean()


def test_a_check_that_only_the_learners_value_crashes_is_failed(ruling):
    result = ruling(crash_on_text, "def double(z):\n    return 'text'\n")
    assert (result.verdict, result.evidence.kind) == (Verdict.FAILED, "type")
    assert result.evidence.call == "double(array([1., 2., 3.]))"


def test_a_check_that_the_reference_crashes_too_is_our_fault(ruling):
    result = ruling(crash_on_text, "def double(z):\n    return 'text'\n", survives=False)
    assert (result.verdict, result.evidence.kind) == (Verdict.FAULT, "fault")
    assert "AttributeError" in result.evidence.facts["error"]
    assert "test_judge.py:" in result.evidence.facts["where"]


def test_a_check_that_crashes_before_it_asks_anything_is_our_fault(ruling):
    result = ruling(lambda _s, _r: {}["x"], "")
    assert result.verdict is Verdict.FAULT


def test_a_bare_assert_on_the_learners_value_is_failed(ruling):
    def body(student, _reference):
        assert student.double(Z)[0] == 2.0

    result = ruling(body, "def double(z):\n    return z\n")
    assert (result.verdict, result.evidence.kind) == (Verdict.FAILED, "differs")


def test_a_crash_without_any_departure_from_the_reference_is_failed_without_values(ruling):
    def body(student, _reference):
        student.double(Z)
        raise ValueError

    result = ruling(body, "def double(z):\n    return 2 * z\n")
    assert (result.verdict, result.evidence.kind) == (Verdict.FAILED, "unusable")


@pytest.mark.parametrize("fault", [EngineFault("x"), WireError("x"), UnknownAnswer("x")])
def test_a_fault_of_the_engine_is_ours_even_where_the_reference_survives(ruling, fault):
    def body(student, _reference):
        student.double(Z)
        raise fault

    result = ruling(body, "def double(z):\n    return 'text'\n")
    assert (result.verdict, result.points) == (Verdict.FAULT, 0.0)


def test_a_call_of_the_reference_that_fails_is_our_fault(ruling):
    def body(_student, reference):
        reference.nothing(Z)

    assert ruling(body, "", survives=False).verdict is Verdict.FAULT


def test_a_mistake_of_the_judge_is_a_fault_of_that_check_alone(ruling, monkeypatch):
    def broken(*_args):
        raise RuntimeError("in the judge")

    monkeypatch.setattr("autograder.plugin.suspicion.matching", broken)
    result = ruling(compare, "def double(z):\n    return z\n")
    assert result.verdict is Verdict.FAULT
    assert "in the judge" in result.evidence.facts["error"]


def test_an_object_that_stays_behind_is_not_asked_of_the_reference(ruling):
    def body(student, _reference):
        student.Model.kept()(Z).nothing  # noqa: B018

    source = "class Model:\n    def __call__(self, z):\n        return 'text'\n"
    result = ruling(body, source)
    assert (result.verdict, result.evidence.kind) == (Verdict.FAILED, "unusable")


@pytest.mark.parametrize(
    ("outcome", "evidence"),
    [
        (Raised("NotImplementedError", "double"), Evidence("todo")),
        (
            Raised("E", "text", (TraceLine("tiny.py", 2, "double"),)),
            Evidence(
                "raised",
                lines=(SourceLine("tiny.py", 2, "return 1 / 0", "double"),),
                facts={"exception": "E", "message": "text"},
            ),
        ),
        (
            Raised("E", "", (TraceLine("forged.py", 1, "f"), TraceLine("tiny.py", 99, "f"))),
            Evidence("raised", facts={"exception": "E", "message": ""}),
        ),
        (Missing("f"), Evidence("missing", facts={"name": "f"})),
        (Missing("f", ("g", "h")), Evidence("misspelt", facts={"name": "f", "similar": "g"})),
        (Missing("f", kind="int"), Evidence("not_callable", facts={"name": "f", "type": "int"})),
        (Stopped("wall", 2.0), Evidence("stopped", facts={"limit": "wall", "amount": 2.0})),
        (Crashed(signal=11), Evidence("crashed", facts={"signal": 11})),
        (Crashed(), Evidence("crashed", facts={"signal": 0})),
        (Crashed(code=0), Evidence("exited", facts={"code": 0})),
        (Crashed(protocol=True), Evidence("forged")),
        (Returned(1), Evidence("unusable")),
    ],
)
def test_every_outcome_becomes_evidence(outcome, evidence):
    assert outcome_evidence(outcome, PROGRAM) == evidence


def test_lines_are_counted_as_python_counts_them():
    program = Program("m", (Part("m.py", 'x = "\u2028\x0c"\r\ny = 1 / 0\r\n'),))
    evidence = outcome_evidence(Raised("E", "", (TraceLine("m.py", 2, ""),)), program)
    assert evidence.lines[0].text == "y = 1 / 0"


def test_a_failed_call_of_somebody_else_is_not_the_learners(ruling):
    other = Recorder()

    def body(_student, _reference):
        try:
            Student(InProcessSession.of("", "m"), other).f(Z)
        except CallFailed as failed:
            raise failed from None

    assert ruling(body, "", survives=False).verdict is Verdict.FAULT


def test_an_item_of_a_returned_tuple_is_called_as_the_learner_calls_it(ruling):
    def body(student, _reference):
        agree(student.double(Z), (Z, [1.0]))

    source = "def double(z):\n    history = [2.0]\n    return z, history\n"
    evidence = ruling(body, source).evidence
    words = explain_evidence(evidence, "en", lambda _kind, _key: None)
    assert "the first item in the second item (history)" in words.details[0]


def test_the_call_is_the_one_whose_value_was_compared_though_it_was_copied(ruling):
    def body(student, _reference):
        first = np.asarray(student.double(Z)).copy()
        student.double(Z[:2])
        agree(first, Z + 1)

    result = ruling(body, "def double(z):\n    return z\n")
    assert result.evidence.call == "double(array([1., 2., 3.]))"


@pytest.mark.parametrize(
    ("returned", "wrong_at"), [("None", "2.0"), ("4", "4.0"), ("np.float64(4)", "4.0")]
)
def test_a_value_that_several_calls_gave_is_told_of_one_for_which_it_is_wrong(
    ruling, returned, wrong_at
):
    def body(student, reference):
        said = [(student.double(z), reference.double(z)) for z in (2.0, 4.0, 8.0)]
        said = [(got if got is None else int(got), wanted) for got, wanted in said]
        for got, wanted in said:
            agree(got, wanted)

    result = ruling(body, f"import numpy as np\ndef double(z):\n    return {returned}\n")
    assert result.evidence.call == f"double({wrong_at})"


def test_a_condition_is_told_of_the_last_call_whatever_others_returned(ruling):
    def body(student, _reference):
        student.keep(1.0)
        expect(student.double(2.0) == 4.0, "not_double")

    result = ruling(body, "def keep(z):\n    pass\ndef double(z):\n    return z\n")
    assert result.evidence.call == "double(2.0)"


def looks_into(module, z):
    return module.double(z).parts


def test_where_the_checks_own_code_stopped_it_says_what_was_to_be(ruling):
    def body(student, _reference):
        probe(student, looks_into)(Z)

    result = ruling(body, "def double(z):\n    return None\n")
    assert (result.verdict, result.evidence.kind) == (Verdict.ERROR, "unfit")
    words = explain_evidence(result.evidence, "en", lambda _kind, _key: None)
    assert "cannot be used" in words.headline
    assert "without return" in words.advice


LEFT = (
    'def double(z):\n    """Twice z."""\n{before}    raise NotImplementedError("double")\n{after}'
)


@pytest.mark.parametrize(
    ("before", "after", "kind"),
    [
        ("", "", "todo"),
        ("    # later: 2 * z\n", "", "todo"),
        ("", "    return 2 * z\n", "todo_left"),
        ("    answer = 2 * z\n", "", "todo_left"),
    ],
)
def test_a_stub_s_line_that_was_left_in_a_written_function_is_told(ruling, before, after, kind):
    result = ruling(lambda s, _: s.double(2.0), LEFT.format(before=before, after=after))
    assert (result.verdict, result.evidence.kind) == (Verdict.SKIPPED, kind)
