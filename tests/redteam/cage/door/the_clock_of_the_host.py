# claim: Fuel that was used up is not filled again from inside.
# held: outcome == Stopped("wall", 0.05)
# only: webassembly
# limits: wall=0.05

import contextlib
import gc
import sys

import _host


def attack():
    found = [each for each in vars(_host).values() if callable(each)]
    while True:
        for each in (*found, sys.setswitchinterval, gc.collect):
            with contextlib.suppress(Exception):
                each(b"I")
