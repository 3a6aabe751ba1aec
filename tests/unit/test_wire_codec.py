"""Messages survive the wire, and an answer is believed in nothing that it cannot know."""

import tracemalloc

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.errors import WireError
from autograder.wire.codec import (
    LONGEST_OUTPUT,
    Begun,
    Ready,
    nonce_of,
    pack,
    unpack,
    unpack_answer,
)
from autograder.wire.protocol import (
    Call,
    Code,
    Crashed,
    Failure,
    Handle,
    Loaded,
    Missing,
    Name,
    Opaque,
    Part,
    Program,
    Raised,
    Returned,
    Seed,
    Stopped,
    TraceLine,
    Warned,
)
from autograder.wire.text import clean, clean_line
from autograder.wire.values import Budget, encode

BUDGET = Budget(max_bytes=1 << 20)
NONCE = 2**64 - 2
TRACE = (TraceLine("a.py", 3, "f"),)
WARNED = Warned("W", "m", ("V",), TRACE[0])
RAISED = Raised("Odd", "no", TRACE, (WARNED,), "out", 0.5, ("ValueError",))
RETURNED = Returned([1, "x"], {0: (2.0,)}, (Warned("W", "m"),), "out\n", 0.25)
REQUESTS = [
    Program("neuron", (Part("neuron.py", "x = 1"), Part("cell 2", "", True)), ("scipy",), True),
    Program("m", (Part("cell 1", "!ls"),), notebook=True, wanted=("sigmoid", "tanh")),
    Program("m", (Part("m.py", ""),), files=(("utils.py", b"x = 1"), ("data/a.csv", b"\x00"))),
    Call(Name("f"), (1, Seed(3), [Name("g")]), {"a": Code("h", "def h(): ...")}, keep=True),
    Call(Handle(4, "Model")),
    Call(Code("probe", "def probe(m): ...")),
]
ANSWERS = [
    Ready(),
    Begun(3),
    Loaded({"f": "function"}, (Failure("a.py", RAISED),), "hi"),
    Loaded({}, (Failure("a.py", Stopped("memory", 64.0)),)),
    RETURNED,
    Returned(Handle(7, "Model")),
    Returned(None),
    Returned(Opaque("Model", "")),
    RAISED,
    Missing("sigmod", ("sigmoid",), ""),
    Missing("x", kind="int"),
    Stopped("output", 0.25),
    Stopped("cpu", 1.0),
]


CODES = {
    name: pack(message)[8]
    for name, message in (
        ("program", Program("m", ())),
        ("call", Call(Name("f"))),
        ("loaded", Loaded({})),
        ("returned", Returned(None)),
        ("raised", Raised("E", "")),
        ("missing", Missing("f")),
        ("stopped", Stopped("memory", 1.0)),
        ("crashed", Crashed(11)),
        ("begun", Begun(1)),
        ("ready", Ready()),
    )
}


def forged(name, *fields, count=None):
    """Write a message by its name, or its code, with any fields; it may state another count."""
    head = bytes((CODES.get(name, name), len(fields) if count is None else count))
    return bytes(8) + head + b"".join(map(encode, fields))


def part(name, *fields):
    """Write a message that lies in another one's field."""
    return (CODES.get(name, name), fields)


def test_what_is_missing_brings_what_is_there():
    assert unpack_answer(pack(Missing("f", there=("g",))), BUDGET).there == ("g",)


def test_a_warning_brings_its_line():
    raised = unpack(pack(RAISED), BUDGET)
    assert raised.warnings[0].at == TRACE[0]


PATHS_OUT = ["../m.py", "/etc/passwd", "a//b", "a/./b", "", "a\\b", "a/../../b", "a\0b", "x" * 201]


@pytest.mark.parametrize("path", PATHS_OUT)
def test_a_file_beside_a_program_lies_below_it(path):
    with pytest.raises(WireError):
        unpack(pack(Program("m", (), files=((path, b""),))), BUDGET)


def test_the_files_beside_a_program_are_few_and_small():
    many = tuple((f"{number}.txt", b"") for number in range(65))
    large = (("a.bin", bytes(5 * 2**20)), ("b.bin", bytes(5 * 2**20)))
    for files in (many, large):
        with pytest.raises(WireError, match=r"files|rows"):
            unpack(pack(Program("m", (), files=files)), Budget())


# ---- there and back ---------------------------------------------------------------------------


@pytest.mark.parametrize("message", [*REQUESTS, *ANSWERS, Crashed(11), Crashed(protocol=True)])
def test_a_message_comes_back_as_it_was(message):
    assert unpack(pack(message), BUDGET) == message


@pytest.mark.parametrize("message", ANSWERS)
def test_an_answer_comes_back_as_it_was(message):
    data = pack(message, NONCE)
    assert nonce_of(data) == NONCE
    assert unpack_answer(data, BUDGET, NONCE) == message


def test_a_changed_array_comes_back_by_position():
    answer = unpack_answer(pack(Returned(None, {1: np.arange(3)})), BUDGET)
    assert answer.changed[1].tolist() == [0, 1, 2]


