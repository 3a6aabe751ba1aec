"""What a hostile submission tries. Sent into the cage as source; never run outside of it."""

# ruff: noqa: PTH102, PTH109, PTH115, PTH123, PTH202, PTH208 - the plainest way in

import contextlib
import ctypes
import errno
import mmap
import os
import resource
import signal
import socket
import threading
import time

LIBC = ctypes.CDLL(None, use_errno=True)


def alive(x):
    return x + 1


def tried(action):
    """Name the error that an attempt meets, or say what it got."""
    try:
        return f"got {action()!r}"
    except OSError as error:
        return errno.errorcode.get(error.errno, "?")


def loop():
    while True:
        pass


def sleep():
    time.sleep(100)


def anonymous_bomb():
    hoard = []
    for _ in range(400):  # 3 GiB at most
        hoard.append(b"x" * (8 << 20))
    return "held"


def shared_bomb():
    hoard = mmap.mmap(-1, 3 << 30)  # shared: no rlimit counts it
    for offset in range(0, 3 << 30, 4096):
        hoard[offset] = 1
    return "held"


def slow_memory(mib):
    hoard = []
    for _ in range(mib // 8):
        hoard.append(b"x" * (8 << 20))
        time.sleep(0.02)
    return "held"


def fork_bomb():
    return [tried(os.fork) for _ in range(20)]


def raw_forks():
    calls = {"vfork": 58, "fork": 57, "clone": 56, "clone3": 435}
    return {name: _raw(number, 17) for name, number in calls.items()}


def _raw(number, *arguments):
    ctypes.set_errno(0)
    result = LIBC.syscall(number, *arguments)
    if result == 0:
        LIBC._exit(0)
    return errno.errorcode.get(ctypes.get_errno(), "?") if result == -1 else f"got {result}"


def thread_bomb():
    stop = threading.Event()
    threads = []
    try:
        for _ in range(1000):
            thread = threading.Thread(target=stop.wait, daemon=True)
            thread.start()
            threads.append(thread)
    except RuntimeError:
        pass
    finally:
        stop.set()
    return len(threads)


def leave():
    os._exit(0)


def segfault():
    ctypes.string_at(0)


def abort():
    os.abort()


def burn():
    resource.setrlimit(resource.RLIMIT_CPU, (1, 1))
    signal.signal(signal.SIGXCPU, signal.SIG_IGN)
    loop()


def close_channel():
    for number in range(3, 100):
        with contextlib.suppress(OSError):
            os.close(number)
    time.sleep(100)


def file_bomb():
    written = 0
    try:
        for index in range(10_000):
            with open(f"bomb{index}", "wb") as file:
                for _ in range(64):
                    written += file.write(b"x" * (1 << 20))
    except OSError:
        pass
    return written


def one_file():
    try:
        with open("big", "wb", buffering=0) as file:
            for _ in range(200):
                file.write(b"x" * (1 << 20))
    except OSError as error:
        return errno.errorcode[error.errno], os.path.getsize("big")
    return "written"


def inode_bomb():
    made = 0
    with contextlib.suppress(OSError):
        for index in range(20_000):
            os.close(os.open(f"inode{index}", os.O_CREAT | os.O_WRONLY))
            made += 1
    return made


def deep_folders():
    """Nested deeper than Python recurses, and than a path can be long."""
    made = 0
    with contextlib.suppress(OSError):
        for _ in range(3000):
            os.mkdir("d" * 200)
            os.chdir("d" * 200)
            made += 1
    time.sleep(0.3)
    return made


def read(paths):
    def first(path):
        with open(path, "rb") as file:
            return file.read(20)

    return {path: tried(lambda path=path: first(path)) for path in paths}


def listed(path):
    return tried(lambda: os.listdir(path))


def write(paths):
    def make(path):
        os.close(os.open(path, os.O_CREAT | os.O_WRONLY))

    return {path: tried(lambda path=path: make(path)) for path in paths}


def sockets():
    kinds = {
        "inet": (socket.AF_INET, socket.SOCK_STREAM),
        "inet6": (socket.AF_INET6, socket.SOCK_STREAM),
        "udp": (socket.AF_INET, socket.SOCK_DGRAM),
        "raw": (socket.AF_INET, socket.SOCK_RAW),
        "unix": (socket.AF_UNIX, socket.SOCK_STREAM),
        "netlink": (socket.AF_NETLINK, socket.SOCK_RAW),
        "vsock": (40, socket.SOCK_STREAM),
        "alg": (38, socket.SOCK_SEQPACKET),
    }
    return {name: tried(lambda kind=kind: socket.socket(*kind)) for name, kind in kinds.items()}


def datagram_pair():
    """A pair of datagram sockets could be sent from to any address."""
    return tried(lambda: socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM))


