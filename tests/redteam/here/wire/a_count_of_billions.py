# claim: A count of billions allocates nothing.
# held: value == "refused" and seconds < 1

from autograder.errors import WireError
from autograder.wire.codec import unpack_answer
from autograder.wire.values import Budget


def attack(room):
    try:
        return unpack_answer(b"\xdd\xff\xff\xff\xff", Budget.for_frame(1 << 20))
    except WireError:
        return "refused"
