"""How is a submission taken in so that it is neither lost nor taken twice? (promise A2)

Everything is sealed and hashed before the lock is taken; then one short transaction looks for a repeat and writes.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

import orjson
from django.db import connections, transaction
from django.utils import timezone

from leadwell.server.base import bulk
from leadwell.server.base.ids import new_id
from leadwell.server.base.routers import inbox_database
from leadwell.server.base.turns import inbox_turn
from leadwell.server.intake.at_once import LOCKS, keep_new, locks
from leadwell.server.intake.models import WITHDRAWN, State, Submission
from leadwell.server.privacy.sealing import seal
from leadwell.server.privacy.tokens import Blind

DOUBLE_CLICK: Final = timedelta(minutes=10)  # the same content within it, without a key, is the same submission
_PLACE: Final = "intake.submission"


@dataclass(frozen=True)
class Delivery:
    """What arrived: the very bytes, and the headers worth keeping. `key`: the sender's own name for it, if any.

    `problem`: what is wrong already; it is kept, and waits for somebody to mend it. `look`: a list that waits for a
    look at its headers. `says`: by what it is recognised when it comes again, where the bytes differ each time.
    """

    body: bytes
    media_type: str = "application/json"
    key: str | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    problem: str = ""
    look: bool = False
    says: bytes | None = None


@dataclass(frozen=True)
class Receipt:
    """`conflict`: the key was used before with other content, and nothing was kept."""

    id: UUID
    repeat: bool = False
    conflict: bool = False


def accept(organization: int, source: int, deliveries: Sequence[Delivery]) -> list[Receipt]:
    """Keeps submissions durably and says, in order, under which id. Returns only once they are on disk. What comes
    together stays in its order: of a referral and its withdrawal in one batch the ids tell which came first."""
    now, blind = timezone.now(), Blind(organization)
    numbers = sorted(new_id() for _ in deliveries)
    rows = [_row(organization, source, one, now, blind, number=at) for one, at in zip(deliveries, numbers, strict=True)]
    return _together(_Kept(rows))


def refuse(organization: int, source: int, delivery: Delivery) -> Submission:
    """Keeps what failed its check apart from the funnel, so that somebody can see that it came."""
    row = _row(organization, source, delivery, timezone.now(), Blind(organization))
    row.state, row.key, row.refused_key, row.due_at = State.REFUSED, None, row.key, None
    row.save(force_insert=True)
    return row


def _row(  # noqa: PLR0913  what it is made of
    organization: int, source: int, delivery: Delivery, now: datetime, blind: Blind, *, number: UUID | None = None
) -> Submission:
    number, says = number or new_id(), delivery.says
    return Submission(
        id=number,
        organization_id=organization,
        source=source,
        received_at=now,
        due_at=now,
        state=_state(delivery),
        problem=delivery.problem,
        key=blind.token("key", f"{source}/{delivery.key}") if delivery.key is not None else None,
        content=blind.token("content", f"{source}\n".encode() + (delivery.body if says is None else says)),
        media_type=delivery.media_type[:255],
        size=len(delivery.body),
        sealed=seal(organization, enveloped(delivery), place=f"{_PLACE}/{number}"),
    )


def _state(delivery: Delivery) -> State:
    if delivery.look:
        return State.NOT_TAKEN
    return State.NEEDS_MENDING if delivery.problem else State.RECEIVED


def enveloped(delivery: Delivery) -> bytes:
    """Headers on a line of JSON, then the body as it came."""
    return orjson.dumps(dict(delivery.headers)) + b"\n" + delivery.body


class _Kept:
    """Rows of one call, on their way to the disk; `receipts` or `error` afterwards."""

    def __init__(self, rows: Sequence[Submission]) -> None:
        self.rows = rows
        self.receipts: list[Receipt] | None = None
        self.error: BaseException | None = None


_waiting: Final[deque[_Kept]] = deque()
_writing: Final = threading.Lock()


def _together(ours: _Kept) -> list[Receipt]:
    """Writes these rows, and with them what other threads of this process bring meanwhile: one transaction and one
    wait for the disk serve all. Raises what the database raises."""
    _waiting.append(ours)
    with _writing:
        if ours.receipts is None and ours.error is None:
            _write([_waiting.popleft() for _ in range(len(_waiting))])
    if ours.error is not None:
        raise ours.error
    assert ours.receipts is not None
    return ours.receipts


def _write(all_of_them: Sequence[_Kept]) -> None:
    """Durable: in nobody's open transaction, which could still undo what others are told is kept."""
    rows = [row for one in all_of_them for row in one.rows]
    try:
        told = {number: Receipt(number) for number in keep_new(rows)}
        if left := [row for row in rows if row.id not in told]:
            with inbox_turn(), transaction.atomic(using=inbox_database(), durable=True):
                _one_at_a_time(left)
                told |= _told(left)
    except BaseException as error:  # noqa: BLE001  each of them raises it
        for one in all_of_them:
            one.error = error
        return
    for one in all_of_them:
        one.receipts = [told[row.id] for row in one.rows]


