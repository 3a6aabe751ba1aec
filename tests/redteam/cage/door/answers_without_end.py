# claim: Who answers without being asked is not heard for long.
# held: outcome == Crashed(protocol=True)
# only: webassembly

import _host


def attack():
    while True:
        _host.call(b"A" + b"x" * 100_000)
