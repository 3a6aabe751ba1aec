"""What a submission may see and call, as lists, before any of it is enforced."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

if sys.platform != "linux":
    pytest.skip("the cage is there on Linux only", allow_module_level=True)

from autograder.errors import CageError
from autograder.sandbox.bubblewrap import arguments, mounts, packages_inside
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


def test_the_filter_refuses_by_default():
    import errno

    import seccompy

    policy = build_filter(own_tree=True, own_pid=1)
    assert policy.default == seccompy.Action.ERRNO | errno.ENOSYS


def test_both_filters_fit_the_kernels_limit():
    for own_tree, own_pid in ((True, 1), (False, None)):
        assert len(build_filter(own_tree=own_tree, own_pid=own_pid).program) < 4096 * 8
