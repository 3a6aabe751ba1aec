# claim: No frame above it holds a test or a reference.
# held: value == []

import sys


def attack():
    frame, found = sys._getframe(), []
    while frame is not None:
        name = frame.f_code.co_filename
        found += [name] if "test_" in name or "solutions" in name else []
        frame = frame.f_back
    return found
