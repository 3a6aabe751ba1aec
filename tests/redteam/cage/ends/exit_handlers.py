# claim: What is to run at the exit does not run or delays nobody.
# held: value == 1

import atexit
import time


def attack():
    atexit.register(lambda: time.sleep(60))
    return 1
