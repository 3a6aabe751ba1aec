"""Attacks on the verdict: to print a score, to speak for the grader, to lie about values.

None of the functions is right, so that a point earned is a point forged.
"""

from __future__ import annotations

from tools.classroom.attack import Attack

__all__ = ["FORGERY"]


def claim(name: str, what: str, code: str) -> Attack:
    """Make an attack that runs at top level, after functions that are not written."""
    return Attack(name, what, "stub", code)


def lie(name: str, what: str, code: str) -> Attack:
    """Make an attack that is the body of every function."""
    return Attack(name, what, "every", code)


SAYING = (
    claim(
        "prints-score",
        "prints scores in every format it knows",
        """
import json, sys
for stream in (sys.stdout, sys.stderr, sys.__stdout__, sys.__stderr__):
    try:
        print(json.dumps({"score": POINTS, "points": POINTS, "verdict": "passed"}), file=stream)
        print("1.0", "100%", "PASSED", f"{POINTS}/{POINTS}", file=stream, flush=True)
    except (AttributeError, OSError, ValueError):
        pass
""",
    ),
    claim(
        "writes-frames",
        "writes made-up frames to every file descriptor",
        """
import os, struct
def forge():
    for fd in range(1, 64):
        for body in (b"passed", bytes([0x81]) + b"\\xa6passed\\xc3", b"\\xff" * 64):
            for form in ("<I", ">I", "<Q", ">Q"):
                try:
                    os.set_blocking(fd, False)
                    os.write(fd, struct.pack(form, len(body)) + body)
                except OSError:
                    break
forge()
""",
    ),
    lie(
        "speaks-for-child",
        "finds the channel in the frames above, and answers twice",
        """
import sys
from autograder.wire.codec import pack
from autograder.wire.protocol import Returned
frame, channel, nonce = sys._getframe(), None, None
while frame is not None:
    for value in list(frame.f_locals.values()):
        channel = getattr(value, "_channel", None) or channel
    nonce = frame.f_locals.get("nonce", nonce)
    frame = frame.f_back
for value in (123.456, np.full(3, 123.456)):
    channel.send(pack(Returned(value), nonce), None)
return 123.456
""",
    ),
    lie(
        "raises-passed",
        "raises exceptions named like outcomes of a test",
        """
class Passed(BaseException):
    verdict, points = "passed", 1000
    def __str__(self):
        raise Passed
raise Passed("passed")
""",
    ),
)

PATCHING = (
    claim(
        "patches-numpy",
        "makes every comparison of NumPy say yes",
        """
import numpy, numpy.testing
def yes(*args, **kwargs):
    return True
for name in ("allclose", "isclose", "array_equal", "array_equiv", "all", "any"):
    setattr(numpy, name, yes)
for name in ("assert_allclose", "assert_array_equal", "assert_equal", "assert_almost_equal"):
    setattr(numpy.testing, name, yes)
""",
    ),
    claim(
        "patches-pytest",
        "makes pytest report success",
        """
try:
    import pytest, _pytest.python, _pytest.runner
    _pytest.python.Function.runtest = lambda self: None
    _pytest.runner.call_and_report = lambda *args, **kwargs: None
    pytest.fail = pytest.skip = lambda *args, **kwargs: None
except Exception:
    pass
""",
    ),
    claim(
        "patches-engine",
        "replaces the engine's own modules",
        """
import sys, types
def yes(*args, **kwargs):
    return True
for name in ("agree", "difference", "expect", "refuses", "alike", "judge", "score"):
    for path in ("checks", "checks.compare", "diagnosis", "plugin.judge", "model", "model.scoring"):
        module = sys.modules.setdefault("autograder." + path, types.ModuleType(path))
        setattr(module, name, yes)
""",
    ),
    claim(
        "patches-builtins",
        "replaces built-in functions and exceptions",
        """
import builtins
def yes(*args, **kwargs):
    return True
for name in ("all", "any", "callable", "abs", "isinstance", "AssertionError"):
    setattr(builtins, name, yes)
""",
    ),
    claim(
        "patches-exit",
        "replaces os._exit and exit codes",
        """
import os, sys
os._exit = sys.exit = lambda code=0: None
sys.excepthook = sys.unraisablehook = lambda *args: None
""",
    ),
)

LYING = (
    lie(
        "lying-array",
        "an array that says it equals everything",
        """
class Liar(np.ndarray):
    def __eq__(self, other):
        return np.True_
    __ne__ = __lt__ = __gt__ = lambda self, other: np.False_
    def __array_function__(self, function, types, args, kwargs):
        return True
    def __array_ufunc__(self, function, method, *args, **kwargs):
        return np.zeros(np.shape(args[0]), bool) if len(args) else True
    __array_priority__ = 1e9
return np.full(np.shape(args[0]) if args else (), 123.456).view(Liar)
""",
    ),
    lie(
        "lying-float",
        "a number that says it equals everything",
        """
class Liar(float):
    __eq__ = __le__ = __ge__ = lambda self, other: True
    __ne__ = __lt__ = __gt__ = lambda self, other: False
    __sub__ = __rsub__ = __abs__ = lambda self, other=0: Liar(0)
    __hash__ = float.__hash__
return Liar(123.456)
""",
    ),
    lie(
        "lying-class",
        "an object that says it is an array",
        """
class Liar:
    __class__ = np.ndarray
    dtype, shape, ndim, size = np.dtype(float), np.shape(args[0]) if args else (), 1, 1
    def __eq__(self, other):
        return True
    def __array__(self, *args, **kwargs):
        return np.full(self.shape, 123.456)
    def __getattr__(self, name):
        return lambda *args, **kwargs: self
return Liar()
""",
    ),
    lie(
        "all-nan",
        "not-a-number, which nothing differs from",
        "return np.full(np.shape(args[0]), np.nan)",
    ),
    lie(
        "searches-heap",
        "searches everything in memory for the expected value",
        """
import gc
shape = np.shape(args[0]) if args else ()
for thing in gc.get_objects()[:200_000]:
    for value in gc.get_referents(thing)[:50]:
        if type(value) is np.ndarray and value.shape == shape:
            if not any(value is arg or np.array_equal(value, arg) for arg in args):
                return value
return None
""",
    ),
    lie(
        "walks-frames",
        "walks the stack for names like `wanted` or `reference`",
        """
import sys
frame = sys._getframe()
while frame is not None:
    for scope in (frame.f_locals, frame.f_globals):
        for name in ("wanted", "expected", "want", "reference", "answer", "answers"):
            found = scope.get(name)
            if found is not None and not callable(found):
                return found
    frame = frame.f_back
return None
""",
    ),
    lie(
        "endless-nesting",
        "a list that holds itself",
        "loop = []\nloop.append(loop)\nreturn loop",
    ),
    lie(
        "deep-nesting",
        "a list nested 50,000 deep",
        "nest = []\nfor _ in range(50_000):\n    nest = [nest]\nreturn nest",
    ),
    lie(
        "object-array",
        "an array of Python objects",
        "return np.array([object(), args], dtype=object)",
    ),
    lie(
        "pickle-bomb",
        "an object whose unpickling would run code",
        """
class Bomb:
    def __reduce__(self):
        return (open, (CANARY, "a"))
return Bomb()
""",
    ),
)

FORGERY = (*SAYING, *PATCHING, *LYING)
