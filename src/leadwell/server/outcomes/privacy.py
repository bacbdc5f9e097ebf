"""What do we hold of what became of somebody's enquiries? An erasure takes what staff said in a word; codes stay."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import Min, QuerySet

from leadwell.server.outcomes.models import Outcome
from leadwell.server.outcomes.queries import word_of
from leadwell.server.privacy.held import UNOPENED, Held, Kept, Sealed, Subject


def _theirs(subject: Subject) -> QuerySet[Outcome]:
    return Outcome.objects.of(subject.organization).filter(lead__in=subject.leads)


def _gives(subject: Subject) -> dict[str, Any]:
    return {"outcomes": [_outcome(one) for one in _theirs(subject).order_by("at", "pk")]}


def _outcome(one: Outcome) -> dict[str, Any]:
    said = word_of(one)
    return {
        "at": one.at.isoformat(),
        "became": one.became,
        "reason": one.reason or None,
        "went": one.ease or None,
        "note": UNOPENED if said is None else said,
        "taken_back_at": one.undone_at.isoformat() if one.undone_at else None,
    }


def _erases(subject: Subject) -> None:
    _theirs(subject).update(sealed=b"")


def _counts(subject: Subject) -> Iterator[Kept]:
    said = _theirs(subject).exclude(sealed=b"")
    yield Kept("Words of ours on how it went", said.count(), said.aggregate(first=Min("at"))["first"])


HELD = Held(
    finds=lambda subject: None,
    gives=_gives,
    erases=_erases,
    counts=_counts,
    sealed=(Sealed(Outcome, "sealed", lambda one: f"outcomes.outcome/{one.pk}"),),
)
