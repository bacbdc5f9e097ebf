"""What is told of an organisation to whatever calls, orders work, and counts stages (`leads.dealings`)."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Final
from uuid import UUID

from leadwell.server.business.models import Colleague, Meeting, Result
from leadwell.server.business.queries import called_of, last_of, told_by
from leadwell.server.leads.dealings import Called, Meets

DECIDER: Final = "decision-maker"
MEETING: Final = "meeting"
HELD: Final = "held"


def called(organization: int, leads: Collection[UUID]) -> dict[UUID, Called]:
    """One who cannot be opened is called by nobody, and nobody in their place: who asked may not be meant."""
    found = {}
    for one in called_of(organization, leads):
        told = told_by(one) or {}
        parts = (told.get(name, "") for name in ("name", "role", "phone", "email"))
        if one.person is not None:
            found[one.lead_id] = Called(one.person, *parts)
    return found


def meets(organization: int, leads: Collection[UUID]) -> dict[UUID, Meets]:
    return {
        lead: Meets(one.at, one.minutes, one.result == Result.HELD if one.result else None, one.result_at)
        for lead, one in last_of(organization, leads).items()
    }


def passed(organization: int, lead: UUID) -> dict[str, datetime]:
    """The first time of each."""
    found: dict[str, datetime] = {}
    named = Colleague.objects.of(organization).filter(lead=lead, decides=True, undone_at=None).order_by("at")
    if at := named.values_list("at", flat=True).first():
        found[DECIDER] = at
    agreed = Meeting.objects.of(organization).filter(lead=lead, undone_at=None).order_by("noted_at")
    if noted := agreed.values_list("noted_at", flat=True).first():
        found[MEETING] = noted
    if held := agreed.filter(result=Result.HELD).order_by("at").values_list("at", flat=True).first():
        found[HELD] = held
    return found
