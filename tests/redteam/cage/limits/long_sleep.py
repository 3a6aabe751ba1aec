# claim: Sleeping is stopped by the clock as computing is.
# held: outcome == Stopped("wall", 0.1)
# limits: wall=0.1

import time


def attack():
    time.sleep(100)