def test_a_request_that_cannot_cross_is_refused_before_it_is_sent():
    with pytest.raises(WireError, match="generator"):
        pack(Call(Name("f"), ((x for x in "a"),)))


def test_what_an_honest_process_overdoes_is_cut_and_not_refused():
    text = "\ud800" * 10_000
    warned = (Warned(text, text),) * 99
    trace = (TraceLine(text, 1, text),) * 99
    raised = Raised(text, text, trace, warned, text)
    names = {f"{text}{i}"[-300:]: text for i in range(3000)}
    for message in (
        raised,
        Returned(text, {}, warned, text),
        Loaded(names, (Failure(text, raised),), text),
        Missing(text, (text,) * 99, text),
        Returned(Handle(1, text)),
    ):
        unpack_answer(pack(message), BUDGET)


# ---- what a learner's process may not say -----------------------------------------------------


@pytest.mark.parametrize(
    "message", [*REQUESTS, Crashed(11), Stopped("wall", 1), Stopped("total", 1)]
)
def test_a_learner_s_process_cannot_say_what_only_its_keeper_knows(message):
    with pytest.raises(WireError):
        unpack_answer(pack(message), BUDGET)


@pytest.mark.parametrize("value", [Name("f"), Code("f", "def f(): ..."), Seed(1), [Handle(1, "M")]])
def test_a_learner_s_process_cannot_return_a_reference(value):
    with pytest.raises(WireError, match="data only"):
        unpack_answer(forged("returned", 0.0, None, value), BUDGET)


def test_a_part_cannot_fail_with_a_limit_that_only_the_keeper_knows():
    with pytest.raises(WireError):
        unpack_answer(pack(Loaded({}, (Failure("a.py", Stopped("wall", 1)),))), BUDGET)


def test_an_answer_to_another_request_is_refused():
    with pytest.raises(WireError, match="belong"):
        unpack_answer(pack(RETURNED, 1), BUDGET, 2)


def returned(output="", warnings=(), handle=None, changed=None, seconds=0.0):
    return forged("returned", seconds, (output, warnings, handle, changed or {}), 0)


def raised(kind="E", message="", trace=(), warnings=()):
    return forged("raised", kind, message, trace, warnings, "", 0.0, ())


WARNING = ("UserWarning", "careful", (), None)
AS_THEY_MUST_BE = (
    returned(warnings=(WARNING,) * 50, changed={255: 1}),
    returned(handle=(1, "M")),
    raised(trace=(("a", 1, "f"),), warnings=(WARNING,)),
    forged("loaded", {"f": "function"}, (), "", ()),
    forged("loaded", {}, (("a", part("stopped", "memory", 1.0)),), "", ()),
)


@pytest.mark.parametrize("data", AS_THEY_MUST_BE)
def test_an_answer_of_which_each_field_is_as_it_must_be_is_read(data):
    unpack_answer(data, BUDGET)


FORGED = {
    "nothing": b"",
    "only a nonce": bytes(8),
    "a nonce and a message, but no count": forged("ready")[:9],
    "an unknown message": forged(200),
    "the first message behind the last": forged(max(CODES.values()) + 1),
    "more fields than are stated": forged("begun", 1, 2, count=1),
    "fewer fields than are stated": forged("begun", 1, count=2),
    "255 fields of none": forged("ready", count=255),
    "too many fields": forged("ready", 1),
    "too few fields": forged("returned", 0.0, None),
    "too few fields beside the value": forged("returned", 0.0, ("", (), None), 0),
    "a list beside the value": forged("returned", 0.0, ["", (), None, {}], 0),
    "seconds that are not a number": returned(seconds=float("nan")),
    "negative seconds": returned(seconds=-1.0),
    "endless seconds": returned(seconds=float("inf")),
    "NumPy seconds": returned(seconds=np.float64(1)),
    "a position that is a bool": returned(changed={True: 1}),
    "a position of 256": returned(changed={256: 1}),
    "a negative position": returned(changed={-1: 1}),
    "changes in a list": returned(changed=[1]),
    "a handle without a kind": returned(handle=(1,)),
    "a handle of a negative key": returned(handle=(-1, "M")),
    "output that is bytes": returned(b""),
    "more output than the cap": returned("x" * (LONGEST_OUTPUT + 1)),
    "a warning of one field": returned(warnings=(("W",),)),
    "51 warnings": returned(warnings=(WARNING,) * 51),
    "a long message": raised(message="x" * 4097),
    "a long kind": raised("E" * 201),
    "a line that is no number": raised(trace=(("a", "1", "f"),)),
    "names in a list": forged("loaded", ["f"], (), "", ()),
    "a name that is a number": forged("loaded", {1: "int"}, (), "", ()),
    "20001 names": forged("loaded", {str(i): "" for i in range(20_001)}, (), "", ()),
    "a part that failed by returning": forged("loaded", {}, (("a", part("ready")),), "", ()),
    "a part inside a part": forged("loaded", {}, (("a", part("loaded", {}, (), "", ())),), "", ()),
    "a part that failed by nothing": forged("loaded", {}, (("a", ()),), "", ()),
    "a part that failed by three things": forged("loaded", {}, (("a", (8, (), 1)),), "", ()),
    "a part that failed by a list": forged("loaded", {}, (("a", [8, ("memory", 1.0)]),), "", ()),
    "a part whose fields are a list": forged("loaded", {}, (("a", (8, ["memory", 1.0])),), "", ()),
    "a part that failed by a name": forged("loaded", {}, (("a", part("x", 1)),), "", ()),
    "a part that failed by a truth": forged("loaded", {}, (("a", part(True, 1)),), "", ()),
    "a part that failed by an unknown message": forged("loaded", {}, (("a", part(99)),), "", ()),
    "a part that failed by a negative one": forged("loaded", {}, (("a", part(-1)),), "", ()),
    "an unknown limit": forged("stopped", "score", 1.0),
    "a limit that is a list": forged("stopped", ["memory"], 1.0),
    "a part index that is negative": forged("begun", -1),
}


