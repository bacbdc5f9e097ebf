"""Read what is known of openings, always of one organisation: all of them at once, for there are few."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from leadwell.playbook import Playbook
from leadwell.routing.openings import Board, Slot, Stated, Wanted, bounds
from leadwell.server.leads.became import booked
from leadwell.server.leads.models import Lead
from leadwell.server.openings.models import Opening


def board(organization: int, policy: Playbook, now: datetime) -> Board:
    today = now.astimezone(ZoneInfo(policy.organization.time_zone)).date()
    stated = {slot: stated_of(one) for slot, one in openings(organization).items()}
    return Board(policy, now, today, stated, _booked(organization, policy, today))


def openings(organization: int) -> dict[Slot, Opening]:
    """Also of what the playbook has no more."""
    ours = Opening.objects.of(organization).filter(version__gt=0)
    return {Slot(one.service, one.location, one.visit): one for one in ours}


def stated_of(one: Opening) -> Stated:
    return Stated(one.as_of, one.by, one.on, one.hour, one.full, tuple(one.weeks))


def wanted(lead: Lead, said: Mapping[str, Any] | None = None) -> Wanted:
    """What a lead asks for, or what was chosen for it, by its open columns; how far it is, and by video, only with what
    was `said`."""
    facts = (said or {}).get("facts") or {}

    def value(name: str) -> str:
        return str((facts.get(name) or {}).get("value") or "")

    return Wanted(
        service=lead.service,
        location=lead.goes_to,
        by=lead.wanted_by,
        zip=value("zip"),
        state=value("state"),
        video=value("visit_mode") == "video",
    )


def _booked(organization: int, policy: Playbook, today: date) -> dict[str, int]:
    """Service -> how many were booked since the unit of its bound has begun."""
    zone, found = ZoneInfo(policy.organization.time_zone), dict[str, int]()
    for begins in {bound.begins(today) for bound in bounds(policy).values()}:
        counted = booked(organization, since=datetime.combine(begins, time(), tzinfo=zone))
        for service, bound in bounds(policy).items():
            if bound.begins(today) == begins:
                found[service] = counted.get(service, 0)
    return found
