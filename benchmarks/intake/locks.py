"""How does somebody else hold the database, so that nobody writes?"""

from __future__ import annotations

import contextlib
import sqlite3
import time

import psycopg
from psycopg import sql

from benchmarks.intake.service import Service

_TURN = 20.0  # seconds to wait for our own turn


def held(service: Service, seconds: float) -> bool:
    """Holds everything for that long. False where our own turn never came."""
    database = service.installation.database
    return _postgresql(database, seconds) if database else _sqlite(service, seconds)


def _sqlite(service: Service, seconds: float) -> bool:
    files = sorted(service.installation.home.glob("*.sqlite3"))
    with contextlib.ExitStack() as open_files:
        for path in files:
            connection = open_files.enter_context(
                contextlib.closing(sqlite3.connect(path, timeout=_TURN, isolation_level=None))
            )
            try:
                connection.execute("BEGIN EXCLUSIVE")
            except sqlite3.OperationalError:
                return False
        time.sleep(seconds)
    return True


def _postgresql(database: str, seconds: float) -> bool:
    """Table after table in one transaction: whoever holds one of them makes us wait, and may make us give up."""
    try:
        with psycopg.connect(database) as connection:
            connection.execute(f"SET lock_timeout = '{int(_TURN)}s'")
            names = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1")
            for (name,) in names.fetchall():
                connection.execute(sql.SQL("LOCK TABLE {} IN EXCLUSIVE MODE").format(sql.Identifier(name)))
            time.sleep(seconds)
    except psycopg.OperationalError:
        return False
    return True
