# claim: An inmate is nobody.
# held: value["uid"] == 1000 and value["pid"] == 1 if mode == "namespaces" else value["uid"] != 0 or not root

import os


def attack():
    return {"uid": os.getuid(), "pid": os.getpid(), "cwd": os.getcwd(), "groups": os.getgroups()}
