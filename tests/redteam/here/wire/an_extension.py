# claim: A type that nobody knows is refused.
# held: value == "refused" and seconds < 1

from autograder.errors import WireError
from autograder.wire.codec import unpack_answer
from autograder.wire.values import Budget


def attack(room):
    try:
        return unpack_answer(b"\xc7\xff\x63" + bytes(255), Budget.for_frame(1 << 20))
    except WireError:
        return "refused"
