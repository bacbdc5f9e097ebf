"""On whose clock is somebody called: theirs, or ours where nothing tells which is theirs?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time
from zoneinfo import ZoneInfo

from django.utils import timezone

from leadwell.permission.saying import city
from leadwell.reading.callback import FIRST, LAST
from leadwell.server.access.models import Organization
from leadwell.server.consent.telling import when


@dataclass(frozen=True)
class Clock:
    """`zone`: '' where it was not kept. `ours`: nothing tells which is theirs, or it may be one of several. `here`: the
    clock of the organisation, '' where it is not asked for."""

    zone: str
    ours: bool = False
    here: str = ""


def clock_of(organization: int, theirs: ZoneInfo | None) -> Clock:
    here = Organization.objects.values_list("time_zone", flat=True).get(pk=organization)
    return Clock(theirs.key, here=here) if theirs is not None else Clock(here, ours=True, here=here)


def now_on(clock: Clock) -> str:
    """“Chicago time, 4:54 pm there”, “Our time, 4:54 pm; theirs is not known”."""
    local = timezone.now().astimezone(ZoneInfo(clock.zone))
    at = f"{local.hour % 12 or 12}:{local:%M} {'am' if local.hour < 12 else 'pm'}"
    return f"Our time, {at}; theirs is not known" if clock.ours else f"{city(clock.zone)} time, {at} there"


def said_back(at: datetime, clock: Clock) -> str:
    """“Sat 3:00 pm, Chicago time”, “3:00 pm today, our time (Chicago)”; of one said by another clock, that too:
    “1:00 pm tomorrow, Los Angeles time (3:00 pm our time, Chicago)”."""
    there, now = ZoneInfo(clock.zone) if clock.zone else None, timezone.now()
    today = timezone.localtime(at, there).date() == timezone.localtime(now, there).date()
    return f"{when(at, now, there)}{' today' if today else ''}{_whose(clock)}{_as_said(at, clock)}"


def not_allowed(at: datetime, clock: Clock) -> str:
    """“5:00 am there: no call is allowed before 8:00 am”; '' where a call may be lawful, or theirs is not known."""
    if not clock.zone or clock.ours:
        return ""
    there = at.astimezone(ZoneInfo(clock.zone))
    if FIRST <= there.hour < LAST:
        return ""
    allowed = f"before {_hour(time(FIRST))}" if there.hour < FIRST else f"from {_hour(time(LAST))} on"
    return f"{_hour(there.time())} there: no call is allowed {allowed}"


def _as_said(at: datetime, clock: Clock) -> str:
    key = getattr(at.tzinfo, "key", "")
    if not key or not clock.zone or at.utcoffset() == at.astimezone(ZoneInfo(clock.zone)).utcoffset():
        return ""
    return f" ({_hour(at.time())} {f'our time, {city(key)}' if key == clock.here else f'{city(key)} time'})"


def _hour(at: time) -> str:
    return f"{at.hour % 12 or 12}:{at:%M} {'am' if at.hour < 12 else 'pm'}"


def _whose(clock: Clock) -> str:
    if not clock.zone:
        return ""
    return f", our time ({city(clock.zone)})" if clock.ours else f", {city(clock.zone)} time"
