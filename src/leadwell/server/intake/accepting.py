"""How is a submission taken in so that it is neither lost nor taken twice? (promise A2)

Everything is sealed and hashed before the lock is taken; then one short transaction looks for a repeat and writes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

import orjson
from django.db import connections, transaction
from django.utils import timezone

from leadwell.server.base.ids import new_id
from leadwell.server.base.routers import inbox_database
from leadwell.server.intake.models import State, Submission
from leadwell.server.privacy.sealing import seal
from leadwell.server.privacy.tokens import Blind

DOUBLE_CLICK: Final = timedelta(minutes=10)  # the same content within it, without a key, is the same submission
_PLACE: Final = "intake.submission"


@dataclass(frozen=True)
class Delivery:
    """What arrived: the very bytes, and the headers worth keeping. `key`: the sender's own name for it, if any.

    `problem`: what is wrong already; it is kept, and waits for somebody to mend it. `says`: by what it is recognised
    when it comes again, where the bytes differ each time.
    """

    body: bytes
    media_type: str = "application/json"
    key: str | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    problem: str = ""
    says: bytes | None = None


@dataclass(frozen=True)
class Receipt:
    """`conflict`: the key was used before with other content, and nothing was kept."""

    id: UUID
    repeat: bool = False
    conflict: bool = False


def accept(organization: int, source: int, deliveries: Sequence[Delivery]) -> list[Receipt]:
    """Keeps submissions durably and says, in order, under which id. Returns only once they are on disk."""
    now = timezone.now()
    blind = Blind(organization)
    rows = [_row(organization, source, delivery, now, blind) for delivery in deliveries]
    with transaction.atomic(using=inbox_database()):
        _one_at_a_time(rows)
        return _written(organization, rows, now)


def refuse(organization: int, source: int, delivery: Delivery) -> None:
    """Keeps what failed its check apart from the funnel, so that somebody can see that it came."""
    row = _row(organization, source, delivery, timezone.now(), Blind(organization))
    row.state, row.key, row.due_at = State.REFUSED, None, None
    row.save(force_insert=True)


def _row(organization: int, source: int, delivery: Delivery, now: datetime, blind: Blind) -> Submission:
    number, says = new_id(), delivery.says
    return Submission(
        id=number,
        organization_id=organization,
        source=source,
        received_at=now,
        due_at=now,
        state=State.NEEDS_MENDING if delivery.problem else State.RECEIVED,
        problem=delivery.problem,
        key=blind.token("key", f"{source}/{delivery.key}") if delivery.key is not None else None,
        content=blind.token("content", f"{source}\n".encode() + (delivery.body if says is None else says)),
        media_type=delivery.media_type[:255],
        size=len(delivery.body),
        sealed=seal(organization, enveloped(delivery), place=f"{_PLACE}/{number}"),
    )


def enveloped(delivery: Delivery) -> bytes:
    """Headers on a line of JSON, then the body as it came."""
    return orjson.dumps(dict(delivery.headers)) + b"\n" + delivery.body


def _one_at_a_time(rows: Sequence[Submission]) -> None:
    """On SQLite writers wait for each other anyway; on PostgreSQL those with the same key or content must, in one
    order."""
    connection = connections[inbox_database()]
    if connection.vendor != "postgresql":
        return
    locks = sorted({int.from_bytes((row.key or row.content)[:8], "big", signed=True) for row in rows})
    with connection.cursor() as cursor:
        cursor.executemany("SELECT pg_advisory_xact_lock(%s)", [(lock,) for lock in locks])


def _written(organization: int, rows: Sequence[Submission], now: datetime) -> list[Receipt]:
    by_key, by_content = _known(organization, rows, now)
    new: list[Submission] = []
    receipts: list[Receipt] = []
    for row in rows:
        known, token = (by_content, bytes(row.content)) if row.key is None else (by_key, bytes(row.key))
        first = known.setdefault(token, row)
        if first.content != row.content:
            receipts.append(Receipt(first.id, conflict=True))
            continue
        receipts.append(Receipt(first.id, repeat=first is not row))
        if first is not row:
            row.state, row.repeat_of, row.due_at, row.key, row.sealed = State.REPEAT, first.id, None, None, b""
        new.append(row)
    Submission.objects.bulk_create(new)
    return receipts


def _known(
    organization: int, rows: Sequence[Submission], now: datetime
) -> tuple[dict[bytes, Submission], dict[bytes, Submission]]:
    """Earlier submissions by key, and recent ones without a key by content."""
    ours = Submission.objects.of(organization).only("id", "key", "content")
    keys = [row.key for row in rows if row.key is not None]
    contents = [row.content for row in rows if row.key is None]
    by_key = {bytes(s.key or b""): _plain(s) for s in ours.filter(key__in=keys)} if keys else {}
    recent = ours.filter(content__in=contents, received_at__gt=now - DOUBLE_CLICK, key=None, repeat_of=None)
    recent = recent.exclude(state=State.REFUSED)
    by_content = {bytes(s.content): _plain(s) for s in recent.order_by("-received_at")} if contents else {}
    return by_key, by_content


def _plain(submission: Submission) -> Submission:
    submission.content = bytes(submission.content)
    return submission
