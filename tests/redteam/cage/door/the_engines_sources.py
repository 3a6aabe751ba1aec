# claim: Of the engine a guest reads what runs in it, and no more.
# held: set(value.values()) <= {"FileNotFoundError", "PermissionError"}
# only: webassembly


def tried(path):
    try:
        with open(path, "rb") as file:
            return f"got {file.read(20)!r}"
    except OSError as error:
        return type(error).__name__


def attack():
    inside = ("grading/loop.py", "plugin/judge.py", "../pyproject.toml", "sandbox/../cli/app.py")
    paths = [f"/engine/autograder/{path}" for path in inside]
    return {path: tried(path) for path in (*paths, "/engine/../etc/passwd", "/engine/pytest.py")}
