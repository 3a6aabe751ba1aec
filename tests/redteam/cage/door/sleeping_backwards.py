# claim: A sleep cannot give time back.
# held: outcome == Crashed(protocol=True)
# only: webassembly
# limits: wall=0.2

import _host


def attack():
    _host.call(b"S-1000000")
    while True:
        pass
