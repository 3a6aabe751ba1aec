"""What the cage's parts tell each other, and how the grader reads it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

if sys.platform != "linux":
    pytest.skip("the cage is there on Linux only", allow_module_level=True)

import resource

from autograder.errors import KilledOutside
from autograder.sandbox.caged import death_of
from autograder.sandbox.isolate import resource_limits
from autograder.sandbox.layers import REQUIRED, Layers
from autograder.sandbox.orders import End, Order, Setup, Trial
from autograder.sandbox.policy import MIB, Limits
from autograder.sandbox.warden import ending, leaving, memory_of
from autograder.wire.protocol import Crashed, Stopped

LIMITS = Limits(cpu=2.0, memory=300)
STATUS = (
    b"Name:\tpython\nVmData:\t 999 kB\nRssAnon:\t     100 kB\nRssFile:\t    5000 kB\n"
    b"RssShmem:\t      20 kB\nVmPTE:\t       3 kB\nVmSwap:\t       1 kB\nThreads:\t4\n"
)
LAYERS = dict.fromkeys(
    (
        *("files", "writes", "network", "fork", "exec", "kill", "trace", "mount", "memory", "user"),
        *("processes", "scratch"),
    ),
    True,
)


def used(seconds):
    return SimpleNamespace(ru_utime=seconds / 2, ru_stime=seconds / 2)


@pytest.mark.parametrize(
    "message",
    [
        Setup(("numpy",), True, ("/usr/lib",), 1000),
        Order(Limits(wall=1.5)),
        Order(Limits(), ("autograder.sandbox.cells",)),
        Order(Limits(), trial=Trial(("/secret",), ("/w",), 80, "name")),
        End(trouble="no mounts"),
        End(signal=9, limit="memory"),
    ],
    ids=lambda message: type(message).__name__,
)
def test_a_message_is_read_as_it_was_written(message):
    assert type(message).unpack(message.pack()) == message


def test_private_memory_is_anonymous_shared_and_swapped_but_not_libraries():
    assert memory_of(STATUS) == (100 + 20 + 3 + 1) * 1024


def test_a_process_that_is_ending_has_no_memory():
    assert memory_of(b"Name:\tpython\nState:\tZ (zombie)\n") == 0


def test_an_exit_is_told_with_its_code():
    assert ending(3 << 8, used(0), LIMITS, "") == End(code=3)


def test_a_signal_is_told_with_its_number():
    assert ending(signal.SIGSEGV, used(0), LIMITS, "") == End(signal=11)


def test_the_cpu_signal_means_the_cpu_limit():
    assert ending(signal.SIGXCPU, used(0), LIMITS, "") == End(signal=signal.SIGXCPU, limit="cpu")


def test_the_kernels_kill_after_all_cpu_time_means_the_cpu_limit():
    assert ending(signal.SIGKILL, used(2.1), LIMITS, "").limit == "cpu"


def test_a_kill_before_the_cpu_time_is_spent_is_no_cpu_limit():
    assert ending(signal.SIGKILL, used(1.0), LIMITS, "") == End(signal=9)


def test_a_kill_by_the_warden_for_cpu_time_says_so_whatever_the_kernel_has_counted():
    assert ending(signal.SIGKILL, used(1.9), LIMITS, "cpu") == End(signal=9, limit="cpu")


def test_a_kill_that_was_asked_for_is_no_cpu_limit():
    assert ending(signal.SIGKILL, used(5.0), LIMITS, "asked") == End(signal=9, limit="asked")


def test_a_kill_for_memory_says_so():
    assert ending(signal.SIGKILL, used(5.0), LIMITS, "memory").limit == "memory"


@pytest.mark.parametrize(
    ("end", "death"),
    [
        (End(code=0), Crashed(code=0)),
        (End(signal=11), Crashed(signal=11)),
        (End(signal=9, limit="memory"), Stopped("memory", 300)),
        (End(signal=9, limit="cpu"), Stopped("cpu", 2.0)),
    ],
)
def test_an_end_becomes_a_death_with_the_limits_own_amount(end, death):
    assert death_of(end, LIMITS) == death


def test_who_had_to_be_ended_once_its_channel_was_closed_broke_the_protocol():
    assert death_of(End(signal=9, limit="asked"), LIMITS) == Crashed(protocol=True)


def test_who_left_by_itself_before_it_was_asked_says_how():
    assert ending(3 << 8, used(0), LIMITS, "asked") == End(code=3)


def test_a_kill_without_a_limit_came_from_outside():
    with pytest.raises(KilledOutside):
        death_of(End(signal=9), LIMITS)


@pytest.mark.parametrize("limit", ["processes", "files"])
def test_a_kill_for_threads_or_files_is_the_submissions_own(limit):
    end = ending(signal.SIGKILL, used(0), LIMITS, limit)
    assert death_of(end, LIMITS) == Crashed(signal=9)


def test_data_in_use_does_not_count_against_a_submission():
    assert resource_limits(Limits(memory=2048), 10 * MIB, None)[resource.RLIMIT_DATA] == (
        2058 * MIB
    )


def test_a_small_memory_limit_leaves_the_libraries_what_they_reserve():
    assert resource_limits(Limits(memory=16), 0, None)[resource.RLIMIT_DATA] == 1024 * MIB


def test_processes_are_limited_only_where_they_can_be_counted():
    assert resource.RLIMIT_NPROC not in resource_limits(LIMITS, 0, None)
    assert resource_limits(LIMITS, 0, 1)[resource.RLIMIT_NPROC] == LIMITS.processes + 1


def test_the_word_of_the_first_child_becomes_layers():
    import json

    layers = Layers.from_attempt(json.dumps(LAYERS).encode(), "namespaces", "0.11", 7)
    assert layers.missing == ()
    assert layers.summary() == ("namespaces", *LAYERS)


@pytest.mark.parametrize("name", REQUIRED)
def test_a_required_layer_that_is_missing_is_fatal(name):
    assert Layers("namespaces", **{**LAYERS, name: False}).fatal == (name,)


@pytest.mark.parametrize("name", sorted(set(LAYERS) - set(REQUIRED)))
def test_another_layer_that_is_missing_is_reported(name):
    layers = Layers("landlock", **{**LAYERS, name: False})
    assert layers.fatal == ()
    assert layers.missing == (name,)
    assert [line[0] for line in layers.report() if not line[1]] == [name]


def test_a_word_that_names_no_layers_is_refused():
    with pytest.raises(KeyError):
        Layers.from_attempt(b"{}", "namespaces", "", 0)


def test_the_kernel_writes_memory_as_we_read_it():
    assert memory_of(Path("/proc/self/status").read_bytes()) > MIB


LEFT_ALONE = """
import ctypes, os, platform, threading, time
def told():
    while b") Z" not in open(f"/proc/{os.getpid()}/stat", "rb").read():
        time.sleep(0.01)
    print(flush=True)
    time.sleep(60)
threading.Thread(target=told).start()
ctypes.CDLL(None).syscall(60 if platform.machine() == "x86_64" else 93, 0)
"""


def test_a_process_is_leaving_with_its_last_thread_and_not_with_its_first():
    command = [sys.executable, "-c", LEFT_ALONE]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
        assert process.stdout.readline()
        assert not leaving(process.pid)
        process.kill()
        os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)  # it has ended, and is there
        assert leaving(process.pid)
