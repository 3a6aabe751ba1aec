"""Waiting for a gradebook that another program has locked: a class is not aborted for that."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable
from typing import Any

from nbgrader.api import InvalidEntry
from sqlalchemy import event
from sqlalchemy.engine import Engine
from sqlalchemy.exc import OperationalError

from autograder.errors import GradeFlowError

__all__ = ["PATIENCE", "patiently", "wait_for_locks"]

PATIENCE = 60.0  # seconds that another writer may keep the gradebook locked
USUAL = 5000  # milliseconds that SQLite waits when nobody says otherwise


def wait_for_locks() -> None:
    """Let every SQLite gradebook that this process opens wait for as long as we do.

    nbgrader opens its gradebook in a dozen places, and gives up after five seconds in each.
    An address that says how long, ``sqlite:///gradebook.db?timeout=10``, is obeyed.
    """
    if not event.contains(Engine, "connect", _lengthen):
        event.listen(Engine, "connect", _lengthen)


def _lengthen(connection: Any, record: Any) -> None:
    del record
    if isinstance(connection, sqlite3.Connection):
        (waits,) = connection.execute("PRAGMA busy_timeout").fetchone()
        if waits == USUAL:
            connection.execute(f"PRAGMA busy_timeout = {PATIENCE * 1000:.0f}")


def patiently(act: Callable[[], Any], seconds: float = PATIENCE) -> Any:
    """Do something with the gradebook, again while another program has it locked.

    SQLite itself waits, but not where waiting could never end: there it refuses at once.

    Raises GradeFlowError when it stays locked.
    """
    until = time.monotonic() + seconds
    pause = 0.05
    while True:
        try:
            return act()
        except (OperationalError, InvalidEntry) as error:  # nbgrader makes the one of the other
            if "database is locked" not in str(error):
                raise
            if time.monotonic() > until:
                raise GradeFlowError(
                    f"The gradebook has been locked by another program for {seconds:.0f} seconds: "
                    "end what writes to it (formgrader, another nbgrader command, a database "
                    "browser) and run the same command again; what was graded is kept."
                ) from None
            time.sleep(pause)
            pause = min(2 * pause, 1.0)
