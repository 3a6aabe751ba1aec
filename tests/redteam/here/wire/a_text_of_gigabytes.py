# claim: Nor does a length of gigabytes.
# held: value == "refused" and seconds < 1

from autograder.errors import WireError
from autograder.wire.codec import unpack_answer
from autograder.wire.values import Budget


def attack(room):
    try:
        return unpack_answer(b"\xdb\xff\xff\xff\xff", Budget.for_frame(1 << 20))
    except WireError:
        return "refused"
