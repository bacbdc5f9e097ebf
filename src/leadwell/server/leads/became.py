"""Which leads have ended, and why, and how many were booked? Told by whatever keeps what became of them.

Such an app has a module `became` with functions of these names, so that what orders work need not know it.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from leadwell.playbook import Playbook
from leadwell.server.base.declared import declared
from leadwell.server.leads.models import Lead
from leadwell.server.leads.queries import asked_again


@dataclass(frozen=True)
class Last:
    """What a lead became last: an end, or a stage after which others come. `says`: in words; `then`: the stage that
    comes next, '' where none does."""

    says: str
    ends: bool
    at: datetime
    then: str = ""


def last(lead: Lead, policy: Playbook) -> Last | None:
    """None where nothing was noted but that they were spoken with, or what they said since has opened it again."""
    wrote = asked_again(lead.organization_id, [lead.pk]).get(lead.pk)
    for app in declared("became", but="leads"):
        found: Last | None = app.last(lead, policy)
        if found is not None and (wrote is None or found.at >= wrote):
            return found
    return None


def ended(
    organization: int, leads: Collection[UUID], wrote: Mapping[UUID, datetime] | None = None
) -> dict[UUID, tuple[str, datetime]]:
    """Lead -> the playbook's reason for which it ended, and when; without those that are open, or were opened again by
    what they said since. `wrote`: when that was (`asked_again`), where the caller has asked already."""
    found: dict[UUID, tuple[str, datetime]] = {}
    for app in declared("became", but="leads"):
        found |= app.ended(organization, leads)
    if wrote is None:
        wrote = asked_again(organization, found) if found else {}
    return {lead: told for lead, told in found.items() if lead not in wrote or told[1] >= wrote[lead]}


def came_further(organization: int, leads: Collection[UUID], *, since: datetime | None = None) -> dict[UUID, datetime]:
    """Lead -> when it first came to a stage that somebody noted, or did since then: whoever is booked was spoken
    with."""
    found: dict[UUID, datetime] = {}
    for app in declared("became", but="leads"):
        found |= app.came_further(organization, leads, since=since)
    return found


def booked(organization: int, *, since: datetime) -> dict[str, int]:
    """Service -> how many of its leads came to be booked since then."""
    found: dict[str, int] = {}
    for app in declared("became", but="leads"):
        for service, count in app.booked(organization, since=since).items():
            found[service] = found.get(service, 0) + count
    return found
