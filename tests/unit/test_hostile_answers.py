"""``answers.json`` lies on a learner's machine: whatever has become of it is refused or is used."""

import copy
import json
import shutil
import tracemalloc
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.catalogue import load_exercise
from autograder.diagnosis import REFERENCE, AnswerBook, FrozenSession, Known
from autograder.diagnosis.frozen import MOST_BYTES, read_answers, to_json
from autograder.errors import CourseError
from autograder.grading.entry import Entry
from autograder.grading.loop import run_checks
from autograder.plugin.bench import open_bench
from autograder.sandbox.opening import Sandbox
from autograder.wire.protocol import Call, Code, Name, Part, Program, Returned, Tensor

ROOT = Path(__file__).resolve().parents[2]
RELEASED = ROOT / "assignments" / "01_neuron"
SOURCE = (ROOT / "solutions" / "01_neuron" / "neuron.py").read_text(encoding="utf-8")

KINDS = ("array", "scalar", "float", "complex", "tuple", "dict", "name", "seed", "again", "code")
KINDS += ("tensor", "opaque", "bytes", "set")
MARKS = (*(f"${kind}" for kind in KINDS), "shape", "dtype", "source", "text")
WORDS = st.sampled_from(
    ["f8", "O", "V999999999", "S2000000000", "M8[ns]", "nan", "1e999", "torch", "((((", "ff", "f"]
)
ATOMS = (
    st.none() | st.booleans() | st.floats() | WORDS | st.text(max_size=4)
    | st.sampled_from([0, 1, -1, 2, 10**18, 2**63, -(10**4000)])
)  # fmt: skip
JSON = st.recursive(
    ATOMS,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(MARKS) | st.text(max_size=3), inner, max_size=3)
    ),
    max_leaves=8,
)
VALUE = (
    np.array([[1.0, 2.0]]),
    {"a": (1, None)},
    {3, 4},
    b"x",
    1 + 2j,
    Tensor("torch", np.ones(2)),
)
GOOD = json.loads(
    to_json(
        AnswerBook(
            (
                Known(Call(Name("f"), VALUE), {REFERENCE: Returned(VALUE, {0: 2.0})}),
                Known(
                    Call(Code("p", "def p(m): pass")), {REFERENCE: Returned(1), "A": Returned(2)}
                ),
            ),
            {"A": frozenset("f")},
        )
    )
)


def places(data, here=()):
    """Yield the path of everything in a document."""
    yield here
    items = data.items() if isinstance(data, dict) else enumerate(data)
    for key, value in items:
        if isinstance(value, dict | list):
            yield from places(value, (*here, key))
        else:
            yield (*here, key)


def changed(data, place, value):
    if not place:
        return value
    data = copy.deepcopy(data)
    inside = data
    for key in place[:-1]:
        inside = inside[key]
    inside[place[-1]] = value
    return data


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    return tmp_path_factory.mktemp("hostile") / "answers.json"


def read(path, data):
    """Read a file; a book that can be had answers, finds its own calls, and can be written."""
    path.write_bytes(data)
    try:
        book = read_answers(path)
    except CourseError:
        return None
    for entry in book.entries:
        assert book.find(entry.call) is not None
        FrozenSession(book, "A").call(entry.call)
    to_json(book)
    return book


@given(place=st.sampled_from(list(places(GOOD))), value=JSON)
@settings(max_examples=400)
def test_a_document_with_something_else_in_one_place_is_refused_or_is_a_book(path, place, value):
    read(path, json.dumps(changed(GOOD, place, value)).encode())


@given(document=JSON)
def test_any_other_document_is_refused(path, document):
    assert read(path, json.dumps(document).encode()) is None


@given(at=st.floats(0, 1), dropped=st.integers(1, 9), put=st.binary(max_size=9))
def test_bytes_that_were_changed_anywhere_are_refused_or_make_a_book(path, at, dropped, put):
    data = json.dumps(GOOD).encode()
    start = int(at * len(data))
    read(path, data[:start] + put + data[start + dropped :])


