# claim: The door knows a few words and no other.
# held: outcome == Crashed(protocol=True)
# only: webassembly

import _host


def attack():
    _host.call(b"?")
    while True:
        pass
