"""A gradebook that another program has locked is waited for, but not for ever."""

from __future__ import annotations

import sqlite3

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.exc import OperationalError

from autograder.errors import GradeFlowError
from autograder.nbgrader.locks import patiently, wait_for_locks


@pytest.fixture
def book(tmp_path):
    path = tmp_path / "gradebook.db"
    with sqlite3.connect(path) as holder:
        holder.execute("CREATE TABLE grade (score)")
    holder.close()
    return path


def writing(path, query=""):
    engine = create_engine(f"sqlite:///{path}{query}")

    def write():
        with engine.begin() as connection:
            connection.execute(text("INSERT INTO grade VALUES (1)"))

    return engine, write


def test_what_stays_locked_is_told_with_what_to_do(book):
    holder = sqlite3.connect(book)
    holder.execute("BEGIN EXCLUSIVE")
    engine, write = writing(book, "?timeout=0.05")
    with pytest.raises(GradeFlowError, match="locked by another program for 0 seconds: end what"):
        patiently(write, seconds=0.3)
    holder.close()
    patiently(write, seconds=0.3)
    engine.dispose()


def test_another_error_is_not_waited_for(book):
    engine, write = writing(book)
    with sqlite3.connect(book) as holder:
        holder.execute("DROP TABLE grade")
    holder.close()
    with pytest.raises(OperationalError, match="no such table"):
        patiently(write, seconds=60)
    engine.dispose()


@pytest.mark.parametrize(("query", "waits"), [("", 60_000), ("?timeout=7", 7_000)])
def test_every_gradebook_of_the_process_waits_a_minute_unless_its_address_says(book, query, waits):
    wait_for_locks()
    engine, _ = writing(book, query)
    with engine.connect() as connection:
        assert connection.execute(text("PRAGMA busy_timeout")).scalar() == waits
    engine.dispose()
