"""Import this to have a process leave its session: a side effect, for one that others start.

Linux shares the processor among sessions before it shares it among their processes. What imports
PyTorch for the workers would have half of what the server in the cage has for the same, beside a
command that imports too; and it is waited for longest.
"""

from __future__ import annotations

import contextlib
import os

__all__: list[str] = []

with contextlib.suppress(OSError):  # it leads its group already
    os.setsid()
