"""Which system calls a submission may make. What is not listed here is refused.

A list of what is allowed, and not of what is forbidden: calls that a newer kernel brings, and
the x32 numbers of x86-64, are refused without anyone having to think of them.
"""

from __future__ import annotations

import errno

from autograder.errors import CageError
from autograder.sandbox.filtering import ALLOW, ERRNO, Rules, Where

__all__ = ["ALLOWED", "ALLOWED_ON_OWN_TREE", "REFUSED", "build_filter"]


def _names(*texts: str) -> frozenset[str]:
    return frozenset(name for text in texts for name in text.split())


_FILES = """
    read write pread64 pwrite64 readv writev preadv pwritev preadv2 pwritev2
    open openat openat2 close close_range lseek stat fstat lstat newfstatat statx
    access faccessat faccessat2 readlink readlinkat getdents getdents64 getcwd chdir fchdir
    mkdir mkdirat rmdir unlink unlinkat rename renameat renameat2 link linkat symlink symlinkat
    creat ftruncate fallocate fsync fdatasync fadvise64 readahead flock dup dup2 dup3 pipe pipe2
    umask statfs fstatfs sendfile copy_file_range
"""
_MEMORY = """
    mmap munmap mprotect mremap madvise brk mlock mlock2 munlock mincore msync membarrier
    get_mempolicy set_mempolicy mbind pkey_alloc pkey_free pkey_mprotect
"""
_THREADS = """
    futex futex_waitv set_robust_list set_tid_address rseq arch_prctl sched_yield
    sched_getaffinity sched_getparam sched_getscheduler sched_getattr
    sched_get_priority_max sched_get_priority_min getpriority exit exit_group wait4 waitid
"""
_IDENTITY = """
    getpid getppid gettid getuid geteuid getgid getegid getresuid getresgid getgroups
    getpgrp getpgid getsid uname sysinfo getrusage getrlimit setrlimit capget getrandom getcpu
"""
_TIME = """
    clock_gettime clock_getres clock_nanosleep nanosleep gettimeofday time times alarm
    getitimer setitimer timer_create timer_settime timer_gettime timer_getoverrun timer_delete
    timerfd_create timerfd_settime timerfd_gettime
"""
_SIGNALS = """
    rt_sigaction rt_sigprocmask rt_sigreturn rt_sigpending rt_sigsuspend rt_sigtimedwait
    sigaltstack restart_syscall pause
"""
# Over what is open already: the channel, and the pairs that asyncio makes for itself. No
# sendmsg, which carries descriptors, and no setsockopt, which loads programs into the kernel.
_WAITING = """
    poll ppoll select pselect6 epoll_create epoll_create1 epoll_ctl epoll_wait epoll_pwait
    epoll_pwait2 eventfd eventfd2 sendto recvfrom shutdown getsockname getpeername getsockopt
"""

ALLOWED = _names(_FILES, _MEMORY, _THREADS, _IDENTITY, _TIME, _SIGNALS, _WAITING)

# Landlock has no rule for these: they are allowed only where the mount namespace leaves nothing
# to change but the private /tmp. Without one they would reach every file of the grader's user.
ALLOWED_ON_OWN_TREE = _names(
    "chmod fchmod fchmodat fchmodat2 truncate utime utimes utimensat futimesat"
)

# Refused like all the rest, but as a PermissionError, which a learner can read; of some a few
# arguments are allowed all the same. What is in no list at all is answered as a kernel that lacks
# it would, and libraries know how to go on.
REFUSED = _names("""
    fork vfork clone execve execveat fcntl prctl prlimit64 socketpair
    socket connect bind listen accept accept4 sendmsg recvmsg sendmmsg recvmmsg
    kill tkill tgkill rt_sigqueueinfo rt_tgsigqueueinfo pidfd_open pidfd_send_signal pidfd_getfd
    ptrace process_vm_readv process_vm_writev process_madvise kcmp
    mount umount2 pivot_root chroot setns unshare open_tree move_mount fsopen fsconfig fsmount
    fspick mount_setattr memfd_create memfd_secret userfaultfd bpf perf_event_open
    io_uring_setup io_uring_enter io_uring_register add_key request_key keyctl
    init_module finit_module delete_module kexec_load kexec_file_load reboot swapon swapoff
    quotactl acct personality name_to_handle_at open_by_handle_at
    settimeofday clock_settime adjtimex clock_adjtime sethostname setdomainname ioperm iopl
    shmget shmat shmctl msgget msgsnd msgrcv msgctl semget semop semctl mq_open mq_unlink
    setuid setgid setreuid setregid setresuid setresgid setgroups setfsuid setfsgid capset
    setpgid setsid setpriority sched_setaffinity sched_setscheduler sched_setparam sched_setattr
    ioprio_set migrate_pages move_pages mknod mknodat chown fchown lchown fchownat setsockopt
    inotify_init inotify_init1 fanotify_init syslog vhangup
    """)

