"""Attacks from inside a real cage, each held to its exact outcome, and what comes after it."""

from __future__ import annotations

import os
import platform
import sys
import time
from pathlib import Path

import pytest

if sys.platform != "linux":
    pytest.skip("the cage is there on Linux only", allow_module_level=True)

from autograder.sandbox.caged import caged_session
from autograder.sandbox.forkserver import ForkServer
from autograder.sandbox.policy import Limits
from autograder.wire.protocol import Call, Crashed, Name, Part, Program, Raised, Returned, Stopped

pytestmark = pytest.mark.real

ATTACKS = Path(__file__).with_name("cage_attacks.py")
PROGRAM = Program("attacks", (Part("attacks.py", ATTACKS.read_text()),))
LIMITS = Limits(wall=10.0, total=30.0, memory=256, file_size=4, processes=32)
NUMPY = ("numpy", "numpy.random", "numpy.linalg")
only_x86_64 = pytest.mark.skipif(platform.machine() != "x86_64", reason="raw numbers of x86-64")


@pytest.fixture(scope="module", params=["namespaces", "landlock"])
def server(request, tmp_path_factory):
    hidden = tmp_path_factory.mktemp("course")
    (hidden / "test_hidden.py").write_text("the answer is 42")
    with ForkServer(NUMPY, hidden=(hidden,), mode=request.param) as server:
        server.secret = hidden / "test_hidden.py"
        yield server


@pytest.fixture
def attack(server):
    """Calls an attack in a fresh cage; afterwards the same server must serve an honest one."""
    sessions = []

    def run(name, *args, limits=LIMITS):
        session = caged_session(server, PROGRAM, limits)
        sessions.append(session)
        assert session.load().failures == ()
        return session.call(Call(Name(name), args))

    yield run
    for session in sessions:
        session.close()
    honest = caged_session(server, PROGRAM, LIMITS)
    assert honest.call(Call(Name("alive"), (1,))).value == 2
    honest.close()
    assert left_over(server) == []


def left_over(server):
    """Find processes inside the server's cage beyond the server itself, once they had a moment."""
    deadline = time.monotonic() + 5
    while True:
        inside = [pid for pid in descendants(server._process._process.pid) if is_python(pid)]
        if len(inside) <= 1 or time.monotonic() > deadline:
            return inside[1:]
        time.sleep(0.02)


def descendants(pid):
    found = [pid]
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        try:
            children = task.read_text().split()
        except (FileNotFoundError, ProcessLookupError):  # it ended while it was being looked at
            continue
        for child in children:
            found += descendants(int(child))
    return found


def is_python(pid):
    try:
        return Path(f"/proc/{pid}/comm").read_text().startswith("python")
    except (FileNotFoundError, ProcessLookupError):
        return False


def in_namespaces(server):
    if not server.layers.processes:
        pytest.skip("needs a process namespace")


def refused(outcome):
    """Return the errors of an attack that reports one for each thing it tried."""
    assert isinstance(outcome, Returned), outcome
    got = {name: error for name, error in outcome.value.items() if str(error).startswith("got")}
    assert not got, got
    return outcome.value


# ---- limits ----


def test_an_endless_loop_is_stopped_by_the_clock(attack):
    assert attack("loop", limits=Limits(wall=0.3)) == Stopped("wall", 0.3)


def test_a_sleeper_is_stopped_by_the_clock(attack):
    assert attack("sleep", limits=Limits(wall=0.3)) == Stopped("wall", 0.3)


def test_a_memory_bomb_is_stopped_for_its_memory(attack):
    assert attack("anonymous_bomb") == Stopped("memory", 256)


def test_shared_memory_counts_too(attack):
    assert attack("shared_bomb") == Stopped("memory", 256)


def test_memory_below_the_limit_may_be_used(attack):
    assert attack("slow_memory", 120).value == "held"


def test_cpu_time_is_limited_even_when_the_signal_is_ignored(attack):
    assert attack("loop", limits=Limits(wall=8.0, cpu=1.0)) == Stopped("cpu", 1.0)


def test_threads_are_bounded(attack):
    assert 1 <= attack("thread_bomb").value <= 400


def test_processes_count_threads(server, attack):
    in_namespaces(server)
    assert attack("thread_bomb").value < LIMITS.processes


def test_one_file_is_bounded(attack):
    name, size = attack("one_file").value
    assert name == "EFBIG"
    assert size == LIMITS.file_size << 20


def test_files_together_are_bounded(server, attack):
    outcome = attack("file_bomb")
    if server.layers.scratch:
        assert outcome.value <= 4 * LIMITS.file_size << 20
    else:
        assert outcome == Crashed(signal=9) or outcome.value <= 64 << 20


def test_the_number_of_files_is_bounded(server, attack):
    in_namespaces(server)
    assert attack("inode_bomb").value < 10_000


def test_deeply_nested_folders_harm_nobody(server, attack):
    outcome = attack("deep_folders")
    if server.layers.processes:
        assert outcome.value > 1000
    else:
        assert outcome == Crashed(signal=9)


# ---- ends ----


def test_leaving_with_code_0_is_a_crash(attack):
    assert attack("leave") == Crashed(code=0)


