"""On whose clock is somebody called: theirs, or ours where nothing tells which is theirs?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils import timezone

from leadwell.permission.saying import city
from leadwell.server.access.models import Organization
from leadwell.server.consent.telling import when


@dataclass(frozen=True)
class Clock:
    """`zone`: '' where it was not kept. `ours`: nothing tells which is theirs, or it may be one of several."""

    zone: str
    ours: bool = False


def clock_of(organization: int, theirs: ZoneInfo | None) -> Clock:
    if theirs is not None:
        return Clock(theirs.key)
    return Clock(Organization.objects.values_list("time_zone", flat=True).get(pk=organization), ours=True)


def now_on(clock: Clock) -> str:
    """“Chicago time, 4:54 pm there”, “Our time, 4:54 pm; theirs is not known”."""
    local = timezone.now().astimezone(ZoneInfo(clock.zone))
    at = f"{local.hour % 12 or 12}:{local:%M} {'am' if local.hour < 12 else 'pm'}"
    return f"Our time, {at}; theirs is not known" if clock.ours else f"{city(clock.zone)} time, {at} there"


def said_back(at: datetime, clock: Clock) -> str:
    """“Sat 3:00 pm, Chicago time”, “3:00 pm today, our time (Chicago)”."""
    there, now = ZoneInfo(clock.zone) if clock.zone else None, timezone.now()
    today = timezone.localtime(at, there).date() == timezone.localtime(now, there).date()
    return f"{when(at, now, there)}{' today' if today else ''}{_whose(clock)}"


def _whose(clock: Clock) -> str:
    if not clock.zone:
        return ""
    return f", our time ({city(clock.zone)})" if clock.ours else f", {city(clock.zone)} time"
