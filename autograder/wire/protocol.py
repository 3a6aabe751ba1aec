"""What crosses the wire: requests to a session, and outcomes from it.

A *session* holds one learner's program. The trusted side sends a :class:`Program` once and
:class:`Call` after call; each is answered by a :class:`Loaded` or an :data:`Outcome`. These are
plain frozen dataclasses; :mod:`autograder.wire.codec` turns them into bytes and checks each field
on the way back, because whoever answers may be an enemy.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = [
    "LARGEST_FIGURE",
    "MOST_FIGURES",
    "MOST_FILES",
    "MOST_FILE_BYTES",
    "MOST_PARTS",
    "Again",
    "Call",
    "Calls",
    "Code",
    "Crashed",
    "Death",
    "Failure",
    "Handle",
    "Library",
    "Limit",
    "Loaded",
    "Missing",
    "Name",
    "Opaque",
    "Outcome",
    "Part",
    "Program",
    "Raised",
    "Returned",
    "Seed",
    "Shown",
    "Stopped",
    "Tensor",
    "TraceLine",
    "Warned",
]

Library: TypeAlias = Literal["torch", "tensorflow"]
Limit: TypeAlias = Literal["wall", "cpu", "memory", "output", "total"]
MOST_FIGURES = 12  # of one program
MOST_PARTS = 20_000  # of one program: cells that a notebook may have
LARGEST_FIGURE = 1024 * 1024  # bytes
MOST_FILES = 64  # beside one program
MOST_FILE_BYTES = 8 * 1024 * 1024  # of them all


# ---- values that are not data -----------------------------------------------------------------


@dataclass(frozen=True)
class Name:
    """A global of the learner's program, by name: ``sigmoid`` passed as an activation."""

    name: str


@dataclass(frozen=True)
class Handle:
    """An object that stays on the learner's side: a model, an optimizer, a closure."""

    key: int
    kind: str


@dataclass(frozen=True)
class Seed:
    """Becomes ``numpy.random.default_rng(value)`` on the learner's side."""

    value: int


@dataclass(frozen=True)
class Again:
    """Becomes a function on the learner's side that runs the program once more: again(seed).

    It seeds every generator, runs the top level in a module of its own, and returns that module.
    In the kernel of a notebook nothing is run: it returns what is there.
    """


@dataclass(frozen=True)
class Code:
    """A function of ours, sent as source: a callable argument, or a probe beside the program.

    The source is one ``def`` that uses nothing but its arguments and its own imports. As the
    target of a call it receives the learner's module as first argument.
    """

    name: str
    source: str


@dataclass(frozen=True, eq=False)
class Tensor:
    """An array that the learner's side receives as a tensor of a library, dtype and shape kept."""

    library: Library
    array: NDArray[Any]


@dataclass(frozen=True)
class Opaque:
    """A value that cannot cross the wire: its type's name and a short text."""

    kind: str
    text: str


# ---- requests ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class Part:
    """A piece of a submission that runs on its own: a script, or one cell of a notebook.

    ``label`` is what a learner recognises (``neuron.py``, ``cell 4``). With ``definitions_only``
    nothing of it runs but imports, definitions and constants: the second try where the first did
    not end.
    """

    label: str
    source: str
    definitions_only: bool = False


@dataclass(frozen=True)
class Program:
    """A submission, ready to be run: its module name and its parts, in order.

    ``forbidden`` names modules that it may not import, because writing what they offer is the
    exercise. With ``display`` what each part shows is kept. With ``notebook`` its parts are cells,
    in IPython's syntax. ``wanted`` names what is asked for: where a script defines none of it, what
    stands below ``if __name__ == "__main__":`` runs too.
    ``files`` were handed in beside it, for it to import or read: each a path below the program's
    own folder, with ``/`` between its names, and its bytes. The wire takes no other path, at most
    MOST_FILES of them and MOST_FILE_BYTES altogether.
    A ``live`` one has run already, in the learner's own kernel: it never crosses the wire.
    """

    module: str
    parts: tuple[Part, ...]
    forbidden: tuple[str, ...] = ()
    display: bool = False
    files: tuple[tuple[str, bytes], ...] = ()
    notebook: bool = False
    wanted: tuple[str, ...] = ()
    live: bool = False


