"""Who moves SQLite's logs into its files? The worker between two batches, and nobody else.

By default whoever commits does, beside others who commit: an acknowledgement waits for it, and up to SQLite 3.51.2 a
committed transaction can be lost where a log is begun anew while two move it (sqlite.org/wal.html#walresetbug). A FULL
checkpoint holds the writer's lock, and there is one at a time.
"""

from __future__ import annotations

from typing import Final

from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper

_PATIENCE: Final = 100  # milliseconds that others are held up where somebody reads; then it is tried again later


def move_logs() -> None:
    """All of them that can be moved now. Nothing to do on PostgreSQL."""
    for connection in connections.all():
        if connection.vendor == "sqlite":
            _move(connection)


def _move(connection: BaseDatabaseWrapper) -> None:
    with connection.cursor() as cursor:
        (before,) = cursor.execute("PRAGMA busy_timeout").fetchone()
        cursor.execute(f"PRAGMA busy_timeout={_PATIENCE}")
        try:
            cursor.execute("PRAGMA wal_checkpoint(FULL)").fetchall()
        finally:
            cursor.execute(f"PRAGMA busy_timeout={before}")
