"""Who of the demo clinic works in which team, in which hours, and who is away?"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, time, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.utils import timezone

from leadwell.server.access.models import Membership, Organization
from leadwell.server.teams.actions import be_away, take_on
from leadwell.server.teams.models import Duty

_BY: Final = "command"
_GONE: Final = timedelta(days=7)
_DAYS_AWAY: Final = 3
AWAY: Final = "omar@example.com"
# Their e-mail -> what they take on.
_DUTIES: Final[Mapping[str, Mapping[str, Any]]] = {
    "dana@example.com": {"teams": ["surgical-navigators", "scheduling"], "most_open": 12, "languages": ["en"]},
    "priya@example.com": {
        "teams": ["surgical-navigators", "referrals"], "most_open": 12, "hours": "Mon-Fri 10:00-18:00",
        "languages": ["en"],
    },
    "omar@example.com": {"teams": ["surgical-navigators", "front-desk"], "most_open": 12},
    "lucia@example.com": {
        "teams": ["referrals", "scheduling", "front-desk"], "most_open": 8, "share": 0.5, "languages": ["en", "es"],
    },
    "maurice@example.com": {
        "teams": ["referrals", "partnerships", "surgical-navigators"], "most_open": 4, "share": 0.25,
        "stands_in": True,
    },
}  # fmt: skip


def staff(organization: Organization) -> None:
    """Once."""
    if Duty.objects.of(organization).exists():
        return
    known = {one.user.email: one for one in Membership.objects.of(organization).select_related("user")}
    for email, said in _DUTIES.items():
        if email in known:
            take_on(known[email], said, by=_BY)
    if AWAY in known:
        now = timezone.now()
        be_away(known[AWAY], now - _GONE, _back(now, organization), because="time-off", by=_BY)


def _back(now: datetime, organization: Organization) -> datetime:
    zone = ZoneInfo(organization.time_zone)
    return datetime.combine(now.astimezone(zone).date() + timedelta(days=_DAYS_AWAY), time(), tzinfo=zone)
