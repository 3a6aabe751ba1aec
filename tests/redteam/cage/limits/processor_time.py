# claim: Processor time is bounded though the signal is ignored.
# held: outcome == Stopped("cpu", 1.0)
# limits: wall=8.0, cpu=1.0

import signal


def attack():
    signal.signal(signal.SIGXCPU, signal.SIG_IGN)
    while True:
        pass
