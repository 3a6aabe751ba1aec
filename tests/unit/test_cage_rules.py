"""What a submission may see and call, as lists, before any of it is enforced."""

from __future__ import annotations

import contextlib
import errno
import struct
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

if sys.platform != "linux":
    pytest.skip("the cage is there on Linux only", allow_module_level=True)

from seccompy import bpf

from autograder.errors import CageError
from autograder.sandbox.bubblewrap import arguments, mounts, packages_inside
from autograder.sandbox.filtering import ALLOW, ERRNO, Rules, Where
from autograder.sandbox.places import Places, find_places
from autograder.sandbox.syscalls import ALLOWED, ALLOWED_ON_OWN_TREE, REFUSED, build_filter

VENV = Path("/home/u/course/.venv/lib/python3/site-packages")
PLACES = Places(
    executable=Path("/usr/bin/python3"),
    packages=(VENV, Path("/usr/lib/python3/dist-packages")),
    engine=Path("/home/u/gradeflow/autograder"),
    links=(("usr/lib", Path("/lib")),),
    readable=(VENV, Path("/usr/bin"), Path("/usr/lib")),
)


def operations(laid, name):
    """Destinations of an operation, in order."""
    width = {"--ro-bind": 2, "--tmpfs": 1, "--dir": 1, "--remount-ro": 1}[name]
    return [laid[at + width] for at, word in enumerate(laid) if word == name]


# ---- files ----


def test_nothing_of_a_course_is_bound_but_its_packages():
    laid = mounts(PLACES, [Path("/home/u/course")])
    sources = [laid[at + 1] for at, word in enumerate(laid) if word == "--ro-bind"]
    assert sources == [str(VENV), "/usr/bin", "/usr/lib", "/home/u/gradeflow/autograder"]
    assert not any("course" in place for place in operations(laid, "--ro-bind"))


def test_packages_of_an_environment_move_and_those_of_the_system_stay():
    assert packages_inside(PLACES) == (
        Path("/opt/gradeflow/packages/0"),
        Path("/usr/lib/python3/dist-packages"),
    )


def test_what_is_hidden_inside_a_bind_is_covered_after_it():
    hidden = Path("/usr/lib/course")
    laid = mounts(PLACES, [hidden])
    assert operations(laid, "--tmpfs") == [str(hidden)]
    assert operations(laid, "--remount-ro") == [str(hidden)]
    assert laid.index("--tmpfs") > laid.index("/usr/lib")


def test_what_is_hidden_inside_moved_packages_is_covered_where_they_went():
    laid = mounts(PLACES, [VENV / "course"])
    assert operations(laid, "--tmpfs") == ["/opt/gradeflow/packages/0/course"]


def test_what_lies_elsewhere_need_not_be_covered():
    assert operations(mounts(PLACES, [Path("/srv/course")]), "--tmpfs") == []


def test_folders_above_a_bind_may_be_passed_by_all():
    laid = mounts(PLACES, [])
    for at, word in enumerate(laid):
        if word == "--dir":
            assert laid[at - 2 : at] == ["--perms", "0755"]
    assert "/opt/gradeflow/packages" in operations(laid, "--dir")


def test_hiding_what_python_needs_is_an_error():
    with pytest.raises(CageError, match="/usr/lib is to be hidden"):
        mounts(PLACES, [Path("/usr/lib")])


def test_an_interpreter_in_the_private_folder_is_an_error():
    places = Places(Path("/tmp/py/bin/python"), (), PLACES.engine, (), (Path("/tmp/py/lib"),))
    with pytest.raises(CageError, match="installed elsewhere"):
        mounts(places, [])


def test_the_host_is_never_a_place_to_read_as_a_whole():
    places = find_places()
    assert not {Path("/"), Path("/usr"), Path("/home"), Path("/etc"), Path.cwd()} & set(
        places.readable
    )
    # The exchange of nbgrader lies there, with what everybody handed in.
    assert not any(path in Path("/usr/local/share/x").parents for path in places.readable)


def test_every_name_space_is_asked_for():
    command = arguments(Path("bwrap"), [], {}, ["true"], info_fd=9, die_with_parent=True)
    for name in ("pid", "net", "ipc", "uts"):
        assert f"--unshare-{name}" in command
    assert "--clearenv" in command
    assert command[-2:] == ["--", "true"]


# ---- calls ----


def test_no_call_is_both_allowed_and_refused():
    assert not ALLOWED & REFUSED
    assert not ALLOWED_ON_OWN_TREE & (ALLOWED | REFUSED)


def test_every_name_is_a_call_of_some_processor():
    from seccompy.syscalls import AARCH64_SYSCALLS, X86_64_SYSCALLS

    known = set(X86_64_SYSCALLS) | set(AARCH64_SYSCALLS)
    assert not (ALLOWED | REFUSED | ALLOWED_ON_OWN_TREE) - known


LEADING_OUT = (
    *("fork", "vfork", "clone", "clone3", "execve", "execveat", "socket", "connect", "bind"),
    *("ptrace", "process_vm_writev", "kill", "mount", "unshare", "setns", "chroot", "bpf"),
    *("sendmsg", "memfd_create", "keyctl", "io_uring_setup", "landlock_restrict_self"),
)


@pytest.mark.parametrize("name", LEADING_OUT)
def test_what_would_lead_out_is_not_allowed(name):
    assert name not in ALLOWED | ALLOWED_ON_OWN_TREE


KILL_PROCESS = 0x8000_0000
UNKNOWN = ERRNO | errno.ENOSYS
REFUSAL = ERRNO | errno.EPERM


