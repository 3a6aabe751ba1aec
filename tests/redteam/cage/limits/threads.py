# claim: A thousand threads are not to be had.
# held: 1 <= value <= (31 if mode == "namespaces" else 400) if value else mode == "landlock" and outcome == Crashed(signal=9)
# held_webassembly: value == 0

import threading


def attack():
    stop = threading.Event()
    threads = []
    try:
        for _ in range(1000):
            thread = threading.Thread(target=stop.wait, daemon=True)
            thread.start()
            threads.append(thread)
    except RuntimeError:
        pass
    finally:
        stop.set()
    return len(threads)
