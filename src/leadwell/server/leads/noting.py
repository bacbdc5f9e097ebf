"""What did somebody here do with a lead? Noted on its timeline, with who did it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from leadwell.server.leads.models import Event, Lead


def note(lead: Lead, name: str, *, actor: str, at: datetime, codes: Mapping[str, Any]) -> Event:
    """In the caller's transaction. `actor`: as the trail has it; a program stands in the codes."""
    event = Event(organization_id=lead.organization_id, lead=lead, name=name, at=at, codes=dict(codes))
    kind, _, number = actor.partition(":")
    if kind == "user":
        event.by_id = int(number)
    else:
        event.codes |= {"by": kind}
    event.save(force_insert=True)
    return event
