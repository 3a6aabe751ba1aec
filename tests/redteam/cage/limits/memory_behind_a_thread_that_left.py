# claim: Memory is counted too where the first thread has left and another one goes on.
# held: outcome == Stopped("memory", 256)
# limits: cpu=20

import ctypes
import mmap
import platform
import threading

EXIT = {"x86_64": 60}.get(platform.machine(), 93)  # of a thread, not of the process


def hoard():
    kept = mmap.mmap(-1, 2**30)
    for start in range(0, 2**30, 4096):
        kept[start] = 1
    threading.Event().wait(60)


def attack():
    threading.Thread(target=hoard).start()
    ctypes.CDLL(None).syscall(EXIT, 0)
