# claim: A signal that it sends itself ends it, or is refused, and nobody else hears it.
# held: isinstance(outcome, Crashed | Returned) or outcome.kind == "PermissionError"

import signal


def attack():
    signal.raise_signal(signal.SIGTERM)
