# claim: To leave is no pass.
# held: outcome == Crashed(code=0)

import os


def attack():
    os._exit(0)
