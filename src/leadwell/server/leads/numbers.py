"""Has a referrer used the number of this referral for another patient too? Then somebody should ask which is meant."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from leadwell.server.leads.models import Event

NUMBERED: Final = "referral.numbered"
BEFORE: Final = "before"  # the lead that bore the number until this one did
AFTER: Final = "after"  # the lead that bears it since


def others(organization: int, lead: UUID, *which: str) -> list[UUID]:
    """The leads of other patients that bore its number before, or bear it since (`which`); the newest first."""
    noted = Event.objects.of(organization).filter(lead=lead, name=NUMBERED).order_by("-at", "-pk")
    told = [codes.get(one) for codes in noted.values_list("codes", flat=True) for one in which or (BEFORE, AFTER)]
    return list(dict.fromkeys(UUID(one) for one in told if one))