@pytest.mark.parametrize("data", FORGED.values(), ids=FORGED.keys())
def test_a_forged_answer_is_refused(data):
    with pytest.raises(WireError):
        unpack_answer(data, BUDGET)


def test_output_may_fill_its_cap():
    full = Returned(None, output="x" * 1000)
    assert unpack_answer(pack(full), BUDGET, longest_output=1000) == full
    with pytest.raises(WireError):
        unpack_answer(pack(full), BUDGET, longest_output=999)


# ---- text --------------------------------------------------------------------------------------


def test_every_text_of_an_answer_is_cleaned_but_values_are_not():
    bad = "a\x1b[31mb\x00\x9bKc"
    raised = Raised(bad, bad, (TraceLine(bad, 1, bad),), (Warned(bad, bad),), bad)
    clean_raised = Raised(
        "abc", "abc", (TraceLine("abc", 1, "abc"),), (Warned("abc", "abc"),), "abc"
    )
    assert unpack_answer(pack(raised), BUDGET) == clean_raised
    loaded = Loaded({bad: bad}, (Failure(bad, raised),), bad)
    assert unpack_answer(pack(loaded), BUDGET) == Loaded(
        {"abc": "abc"}, (Failure("abc", clean_raised),), "abc"
    )
    assert unpack_answer(pack(Missing(bad, (bad,), bad)), BUDGET) == Missing("abc", ("abc",), "abc")
    assert unpack_answer(pack(Returned(bad, {0: bad})), BUDGET) == Returned(bad, {0: bad})


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain\ttext\nline", "plain\ttext\nline"),
        ("一\u3000二", "一\u3000二"),
        ("\x1b[1;31mred\x1b[0m", "red"),
        ("\x1b]0;title\x07text", "text"),
        ("\x1b]8;;http://x\x1b\\link\x1b]8;;\x1b\\", "link"),
        ("\x1b]unterminated\nnext", "\nnext"),
        ("\x1bPdcs\x1b\\text", "text"),
        ("\x1bcreset", "reset"),
        ("\x9b2Jtext", "text"),
        ("50%\r100%\r\nend", "50%\n100%\nend"),
        ("a\x00\x07\x08\x7f\x85b", "ab"),
        ("abc\u202ecba", "abccba"),
        ("ends in \x1b", "ends in "),
    ],
)
def test_escapes_and_controls_are_removed(text, shown):
    assert clean(text) == shown


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet=st.sampled_from("\x1b\x9b\x9d[]P\\07;m \n\r\t\x00\x07x"), max_size=40))
def test_cleaned_text_holds_no_control_but_line_ends_and_tabs(text):
    assert not {char for char in clean(text) if ord(char) < 32 or 127 <= ord(char) < 160} - {
        "\n",
        "\t",
    }
    assert not set(clean_line(text)) & {"\n", "\t"}


# ---- fuzzing -----------------------------------------------------------------------------------


def harmless(data):
    tracemalloc.start()
    try:
        unpack_answer(data, BUDGET)
    except WireError:
        pass
    finally:
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        assert peak < 300 * len(data) + 64 * 1024


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=300))
def test_any_bytes_as_an_answer_do_no_harm(data):
    harmless(data)
    harmless(bytes(8) + data)


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(ANSWERS + REQUESTS), st.data())
def test_a_mutated_answer_does_no_harm(message, data):
    mutated = bytearray(pack(message))
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(8, len(mutated)))
        cut = data.draw(st.integers(0, 3))
        mutated[at : at + cut] = data.draw(st.binary(max_size=4))
    harmless(bytes(mutated))


fields = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=5)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=4).map(tuple), st.dictionaries(st.integers(), inner, max_size=2)
    ),
    max_leaves=10,
)


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(sorted(CODES)), st.lists(fields, max_size=7), st.integers(-1, 1))
def test_any_fields_of_a_message_do_no_harm(name, values, more):
    harmless(forged(name, *values, count=max(0, len(values) + more)))
