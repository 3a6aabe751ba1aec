# claim: One file has a size that it may have.
# held: value == ("EFBIG", 4 << 20)
# held_webassembly: value == ("EFBIG", 0)

import errno
import os


def attack():
    try:
        with open("big", "wb", buffering=0) as file:
            for _ in range(200):
                file.write(b"x" * (1 << 20))
    except OSError as error:
        return errno.errorcode[error.errno], os.path.getsize("big")
    return "written"
