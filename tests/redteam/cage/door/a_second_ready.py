# claim: To say ready once more is out of turn.
# held: outcome == Crashed(protocol=True)
# only: webassembly

import _host

from autograder.wire.codec import Ready, pack


def attack():
    _host.call(b"A" + pack(Ready()))
    return 1