ARGUMENT = ("answers", 0, "call", "args", 0)
COLLIDING = [{"$tuple": [0, {"$complex": [float(n), 0.0]}]} for n in range(2001)]
BOMBS = {
    "objects": {"$array": [1], "shape": [1], "dtype": "O"},
    "text of gigabytes": {"$array": ["a"], "shape": [1], "dtype": "S2000000000"},
    "a structure of gigabytes": {"$scalar": 1, "dtype": "V2000000000"},
    "empty, and as long as nothing is": {"$array": [], "shape": [0, 10**18], "dtype": "f8"},
    "ninety axes": {"$array": [1], "shape": [1] * 90, "dtype": "f8"},
    "an array of arrays": {
        "$array": [{"$array": [1], "shape": [1], "dtype": "f8"}], "shape": [1], "dtype": "f8"
    },
    "keys of one hash": {"$set": COLLIDING},
    "keys of one hash in a dict": {"$dict": [[each, 1] for each in COLLIDING]},
    "a key that is a list": {"$dict": [[[1], 1]]},
    "an integer longer than any": 2**5000,
    "a name that is a number": {"$name": 5},
    "a tensor of text": {"$tensor": "torch", "array": "x"},
}  # fmt: skip


@pytest.mark.parametrize("bomb", BOMBS)
def test_what_would_take_the_memory_or_the_time_is_refused(path, bomb):
    tracemalloc.start()
    try:
        assert read(path, json.dumps(changed(GOOD, ARGUMENT, BOMBS[bomb])).encode()) is None
        assert tracemalloc.get_traced_memory()[1] < 32 * 2**20
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("opening", ['{"$tuple": [', '{"$set": [', "["])
def test_what_is_nested_deeper_than_anything_on_the_wire_is_refused(path, opening):
    closing = {"{": "]}", "[": "]"}[opening[0]]
    text = json.dumps(changed(GOOD, ARGUMENT, "@")).replace('"@"', opening * 200 + closing * 200)
    assert read(path, text.encode()) is None


@pytest.mark.parametrize("source", ["(" * 500, "-" * 100_000 + "1", "x" + ".a" * 5000, "\0"])
def test_a_probe_that_no_parser_reads_is_refused_or_only_a_text(path, source):
    changed_one = changed(GOOD, ("answers", 1, "call", "target", "source"), source)
    read(path, json.dumps(changed_one).encode())


def test_a_file_longer_than_any_is_refused_unread(path):
    with path.open("wb") as file:
        file.truncate(MOST_BYTES + 1)
    with pytest.raises(CourseError, match="is damaged"):
        read_answers(path)


def test_as_much_is_not_written_either(monkeypatch):
    monkeypatch.setattr("autograder.diagnosis.frozen.MOST_BYTES", 100)
    book = AnswerBook((Known(Call(Name("f")), {REFERENCE: Returned("x" * 100)}),), {})
    with pytest.raises(CourseError, match="let public checks draw less"):
        to_json(book)


# ---- what a learner sees of it ----

ANSWERS = json.loads((RELEASED / "answers.json").read_text(encoding="utf-8"))
SOME = [place for place in places(ANSWERS) if place[:1] == ("answers",)][::37]


@pytest.fixture(scope="module")
def released(tmp_path_factory):
    folder = tmp_path_factory.mktemp("released") / "01_neuron"
    shutil.copytree(RELEASED, folder)
    return folder


@given(place=st.sampled_from(SOME), value=JSON)
@settings(max_examples=15)
def test_a_right_program_is_checked_or_told_of_the_file_and_nothing_breaks(released, place, value):
    exercise = load_exercise(released)
    exercise.answers.write_text(json.dumps(changed(ANSWERS, place, value)), encoding="utf-8")
    program = Program(exercise.module, (Part("neuron.py", SOURCE),))
    results = []
    try:
        bench = open_bench(exercise)
    except CourseError:
        return
    run_checks(bench, Sandbox("none"), [Entry("", "neuron.py", program)], results.append)
    assert results[0].problem is None
