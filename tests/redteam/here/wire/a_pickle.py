# claim: A pickle is refused.
# held: "Unknown tag 128" in value and seconds < 1

from autograder.errors import WireError
from autograder.wire.codec import pack, unpack_answer
from autograder.wire.protocol import Returned
from autograder.wire.values import Budget

HONEST = pack(Returned(None))[:-1]  # all of an answer but its value


def attack(room):
    try:
        return unpack_answer(HONEST + b"\x80\x04c__builtin__\nprint\n.", Budget.for_frame(1 << 20))
    except WireError as error:
        return str(error)