@dataclass(frozen=True)
class Call:
    """One call of a learner's function, or of a probe beside it.

    With ``keep`` the result stays where it is and a :class:`Handle` comes back.
    """

    target: Name | Code | Handle
    args: tuple[Any, ...] = ()
    kwargs: dict[str, Any] = field(default_factory=dict)
    keep: bool = False


@dataclass(frozen=True)
class Calls:
    """Several calls, to be made one after the other without waiting for what comes of each.

    packed: each as it is written by itself, once for all programs that are asked it.
    """

    packed: tuple[bytes, ...]


# ---- answers ----------------------------------------------------------------------------------


@dataclass(frozen=True)
class TraceLine:
    """A line of the learner's own code on the way to an exception; ``line`` counts from 1."""

    label: str
    line: int
    function: str


@dataclass(frozen=True)
class Warned:
    """A Python warning: its category's name, its text, and the names of its category's bases.

    at: the learner's line that it names; None where it names a library's. Two warnings that say
    the same are the same wherever they were given.
    """

    category: str
    message: str
    bases: tuple[str, ...] = ()
    at: TraceLine | None = field(default=None, compare=False)


@dataclass(frozen=True)
class Returned:
    """The call came back.

    ``changed`` holds, by position, each argument that the function modified, as it is now.
    """

    value: Any
    changed: dict[int, Any] = field(default_factory=dict)
    warnings: tuple[Warned, ...] = ()
    output: str = ""
    seconds: float = 0.0


@dataclass(frozen=True)
class Raised:
    """The call raised: the exception's type and text, and the learner's own lines.

    ``bases`` are the names of the type's bases below Exception, nearest first.
    """

    kind: str
    message: str
    trace: tuple[TraceLine, ...] = ()
    warnings: tuple[Warned, ...] = ()
    output: str = ""
    seconds: float = 0.0
    bases: tuple[str, ...] = ()

    def is_a(self, kind: str) -> bool:
        """Tell whether it is an exception of this kind, as an except clause would."""
        return kind == self.kind or kind in self.bases


@dataclass(frozen=True)
class Missing:
    """The program has no such name; ``similar`` are names it has, nearest first.

    ``kind`` is the type's name where the name exists but cannot be called; ``there`` are the last
    names that the program itself states.
    """

    name: str
    similar: tuple[str, ...] = ()
    kind: str = ""
    there: tuple[str, ...] = field(default=(), compare=False)


@dataclass(frozen=True)
class Stopped:
    """A limit was passed.

    amount: seconds for ``wall``, ``cpu``, ``total``; MiB for ``memory``, ``output``.
    """

    limit: Limit
    amount: float


@dataclass(frozen=True)
class Crashed:
    """The process that held the program is gone: by a signal, an exit, or a broken protocol."""

    signal: int | None = None
    code: int | None = None
    protocol: bool = False


Outcome: TypeAlias = Returned | Raised | Missing | Stopped | Crashed
Death: TypeAlias = Stopped | Crashed


@dataclass(frozen=True)
class Failure:
    """A part of the program that did not run to its end."""

    part: str
    outcome: Raised | Stopped | Crashed


@dataclass(frozen=True)
class Shown:
    """What a part has shown, as a notebook shows it below a cell; figures are PNG."""

    part: str
    printed: str = ""
    value: str = ""
    figures: tuple[bytes, ...] = ()


@dataclass(frozen=True)
class Loaded:
    """The program was run: the public names it defines (with their type) and what failed."""

    names: dict[str, str]
    failures: tuple[Failure, ...] = ()
    output: str = ""
    shown: tuple[Shown, ...] = ()
