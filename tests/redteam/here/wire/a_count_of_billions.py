# claim: A count of billions allocates nothing.
# held: "states 4294967295 items" in value and seconds < 1

from autograder.errors import WireError
from autograder.wire.codec import pack, unpack_answer
from autograder.wire.protocol import Returned
from autograder.wire.values import Budget

HONEST = pack(Returned(None))[:-1]  # all of an answer but its value


def attack(room):
    try:
        return unpack_answer(HONEST + b"l\xff\xff\xff\xff", Budget.for_frame(1 << 20))
    except WireError as error:
        return str(error)
