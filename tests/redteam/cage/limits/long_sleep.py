# claim: Sleeping is stopped by the clock as computing is.
# held: outcome == Stopped("wall", 0.3)
# limits: wall=0.3

import time


def attack():
    time.sleep(100)