# Where an extended attribute is asked for, "not supported" lets shutil.copy2 go on.
_ATTRIBUTES = _names("getxattr lgetxattr fgetxattr listxattr llistxattr flistxattr")

_LOW_WORD = 0xFFFF_FFFF
_CLONE_THREAD = 0x0001_0000
_CLONE_NEW = 0x7E02_0080  # every namespace flag
_AF_UNIX, _SOCK_STREAM, _SOCK_TYPE = 1, 1, 0xF
# Locks, flags and duplicates. Not F_SETOWN, F_SETOWN_EX, F_SETSIG: they make the kernel send a
# signal of one's choice to any process of the same user.
_FCNTL = (0, 1, 2, 3, 4, 5, 6, 7, 36, 37, 38, 1030, 1032)
# TCGETS, FIONREAD, FIONBIO, FIONCLEX, FIOCLEX. Not TIOCSTI, FIOSETOWN, SIOCSPGRP.
_IOCTL = (0x5401, 0x541B, 0x5421, 0x5450, 0x5451)
# Names of threads and of memory, and questions. Not PR_SET_PDEATHSIG: a submission whose warden
# is gone must go too.
_PRCTL = (3, 15, 16, 21, 23, 39, 41, 42, 0x53564D41)


def build_filter(*, own_tree: bool, own_pid: int | None) -> bytes:
    """Build the filter's program, once for a server; each inmate loads it.

    own_tree: a mount namespace holds nothing writable but what is the submission's own.
    own_pid: the number that every inmate has, if they all have the same (1, in a PID namespace
    of its own): it may signal itself. Raises CageError for a processor without a table.
    """
    import seccompy

    try:
        seccompy.arch()
        supported = seccompy.supported()
    except seccompy.UnsupportedError as error:
        raise CageError(f"No system call filter can be made for this processor: {error}.") from None
    if not supported:
        raise CageError("This kernel has no system call filters (seccomp).")
    return _rules(own_tree=own_tree, own_pid=own_pid).program()


def _rules(*, own_tree: bool, own_pid: int | None) -> Rules:
    """Return what is answered to each call."""
    rules = Rules(default=ERRNO | errno.ENOSYS)
    for name in sorted(ALLOWED | (ALLOWED_ON_OWN_TREE if own_tree else frozenset())):
        rules.add(name, ALLOW)
    rules.add("clone", ALLOW, Where(0, _CLONE_THREAD, _CLONE_THREAD | _CLONE_NEW))
    stream = Where(0, _AF_UNIX, _LOW_WORD), Where(1, _SOCK_STREAM, _SOCK_TYPE)
    rules.add("socketpair", ALLOW, *stream)
    for name, argument, values in (
        ("fcntl", 1, _FCNTL),
        ("ioctl", 1, _IOCTL),
        ("prctl", 0, _PRCTL),
        ("prlimit64", 0, (0,)),  # the limits of others are out of reach: pid 0 is oneself
    ):
        for value in values:
            rules.add(name, ALLOW, Where(argument, value, _LOW_WORD))
    if own_pid is not None:
        for name in ("kill", "tgkill"):
            rules.add(name, ALLOW, Where(0, own_pid, _LOW_WORD))
    rules.add("ioctl", ERRNO | errno.ENOTTY)
    for name in sorted(REFUSED | (frozenset() if own_tree else ALLOWED_ON_OWN_TREE)):
        rules.add(name, ERRNO | errno.EPERM)
    for name in sorted(_ATTRIBUTES):
        rules.add(name, ERRNO | errno.EOPNOTSUPP)
    return rules
