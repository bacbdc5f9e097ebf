"""Who waits for whom, where one decides by what another is about to change? Locks that end with the transaction.

A stop and a link change what others decide by, so whoever makes one is alone in its organisation for a moment; whoever
decides goes beside all others, but by itself for the same person and address. On SQLite the write lock of a
transaction, which is taken as it begins, does all of that.

On PostgreSQL two who take the same locks take them in one order, or each waits for the other for ever:

1. `one_writer`, by whoever makes people known;
2. `alone`, or `beside`; never the one after the other, so that whoever may find a stop is alone from the start;
3. rows of messages;
4. the row of a person (`people.queries.keep`), then `each` of the keys;
5. rows of leads;
6. whatever is one's own; last of all the trail.

Who takes rows of one kind alone, and none of the first two, needs neither. An erasure, which takes them from the top of
the apps to the bottom, is alone.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from django.db import connection

_ALONE: Final = 0x636F_6E73  # with the organisation's number: another space of locks than the trail's
_PEOPLE: Final = 0x7065_6F70
_SIGNED: Final = 2**63


def alone(organization: int) -> None:
    """Until this transaction ends nobody else of the organisation is alone or beside others."""
    _lock("SELECT pg_advisory_xact_lock(%s, %s)", [_ALONE, organization])


def beside(organization: int) -> None:
    """Until this transaction ends nobody else of the organisation is alone; any number may be beside."""
    _lock("SELECT pg_advisory_xact_lock_shared(%s, %s)", [_ALONE, organization])


def one_writer(organization: int) -> None:
    """Until this transaction ends nobody else of the organisation makes people known; others go on."""
    _lock("SELECT pg_advisory_xact_lock(%s, %s)", [_PEOPLE, organization])


def each(keys: Collection[bytes]) -> None:
    """One at a time for each of these keys, at least eight bytes that are spread evenly; in one order, so that no two
    wait for each other."""
    numbers = sorted(int.from_bytes(key[-8:], "big") - _SIGNED for key in keys)
    _lock("SELECT pg_advisory_xact_lock(k) FROM (SELECT unnest(%s::bigint[]) AS k ORDER BY 1) AS keys", [numbers])


def _lock(statement: str, values: list[int] | list[list[int]]) -> None:
    if not connection.in_atomic_block:
        raise RuntimeError("a lock that ends with the transaction needs one")
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(statement, values)
