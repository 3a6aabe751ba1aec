# claim: What says nothing that the protocol knows ends its guest.
# held: outcome == Crashed(protocol=True)
# only: webassembly

import _host


def attack():
    _host.call(b"A" + bytes(range(200)))
    return 1
