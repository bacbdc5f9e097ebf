"""Which submissions are marked as done though not all that they became is there? After a restore there may be some: the
inbox of a backup is a little younger than its main database."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final
from uuid import UUID

from django.db.models import Count, QuerySet
from django.utils import timezone

from leadwell.server.intake.models import State, Submission
from leadwell.server.leads.models import Event, Joined, Lead

_CHUNK: Final = 5_000


def due_again() -> int:
    """Makes them due; what is there already is not written twice. Returns how many."""
    assessed = Submission.objects.filter(state=State.ASSESSED, leads__gt=0)
    joined = Submission.objects.filter(state=State.JOINED)
    count = 0
    for page in _pages(assessed):
        made = Lead.objects.filter(submission__in=page).order_by().values_list("submission").annotate(Count("pk"))
        there = dict(made)
        count += _due([one for one, leads in page.items() if there.get(one, 0) < leads])
    for page in _pages(joined):
        noted = set(Event.objects.filter(pk__in=page).values_list("pk", flat=True))  # it bears the submission's id
        noted.update(Joined.objects.filter(submission__in=page).values_list("submission", flat=True))
        count += _due([one for one in page if one not in noted])
    return count


def _pages(those: QuerySet[Submission]) -> Iterator[dict[UUID, int]]:
    """Submission -> how many leads it is said to have become."""
    last, ordered = None, those.order_by("pk")
    while page := dict((ordered.filter(pk__gt=last) if last else ordered).values_list("pk", "leads")[:_CHUNK]):
        last = max(page)
        yield page


def _due(submissions: list[UUID]) -> int:
    again = Submission.objects.filter(pk__in=submissions)
    return again.update(state=State.RECEIVED, due_at=timezone.now(), lead=None, leads=0, tries=0)