def test_a_segmentation_fault_is_a_crash(attack):
    assert attack("segfault") == Crashed(signal=11)


def test_an_abort_is_a_crash(attack):
    assert attack("abort").signal in (6, 11)


def test_closing_the_channel_breaks_the_protocol(attack):
    assert attack("close_channel") == Crashed(protocol=True)


# ---- other processes ----


def test_forks_are_refused(attack):
    assert set(attack("fork_bomb").value) == {"EPERM"}


@only_x86_64
def test_raw_forks_are_refused(attack):
    assert refused(attack("raw_forks"))["clone3"] == "ENOSYS"


def test_other_programs_are_refused(attack):
    outcome = attack("programs")
    assert outcome.value["execv"] == "EPERM"
    assert outcome.value["execveat"] in ("EPERM", "ENOSYS", "EINVAL")
    assert outcome.value["system"] != 0


def test_killing_everyone_is_refused(server, attack):
    in_namespaces(server)
    assert set(refused(attack("kill_all")).values()) == {"EPERM"}


def test_descriptors_cannot_be_made_to_send_signals(attack):
    assert set(refused(attack("signal_by_descriptor", 2)).values()) == {"EPERM"}


def test_limits_of_others_are_out_of_reach(server, attack):
    victim = 2 if server.layers.processes else server._process._process.pid
    refused(attack("limit_others", victim))


@only_x86_64
def test_ways_out_are_refused(attack):
    errors = refused(attack("escapes"))
    assert set(errors.values()) <= {"EPERM", "ENOSYS"}
    assert errors["x32 getpid"] == "ENOSYS"


def test_the_bond_to_the_warden_cannot_be_undone(attack):
    assert attack("unset_parent_death").value == -1
    assert attack("trace_self").value == -1


# ---- files ----


def test_secrets_are_not_read(server, attack):
    here = Path(__file__).resolve()
    server_pid = 2 if server.layers.processes else server._process._process.pid
    paths = [
        server.secret,
        here,
        here.parents[2] / "pyproject.toml",
        "/etc/shadow",
        "/etc/passwd",
        "/proc/1/environ",
        f"/proc/{server_pid}/mem",
        f"/proc/{server_pid}/environ",
        "/proc/self/root/etc/passwd",
        "/dev/mem",
        f"/proc/self/cwd/../{here}",
    ]
    refused(attack("read", [str(path) for path in paths]))


def test_folders_of_others_are_not_listed(server, attack):
    for folder in (server.secret.parent, Path(__file__).parent, Path.home(), "/home", "/var"):
        assert not attack("listed", str(folder)).value.startswith("got")


def test_nothing_outside_the_scratch_is_written(server, attack):
    folders = ("/", "/usr/lib", "/dev", "/dev/shm", "/var/tmp", "/etc", "/opt", str(Path.home()))
    refused(attack("write", [f"{folder}/gradeflow-attack" for folder in folders]))


def test_the_next_submission_finds_nothing_of_the_last(attack):
    assert attack("leave_note").value == ["note"]
    assert attack("leave_note").value == ["note"]


# ---- network ----


def test_no_socket_can_be_made(attack):
    assert set(refused(attack("sockets")).values()) == {"EPERM"}


def test_no_pair_of_sockets_can_address_others(attack):
    assert attack("datagram_pair").value == "EPERM"


# ---- what is there ----


def test_the_only_descriptor_is_the_channel(attack):
    found = attack("descriptors").value
    assert {found.pop(number) for number in (0, 1, 2)} == {"/dev/null"}
    assert list(found) == [3]
    assert found[3].startswith("socket:")


def test_the_environment_holds_nothing_of_the_grader(attack, monkeypatch):
    monkeypatch.setenv("GRADER_TOKEN", "secret")
    seen, raw = attack("environment").value
    assert b"secret" not in raw
    assert set(seen) <= {
        "CUDA_VISIBLE_DEVICES", "HOME", "LANG", "LC_CTYPE", "MKL_NUM_THREADS", "MPLBACKEND",
        "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "PATH", "TF_CPP_MIN_LOG_LEVEL", "TMPDIR", "USER",
    }  # fmt: skip


def test_an_inmate_is_nobody(server, attack):
    value = attack("identity").value
    if server.layers.processes:
        assert value["pid"] == 1
        assert value["cwd"] == "/tmp"
        assert value["uid"] == 1000
    assert value["uid"] != 0 or os.geteuid() != 0


def test_children_draw_different_random_numbers(attack):
    first, second = attack("random_numbers").value, attack("random_numbers").value
    assert first[0] != second[0]
    assert first[1] != second[1]


def test_honest_work_is_not_hindered(server, attack):
    outcome = attack("ordinary_work")
    if server.layers.processes:
        assert outcome.value == 3.0
    else:  # chmod, which copy2 uses, has no bounds there
        assert isinstance(outcome, Raised)
        assert outcome.kind == "PermissionError"


def test_a_new_life_begins_after_a_death(server):
    session = caged_session(server, PROGRAM, LIMITS)
    assert session.call(Call(Name("leave"))) == Crashed(code=0)
    assert session.call(Call(Name("alive"), (1,))).value == 2
    session.close()
