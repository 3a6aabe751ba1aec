"""What hidden checks ask with cannot be read by the program that they ask."""

import ast
import hashlib
from pathlib import Path

import pytest

from autograder.catalogue import find_course
from autograder.sandbox.opening import Sandbox
from autograder.sandbox.policy import Limits
from autograder.wire.protocol import Call, Code, Name, Part, Program, Returned

pytestmark = pytest.mark.real

COURSE = find_course(Path(__file__))
LOOK = """
import gc, hashlib, linecache, sys

def texts():
    seen, todo = set(), [linecache.cache, sys.modules, *gc.get_objects()]
    frame = sys._getframe()
    while frame is not None:
        todo += [frame.f_locals, frame.f_globals, frame.f_code, frame.f_code.co_consts]
        frame = frame.f_back
    while todo:
        here = todo.pop()
        if id(here) in seen:
            continue
        seen.add(id(here))
        if isinstance(here, bytes):
            here = here.decode(errors="replace")
        if isinstance(here, str):
            yield here
        else:
            todo += gc.get_referents(here)

def look(digests, given):
    found = set()
    for text in texts():
        for line in text.split("\\n"):
            if hashlib.sha256(line.strip().encode()).hexdigest() in digests:
                found.add(line.strip())
    return sorted(found)

def look_beside(module, digests):
    return look(digests, None)
"""


def lines_of(text):
    return {line.strip() for line in text.splitlines() if len(line.strip()) > 11}


def hidden_lines():
    """Every line of the hidden checks of all exercises that stands in nothing that is given out."""
    given, hidden = set(), set()
    for name in COURSE.exercises:
        folder = COURSE.authored(name).folder
        hidden |= lines_of((folder / "test_hidden.py").read_text())
        for path in folder.glob("*.py"):
            if path.name not in ("test_hidden.py", "misconceptions.py"):
                given |= lines_of(path.read_text())
    return hidden - given


def probes_of(name):
    """The functions that hidden checks have beside them: probes, and what is passed to learners."""
    text = (COURSE.authored(name).folder / "test_hidden.py").read_text()
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("test_"):
            node.decorator_list = []
            yield Code(node.name, ast.get_source_segment(text, node, padded=False))


@pytest.fixture(scope="module")
def session():
    program = Program("spy", (Part("spy.py", LOOK),))
    with_room = Limits(wall=60, total=600, memory=1024)
    session = Sandbox("plain").open(program, with_room)
    assert session.load().failures == ()
    yield session
    session.close()


@pytest.fixture(scope="module")
def digests():
    return [hashlib.sha256(line.encode()).hexdigest() for line in hidden_lines()]


def test_a_program_that_looks_everywhere_finds_no_hidden_line(session, digests):
    probes = [probe for name in COURSE.exercises for probe in probes_of(name)]
    assert len(probes) > 20
    for probe in probes:
        session.call(Call(Name("texts"), (probe,)))  # refused: it takes nothing, and is handed it
    found = session.call(Call(Name("look"), (set(digests), probes[:5])))
    assert isinstance(found, Returned), found
    assert found.value == []


def test_nor_does_one_that_a_probe_calls(session, digests):
    source = "def peep(module, digests):\n    marked = 'one line of a hidden probe'\n"
    source += "    return module.look_beside(module, digests)\n"
    own = hashlib.sha256(b"marked = 'one line of a hidden probe'").hexdigest()
    found = session.call(Call(Code("peep", source), ({*digests, own},)))
    assert isinstance(found, Returned), found
    assert found.value == []


def test_what_is_there_to_be_read_would_be_found(session):
    line = "found = set()"  # of the spy itself
    digest = hashlib.sha256(line.encode()).hexdigest()
    found = session.call(Call(Name("look"), ({digest}, None)))
    assert found.value == [line]
