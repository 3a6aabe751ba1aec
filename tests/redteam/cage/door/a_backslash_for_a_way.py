# claim: What Windows would read as a way to the grader's files is no name of a file.
# held: value == []
# only: webassembly

NAMES = (
    "..\\__init__.py",
    "..\\..\\..\\pyproject.toml",
    "C:\\Windows\\win.ini",
    "C:x.py",
    "codec.py:x",
)


def attack():
    got = []
    for name in NAMES:
        try:
            open(f"/engine/autograder/wire/{name}", "rb")
            got.append(name)
        except OSError:
            pass
    return got
