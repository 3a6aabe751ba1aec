# claim: A thread that never ends keeps no process.
# held: value == 1

import threading
import time


def attack():
    threading.Thread(target=time.sleep, args=(60,)).start()
    return 1