def programs():
    return {
        "execv": tried(lambda: os.execv("/bin/sh", ["sh", "-c", "exit 0"])),
        "system": os.system("true"),
        "execveat": _raw(322, -1, b"/bin/sh", 0, 0, 0),
    }


def kill_all():
    return {str(pid): tried(lambda pid=pid: os.kill(pid, 9)) for pid in (-1, *range(2, 60))}


def signal_by_descriptor(pid):
    """F_SETOWN and F_SETSIG have the kernel send a signal of one's choice."""
    import fcntl

    reader, _ = os.pipe()
    return {
        "own": tried(lambda: fcntl.fcntl(reader, fcntl.F_SETOWN, pid)),
        "sig": tried(lambda: fcntl.fcntl(reader, 10, 9)),
    }


def limit_others(pid):
    return {
        "prlimit": tried(lambda: resource.prlimit(pid, resource.RLIMIT_CPU, (1, 1))),
        "nice": tried(lambda: os.setpriority(os.PRIO_PROCESS, pid, 19)),
        "affinity": tried(lambda: os.sched_setaffinity(pid, {0})),
    }


def escapes():
    calls = {
        "unshare": (272, 0x10000000),
        "setns": (308, 0, 0),
        "mount": (165, b"none", b"/usr", b"tmpfs", 0, 0),
        "chroot": (161, b"/tmp"),
        "pivot_root": (155, b"/tmp", b"/tmp"),
        "ptrace": (101, 0x4206, 2, 0, 0),
        "process_vm_readv": (310, 2, 0, 0, 0, 0, 0),
        "memfd_create": (319, b"x", 0),
        "bpf": (321, 0, 0, 0),
        "userfaultfd": (323, 0),
        "io_uring_setup": (425, 1, 0),
        "perf_event_open": (298, 0, 0, -1, -1, 0),
        "keyctl": (250, 0, 0),
        "open_by_handle_at": (304, -100, 0, 0),
        "shmget": (29, 0, 4096, 0o1600),
        "personality": (135, 0x0040000),
        "setuid": (105, 0),
        "pidfd_open": (434, 2, 0),
        "x32 getpid": (0x40000000 + 39,),
    }
    return {name: _raw(*call) for name, call in calls.items()}


def unset_parent_death():
    return LIBC.prctl(1, 0, 0, 0, 0)


def trace_self():
    return LIBC.prctl(4, 1, 0, 0, 0)


def descriptors():
    found = {}
    for number in range(256):
        with contextlib.suppress(OSError):
            os.fstat(number)
            found[number] = os.readlink(f"/proc/self/fd/{number}")
    return found


def environment():
    with open("/proc/self/environ", "rb") as file:
        return dict(os.environ), file.read()


def identity():
    return {"uid": os.getuid(), "pid": os.getpid(), "cwd": os.getcwd(), "groups": os.getgroups()}


def leave_note():
    with open("note", "w") as file:
        file.write("for the next one")
    return os.listdir(".")


def random_numbers():
    import random

    import numpy

    return random.random(), float(numpy.random.random())


def ordinary_work():
    """What honest submissions do must not be refused."""
    import asyncio
    import shutil
    import tempfile

    import numpy

    with tempfile.TemporaryDirectory() as folder:
        numpy.save(f"{folder}/a.npy", numpy.ones(3))
        shutil.copy2(f"{folder}/a.npy", f"{folder}/b.npy")
        total = float(numpy.load(f"{folder}/b.npy").sum())

    async def wait():
        await asyncio.sleep(0.01)
        return total

    thread = threading.Thread(target=time.sleep, args=(0.01,))
    thread.start()
    thread.join()
    return asyncio.run(wait())
