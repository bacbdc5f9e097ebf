"""What do we hold of an organisation's people and of meetings with them? An erasure takes names, addresses and
notes; when a meeting was, and how it ended, stays."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.db.models import Min, Q, QuerySet

from leadwell.server.business.models import Colleague, Mark, Meeting
from leadwell.server.business.of_colleagues import with_person
from leadwell.server.business.queries import colleagues_of, told_by, told_of_meeting
from leadwell.server.privacy.held import UNOPENED, Held, Kept, Sealed, Subject


def _colleagues(subject: Subject) -> QuerySet[Colleague]:
    whose = Q(lead__in=subject.leads) | Q(person=subject.person)
    return Colleague.objects.of(subject.organization).filter(whose)


def _meetings(subject: Subject) -> QuerySet[Meeting]:
    """Of their leads, and those with them as a colleague."""
    whose = Q(lead__in=subject.leads) | Q(pk__in=with_person(subject.organization, subject.person))
    return Meeting.objects.of(subject.organization).filter(whose)


def _gives(subject: Subject) -> dict[str, Any]:
    """Of their colleagues only that there are some: who those are is told to themselves."""
    theirs = Colleague.objects.of(subject.organization).filter(person=subject.person).order_by("at", "pk")
    return {
        "named_as_colleague": [_colleague(one) for one in theirs],
        "meetings": [_meeting(one) for one in _meetings(subject).order_by("noted_at", "pk")],
    }


def _colleague(one: Colleague) -> dict[str, Any]:
    told = told_by(one)
    return {"at": one.at.isoformat(), "decides": one.decides, "told": UNOPENED if told is None else told}


def _meeting(one: Meeting) -> dict[str, Any]:
    told = told_of_meeting(one)
    return {
        "at": one.at.isoformat(),
        "zone": one.zone,
        "minutes": one.minutes,
        "result": one.result or None,
        "told": UNOPENED if told is None else told,
        "taken_back_at": one.undone_at.isoformat() if one.undone_at else None,
    }


def _erases(subject: Subject) -> None:
    _meetings(subject).update(sealed=b"", person=None)  # first: by what is told of a colleague they are found
    others = _colleagues(subject).filter(called=True).exclude(lead__in=subject.leads).values_list("lead", flat=True)
    left = list(others)
    _colleagues(subject).update(sealed=b"", person=None, called=False)
    for lead in left:
        _call_who_is_left(subject.organization, lead)
    Mark.objects.of(subject.organization).filter(lead__in=subject.leads).delete()


def _call_who_is_left(organization: int, lead: UUID) -> None:
    """Whoever was named last of those who remain and can be reached; where none does, whoever asked."""
    for one in reversed(colleagues_of(organization, lead)):
        told = told_by(one) or {}
        if one.person is not None and (told.get("phone") or told.get("email")):
            Colleague.objects.of(organization).filter(pk=one.pk).update(called=True)
            return


def _counts(subject: Subject) -> Iterator[Kept]:
    told = _meetings(subject).exclude(sealed=b"")
    yield Kept("Meetings", told.count(), told.aggregate(first=Min("noted_at"))["first"])
    named = Colleague.objects.of(subject.organization).filter(person=subject.person).exclude(sealed=b"")
    yield Kept("Named as a colleague", named.count(), named.aggregate(first=Min("at"))["first"])


HELD = Held(
    finds=lambda subject: None,
    gives=_gives,
    erases=_erases,
    counts=_counts,
    sealed=(
        Sealed(Colleague, "sealed", lambda one: f"business.colleague/{one.pk}"),
        Sealed(Meeting, "sealed", lambda one: f"business.meeting/{one.pk}"),
    ),
)
