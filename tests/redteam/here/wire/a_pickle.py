# claim: A pickle is refused.
# held: value == "refused" and seconds < 1

from autograder.errors import WireError
from autograder.wire.codec import unpack_answer
from autograder.wire.values import Budget


def attack(room):
    try:
        return unpack_answer(b"\x80\x04c__builtin__\nprint\n.", Budget.for_frame(1 << 20))
    except WireError:
        return "refused"
