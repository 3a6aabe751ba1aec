# claim: Time for imports is not to be had in a call.
# held: outcome == Stopped("wall", 0.05)
# only: webassembly
# limits: wall=0.05

import _host


def attack():
    while True:
        _host.call(b"L")
