# claim: An answer that was not asked for is refused.
# held: outcome == Crashed(protocol=True)
# only: webassembly

import _host

from autograder.wire.codec import pack
from autograder.wire.protocol import Returned


def attack():
    _host.call(b"A" + pack(Returned(1.0), 12345))
    return 1
