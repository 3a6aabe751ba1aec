# claim: No next request is to be had before the present one is answered.
# held: outcome == Crashed(protocol=True)
# only: webassembly

import _host


def attack():
    return _host.call(b"N")
