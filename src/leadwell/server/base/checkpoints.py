"""Who moves SQLite's logs into its files? A worker, aside, so that no acknowledgement waits for it."""

from __future__ import annotations

from django.db import connections


def move_logs() -> None:
    """As much as can be moved while others read and write. Nothing to do on PostgreSQL."""
    for connection in connections.all():
        if connection.vendor == "sqlite":
            with connection.cursor() as cursor:
                cursor.execute("PRAGMA wal_checkpoint(PASSIVE)")
                cursor.fetchall()
