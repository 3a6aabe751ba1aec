# claim: Limits, priority and processors of others are out of reach.
# held: refused(value)
# given: server_pid,

import errno
import os
import resource


def tried(action):
    """Name the error that an attempt meets, or say what it got."""
    try:
        return f"got {action()!r}"
    except OSError as error:
        return errno.errorcode.get(error.errno, "?")


def attack(pid):
    return {
        "prlimit": tried(lambda: resource.prlimit(pid, resource.RLIMIT_CPU, (1, 1))),
        "nice": tried(lambda: os.setpriority(os.PRIO_PROCESS, pid, 19)),
        "affinity": tried(lambda: os.sched_setaffinity(pid, {0})),
    }
