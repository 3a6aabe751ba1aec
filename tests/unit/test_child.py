"""The child's loop, run in a thread over a real socket."""

import contextlib
import socket
import threading
import time

import numpy as np
import pytest

from autograder.errors import WireError
from autograder.sandbox.child import serve
from autograder.sandbox.policy import Limits
from autograder.sandbox.program import Runner
from autograder.wire.channel import Closed, SocketChannel
from autograder.wire.codec import Answers, Begun, Ready, pack, unpack_answer
from autograder.wire.protocol import (
    Call,
    Calls,
    Code,
    Loaded,
    Missing,
    Name,
    Opaque,
    Part,
    Program,
    Raised,
    Returned,
    Stopped,
)
from autograder.wire.values import Budget

LIMITS = Limits(frame=1, memory=64)
MIB = 1024 * 1024
SOURCE = """
import numpy as np
def double(x): return 2 * x
def fail(): raise SystemExit(3)
def interrupt(): raise KeyboardInterrupt
def hungry(): raise MemoryError
def mebibytes(n): return np.zeros(n * 2**17)
def many(): return [object()] * 150_000
def spoil(x): x[:] = [object()] * 100_000; return 5
def generate(): yield 1
def slow():
    import time
    end = time.process_time() + 0.1
    while time.process_time() < end: pass
def overheard():
    import sys
    frame, found = sys._getframe(), []
    while frame:
        found += [repr(each) for each in frame.f_locals.values()]
        frame = frame.f_back
    return any("a_word_of_ours" in each for each in found)
"""


class Peer:
    def __init__(self, factory=Runner):
        ours, theirs = socket.socketpair()
        self.channel = SocketChannel(ours, MIB)
        self.errors = []
        self.thread = threading.Thread(target=self._serve, args=(theirs, factory))
        self.thread.start()

    def _serve(self, sock, factory):
        channel = SocketChannel(sock, MIB)
        try:
            serve(channel, LIMITS, factory)
        except BaseException as error:
            self.errors.append(error)
        finally:
            channel.close()

    def send(self, message, nonce=9):
        self.channel.send(pack(message, nonce), time.monotonic() + 5)

    def recv(self, nonce=9):
        data = self.channel.recv(time.monotonic() + 5)
        return unpack_answer(data, Budget(max_bytes=MIB), nonce)

    def ask(self, message):
        self.send(message)
        return self.recv()


@pytest.fixture
def peers():
    made = []

    def make(factory=Runner):
        made.append(Peer(factory))
        return made[-1]

    yield make
    for peer in made:
        peer.channel.close()
        peer.thread.join(timeout=5)
        assert not peer.thread.is_alive()


@pytest.fixture
def peer(peers):
    peer = peers()
    assert peer.recv(0) == Ready()
    assert isinstance(peer.ask(Program("m", (Part("m.py", SOURCE),))), Loaded)
    return peer


def test_it_is_ready_then_loads_then_answers_calls(peers):
    peer = peers()
    assert peer.recv(0) == Ready()
    loaded = peer.ask(Program("m", (Part("m.py", SOURCE),)))
    assert loaded.names["double"] == "function"
    answer = peer.ask(Call(Name("double"), (np.arange(3),)))
    assert answer.value.tolist() == [0, 2, 4]
    assert peer.ask(Call(Name("duble"))) == Missing("duble", ("double",))


def test_each_part_after_the_first_is_announced_as_it_begins(peers):
    peer = peers()
    peer.recv(0)
    peer.send(Program("m", tuple(Part(f"cell {i}", f"x{i} = {i}") for i in range(3))))
    assert [peer.recv(), peer.recv()] == [Begun(1), Begun(2)]
    assert set(peer.recv().names) == {"x0", "x1", "x2"}


HARMLESS = (
    '# what it is\ndef f(x, y):\n    """Return it."""\n\n    return x\n\n\ndef g():\n    return 1'
)


def test_a_part_that_only_defines_functions_is_not_announced_for_it_can_end_nothing(peers):
    peer = peers()
    peer.recv(0)
    parts = "x = 1", HARMLESS, "y = 2", HARMLESS
    peer.send(Program("m", tuple(Part(f"cell {n}", text) for n, text in enumerate(parts))))
    assert peer.recv() == Begun(2)
    assert set(peer.recv().names) == {"x", "y", "f", "g"}