def _told(rows: Sequence[Submission]) -> dict[UUID, Receipt]:
    """The receipt of each row. Those of an organisation are written at once, in the order in which they came."""
    receipts: dict[UUID, Receipt] = {}
    for organization in {row.organization_id for row in rows}:
        ours = [row for row in rows if row.organization_id == organization]
        written = _written(organization, ours, min(row.received_at for row in ours))
        receipts |= {row.id: receipt for row, receipt in zip(ours, written, strict=True)}
    return receipts


def _one_at_a_time(rows: Sequence[Submission]) -> None:
    """On SQLite writers wait for each other anyway; on PostgreSQL those with the same key or content must, in one
    order."""
    connection = connections[inbox_database()]
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(LOCKS, [locks(rows)])


@dataclass(frozen=True, slots=True)
class _First:
    """The submission under which a key or a content was first seen, and its content."""

    id: UUID
    content: bytes


def _written(organization: int, rows: Sequence[Submission], now: datetime) -> list[Receipt]:
    by_key, by_content = _by_key(organization, rows), _by_content(organization, rows, now)
    new: list[Submission] = []
    receipts: list[Receipt] = []
    for row in rows:
        known, token = (by_content, row.content) if row.key is None else (by_key, row.key)
        first = known.setdefault(bytes(token), _First(row.id, bytes(row.content)))
        if first.content != row.content:
            receipts.append(Receipt(first.id, conflict=True))
            continue
        repeat = first.id != row.id
        receipts.append(Receipt(first.id, repeat=repeat))
        if repeat:
            row.state, row.repeat_of, row.due_at, row.key, row.sealed = State.REPEAT, first.id, None, None, b""
        new.append(row)
    bulk.insert(new)
    return receipts


def _by_key(organization: int, rows: Sequence[Submission]) -> dict[bytes, _First]:
    """Earlier submissions of the same keys."""
    keys = [row.key for row in rows if row.key is not None]
    if not keys:
        return {}
    known = bulk.select(Submission, ("key", "id", "content"), organization, ("key",), keys)
    return {bytes(key or b""): _First(number, bytes(content)) for key, number, content in known}


def _by_content(organization: int, rows: Sequence[Submission], now: datetime) -> dict[bytes, _First]:
    """Recent ones without a key, of the same content. One that was erased is none: whoever sends it again asks anew."""
    contents = [row.content for row in rows if row.key is None]
    if not contents:
        return {}
    recent = Submission.objects.of(organization).filter(
        content__in=contents, received_at__gt=now - DOUBLE_CLICK, key=None, repeat_of=None
    )
    known = (
        recent.exclude(state=State.REFUSED)
        .exclude(problem=WITHDRAWN)
        .exclude(sealed=b"")
        .order_by("-received_at")
        .values_list("id", "content")
    )
    return {bytes(content): _First(number, bytes(content)) for number, content in known}
