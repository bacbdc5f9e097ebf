"""Which worker is at which submission? A claim is a lease that its worker renews, and gives back where it stops.

A worker that dies renews nothing, and seconds later another begins again. Each begun and not ended is counted: what was
begun twice is taken alone, so that one that kills its worker takes no others with it, and in the end is set aside.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import timedelta
from typing import Final
from uuid import UUID

from django.db import connections, transaction
from django.db.models import F, QuerySet
from django.utils import timezone

from leadwell.server.base.routers import inbox_database
from leadwell.server.base.turns import inbox_turn
from leadwell.server.intake.models import State, Submission

LEASE: Final = timedelta(seconds=20)
RENEWED: Final = 5.0  # how often, in seconds
NEWEST: Final = 400  # of one claim, where more wait: those of four seconds at a hundred a second
MOST_TRIES: Final = 5
_TOGETHER: Final = 2  # begun so often, it is taken alone
_ENDED_THE_WORKER: Final = "the worker ended each time it was at it"

_held: Final[set[UUID]] = set()  # by this process; a worker's second thread renews them


def claim(most: int) -> list[Submission]:
    """Due submissions, leased to this process alone: up to NEWEST of those that came last, then those that have waited
    longest, for whom a quarter is kept. Whoever asks today is not answered after a list of a hundred thousand. They are
    read once they are ours: meanwhile others write into the inbox."""
    now = timezone.now()
    due = Submission.objects.filter(state=State.RECEIVED, due_at__lte=now)
    with inbox_turn(), transaction.atomic(using=inbox_database()):
        chosen = _chosen(due, most)
        if chosen:
            Submission.objects.filter(id__in=chosen).update(due_at=now + LEASE, tries=F("tries") + 1)
    _held.update(chosen)
    ours = Submission.objects.in_bulk(chosen)
    return [ours[number] for number in chosen if number in ours]


def _chosen(due: QuerySet[Submission], most: int) -> list[UUID]:
    if connections[inbox_database()].features.has_select_for_update_skip_locked:
        due = due.select_for_update(skip_locked=True)
    together = due.filter(tries__lt=_TOGETHER)
    last = _first(together.order_by("-due_at"), min(NEWEST, most - most // 4))
    longest = _first(together.order_by("due_at"), most - len(last))
    chosen = list(dict.fromkeys((*last, *longest)))
    return chosen or _first(due.filter(tries__lt=MOST_TRIES).order_by("tries", "due_at"), 1)


def _first(due: QuerySet[Submission], most: int) -> list[UUID]:
    return list(due.values_list("id", flat=True)[:most])


def set_aside_deadly() -> list[Submission]:
    """Sets aside what was begun and never ended too often, and returns it."""
    begun = Submission.objects.filter(state=State.RECEIVED, due_at__lte=timezone.now(), tries__gte=MOST_TRIES)
    if not begun.exists():
        return []
    with inbox_turn(), transaction.atomic(using=inbox_database()):
        deadly = list(begun.values_list("pk", flat=True))
        begun.filter(pk__in=deadly).update(state=State.SET_ASIDE, due_at=None, problem=_ENDED_THE_WORKER)
    return list(Submission.objects.filter(pk__in=deadly, state=State.SET_ASIDE))


def in_hand(claimed: Iterable[Submission]) -> list[Submission]:
    """Those of these that this process has claimed and not ended."""
    return [one for one in claimed if one.id in _held]


def ended(claimed: Iterable[Submission]) -> None:
    """They are nobody's work any more, or wait for another try."""
    _held.difference_update(one.id for one in claimed)


def put_off(claimed: Collection[Submission], wait: timedelta) -> None:
    """Tried again later, for a reason that is none of theirs."""
    _unbegun([one.id for one in claimed], wait)
    ended(claimed)


def give_back() -> None:
    """Whatever is still held comes due at once, for anybody."""
    if _held:
        _unbegun(list(_held), timedelta())
        _held.clear()


def _unbegun(numbers: Collection[UUID], wait: timedelta) -> None:
    ours = Submission.objects.filter(id__in=numbers, state=State.RECEIVED)
    ours.update(due_at=timezone.now() + wait, tries=F("tries") - 1)


def renew() -> None:
    """Called every few seconds by a worker's second thread."""
    if numbers := list(_held):
        ours = Submission.objects.filter(id__in=numbers, state=State.RECEIVED)
        ours.update(due_at=timezone.now() + LEASE)
