"""How does PostgreSQL keep submissions in one message, where nothing like them can have been there before?

Each wait for the database is a wait for the processor and for Python's lock too; taking a lead in step by step is five
of them. A key is the sender's own name for a lead, so one that is new is kept as it is; whoever comes second is left
for `accepting`, which looks for the first. (docs/decisions/0012)
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from django.db import connections

from leadwell.server.base import bulk
from leadwell.server.base.routers import inbox_database
from leadwell.server.intake.models import Submission

LOCKS: Final = "SELECT pg_advisory_xact_lock(one) FROM unnest(%s::bigint[]) AS one"
_KEEP: Final = LOCKS + "; {} ON CONFLICT (organization_id, key) WHERE key IS NOT NULL DO NOTHING RETURNING id"
_MOST: Final = 40  # rows: what the threads of a web server bring; longer lists go another way


def keep_new(rows: Sequence[Submission]) -> set[UUID]:
    """Ids of those whose key was never used before: they are durable. None of them, where it cannot be done at once:
    within a transaction, or where one has no key, or the key of another of these."""
    connection = connections[inbox_database()]
    if connection.vendor != "postgresql" or connection.in_atomic_block or not _can_be(rows):
        return set()
    insert, values = bulk.insertion(rows)
    with connection.cursor() as cursor:  # two statements in one message are one transaction
        cursor.execute(_KEEP.format(insert), [locks(rows), *values])
        cursor.nextset()
        return {number for (number,) in cursor.fetchall()}


def locks(rows: Sequence[Submission]) -> list[int]:
    """By which those with the same key or content wait for one another, all in one order."""
    return sorted({int.from_bytes((row.key or row.content)[:8], "big", signed=True) for row in rows})


def _can_be(rows: Sequence[Submission]) -> bool:
    keys = {(row.organization_id, row.key) for row in rows if row.key is not None}
    return len(keys) == len(rows) <= _MOST
