"""What do the embedded database's files need of us? That one process moves their logs, and that nobody opens them.

Whoever closes a database file that he opened himself drops every lock that SQLite holds on it in this process: another
process then takes the file for unused, and both write over each other (sqlite.org/howtocorrupt.html, 2.2). Up to SQLite
3.51.2 committed pages can also be lost where a writer begins a log anew while somebody sets about moving it who finds
nothing left to move (sqlite.org/wal.html#walresetbug): here one process moves it, and never then.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, nullcontext
from pathlib import Path
from typing import Final

from django.db import DatabaseError, OperationalError, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.utils import CursorWrapper

from leadwell.server.base.routers import inbox_database
from leadwell.server.base.turns import alone_moving, inbox_turn

_PATIENCE: Final = 1_000  # milliseconds that the mover waits for its turn to write; then it is tried again later


def move_logs() -> None:
    """All of them that can be moved now. Nothing to do on PostgreSQL, nor while another worker is at it."""
    ours = [one for one in connections.all() if one.vendor == "sqlite"]
    if not ours:
        return
    with alone_moving() as alone:
        for connection in ours if alone else ():
            _move(connection)


def _move(connection: BaseDatabaseWrapper) -> None:
    """The most of it beside the writers, since it takes as long as the disk needs; then, while they wait, what they
    wrote meanwhile: only so is the log moved whole, and begun anew.

    Beside writers a log may be moved only while something of it is left to move, so that nobody begins it anew
    meanwhile: hence a page of our own first, written in the writers' turn.
    """
    with _writers_out(connection) as turn:
        if turn is None:
            return  # somebody writes for long
        turn.execute("PRAGMA user_version=0")
        turn.execute("COMMIT")
    whole = f"{_file(connection).as_uri()}?mode=rw"
    with (
        connection.wrap_database_errors,
        closing(sqlite3.connect(whole, uri=True, isolation_level=None)) as mover,
    ):
        _moved(mover)
        with _writers_out(connection) as turn:
            if turn is not None:
                _moved(mover)
                turn.execute("ROLLBACK")


def _moved(mover: sqlite3.Connection) -> None:
    mover.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchall()


@contextmanager
def _writers_out(connection: BaseDatabaseWrapper) -> Iterator[CursorWrapper | None]:
    """A cursor in whose transaction nobody else writes, to be ended by whoever asked; None where somebody writes for
    long."""
    ours = inbox_turn() if connection.alias == inbox_database() else nullcontext()
    with ours, connection.cursor() as cursor:
        (before,) = cursor.execute("PRAGMA busy_timeout").fetchone()
        cursor.execute(f"PRAGMA busy_timeout={_PATIENCE}")
        try:
            cursor.execute("BEGIN IMMEDIATE")
        except OperationalError as error:
            if "locked" not in str(error):
                raise
            yield None
            return
        finally:
            cursor.execute(f"PRAGMA busy_timeout={before}")
        yield cursor


def on_disk(connection: BaseDatabaseWrapper) -> None:
    """Until then the newest commits may be lost with the power. What is not in the log is on the disk: SQLite sees to
    that before it begins the log anew."""
    if connection.vendor != "sqlite":
        return
    log = _file(connection).with_name(_file(connection).name + "-wal")
    if log.exists():
        with log.open("rb") as file:  # a log has no locks to lose
            os.fsync(file.fileno())


def unsound(connection: BaseDatabaseWrapper) -> str:
    """The first thing that SQLite finds wrong when it reads the whole file; '' where nothing is, and on PostgreSQL."""
    if connection.vendor != "sqlite":
        return ""
    with connection.cursor() as cursor:
        try:
            (said,) = cursor.execute("PRAGMA integrity_check(1)").fetchone()
        except DatabaseError as error:
            return str(error)
    return "" if said == "ok" else str(said)


def _file(connection: BaseDatabaseWrapper) -> Path:
    return Path(str(connection.settings_dict["NAME"]))