@pytest.mark.parametrize(
    "source",
    [
        "def f(x=boom()):\n    pass",
        "def f(x: boom()):\n    pass",
        "def f() -> boom():\n    pass",
        "@boom\ndef f():\n    pass",
        "def f():\n    pass\nboom()",
        "def f():\n    pass\nclass A:\n    boom()",
        "def f(\n    x=boom(),\n):\n    pass",
        "    boom()",
        "\n    boom()",
        "# \rboom()",
        "def f(): pass\rboom()",
        "def f():\n    pass\n\fboom()",
        "def f():\n    pass\n \fboom()",
        "async def f():\n    pass",
        "def f():\n    return " + "(" * 5000,
    ],
)
def test_every_other_part_is_announced(peers, source):
    peer = peers()
    peer.recv(0)
    peer.send(Program("m", (Part("cell 1", "x = 1"), Part("cell 2", source))))
    assert peer.recv() == Begun(1)
    assert isinstance(peer.recv(), Loaded)


@pytest.mark.parametrize(
    ("name", "kind"), [("fail", "SystemExit"), ("interrupt", "KeyboardInterrupt")]
)
def test_an_exit_of_the_learner_s_is_an_answer(peer, name, kind):
    assert peer.ask(Call(Name(name))).kind == kind
    assert peer.ask(Call(Name("double"), (1,))).value == 2


def test_a_memory_error_is_the_limit(peer):
    assert peer.ask(Call(Name("hungry"))) == Stopped("memory", 64.0)


def test_a_value_that_is_too_large_is_opaque_and_the_call_still_returned(peer):
    answer = peer.ask(Call(Name("mebibytes"), (2,)))
    assert answer.value == Opaque("ndarray (too large)", "shape (262144,)")


def test_values_that_are_too_large_together_are_opaque(peer):
    answer = peer.ask(Call(Name("many")))
    assert answer.value == Opaque("list (too large)", "")
    answer = peer.ask(Call(Name("spoil"), ([0],)))
    assert (answer.value, answer.changed) == (Opaque("int (too large)", ""), {})


def test_a_value_that_cannot_cross_is_opaque(peer):
    assert peer.ask(Call(Name("generate"))).value == Opaque("generator", "")


@pytest.mark.parametrize(
    ("error", "answer"),
    [
        (MemoryError(), Stopped("memory", 64.0)),
        (SystemExit(), Raised("SystemExit", "")),
        (RecursionError(), Raised("RecursionError", "")),
    ],
)
def test_an_error_that_escapes_the_runner_is_an_answer(peers, error, answer):
    class Broken(Runner):
        def call(self, _call):
            raise error

    peer = peers(Broken)
    peer.recv(0)
    peer.ask(Program("m", (Part("m.py", ""),)))
    assert peer.ask(Call(Name("f"))) == answer
    assert peer.ask(Call(Name("f"))) == answer


@pytest.mark.parametrize("requests", [[Call(Name("f"))], [Program("m", ())] * 2])
def test_a_request_out_of_turn_ends_it(peers, requests):
    peer = peers()
    peer.recv(0)
    with contextlib.suppress(Closed):
        for request in requests:
            peer.ask(request)
    peer.thread.join(timeout=5)
    assert [type(error) for error in peer.errors] == [WireError]


def test_it_ends_when_its_keeper_is_gone(peer):
    peer.channel.close()
    peer.thread.join(timeout=5)
    assert peer.errors == []


def test_answers_echo_the_request(peer):
    peer.send(Call(Name("double"), (1,)), nonce=2**64 - 1)
    assert isinstance(peer.recv(2**64 - 1), Returned)


# ---- several calls in one message ---------------------------------------------------------------


def answers_of(peer, *calls):
    answer = peer.ask(Calls(tuple(map(pack, calls))))
    assert isinstance(answer, Answers)
    return [unpack_answer(each, Budget(max_bytes=MIB), 9) for each in answer.packed]


@pytest.fixture
def loaded_peer(peers):
    peer = peers()
    peer.recv(0)
    peer.ask(Program("m", (Part("m.py", SOURCE),)))
    return peer


def test_several_calls_are_answered_in_their_order(loaded_peer):
    found = answers_of(loaded_peer, Call(Name("double"), (2,)), Call(Name("fail")), Call(Name("x")))
    assert [type(each) for each in found] == [Returned, Raised, Missing]


@pytest.mark.parametrize("name", ["hungry", "slow"])
def test_of_several_calls_those_behind_one_that_stops_or_is_slow_are_left(loaded_peer, name):
    found = answers_of(loaded_peer, Call(Name("double"), (2,)), Call(Name(name)), Call(Name("x")))
    assert len(found) == 2


def test_many_large_answers_are_not_gathered(loaded_peer):
    large = Call(Name("double"), (np.zeros(2**11),))
    assert 0 < len(answers_of(loaded_peer, *[large] * 20)) < 12


def test_a_program_finds_no_probe_of_a_later_call(loaded_peer):
    later = Call(Code("probe", "def probe(module):\n    return 'a_word_of_ours'"))
    found = answers_of(loaded_peer, Call(Name("overheard")), later)
    assert [each.value for each in found] == [False, "a_word_of_ours"]
