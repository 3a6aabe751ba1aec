# claim: Who sleeps past the limit is stopped at once.
# held: outcome == Stopped("wall", 0.2) and seconds < 30
# only: webassembly
# limits: wall=0.2

import time


def attack():
    time.sleep(1000)
