"""A PostgreSQL server of a test's own: as nobody, on a socket in a temporary folder."""

from __future__ import annotations

import os
import pwd
import secrets
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest

OWNER = "teacher"


@contextmanager
def server() -> Iterator[str]:
    """Start a server; yield its address, without a database, as SQLAlchemy writes it.

    Skips the test where PostgreSQL or its Python package is not installed.
    """
    programs = _programs()
    pytest.importorskip("psycopg", reason='pip install "gradeflow[postgresql]"')
    # Not pytest's folder: its path is too long for a socket, and closed to the server's user.
    room = Path(tempfile.mkdtemp(prefix="gf-pg-"))
    if os.geteuid() == 0:
        nobody = pwd.getpwnam("nobody")
        os.chown(room, nobody.pw_uid, nobody.pw_gid)
    port = 20_000 + secrets.randbelow(20_000)  # of the socket's name; nothing listens on a network
    data = room / "data"
    made = ["--auth=trust", f"--username={OWNER}", "-E", "UTF8", "--locale=C", "--no-sync"]
    _run([programs / "initdb", *made, "-D", data], room)
    options = f"-k {room} -p {port} -c listen_addresses='' -c fsync=off"
    control = [programs / "pg_ctl", "-D", data, "-w", "-t", "120"]
    _run([*control, "-l", room / "log", "-o", options, "start"], room)
    try:
        yield f"postgresql+psycopg://{OWNER}@/{{}}?host={room}&port={port}"
    finally:
        _run([*control, "-m", "immediate", "stop"], room)
        shutil.rmtree(room)


def create_database(address: str, name: str, template: str = "template1") -> str:
    """Create a database on a server, as a copy of another; return its address."""
    import psycopg
    from sqlalchemy.engine import make_url

    url = make_url(address.format("postgres"))
    options = {"user": url.username, "dbname": url.database, **url.query}
    with psycopg.connect(**options, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
    return address.format(name)


def _programs() -> Path:
    """Find the server's programs, which Debian keeps out of the path."""
    found = shutil.which("initdb")
    places = [Path(found).resolve().parent] if found else []
    places += sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    for place in places:
        if (place / "initdb").is_file() and (place / "pg_ctl").is_file():
            return place
    pytest.skip("PostgreSQL is not installed: apt-get install postgresql")


def _run(command: Sequence[str | Path], room: Path) -> None:
    """Run a program of the server's; it refuses to run as root."""
    done = subprocess.run(
        [str(part) for part in command],
        cwd=room,
        user="nobody" if os.geteuid() == 0 else None,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        errors="replace",
        timeout=180,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
