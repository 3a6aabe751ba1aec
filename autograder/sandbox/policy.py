"""What a submission may use. Pure data: nothing here knows how a limit is enforced."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass

__all__ = ["Limits"]

MIB = 1024 * 1024
# For numerical libraries, of submissions and of what judges them alike: with more threads the last
# digits depend on the machine, and threads of processes side by side wait for one another.
# TensorFlow shares the work of one operation, too, among as many threads as there are cores.
ONE_THREAD = dict.fromkeys(
    ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "TF_NUM_INTRAOP_THREADS"), "1"
)
LOADING = 5.0
IMPORTS = 20.0
PATIENCE = 4.0
WAITING = 2.0


@dataclass(frozen=True)
class Limits:
    """The limits of one exercise; ``exercise.toml`` sets them under ``[limits]``.

    wall: seconds that one call may compute for; a busy machine does not shorten them.
    load: seconds that the program's top level may compute for, where a plain script does all its
    work; more than ``wall`` where it is not set. What libraries take to import does not count.
    total: seconds for a whole submission; what comes after is not called any more.
    cpu: CPU seconds of a process; a second line behind ``wall``.
    memory: MiB of private memory.
    processes: processes and threads together.
    file_size: MiB of any one file; the private ``/tmp`` holds four of these.
    output: KiB printed by one call.
    frame: MiB of one message, either way.
    """

    wall: float = 10.0
    load: float | None = None
    total: float = 60.0
    cpu: float = 60.0
    memory: int = 1024
    processes: int = 64
    file_size: int = 16
    output: int = 256
    frame: int = 64

    @property
    def loading(self) -> float:
        """Seconds for running the program's top level."""
        return max(self.wall, min(LOADING, 2.5 * self.wall)) if self.load is None else self.load

    @property
    def imports(self) -> float:
        """Seconds that one statement may take to import libraries: TensorFlow, on a slow disk."""
        return min(IMPORTS, 30 * self.wall)

    def patience(self, computing: float) -> float:
        """Seconds by the clock for what may compute for so long.

        A busy machine, or one that pages, takes several times as long. What waits for something
        that never comes ends here.
        """
        return PATIENCE * (computing + min(computing, 1.0))

    @property
    def waiting(self) -> float:
        """Seconds by the clock after which a program is not waited for any more."""
        return WAITING * self.patience(self.total)

    def as_argument(self) -> str:
        """Write the limits for another process's command line."""
        return json.dumps(asdict(self))

    @classmethod
    def from_argument(cls, argument: str) -> Limits:
        """Read what :meth:`as_argument` wrote."""
        return cls(**json.loads(argument))
