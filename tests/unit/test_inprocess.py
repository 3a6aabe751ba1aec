import signal
import subprocess
import sys

import numpy as np
import pytest

from autograder.sandbox.inprocess import InProcessSession
from autograder.sandbox.policy import Limits
from autograder.wire.protocol import Call, Handle, Name, Opaque, Part, Program, Stopped

QUICK = Limits(wall=0.05, frame=1)


def session(source, limits=QUICK):
    return InProcessSession.of(source, "m", limits)


def ask(source, *args, limits=QUICK, **kwargs):
    return session(source, limits).call(Call(Name("f"), args, kwargs))


def test_what_comes_back_is_a_copy():
    held = session("x = [1]\ndef f():\n    return x\n", Limits())
    held.call(Call(Name("f"))).value.append(2)
    assert held.call(Call(Name("f"))).value == [1]


def test_what_cannot_cross_the_wire_becomes_opaque_here_too():
    assert ask("def f():\n    return (n for n in ())\n").value == Opaque("generator", "")


def test_what_is_too_large_for_a_frame_becomes_opaque_and_not_our_fault():
    assert isinstance(ask("def f():\n    return ['x' * 2**19] * 3\n").value[2], Opaque)
    large = ask("import numpy as np\ndef f():\n    return np.zeros(2**18)\n").value
    assert isinstance(large, Opaque)


def test_a_modified_argument_comes_back_as_it_is_now():
    changed = ask("def f(z):\n    z[0] = 5\n", np.zeros(2)).changed
    assert changed[0].tolist() == [5.0, 0.0]


def test_a_kept_object_is_answered_by_a_handle():
    held = session("class M: pass\n", Limits())
    assert held.call(Call(Name("M"), keep=True)).value == Handle(0, "M")


def test_a_loop_that_never_ends_is_stopped():
    assert ask("def f():\n    while True:\n        pass\n") == Stopped("wall", 0.05)


def test_a_handler_for_every_exception_does_not_hold_the_stop_back():
    tried = "    try:\n        while True:\n            pass\n    except Exception:\n        pass\n"
    assert ask("def f():\n" + tried) == Stopped("wall", 0.05)


DROPS = """
import gc
heard = []
def hear(phase, info):
    while not heard:
        try:
            while True:
                pass
        finally:
            heard.append(phase)
def f():
    gc.callbacks.append(hear)
    try:
        gc.collect()
        while True:
            pass
    finally:
        gc.callbacks.remove(hear)
"""


def test_a_loop_is_stopped_though_python_has_dropped_the_first_stop(monkeypatch):
    # pytest's own hook takes so long that a busy machine stops that instead.
    monkeypatch.setattr(sys, "unraisablehook", lambda _dropped: None)
    held = session(DROPS, Limits(wall=0.05))
    assert held.call(Call(Name("f"))) == Stopped("wall", 0.05)


def test_what_catches_the_stop_is_stopped_again_and_its_answer_comes_too_late():
    caught = "    try:\n        while True:\n            pass\n    except:\n        pass\n"
    assert ask("def f():\n" + caught + "    while True:\n        pass\n") == Stopped("wall", 0.05)
    assert ask("def f():\n" + caught + "    return 1\n") == Stopped("wall", 0.05)


TIDIES = """
import time
done = []
def f():
    try:
        while True:
            pass
    finally:
        end = time.process_time() + 0.3
        while time.process_time() < end:
            try:
                int("x")
            except ValueError:
                pass
        done.append(1)
def g():
    return len(done)
"""


def test_what_a_stop_unwinds_is_not_interrupted_in_its_tidying_up():
    held = session(TIDIES)
    assert held.call(Call(Name("f"))) == Stopped("wall", 0.05)
    assert held.call(Call(Name("g"))).value == 1


def test_a_top_level_that_never_ends_is_a_failure_of_its_part():
    held = session("def f():\n    return 1\nwhile True:\n    pass\n")
    (failure,) = held.load().failures
    assert (failure.part, failure.outcome) == ("m.py", Stopped("wall", 0.125))
    assert held.call(Call(Name("f"))).value == 1


@pytest.mark.parametrize("body", ["return 1", "while True: pass"])
def test_the_alarm_is_given_back(body):
    before = signal.getsignal(signal.SIGVTALRM)
    ask(f"def f():\n    {body}\n")
    assert signal.getsignal(signal.SIGVTALRM) is before
    assert signal.getitimer(signal.ITIMER_VIRTUAL) == (0.0, 0.0)


def test_the_program_loads_at_the_first_call():
    assert ask("def f():\n    return 1\n").value == 1


def test_two_sessions_share_no_names():
    source = "n = [0]\ndef f():\n    n[0] += 1\n    return n[0]\n"
    one, other = session(source, Limits()), session(source, Limits())
    assert [one.call(Call(Name("f"))).value for _ in range(2)] == [1, 2]
    assert other.call(Call(Name("f"))).value == 1


def test_a_program_without_parts_answers_from_given_names():
    held = InProcessSession(Program("m", ()), None, {"f": abs})
    assert held.call(Call(Name("f"), (-3,))).value == 3


@pytest.mark.parametrize("wall", [30.0])
def test_a_call_within_its_time_is_answered(wall):
    program = Program("m", (Part("m.py", "def f():\n    return 1\n"),))
    assert InProcessSession(program, Limits(wall=wall)).call(Call(Name("f"))).value == 1


LOADS = """
import sys
from autograder.sandbox.inprocess import InProcessSession
InProcessSession.of(sys.argv[1], "m").load()
print("tensorflow" in sys.modules)
"""


def test_prose_that_names_tensorflow_does_not_cost_its_import():
    prose = "# Neither `torch` nor `tensorflow` may be used.\nx = 1  # import tensorflow? no\n"
    command = [sys.executable, "-c", LOADS, prose]
    assert subprocess.run(command, check=True, capture_output=True, text=True).stdout == "False\n"
