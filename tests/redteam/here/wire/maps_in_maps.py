# claim: So are maps.
# held: value == "refused" and seconds < 1

from autograder.errors import WireError
from autograder.wire.codec import unpack_answer
from autograder.wire.values import Budget


def attack(room):
    try:
        return unpack_answer(b"\x81\xa1a" * 100_000, Budget.for_frame(1 << 20))
    except WireError:
        return "refused"
