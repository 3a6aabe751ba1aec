# claim: A frame beyond the limit does not leave the guest.
# held: outcome == Crashed(protocol=True)
# only: webassembly
# limits: frame=1

import _host


def attack():
    _host.call(b"A" + bytes(2 << 20))
    return 1
