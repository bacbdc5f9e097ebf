"""Which leads are kept no longer? Those older than the playbook keeps their kind (`[privacy] keep`)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db.models import Max, Q

from leadwell.playbook import Playbook
from leadwell.playbook.durations import parse
from leadwell.server.leads.models import Lead
from leadwell.server.people.models import Person
from leadwell.server.privacy.held import erase

# Kind of the playbook -> the leads it means. What is none of the others belongs to somebody who may be a patient.
_DISPOSITIONS: Final = {"discarded": ("discard",), "declined": ("decline", "redirect"), "nurture": ("nurture",)}


def retire(organization: int, playbook: Playbook, *, now: datetime) -> int:
    """Erases everybody all of whose leads are past their time; returns how many people."""
    bounds = {kind: now - span.length for kind, text in playbook.keep.items() if (span := parse(text))}
    if not bounds:
        return 0
    old = Person.objects.of(organization).annotate(last=Max("lead__received_at"))
    due = old.filter(last__lt=max(bounds.values())).values_list("pk", flat=True)
    ended = [person for person in due if not _kept(organization, person, bounds)]
    for person in ended:
        erase(organization, person, actor="worker", at=now)
    return len(ended)


def _kept(organization: int, person: UUID, bounds: Mapping[str, datetime]) -> bool:
    """Whether somebody has a lead that is still to be kept; a kind that the playbook does not name is."""
    past = Q(pk__in=[])
    others = [d for kind, dispositions in _DISPOSITIONS.items() if kind in bounds for d in dispositions]
    for kind, bound in bounds.items():
        of_kind = Q(disposition__in=_DISPOSITIONS[kind]) if kind in _DISPOSITIONS else ~Q(disposition__in=others)
        past |= of_kind & Q(received_at__lt=bound)
    return Lead.objects.of(organization).filter(person=person).exclude(past).exists()
