# claim: A program that ignores every signal is stopped all the same.
# held: outcome == Stopped("wall", 0.1)
# limits: wall=0.1

import contextlib
import signal


def attack():
    for number in range(1, 32):
        with contextlib.suppress(OSError, ValueError):
            signal.signal(number, signal.SIG_IGN)
    while True:
        pass
