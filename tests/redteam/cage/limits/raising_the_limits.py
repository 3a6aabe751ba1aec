# claim: A limit that was set cannot be raised.
# held: value == "refused"

import resource


def attack():
    try:
        resource.setrlimit(resource.RLIMIT_CPU, (10**6, 10**6))
    except (OSError, ValueError):
        return "refused"
    return "raised"
