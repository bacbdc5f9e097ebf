"""What do we hold of our tries to reach somebody? When and how each ended; an erasure takes what was noted in words."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import Min, QuerySet

from leadwell.server.calls.models import Attempt
from leadwell.server.calls.queries import note_of
from leadwell.server.privacy.held import UNOPENED, Held, Kept, Sealed, Subject


def _theirs(subject: Subject) -> QuerySet[Attempt]:
    """Of their leads, and of them, each by its index: for an OR of both SQLite reads every try of the organisation."""
    ours = Attempt.objects.of(subject.organization)
    of_them = ours.filter(person=subject.person).values("pk")
    return ours.filter(pk__in=of_them.union(ours.filter(lead__in=subject.leads).values("pk")))


def _gives(subject: Subject) -> dict[str, Any]:
    return {"attempts": [_attempt(one) for one in _theirs(subject).order_by("at", "pk")]}


def _attempt(one: Attempt) -> dict[str, Any]:
    noted = note_of(one)
    return {
        "at": one.at.isoformat(),
        "channel": one.channel,
        "direction": one.direction,
        "result": one.result,
        "seconds": one.seconds,
        "callback_at": one.callback_at.isoformat() if one.callback_at else None,
        "note": UNOPENED if noted is None else noted,
        "taken_back_at": one.undone_at.isoformat() if one.undone_at else None,
    }


def _erases(subject: Subject) -> None:
    _theirs(subject).update(sealed=b"", token=b"", person=None, callback_at=None)


def _counts(subject: Subject) -> Iterator[Kept]:
    noted = _theirs(subject).exclude(sealed=b"")
    yield Kept("Notes of calls", noted.count(), noted.aggregate(first=Min("at"))["first"])


HELD = Held(
    finds=lambda subject: None,
    gives=_gives,
    erases=_erases,
    counts=_counts,
    sealed=(Sealed(Attempt, "sealed", lambda one: f"calls.attempt/{one.pk}"),),
)
