"""A death that is not the submission's: tried once more on a fresh server, then withheld."""

import socket
import subprocess
import sys
import tempfile

import pytest

from autograder.errors import CageError, EngineFault, KilledOutside
from autograder.grading.loop import run_checks
from autograder.plugin.bench import open_bench
from autograder.sandbox.launch import Launched
from autograder.sandbox.opening import Sandbox
from autograder.sandbox.plain import start_plain
from autograder.sandbox.remote import RemoteSession

RIGHT = "def double(z):\n    return 2 * z\ndef total(z):\n    return float(sum(z))\n"
# Ends its process in a way that its keeper is then told to take for another's doing.
DIES = "import os\ndef double(z):\n    return 2 * z\ndef total(z):\n    os._exit(9)\n"
DIES_AT_ONCE = "import os\nos._exit(9)\n"


class Killed:
    """A process whose end, when it comes by itself, came from outside."""

    def __init__(self, process):
        self._process = process

    def kill(self):
        self._process.kill()

    def verdict(self):
        raise KilledOutside


class Raided(Sandbox):
    """A sandbox some of whose servers are killed, with what they hold."""

    def __init__(self, program, *, servers=1, broken=False):
        super().__init__("plain")
        self.program, self.servers, self.broken = program, servers, broken
        self.renewed = 0

    def renew(self):
        self.renewed += 1
        self.servers -= 1
        if self.broken:
            raise CageError("no namespaces any more")

    def open(self, program, limits):
        if self.servers <= 0:
            return super().open(program, limits)
        if self.program is None:
            raise EngineFault("The fork server has died.")

        def start():
            channel, process = start_plain(limits)
            return channel, Killed(process)

        return RemoteSession(self.program, limits, start)


@pytest.fixture
def raided(tiny_exercise, make_entry):
    def run(source, **given):
        exercise = tiny_exercise()
        sandbox = Raided(source and make_entry(source).program, **given)
        results = []
        run_checks(open_bench(exercise), sandbox, [make_entry(RIGHT)] * 2, results.append)
        return sandbox, results

    return run


@pytest.mark.parametrize("killed", [DIES, DIES_AT_ONCE, None], ids=["call", "load", "server"])
def test_what_was_killed_from_outside_is_graded_once_more_on_a_fresh_server(raided, killed):
    sandbox, results = raided(killed)
    assert [result.score.points for result in results] == [6.0, 6.0]
    assert sandbox.renewed == 1


@pytest.mark.parametrize("killed", [DIES, DIES_AT_ONCE, None], ids=["call", "load", "server"])
def test_what_is_killed_twice_is_withheld_and_never_lower(raided, killed):
    _, results = raided(killed, servers=2)
    assert [result.score.points for result in results] == [None, 6.0]
    assert results[0].problem.kind == "fault"
    assert results[0].fingerprint == ""


def test_where_no_server_starts_any_more_the_score_is_withheld(raided):
    _, results = raided(DIES, broken=True)
    assert results[0].score.withheld
    assert "no namespaces any more" in results[0].problem.facts["error"]


@pytest.mark.skipif(sys.platform == "win32", reason="there is no server there")
def test_a_server_that_has_hung_up_is_dead_though_what_holds_it_still_runs():
    ours, theirs = socket.socketpair()
    holding = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    server = Launched(holding, ours, tempfile.TemporaryFile())  # noqa: SIM115 - its own to close
    try:
        assert server.alive()
        theirs.close()
        assert not server.alive()
    finally:
        holding.communicate(b"\n")
        server.stop()
