"""Is SQLite's log moved into its file, and does nobody wait long for it?"""

import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from django.db.backends.sqlite3.base import DatabaseWrapper
from django.db.utils import ConnectionHandler

from leadwell.server import environment
from leadwell.server.base.checkpoints import _move


@pytest.fixture
def connection(db: None, tmp_path: Path) -> Iterator[DatabaseWrapper]:
    settings = environment._sqlite("here.sqlite3", "FULL") | {"NAME": tmp_path / "here.sqlite3"}
    made = ConnectionHandler({"default": settings})["default"]
    with made.cursor() as cursor:
        cursor.execute("CREATE TABLE it (n)")
        cursor.executemany("INSERT INTO it VALUES (%s)", [(n,) for n in range(1_000)])
    yield made
    made.close()


def _to_move(path: Path) -> int:
    """Pages that stand in the log alone: what a copy of the file without it would lack."""
    with closing(sqlite3.connect(path)) as one:
        return len(one.execute("SELECT n FROM it").fetchall())


def test_the_log_is_moved_into_the_file(connection: DatabaseWrapper, tmp_path: Path) -> None:
    _move(connection)
    copy = tmp_path / "copy.sqlite3"
    copy.write_bytes((tmp_path / "here.sqlite3").read_bytes())  # without its log
    assert _to_move(copy) == 1_000


def test_nobody_waits_long_for_whoever_reads(connection: DatabaseWrapper, tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "here.sqlite3", isolation_level=None)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT n FROM it").fetchone()
        with connection.cursor() as cursor:
            cursor.execute("INSERT INTO it VALUES (1)")
        start = time.monotonic()
        _move(connection)
        assert time.monotonic() - start < 5  # a tenth of a second; the connection's own patience is 20
    with connection.cursor() as cursor:
        assert cursor.execute("PRAGMA busy_timeout").fetchone() == (20_000,)