def answered(program: bytes, number: int, *arguments: int, processor: int | None = None) -> int:
    """Run a filter as the kernel does: its few steps, over a call's number and arguments."""
    import seccompy

    processor = seccompy.audit_arch() if processor is None else processor
    call = struct.pack("<IIQ6Q", number, processor, 0, *(*arguments, *[0] * 6)[:6])
    held = at = 0
    while True:
        step, true, false, value = struct.unpack_from("<HBBI", program, 8 * at)
        at += 1
        if step == bpf.BPF_LD_ABS_W:
            (held,) = struct.unpack_from("<I", call, value)
        elif step == bpf.BPF_ALU_AND_K:
            held &= value
        elif step == bpf.BPF_JA:
            at += value
        elif step in (bpf.BPF_JEQ, bpf.BPF_JGEQ):
            holds = held == value if step == bpf.BPF_JEQ else held >= value
            at += true if holds else false
        else:
            assert step == bpf.BPF_RET_K
            return value


KNOWN = sorted({*ALLOWED, *REFUSED, *ALLOWED_ON_OWN_TREE, "clone", "socketpair", "prlimit64"})
WORDS = st.sampled_from([0, 1, 2, 0xF, 2**32 - 1, 2**32, 2**32 + 1, 2**63, 2**64 - 1])
CONDITIONS = st.builds(
    lambda argument, value, mask: Where(argument, value & mask, mask),
    st.integers(0, 5),
    WORDS,
    WORDS,
)
ANSWERS = st.sampled_from([ALLOW, REFUSAL, UNKNOWN])
ADDED = st.tuples(st.sampled_from(KNOWN), ANSWERS, st.lists(CONDITIONS, max_size=3))


@given(st.lists(ADDED, min_size=1, max_size=40), st.lists(WORDS, min_size=6, max_size=6))
def test_a_call_is_answered_as_by_a_filter_that_compares_with_every_other(added, arguments):
    import seccompy

    ours, theirs = Rules(UNKNOWN), seccompy.Filter(UNKNOWN)
    for name, answer, conditions in added:
        ours.add(name, answer, *conditions)
        masked = [(each[0], seccompy.CmpOp.MASKED_EQ, *each[1:]) for each in conditions]
        with contextlib.suppress(ValueError):  # not a call of this processor
            if answer == ALLOW:
                theirs.allow(name, args=masked)
            else:
                theirs.errno(name, answer - ERRNO, args=masked)
    quick, plain = ours.program(), theirs.program
    for number in (*range(520), 2**30, 2**30 + 1, 2**32 - 1):
        assert answered(quick, number, *arguments) == answered(plain, number, *arguments)
    assert answered(quick, 0, processor=0x4000_0003) == KILL_PROCESS


@pytest.mark.parametrize("own_tree", [True, False])
def test_each_call_is_answered_as_its_list_says(own_tree):
    import seccompy

    program = build_filter(own_tree=own_tree, own_pid=1 if own_tree else None)
    allowed = ALLOWED | (ALLOWED_ON_OWN_TREE if own_tree else frozenset())
    numbers = {}
    for name in allowed | REFUSED | ALLOWED_ON_OWN_TREE | LOOKED_INTO:
        with contextlib.suppress(ValueError):
            numbers[seccompy.syscall_nr(name)] = name
    for number, name in numbers.items():
        if name not in LOOKED_INTO:
            assert answered(program, number) == (ALLOW if name in allowed else REFUSAL), name
    for number in {*range(2000), 2**30, 2**30 + 59} - set(numbers):
        assert answered(program, number) == UNKNOWN, number


LOOKED_INTO = {
    *("clone", "socketpair", "fcntl", "ioctl", "prctl", "prlimit64", "kill", "tgkill"),
    *("getxattr", "lgetxattr", "fgetxattr", "listxattr", "llistxattr", "flistxattr"),
}


@pytest.mark.parametrize(
    ("name", "arguments", "answer"),
    [
        ("clone", (0x3D0F00,), ALLOW),  # a thread
        ("clone", (17,), REFUSAL),  # a process
        ("clone", (0x3D0F00 | 0x4000_0000,), REFUSAL),  # a thread in a network of its own
        ("socketpair", (1, 1 | 0o2000000), ALLOW),
        ("socketpair", (1, 2), REFUSAL),  # datagrams may go to anybody
        ("socketpair", (2, 1), REFUSAL),
        ("ioctl", (0, 0x5401), ALLOW),
        ("ioctl", (0, 0x5412), ERRNO | errno.ENOTTY),  # typing into somebody's terminal
        ("fcntl", (0, 8), REFUSAL),
        ("prctl", (1,), REFUSAL),
        ("prlimit64", (0,), ALLOW),
        ("prlimit64", (1,), REFUSAL),
        ("kill", (1,), ALLOW),
        ("kill", (2,), REFUSAL),
        ("kill", (2**64 - 1,), REFUSAL),
        ("getxattr", (), ERRNO | errno.EOPNOTSUPP),
    ],
)
def test_what_hangs_on_an_argument_is_told_by_it(name, arguments, answer):
    import seccompy

    program = build_filter(own_tree=True, own_pid=1)
    assert answered(program, seccompy.syscall_nr(name), *arguments) == answer


def test_both_filters_fit_the_kernels_limit():
    for own_tree, own_pid in ((True, 1), (False, None)):
        assert len(build_filter(own_tree=own_tree, own_pid=own_pid)) < 4096 * 8
