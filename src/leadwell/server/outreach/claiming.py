"""Which worker is at which message? A lease of its own, renewed while it lives; a provider has one message at a time.

What was being sent when its worker died comes due again. Nobody knows whether the provider took it, so it counts as
unanswered: it leaves again under the same Message-ID, a few times at most, and then somebody decides.
"""

from __future__ import annotations

import threading
from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID, uuid4

from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils import timezone

from leadwell.server.outreach.channels.email.settings import a_minute
from leadwell.server.outreach.incoming import is_unread
from leadwell.server.outreach.models import WAITING, Message, Pace, State

LEASE: Final = timedelta(seconds=20)
RENEWED: Final = 5.0  # how often, in seconds
_LOOKED_AT: Final = 100

_held: Final[dict[UUID, UUID]] = {}  # message -> lease, of this process
_lock: Final = threading.Lock()


def claim(most: int, *, busy: Collection[bytes] = ()) -> list[Message]:
    """Due messages, the longest waiting first, each leased to this process and to a provider whose turn it is. `busy`:
    domains that are not asked for. None of whoever has not read yet what came in."""
    now, claimed = timezone.now(), list[Message]()
    theirs = _ready(_due(now, busy))  # a look takes no lock
    if not theirs:
        return []
    with transaction.atomic():
        for one in _locked(_due(now, busy).filter(organization__in=theirs))[:_LOOKED_AT]:
            if len(claimed) == most:
                break
            if all(bytes(one.domain) != bytes(other.domain) for other in claimed) and _turn(one, now):
                _lease(one, now)
                claimed.append(one)
    with _lock:
        _held.update({one.pk: one.lease for one in claimed if one.lease})
    return claimed


def _ready(due: QuerySet[Message]) -> list[int]:
    """Organisations with due messages that have read what came in."""
    theirs = due.order_by().values_list("organization", flat=True).distinct()
    return [one for one in theirs if not is_unread(one)]


def _lease(one: Message, now: datetime) -> None:
    changed = {"lease": uuid4(), "due_at": now + LEASE}
    if one.state == State.SENDING:  # its worker died
        changed |= {
            "state": State.DEFERRED, "problem": "unanswered", "unknowns": one.unknowns + 1, "unsure": True,
            "handed_at": None,
        }  # fmt: skip
    for name, value in changed.items():
        setattr(one, name, value)
    Message.objects.filter(pk=one.pk).update(**changed)


def _due(now: datetime, busy: Collection[bytes]) -> QuerySet[Message]:
    waits = Pace.objects.filter(next_at__gt=now).values("domain")
    due = Message.objects.filter(state__in=WAITING, due_at__lte=now)
    return due.exclude(domain__in=list(busy)).exclude(domain__in=waits).order_by("due_at")


def _locked(due: QuerySet[Message]) -> QuerySet[Message]:
    skips = connection.features.has_select_for_update_skip_locked
    return due.select_for_update(skip_locked=True) if skips else due


def _turn(one: Message, now: datetime) -> bool:
    """Whether this provider may have its next message now; then the one after it may not for a while."""
    after = now + timedelta(seconds=60 / a_minute())
    ours = Pace.objects.of(one.organization_id).filter(domain=one.domain)
    if ours.filter(next_at__lte=now).update(next_at=after):
        return True
    if ours.exists():
        return False
    made = Pace(organization_id=one.organization_id, domain=one.domain, next_at=after)
    return bool(Pace.objects.bulk_create([made], ignore_conflicts=True))


def slow_down(one: Message, wait: timedelta) -> None:
    """Its provider had trouble: the next message to it waits."""
    ours = Pace.objects.of(one.organization_id).filter(domain=one.domain)
    ours.update(next_at=timezone.now() + wait)


def let_go(one: Message) -> None:
    with _lock:
        _held.pop(one.pk, None)


def renew() -> None:
    """Called every few seconds by a worker's second thread."""
    with _lock:
        held = dict(_held)
    if held:
        ours = Message.objects.filter(pk__in=held, lease__in=held.values(), state__in=WAITING)
        ours.update(due_at=timezone.now() + LEASE)


def give_back() -> None:
    """Whatever is held and has not left comes due at once, for anybody."""
    with _lock:
        held = dict(_held)
        _held.clear()
    if held:
        ours = Message.objects.filter(pk__in=held, lease__in=held.values(), handed_at=None)
        ours.filter(state__in=(State.QUEUED, State.DEFERRED)).update(due_at=timezone.now(), lease=None)
